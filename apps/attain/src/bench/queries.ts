import { join } from 'node:path';
import { writeCompany } from './company.js';
import { goal, type Measured, quantile } from './report.js';
import { done, longestStep, serving } from './served.js';

/** Requests of each kind, after one that warms up. */
const REQUESTS = 20;
const GOAL = 50;

/** What the screens and reports ask, by the path of the request. */
const asked: readonly (readonly [screen: string, path: string])[] = [
  ['the first page of deals', '/deals?limit=50'],
  ['the open deals', '/deals?status=open&limit=50'],
  ['the deals of one rep', '/deals?owner=rep0003&limit=50'],
  ['the deals of one month', '/deals?closedFrom=2025-06-01&closedTo=2025-06-30&limit=50'],
  ['one deal', '/deals/crm/D00000042'],
  ['the history of one deal', '/deals/crm/D00000042/timeline'],
  ['the pipeline by stage', '/pipeline'],
  ['sales of a quarter by rep', '/sales?by=rep&period=2025-Q2'],
  ['sales by product', '/sales?by=product'],
  ['sales by month', '/sales?by=month&period=2025'],
  ['sales of a month by team', '/sales?by=team&period=2025-06'],
  ['the forecast board of a quarter', '/forecast/board?by=stage&period=2025-Q4'],
  ['attainment of a month by participant', '/attainment?by=participant&period=2025-06'],
  ['a leaderboard', '/leaderboards?by=participant&period=2025-06'],
  ['the statement of one rep', '/statements/2025-06/rep0003'],
  ['participants', '/participants?limit=50'],
  ['quotas', '/quotas?limit=50'],
  ['periods', '/periods'],
  ['imports', '/imports'],
  ['quarantine', '/quarantine'],
  ['warnings', '/warnings?limit=50'],
];

/** How long the questions of the screens take beside many deals, one after another. */
export async function queries(directory: string, deals: number, reps: number): Promise<Measured[]> {
  const folder = join(directory, 'company');
  await writeCompany(folder, deals, reps);
  const { child, url, headers, stop } = await serving(folder, join(directory, 'data'));
  try {
    const rows: Measured[] = [];
    for (const [screen, path] of asked) {
      const times: number[] = [];
      let refused: string | undefined;
      await longestStep(child);
      for (let n = 0; n <= REQUESTS && refused === undefined; n += 1) {
        const start = performance.now();
        await done(await fetch(`${url}/v1${path}`, { headers })).catch((error: unknown) => (refused = String(error)));
        if (n > 0) times.push(performance.now() - start);
      }
      if (refused !== undefined) throw new Error(refused);
      const p99 = quantile(times, 0.99);
      rows.push({
        what: `${screen}, beside ${deals.toLocaleString('en-US')} deals`,
        value: `p99 ${p99.toFixed(1)} ms, median ${quantile(times, 0.5).toFixed(1)} ms`,
        baseline: `longest step ${(await longestStep(child)).toFixed(0)} ms of processor time`,
        ...goal(p99, '≤', GOAL, `${GOAL} ms`),
      });
    }
    return rows;
  } finally {
    await stop();
  }
}
