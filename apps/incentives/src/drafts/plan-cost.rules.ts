import { compareBytes, Exact, isCurrency, minorDigits } from '@attain/values';
import type { PlanCostRow, PlanCostTotal } from './drafts.answers.js';

/** The payable of a participant in a period; null: there is no statement. */
export interface Compared {
  readonly period: string;
  readonly participant: string;
  readonly currency: string;
  readonly paid: Exact | null;
  readonly now: Exact;
  readonly then: Exact;
}

export function rowOf({ period, participant, currency, ...amounts }: Compared): PlanCostRow {
  return { period, participant, currency, ...textsOf(amounts, currency) };
}

type Amounts = Pick<Compared, 'paid' | 'now' | 'then'>;

function textsOf({ paid, now, then }: Amounts, currency: string) {
  const digits = isCurrency(currency) ? minorDigits(currency) : 2;
  const text = (amount: Exact) => amount.toDecimal(digits, 'half-up');
  return {
    paid: paid === null ? null : text(paid),
    now: text(now),
    then: text(then),
    difference: text(then.minus(now)),
  };
}

/** The sums of each currency. */
export function totalsOf(rows: readonly Compared[]): PlanCostTotal[] {
  return byCurrency(rows).map(([currency, own]) => {
    const people = ofEach(own);
    const changes = people.map(({ now, then }) => then.compare(now));
    return {
      currency,
      participants: people.length,
      ...textsOf(sumOf(people), currency),
      more: changes.filter((change) => change > 0).length,
      less: changes.filter((change) => change < 0).length,
    };
  });
}

/** The least number of people in a sum, so that none of them can be told apart. */
const LEAST = 5;
const TWO = Exact.parse('2');

/**
 * The sums for a caller who may not see pay, rounded to three digits. A sum of fewer than five people, or of which one
 * person has more than half, is withheld; so are sums whose difference follows from so few people.
 */
export function disclosed(rows: readonly Compared[]): { totals: PlanCostTotal[]; withheld: string[] } {
  const totals: PlanCostTotal[] = [];
  const withheld: string[] = [];
  for (const [currency, own] of byCurrency(rows)) {
    const people = ofEach(own);
    const changes = people.map(({ now, then }) => then.minus(now));
    const parts = [people.map(({ now }) => now), people.map(({ then }) => then), changes];
    const paid = people.flatMap((each) => each.paid ?? []);
    if (![...parts, ...(paid.length > 0 ? [paid] : [])].every(isCommon)) {
      withheld.push(currency);
      continue;
    }
    const { paid: wasPaid, now, then } = sumOf(people);
    const [more, less] = [changes.filter((change) => change.sign() > 0), changes.filter((change) => change.sign() < 0)];
    const isHidden = [more, less].some(({ length }) => length > 0 && length < LEAST);
    totals.push({
      currency,
      participants: people.length,
      paid: wasPaid === null ? null : rounded(wasPaid),
      now: rounded(now),
      then: rounded(then),
      difference: rounded(then.minus(now)),
      more: isHidden ? null : more.length,
      less: isHidden ? null : less.length,
    });
  }
  return { totals, withheld };
}

/** Whether a sum is of many people, none of whom has most of it; a sum without any part is. */
function isCommon(parts: readonly Exact[]): boolean {
  const sizes = parts.filter((part) => !part.isZero()).map((part) => (part.sign() < 0 ? part.negated() : part));
  if (sizes.length === 0) return true;
  const sum = sizes.reduce((all, size) => all.plus(size), Exact.zero);
  return sizes.length >= LEAST && sizes.every((size) => size.times(TWO).compare(sum) <= 0);
}

/** Three significant digits of a whole amount. */
function rounded(amount: Exact): string {
  const whole = BigInt(amount.toDecimal(0, 'half-up'));
  const size = whole < 0n ? -whole : whole;
  const unit = 10n ** BigInt(Math.max(0, String(size).length - 3));
  return String(((size + unit / 2n) / unit) * unit * (whole < 0n ? -1n : 1n));
}

function byCurrency(rows: readonly Compared[]): [string, Compared[]][] {
  return [...Map.groupBy(rows, ({ currency }) => currency)].sort(([a], [b]) => compareBytes(a, b));
}

/** One participant over all periods. */
function ofEach(rows: readonly Compared[]): Amounts[] {
  return [...Map.groupBy(rows, ({ participant }) => participant).values()].map(sumOf);
}

function sumOf(rows: readonly Amounts[]): Amounts {
  return rows.reduce<Amounts>(
    (sum, { paid, now, then }) => ({
      paid: paid === null ? sum.paid : (sum.paid ?? Exact.zero).plus(paid),
      now: sum.now.plus(now),
      then: sum.then.plus(then),
    }),
    { paid: null, now: Exact.zero, then: Exact.zero },
  );
}
