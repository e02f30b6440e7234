import { type ChildProcess, execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { writeCompany } from './company.js';
import { goal, type Measured, quantile } from './report.js';
import { cli, done, longestStep, post, serving } from './served.js';

const run = promisify(execFile);
/** Milliseconds between two questions for liveness, and in which each is to be answered. */
const EVERY = 5;
const GOAL = 100;

/** The time of `/health/live`, asked from another process, while the server does long work. */
export async function liveness(directory: string, deals: number, reps: number): Promise<Measured[]> {
  const [folder, more, data] = [join(directory, 'company'), join(directory, 'more'), join(directory, 'data')];
  await writeCompany(folder, deals, reps);
  await writeCompany(more, deals + deals / 5, reps);
  const { child, url, token, headers, stop } = await serving(folder, data);
  try {
    const get = async (path: string) => void (await done(await fetch(`${url}/v1${path}`, { headers })));
    const work: [string, () => Promise<void>][] = [
      ['statements.csv', () => get('/exports/statements.csv')],
      ['lines.csv', () => get('/exports/lines.csv')],
      ['attainment.csv', () => get('/exports/attainment.csv')],
      ['the statements of an open period', () => get('/statements/2025-12')],
      ['attainment by participant', () => get('/attainment?by=participant&period=2025')],
      ['exceptions', () => get('/exceptions')],
      ['warnings', () => get('/warnings')],
      ['forecast by team', () => get('/forecast')],
      [
        'a dry run of closing',
        async () => void (await done(await post(`${url}/v1/periods/2025-12/close?dryRun=true`, {}, headers))),
      ],
      [
        'closing 2025-01 for good',
        async () =>
          void (await run(process.execPath, [cli, 'close', '2025-01', '--server', url, '--token', token, '--yes'])),
      ],
      [
        `an import of ${(deals + deals / 5).toLocaleString('en-US')} deals`,
        async () =>
          void (await run(process.execPath, [
            cli,
            'import',
            join(more, 'exports/deals.csv'),
            '--source',
            'crm',
            '--server',
            url,
            '--token',
            token,
            '--yes',
          ])),
      ],
    ];
    const rows: Measured[] = [];
    for (const [name, question] of work)
      rows.push(
        await during(
          { url, child },
          `${name}, ${reps.toLocaleString('en-US')} reps and ${deals.toLocaleString('en-US')} deals`,
          question,
        ),
      );
    return rows;
  } finally {
    await stop();
  }
}

async function during(
  { url, child }: { url: string; child: ChildProcess },
  what: string,
  work: () => Promise<void>,
): Promise<Measured> {
  await longestStep(child);
  const times: number[] = [];
  let over = false;
  const polling = (async () => {
    while (!over) {
      const asked = performance.now();
      await done(await fetch(`${url}/health/live`));
      times.push(performance.now() - asked);
      await pause(EVERY);
    }
  })();
  const start = performance.now();
  const [took] = await Promise.all([
    work()
      .then(() => performance.now() - start)
      .finally(() => (over = true)),
    polling,
  ]);
  const ms = (time: number) => `${time.toFixed(0)} ms`;
  const max = Math.max(...times);
  const longest = await longestStep(child);
  return {
    what: `health/live while ${what}`,
    value: `${ms(quantile(times, 0.5))}, p99 ${ms(quantile(times, 0.99))}, max ${ms(max)}`,
    baseline: `answered in ${(took / 1000).toFixed(1)} s, longest step ${ms(longest)} of processor time`,
    ...goal(max, '<', GOAL, `${GOAL} ms at most`),
  };
}
