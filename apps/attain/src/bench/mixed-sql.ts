import { execFileSync } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { median, once, processed } from './report.js';

/** What somebody is credited with of a deal, as the engine cuts it: 60 to 40 by largest remainder. */
export interface CreditRow {
  readonly id: string;
  readonly who: string;
  readonly manager: string;
  readonly month: number;
  readonly closed: string;
  readonly cents: number;
  readonly isPro: boolean;
}

export interface SqlResult {
  readonly engine: string;
  /** Median of the runs that make the table of lines anew. */
  readonly milliseconds: number;
  readonly cents: bigint;
}

/** The mixed plan as SQL; `div` divides whole numbers. Each record has one line at the tier that its month has reached. */
const linesSql = (div: string) => `create table lines as
with standing as (
  select c.*, q.quota, sum(c.cents) over (partition by c.who, c.m) as total,
    row_number() over (partition by c.who, c.m order by c.closed, c.id) as n,
    case when c.pro = 1 then (c.cents * 2 + 50) ${div} 100 else 0 end as kick,
    sum(case when c.pro = 1 then (c.cents * 2 + 50) ${div} 100 else 0 end) over (partition by c.who, c.m order by c.closed, c.id rows unbounded preceding) as kicked
  from credits c join quotas q on q.who = c.who)
select 'Commission' as component, id, who, (cents * (case when total * 2 >= quota * 3 then 12 when total >= quota then 10 else 5 end) + 50) ${div} 100 as earned from standing
union all select 'First deals', id, who, (cents + 50) ${div} 100 from standing where n <= 10
union all select 'Kicker', id, who, case when kicked <= 50000 then kick when kicked - kick >= 50000 then 0 else 50000 - (kicked - kick) end from standing where pro = 1
union all select 'Modifier', id, who, (cents + 50) ${div} 100 + case when total >= quota then ((cents + 50) ${div} 100 * 20 + 50) ${div} 100 else -(((cents + 50) ${div} 100 * 10 + 50) ${div} 100) end from standing
union all select 'Override', id, manager, (cents + 50) ${div} 100 from (select id, manager, cast(sum(cents) as bigint) as cents from credits group by id, manager) as shares`;
const TABLES = [
  'create table credits (id varchar, who varchar, manager varchar, m bigint, closed varchar, cents bigint, pro bigint)',
  'create table quotas (who varchar, quota bigint)',
];
const RUNS = 3;
const THREADS = 2;

export async function duckDb(rows: readonly CreditRow[], reps: readonly string[], quota: number): Promise<SqlResult> {
  const { DuckDBInstance, version } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: String(THREADS) });
  const connection = await instance.connect();
  try {
    for (const table of TABLES) await connection.run(table);
    const credits = await connection.createAppender('credits');
    for (const { id, who, manager, month, closed, cents, isPro } of rows) {
      for (const text of [id, who, manager]) credits.appendVarchar(text);
      credits.appendBigInt(BigInt(month));
      credits.appendVarchar(closed);
      for (const number of [cents, isPro ? 1 : 0]) credits.appendBigInt(BigInt(number));
      credits.endRow();
    }
    credits.closeSync();
    for (const rep of reps) await connection.run(`insert into quotas values ('${rep}', ${quota})`);
    const times = await processed(
      RUNS,
      () => connection.run(linesSql('//').replace('create table', 'create or replace table')),
      THREADS,
    );
    const [[cents]] = (await connection.runAndReadAll('select sum(earned)::bigint from lines')).getRows() as [[bigint]];
    return { engine: `DuckDB ${version()} with ${THREADS} threads`, milliseconds: median(times), cents };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export function sqlite(rows: readonly CreditRow[], reps: readonly string[], quota: number): SqlResult {
  const database = new DatabaseSync(':memory:');
  try {
    for (const table of TABLES) database.exec(table);
    const [credit, assigned] = [
      database.prepare('insert into credits values (?, ?, ?, ?, ?, ?, ?)'),
      database.prepare('insert into quotas values (?, ?)'),
    ];
    database.exec('begin');
    for (const { id, who, manager, month, closed, cents, isPro } of rows)
      credit.run(id, who, manager, month, closed, cents, isPro ? 1 : 0);
    for (const rep of reps) assigned.run(rep, quota);
    database.exec('commit');
    const times = Array.from({ length: RUNS }, () => {
      database.exec('drop table if exists lines');
      return once(() => database.exec(linesSql('/')));
    });
    const { cents } = database.prepare('select sum(earned) as cents from lines').get() as { cents: number };
    return { engine: `SQLite ${process.versions['sqlite'] ?? ''}`, milliseconds: median(times), cents: BigInt(cents) };
  } finally {
    database.close();
  }
}

/** On the server that BENCH_POSTGRES names, by `psql`; null without one. The times are those that `psql` states. */
export async function postgres(
  rows: readonly CreditRow[],
  reps: readonly string[],
  quota: number,
): Promise<SqlResult | null> {
  const server = process.env['BENCH_POSTGRES'];
  if (server === undefined) return null;
  const temporary = (sql: string) => sql.replace('create table', 'create temporary table');
  const script = [
    ...TABLES.map((table) => `${temporary(table)};`),
    'copy credits from stdin;',
    ...rows.map(({ id, who, manager, month, closed, cents, isPro }) =>
      [id, who, manager, month, closed, cents, isPro ? 1 : 0].join('\t'),
    ),
    '\\.',
    'copy quotas from stdin;',
    ...reps.map((rep) => `${rep}\t${quota}`),
    '\\.',
    'analyze credits;',
    ...Array.from(
      { length: RUNS },
      () => `drop table if exists lines;\n\\timing on\n${temporary(linesSql('/'))};\n\\timing off`,
    ),
    "select 'cents', sum(earned), current_setting('server_version') from lines;",
  ].join('\n');
  const text = execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', server], {
    input: script,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const times = [...text.matchAll(/^Time: ([\d.]+) ms/gm)].map(([, time]) => Number(time));
  const [, cents = '0', version = ''] = /^cents\|(\d+)\|(.*)$/m.exec(text) ?? [];
  return { engine: `PostgreSQL ${version}`, milliseconds: median(times), cents: BigInt(cents) };
}
