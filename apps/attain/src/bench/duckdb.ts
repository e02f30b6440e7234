import { generateDeals, quotaCents, repName } from './generated.js';
import { median, processed } from './report.js';

export interface DuckDbResult {
  version: string;
  /** Median milliseconds of one full recalculation with its lines kept. */
  milliseconds: number;
  lines: number;
  /** Sum of the lines in cents: must be the engine's. */
  cents: bigint;
}

/**
 * The plan of the recalculation bench as SQL, over deals already loaded: marginal tiers of 10, 15 and 20 % at 0, 100 and
 * 150 % of a monthly quota, each line rounded half-up, kept as a table.
 */
const recalculation = `create or replace table lines as
with standing as (
  select d.id, d.rep, month(d.closed) as m, d.closed, d.cents, q.quota,
    sum(d.cents) over (partition by d.rep, month(d.closed) order by d.closed, d.id rows unbounded preceding) as upper
  from deals d join quotas q on q.rep = d.rep and q.m = month(d.closed)),
stretch as (select *, upper - cents as lower from standing)
select id, rep, m, closed, cents, round((
    greatest(0, least(upper, quota) - lower) * 10::decimal(38, 4)
  + greatest(0, least(upper, quota * 3 // 2) - greatest(lower, quota)) * 15::decimal(38, 4)
  + greatest(0, upper - greatest(lower, quota * 3 // 2)) * 20::decimal(38, 4)) / 100)::bigint as earned
from stretch`;

const THREADS = 2;

export async function recalculateInDuckDb(deals: number, reps: number, runs: number): Promise<DuckDbResult> {
  const { DuckDBInstance, version } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: String(THREADS) });
  const connection = await instance.connect();
  try {
    await connection.run('create table deals (id varchar, rep varchar, closed date, cents bigint)');
    await connection.run('create table quotas (rep varchar, m bigint, quota bigint)');
    const quotas = await connection.createAppender('quotas');
    for (let rep = 0; rep < reps; rep++)
      for (let month = 1; month <= 12; month++) {
        quotas.appendVarchar(repName(rep));
        quotas.appendBigInt(BigInt(month));
        quotas.appendBigInt(BigInt(quotaCents));
        quotas.endRow();
      }
    quotas.closeSync();
    await connection.run('create table raw (id varchar, rep varchar, closed varchar, cents bigint)');
    const rows = await connection.createAppender('raw');
    for (const deal of generateDeals(deals, reps)) {
      rows.appendVarchar(deal.id);
      rows.appendVarchar(deal.rep);
      rows.appendVarchar(deal.closed);
      rows.appendBigInt(BigInt(deal.cents));
      rows.endRow();
    }
    rows.closeSync();
    await connection.run('insert into deals select id, rep, closed::date, cents from raw');
    const times = await processed(runs, () => connection.run(recalculation), THREADS);
    const answer = await connection.runAndReadAll('select count(*)::bigint, sum(earned)::bigint from lines');
    const [lines, cents] = answer.getRows()[0] as [bigint, bigint];
    return { version: version(), milliseconds: median(times), lines: Number(lines), cents };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
