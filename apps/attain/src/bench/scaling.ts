import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Document, ReadModels } from '@attain/eventsourcing';
import { Imports, readFolder } from '@attain/pipeline';
import { createInstance, READ_MODELS } from '@attain/service';
import { recordContents } from '../folder/record-contents.js';
import { services } from '../modules.js';
import { writeCompany } from './company.js';
import { repName } from './generated.js';
import { type Measured, quantile } from './report.js';
import { processOf } from './starting.js';
import { logOf } from './written.js';

const context = { actor: 'bench', correlation: 'bench' };
const DEALS_A_REP = 1000;
const QUERIES = 200;
const GIB = 2 ** 30;

/** What was measured at one number of deals. */
interface Point {
  deals: number;
  /** Seconds of processor time, and bytes. */
  import: number;
  log: number;
  models: number;
  memory: number;
  start: number;
  calculation: number;
  /** Milliseconds. */
  query: number;
}
type Quantity = Exclude<keyof Point, 'deals'>;

const bytes = (value: number) => `${(value / GIB).toFixed(3)} GiB`;
const seconds = (value: number) => `${value.toFixed(2)} s`;
const shown: Record<Quantity, { what: string; show(value: number): string }> = {
  import: { what: 'import into every read model, processor time', show: seconds },
  log: { what: 'log on disk', show: bytes },
  models: { what: 'read models on disk', show: bytes },
  memory: { what: 'memory of the history and its facts', show: bytes },
  start: { what: 'start from the log, processor time', show: seconds },
  calculation: { what: 'first calculation of every line, processor time', show: seconds },
  query: { what: 'newest 50 deals of a rep, p99', show: (value) => `${value.toFixed(2)} ms` },
};

/** What grows with the number of deals: companies of several sizes, and the line through what was measured. */
export async function scaling(directory: string, sizes: readonly number[]): Promise<Measured[]> {
  const points: Point[] = [];
  for (const deals of sizes) {
    process.stderr.write(`  ${deals.toLocaleString('en-US')} deals …\n`);
    points.push(await measured(join(directory, String(deals)), deals));
  }
  return (Object.keys(shown) as Quantity[]).flatMap((quantity) => rowsOf(quantity, points));
}

function rowsOf(quantity: Quantity, points: readonly Point[]): Measured[] {
  const { what, show } = shown[quantity];
  const { fixed, perDeal, error } = fitted(points.map((point) => [point.deals, point[quantity]]));
  return [
    ...points.map((point) => ({
      what: `${what}, ${point.deals.toLocaleString('en-US')} deals`,
      value: show(point[quantity]),
      baseline: `the line ${show(fixed + perDeal * point.deals)}`,
    })),
    {
      what: '  the line through these points',
      value: `${show(fixed)} + ${show(perDeal * 1e6)} for each million deals`,
      baseline: `largest error ${(error * 100).toFixed(0)} %`,
    },
  ];
}

/** The line with the least relative errors, so that small sizes count as much as large ones; and the largest error, relative to the measured value. */
function fitted(points: readonly (readonly [number, number])[]): {
  fixed: number;
  perDeal: number;
  error: number;
} {
  const weighed = points.map(([x, y]) => ({ x, y, w: 1 / y ** 2 }));
  const sum = (of: (point: (typeof weighed)[number]) => number) =>
    weighed.reduce((total, point) => total + point.w * of(point), 0);
  const [n, x, y, xx, xy] = [
    sum(() => 1),
    sum((p) => p.x),
    sum((p) => p.y),
    sum((p) => p.x ** 2),
    sum((p) => p.x * p.y),
  ];
  const perDeal = (n * xy - x * y) / (n * xx - x * x);
  const fixed = (y - perDeal * x) / n;
  const error = Math.max(...points.map(([at, value]) => Math.abs(fixed + perDeal * at - value) / value));
  return { fixed, perDeal, error };
}

async function measured(directory: string, deals: number): Promise<Point> {
  const [folder, data] = [join(directory, 'company'), join(directory, 'data')];
  for (const path of [folder, data]) mkdirSync(path, { recursive: true });
  const reps = Math.max(10, Math.round(deals / DEALS_A_REP));
  await writeCompany(folder, deals, reps);
  const imported = await importInto(folder, data, reps);
  const started = await processOf({ directory: data, snapshot: 'none', facts: 'all' });
  return {
    deals,
    ...imported,
    log: logOf(data).bytes,
    models: sizeOf(data, /^models/),
    memory: started.heap,
    start: started.processor / 1000,
    calculation: started.calculated / 1000,
  };
}

async function importInto(folder: string, data: string, reps: number): Promise<Pick<Point, 'import' | 'query'>> {
  const { contents } = await readFolder(folder);
  if (!contents) throw new Error('the generated company has errors');
  const instance = await createInstance(services, { urls: { events: `sqlite:${data}` } });
  try {
    await recordContents(instance, contents, context, { exports: false });
    const { source, files } = contents.sources[0]!;
    const before = process.cpuUsage();
    await instance.get(Imports).run({ source, files, complete: true }, context);
    await instance.caughtUp(600_000);
    const { user, system } = process.cpuUsage(before);
    return { import: (user + system) / 1e6, query: await queried(instance.get(READ_MODELS), reps) };
  } finally {
    await instance.close();
  }
}

async function queried(models: ReadModels, reps: number): Promise<number> {
  const deals = models.model<Document>('deals');
  const times: number[] = [];
  for (let n = 0; n < QUERIES; n += 1) {
    const start = performance.now();
    const found = await deals.find({
      filter: { owner: repName(n % reps) },
      sort: [{ field: 'closed', order: 'descending' }],
      limit: 50,
    });
    if (found.length === 0) throw new Error(`no deals of ${repName(n % reps)}`);
    times.push(performance.now() - start);
  }
  return quantile(times, 0.99);
}

function sizeOf(directory: string, names: RegExp): number {
  return readdirSync(directory)
    .filter((name) => names.test(name))
    .reduce((total, name) => total + statSync(join(directory, name)).size, 0);
}
