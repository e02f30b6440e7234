import type { StoredStatement } from '@attain/contracts';
import { compareBytes, Exact, isCurrency, type LocalDate } from '@attain/values';
import type { Cut, History } from './api.js';
import { moneyText } from '../plans/text.js';

/**
 * The amount of a unit other than money that the statement of a period gives a participant, and the balance after it.
 */
export interface UnitEntry {
  participant: string;
  unit: string;
  /** The last day of the period. */
  date: LocalDate;
  period: string;
  amount: string;
  balance: string;
}

type UnitLine = Pick<StoredStatement['lines'][number], 'payable' | 'payableCurrency'>;
type UnitStatement = Pick<StoredStatement, 'participant' | 'period' | 'cut'> & { readonly lines: readonly UnitLine[] };

/** The sums of lines by unit, for units other than money, in their order. */
export function unitsIn(lines: readonly UnitLine[]): { unit: string; amount: string }[] {
  const own = Map.groupBy(
    lines.filter(({ payableCurrency }) => !isCurrency(payableCurrency)),
    ({ payableCurrency }) => payableCurrency,
  );
  return [...own].map(([unit, of]) => ({
    unit,
    amount: text(
      of.reduce((sum, { payable }) => sum.plus(Exact.parse(payable)), Exact.zero),
      unit,
    ),
  }));
}

/** The entries of statements by participant, unit and date. A statement that gives nothing in a unit has no entry. */
export function unitEntries(statements: Iterable<UnitStatement>): UnitEntry[] {
  const entries: (Omit<UnitEntry, 'balance' | 'amount'> & { amount: Exact })[] = [];
  for (const { participant, period, cut, lines } of statements) {
    for (const { unit, amount } of unitsIn(lines))
      if (!Exact.parse(amount).isZero())
        entries.push({ participant, unit, date: cut.effective, period, amount: Exact.parse(amount) });
  }
  const keys = ['participant', 'unit', 'date', 'period'] as const;
  entries.sort((a, b) => keys.reduce((order, key) => order || compareBytes(a[key], b[key]), 0));
  let [before, balance] = ['', Exact.zero];
  return entries.map(({ amount, ...entry }) => {
    const key = JSON.stringify([entry.participant, entry.unit]);
    balance = (key === before ? balance : Exact.zero).plus(amount);
    before = key;
    return { ...entry, amount: text(amount, entry.unit), balance: text(balance, entry.unit) };
  });
}

/**
 * The amount of a unit that the statements of all pay periods that end by a day have given a participant, as known at
 * the cut.
 */
export function unitBalance(
  history: Pick<History, 'payPeriods' | 'statement'>,
  of: { participant: string; unit: string },
  to: LocalDate,
  { known }: Pick<Cut, 'known'>,
): Exact {
  const statements = history
    .payPeriods(to, known)
    .map(({ name }) =>
      history.statement({ participant: of.participant, period: name }, known === undefined ? undefined : { known }),
    );
  const last = unitEntries(statements).findLast(({ unit }) => unit === of.unit);
  return Exact.parse(last?.balance ?? '0');
}

function text(amount: Exact, unit: string): string {
  return moneyText(amount.times(Exact.of(100)).round('half-up'), unit);
}
