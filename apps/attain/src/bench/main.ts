import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '@attain/adapters';
import { alone } from './alone.js';
import { writeCompany } from './company.js';
import { imports } from './imports.js';
import { late, override } from './late.js';
import { live } from './live.js';
import { liveness } from './liveness.js';
import { appends, replay } from './log.js';
import { mixed } from './mixed.js';
import { page } from './page.js';
import { queries } from './queries.js';
import { recalculation } from './recalculation.js';
import { machine, type Measured, show } from './report.js';
import { scaling } from './scaling.js';
import { starting } from './starting.js';
import { warmStart } from './warm-start.js';

/** Two minutes on two cores: the parts below on a small company. */
const isQuick = process.argv.includes('--quick');
const deals = Number(process.env.BENCH_DEALS ?? (isQuick ? 20_000 : 1_000_000));
const reps = Number(process.env.BENCH_REPS ?? (isQuick ? 100 : 1000));
/** Numbers of deals that `scaling` measures. */
const SIZES = (process.env.BENCH_SIZES ?? '10000,30000,100000,300000').split(',').map(Number);
const quick: ReadonlySet<string> = new Set(['appends', 'mixed', 'late', 'import', 'replay', 'live']);
const demo = fileURLToPath(new URL('../../demo', import.meta.url));
const directory = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'attain-bench-'));
const at = (name: string) => {
  mkdirSync(join(directory, name), { recursive: true });
  return join(directory, name);
};

const chosen = process.argv.slice(2).filter((name) => !name.startsWith('kind=') && name !== '--quick');
/** `kind=tiers` measures only kinds whose names contain the word. */
const kindsNamed = process.argv
  .slice(2)
  .flatMap((name) => (name.startsWith('kind=') ? [name.slice('kind='.length)] : []));

/** Parts by name, in the order in which they run; arguments choose some of them. */
const parts: Record<string, () => Promise<Measured[]>> = {
  appends: () => appends(at('appends')),
  recalculation: () => recalculation(deals, reps),
  alone: () => alone(kindsNamed),
  mixed: () => mixed(Math.min(deals, 100_000), 100),
  late: () => late(Math.min(deals, 50_000)),
  override: async () => override(deals, reps),
  import: async () => {
    await writeCompany(at('company'), deals, reps);
    return imports(at('company'), at('data'), deals);
  },
  replay: async () => {
    const engines = await connect({ events: `sqlite:${at('data')}` });
    try {
      return await replay(engines.events);
    } finally {
      await engines.close();
    }
  },
  live: async () => {
    await writeCompany(at('live-company'), deals, reps);
    return live(at('live-company'), at('live-data'), deals);
  },
  start: () => warmStart(demo, at('demo'), 'the demo company'),
  starting: async () => {
    await writeCompany(at('generated'), Math.min(deals, 20_000), 100);
    const whole = await warmStart(
      at('generated'),
      at('generated-data'),
      `${Math.min(deals, 20_000).toLocaleString('en-US')} deals`,
    );
    return [...whole, ...(await starting(at('facts'), deals))];
  },
  scaling: () => scaling(at('scaling'), SIZES),
  queries: () => queries(at('queries'), deals, reps),
  page: () => page(at('page'), Math.min(deals, 100_000), Math.min(reps, 100)),
  liveness: () => liveness(at('liveness'), Math.min(deals, 100_000), reps),
};

process.stdout.write(`${machine()}\n\n`);
const rows: Measured[] = [];
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (chosen.length > 0 ? !chosen.includes(name) : isQuick && !quick.has(name)) continue;
    process.stderr.write(`measuring ${name} …\n`);
    rows.push(...(await measure()));
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
process.stdout.write(`${show(rows)}\n`);
