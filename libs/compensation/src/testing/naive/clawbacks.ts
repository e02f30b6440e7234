import { completedMonths, daysBetween, Exact, type LocalDate } from '@attain/values';
import { inOrder, reversalsOf, takenOf } from './credits.js';
import { afterTime, type Line, payPeriod, round, roundingOf } from './terms.js';

/** The part of a term that remains after its completed months or days; null if there is no term. */
function partLeftOf(line: Line, on: LocalDate): Exact | null {
  const {
    terms: { component },
    credit,
  } = line;
  const { date, record } = credit!;
  const [count, unit = 'months'] = (component.clawback!.over ?? `${record.fields['termMonths'] || '0'} months`).split(
    ' ',
  );
  const term = Exact.parse(count!).times(Exact.of(unit.startsWith('year') ? 12 : 1));
  if (term.sign() <= 0) return null;
  const passed = unit.startsWith('day') ? daysBetween(date, on) : completedMonths(date, on);
  const left = term.minus(Exact.of(Math.max(0, passed)));
  return left.sign() <= 0 ? Exact.zero : left.over(term);
}

/**
 * Step 5: on the reversal's date, the stated share of a record's amount at the end of that pay period, and again when
 * it changes.
 */
export function clawbackLines(lines: readonly Line[]): Line[] {
  const found: Line[] = [];
  for (const own of Map.groupBy(
    lines.filter(({ credit }) => credit !== null),
    ({ credit }) => credit!.record,
  ).values()) {
    const first = own.find(({ kind }) => kind === 'earning') ?? own[0]!;
    const { terms, credit } = first;
    const { clawback } = terms.component;
    if (clawback === undefined || reversalsOf(terms.state, terms.component.measure!) === 'undone') continue;
    const last = clawback.within === undefined ? null : afterTime(credit!.date, clawback.within);
    const takings = takenOf(credit!.record)
      .filter(({ date }) => last === null || date <= last)
      .flatMap((taken) => {
        const { take = 'as paid' } = clawback;
        const share =
          take === 'as paid' ? Exact.one : take === 'pro rata' ? partLeftOf(first, taken.date) : Exact.parse(take);
        return share === null ? [] : [{ ...taken, share: taken.part.times(share), given: 0n }];
      });
    found.push(...takenBack(first, own, takings));
  }
  return found.sort((a, b) => inOrder(a.credit!, b.credit!));
}

interface Taking {
  readonly id: string;
  readonly date: LocalDate;
  readonly share: Exact;
  given: bigint;
}

function takenBack(first: Line, own: readonly Line[], takings: readonly Taking[]): Line[] {
  const { terms, credit } = first;
  const endOf = (date: LocalDate) => payPeriod(terms, date).to;
  const ends = [...new Set([...own, ...takings].map(({ date }) => endOf(date)))].sort();
  const lines: Line[] = [];
  for (const end of ends) {
    const total = own.filter(({ date }) => date <= end).reduce((sum, { amount }) => sum + amount, 0n);
    let left = total;
    for (const taking of takings) {
      if (endOf(taking.date) > end) continue;
      const asked = round(Exact.of(total).times(taking.share), roundingOf(terms));
      // Never below 0 for the record.
      const taken = total >= 0n ? smallest(asked, left) : -smallest(-asked, -left);
      left -= taken;
      const change = taking.given - taken;
      taking.given = taken;
      if (change !== 0n)
        lines.push({
          terms,
          kind: 'clawback',
          credit,
          window: '',
          date: endOf(taking.date) === end ? taking.date : end,
          causedBy: taking.id,
          amount: change,
          unrounded: Exact.of(change),
        });
    }
  }
  return lines;
}

function smallest(asked: bigint, left: bigint): bigint {
  return asked <= 0n || left <= 0n ? 0n : asked < left ? asked : left;
}
