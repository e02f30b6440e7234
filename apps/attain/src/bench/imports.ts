import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { CsvRecords, Imports, readFolder } from '@attain/pipeline';
import { createInstance } from '@attain/service';
import { recordContents } from '../folder/record-contents.js';
import { services } from '../modules.js';
import { goal, type Measured, perSecond } from './report.js';
import { type RawInserted, rawInserted } from './raw-sqlite.js';
import { bytesWritten, logOf } from './written.js';

const context = { actor: 'bench', correlation: 'bench' };

/** One import of a generated export into an empty data directory, the same again, and until every read model has it. */
export async function imports(folder: string, data: string, deals: number): Promise<Measured[]> {
  const { contents } = await readFolder(folder);
  if (!contents) throw new Error('the generated company has errors');
  const instance = await createInstance(services, { urls: { events: `sqlite:${data}` } });
  try {
    const { problems } = await recordContents(instance, contents, context, { exports: false });
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    await instance.caughtUp(600_000);
    const { source, files } = contents.sources[0]!;
    const once = async () => {
      const start = performance.now();
      const result = await instance.get(Imports).run({ source, files, complete: true }, context);
      return { result, took: performance.now() - start };
    };
    const reading = await readOnly(join(folder, 'exports/deals.csv'));
    const [logBefore, writtenBefore, usedBefore] = [logOf(data), bytesWritten(), process.cpuUsage()];
    const start = performance.now();
    const first = await once();
    if (first.result.opened !== deals) throw new Error(`${first.result.opened} of ${deals} deals were opened`);
    await instance.caughtUp(600_000);
    const everywhere = performance.now() - start;
    const { user, system } = process.cpuUsage(usedBefore);
    const written = bytesWritten();
    const log = { file: join(data, 'events.db'), synchronous: 'FULL' } as const;
    const rawLog = rawInserted([log], join(data, 'raw.db'));
    const raw = rawInserted([log, { file: join(data, 'models.db'), synchronous: 'NORMAL' }], join(data, 'raw.db'));
    const again = await once();
    if (again.result.unchanged !== deals) throw new Error(`${again.result.unchanged} of ${deals} deals were unchanged`);
    const n = deals.toLocaleString('en-US');
    return [
      {
        what: `import of ${n} deals, on disk`,
        value: perSecond(deals, first.took),
        baseline: `raw SQLite, the rows of the log ${perSecond(deals, rawLog.milliseconds)}`,
        ratio: rawLog.milliseconds / first.took,
        ...goal((deals / first.took) * 1000, '≥', 60_000, '60,000/s'),
      },
      {
        what: 'the same, until every read model has it',
        value: `${perSecond(deals, everywhere)}, ${Math.round((user + system) / deals)} µs of processor time a deal`,
        baseline: `raw SQLite, the rows of log and models ${perSecond(deals, raw.milliseconds)}`,
        ratio: raw.milliseconds / everywhere,
        ...goal((deals / everywhere) * 1000, '≥', 30_000, '30,000/s'),
      },
      ...writtenRows(data, logBefore, written === undefined ? undefined : written - (writtenBefore ?? 0), raw),
      {
        what: 'the same export again',
        value: perSecond(deals, again.took),
        baseline: `reading the CSV ${perSecond(deals, reading)}`,
        ratio: reading / again.took,
      },
    ];
  } finally {
    await instance.close();
  }
}

/** Bytes that the import wrote to the disk, with all read models, beside the growth of the log and the bytes of raw SQLite for the same rows. */
function writtenRows(
  data: string,
  before: ReturnType<typeof logOf>,
  written: number | undefined,
  raw: RawInserted,
): Measured[] {
  if (written === undefined || raw.bytes === undefined) return [];
  const log = logOf(data);
  const [bytes, events] = [log.bytes - before.bytes, log.events - before.events];
  const each = (total: number) => `${Math.round(total / events).toLocaleString('en-US')} bytes an event`;
  return [
    {
      what: 'written to disk by that import, the log and all read models',
      value: `${each(written)}, ${(written / bytes).toFixed(1)} × the log's ${each(bytes)}`,
      baseline: `raw SQLite ${each(raw.bytes)}`,
      ratio: written / raw.bytes,
      ...goal(written / bytes, '≤', 5, '5 × the bytes of the log'),
    },
  ];
}

/** The file cut into records, and nothing else. */
async function readOnly(file: string): Promise<number> {
  const start = performance.now();
  const records = new CsvRecords({ delimiter: ',', longest: 1 << 20 }, { record() {}, bad() {} });
  for await (const text of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 }))
    records.write(text as string);
  records.end();
  return performance.now() - start;
}
