import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importApart } from './apart.js';
import { type Carried, carried, ownUrls } from './carried.js';
import { hops } from './hops.js';
import { goal, machine, type Measured, perSecond, show } from './report.js';

const { TEST_EVENTS_URL: events, TEST_BUS_URL: bus, TEST_MODELS_URL: models } = process.env;
if (!events || !bus || !models) {
  process.stderr.write(
    'bench:engines needs TEST_EVENTS_URL, TEST_BUS_URL and TEST_MODELS_URL, as deploy/local/with-engines sets them\n',
  );
  process.exit(2);
}
const deals = Number(process.env.BENCH_DEALS ?? 100_000);
const PATIENCE = 20 * 60_000;
const directory = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'attain-bench-engines-'));
const milliseconds = (value: number | undefined): string => (value === undefined ? '–' : `${value.toFixed(1)} ms`);
const seconds = (value: number): string => `${(value / 1000).toFixed(1)} s`;

function rows(what: string, measured: Carried, embedded: Carried): Measured[] {
  const beside = (value: number | undefined, other: number | undefined) =>
    value === undefined || other === undefined ? {} : { baseline: milliseconds(other), ratio: other / value };
  const { hops } = measured;
  return [
    {
      what: `${what}: append → read model`,
      value: perSecond(measured.perSecond, 1000),
      baseline: perSecond(embedded.perSecond, 1000),
      ratio: measured.perSecond / embedded.perSecond,
      ...goal(measured.perSecond, '≥', 5000, '5,000/s'),
    },
    {
      what: '  stored events → read model',
      value: perSecond(measured.stored, 1000),
      baseline: perSecond(embedded.stored, 1000),
      ratio: measured.stored / embedded.stored,
      ...goal(measured.stored, '≥', 5000, '5,000/s'),
    },
    {
      what: '  end to end at half load, p50',
      value: milliseconds(measured.p50),
      ...beside(measured.p50, embedded.p50),
    },
    {
      what: '  end to end at half load, p99',
      value: milliseconds(measured.p99),
      ...beside(measured.p99, embedded.p99),
      ...goal(measured.p99, '≤', 500, '500 ms'),
    },
    { what: '  append acknowledged', value: milliseconds(hops.append), ...beside(hops.append, embedded.hops.append) },
    { what: '  acknowledged → published', value: milliseconds(hops.published) },
    {
      what: '  published → delivered',
      value: milliseconds(hops.delivered),
      ...beside(hops.delivered, embedded.hops.delivered),
    },
    {
      what: '  delivered → committed',
      value: milliseconds(hops.committed),
      ...beside(hops.committed, embedded.hops.committed),
    },
  ];
}

function versions(): string {
  const require = createRequire(import.meta.url);
  const versionOf = (name: string): string => {
    let folder = dirname(require.resolve(name));
    while (
      !existsSync(join(folder, 'package.json')) ||
      !JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
    )
      folder = dirname(folder);
    return `${name} ${(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version}`;
  };
  return ['kafkajs', 'mongoose', '@eventstore/db-client'].map(versionOf).join(', ');
}

process.stdout.write(`${machine()}\n${versions()}; baseline: embedded SQLite in the same run\n\n`);
/** Each table is printed at once, because the next measurement may take long. */
const print = (table: readonly Measured[]): boolean => process.stdout.write(`${show(table)}\n\n`);
try {
  process.stderr.write('measuring each hop …\n');
  print(await hops(ownUrls({ events, bus, models }, 1)));
  process.stderr.write('measuring the embedded topology …\n');
  mkdirSync(join(directory, 'embedded'));
  const embedded = await carried({ events: `sqlite:${join(directory, 'embedded')}` });
  for (const partitions of [1, 2, 4, 8]) {
    process.stderr.write(`measuring ${partitions} partitions …\n`);
    print(
      rows(
        `${partitions} ${partitions === 1 ? 'partition' : 'partitions'}`,
        await carried(ownUrls({ events, bus, models }, partitions)),
        embedded,
      ),
    );
  }
  process.stderr.write(`measuring an import of ${deals} deals …\n`);
  const here = await embeddedImport();
  const { imported, settled, late } = await importApart(
    join(directory, 'apart'),
    ownUrls({ events, bus, models }),
    deals,
    PATIENCE,
  );
  const n = deals.toLocaleString('en-US');
  print([
    {
      what: `import of ${n} deals through five processes`,
      value: seconds(imported),
      baseline: seconds(here),
      ratio: here / imported,
    },
    late.length === 0
      ? { what: '  from then on until every lag is 0', value: seconds(settled) }
      : { what: `  still behind after ${seconds(imported + settled)}`, value: late.join(', ') },
  ]);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** The same company into a data directory, until every read model has it. */
async function embeddedImport(): Promise<number> {
  const { writeCompany } = await import('./company.js');
  await writeCompany(join(directory, 'company'), deals, 100);
  const start = performance.now();
  execFileSync(
    process.execPath,
    [
      fileURLToPath(new URL('../cli/main.js', import.meta.url)),
      'import',
      join(directory, 'company'),
      '--data',
      join(directory, 'data'),
      '--json',
    ],
    { stdio: 'ignore' },
  );
  return performance.now() - start;
}
