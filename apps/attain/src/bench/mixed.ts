import { createHistory } from '@attain/compensation';
import { plans } from './mixed-plan.js';
import { parted } from './parted.js';
import { generateDeals, quotaCents, repName } from './generated.js';
import { measures } from './kinds.js';
import { type CreditRow, duckDb, postgres, sqlite, type SqlResult } from './mixed-sql.js';
import { goal, type Measured, median, once, processed } from './report.js';
import { managerOf, product, selling, sharer, recorder } from './sold.js';

function* credits(deals: number, reps: number): Generator<CreditRow> {
  let index = 0;
  for (const { id, rep, closed, cents } of generateDeals(deals, reps)) {
    const other = sharer(index, reps);
    const row = (who: string, place: number, part: number): CreditRow => ({
      id,
      who,
      manager: managerOf(place),
      month: Number(closed.slice(5, 7)),
      closed,
      cents: part,
      isPro: product(index) === 'Pro',
    });
    const place = index % reps;
    if (other === null) yield row(rep, place, cents);
    else {
      const [more, less] = [(cents * 60) % 100, (cents * 40) % 100];
      const own = Math.floor((cents * 60) / 100) + (more > less || (more === less && more > 0 && rep < other) ? 1 : 0);
      yield row(rep, place, own);
      yield row(other, (place + 1) % reps, cents - own);
    }
    index += 1;
  }
}

/** A plan of many kinds beside the same as SQL: same run, same cents, splits cut beforehand in all of them. Throws when two of them disagree. */
export async function mixed(deals: number, reps: number): Promise<Measured[]> {
  const rows = [...credits(deals, reps)];
  const quotas = Array.from({ length: reps }, (_, index) => repName(index));
  const duck = await duckDb(rows, quotas, quotaCents);
  const others = [sqlite(rows, quotas, quotaCents), await postgres(rows, quotas, quotaCents)];
  const history = createHistory();
  history.append(selling({ deals, reps, measures, plans, splits: true }, recorder()));
  let [minor, count] = [0n, 0];
  const fresh = once(() => ({ minor, count } = history.recalculate()));
  const own = median(await processed(7, () => history.recalculate()));
  const results = [duck, ...others].filter((result): result is SqlResult => result !== null);
  for (const { engine, cents } of results)
    if (cents !== minor) throw new Error(`the engine pays ${minor} cents, ${engine} ${cents}`);
  const what = `a mixed plan, ${deals.toLocaleString('en-US')} deals, ${count.toLocaleString('en-US')} lines kept`;
  return [
    ...results.map(({ engine, milliseconds }, index) => {
      const ratio = milliseconds / own;
      return {
        what,
        value: `${own.toFixed(0)} ms`,
        baseline: `${engine} ${milliseconds.toFixed(0)} ms`,
        ratio,
        ...(index === 0 && goal(ratio, '≥', 5, '5 × DuckDB')),
      };
    }),
    ...(others[1] === null
      ? [{ what: 'the same in PostgreSQL', value: 'not measured: BENCH_POSTGRES names no server' }]
      : []),
    { what: 'its first calculation from facts in memory', value: `${fresh.toFixed(0)} ms` },
    ...(await parted({ deals, reps, minor, count })),
  ];
}
