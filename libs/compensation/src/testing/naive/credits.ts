import { Exact, type LocalDate, minorDigits } from '@attain/values';
import { bosses, FOREVER, type Kept, type MeasureFile, rateOn, rowOn, type State, sumOf } from './company.js';
import { isMet, isMoney, valueOf } from './expressions.js';

export type Rules = readonly (string | { readonly all: string })[];
/** The owner of the asked credits: a participant, a team or a region. */
export interface Whose {
  readonly me: string | null;
  readonly name: string;
  holds(person: string, date: LocalDate): boolean;
}
export interface Credit {
  readonly record: Kept;
  readonly id: string;
  readonly date: LocalDate;
  readonly time: string;
  /** The number of a dated reversal, from 1; 0 for the record itself. */
  readonly nth: number;
  /** In minor units, or a plain number: before reversals, and after them. */
  readonly full: Exact;
  readonly left: Exact;
  readonly undone: boolean;
  /** Whether its amount is unknown; such a credit moves nothing and has no line. */
  readonly blocked: boolean;
}
/** The currency of credits, and the worth of one minor unit of another currency on a day; null without a rate. */
export interface Money {
  readonly currency: string;
  rate(from: string, date: LocalDate): Exact | null;
}

export const person = (id: string): Whose => ({ me: id, name: id, holds: (other) => other === id });
export function group(state: State, name: string, field: string): Whose {
  return { me: null, name, holds: (member, date) => rowOn(state, member, date)?.fields[field] === name };
}

/** The factor from minor units of one currency to those of another. */
export function minorRate(from: string, to: string, rate: Exact | null): Exact | null {
  return rate === null ? null : rate.times(Exact.of(10 ** minorDigits(to))).over(Exact.of(10 ** minorDigits(from)));
}

/** At the rates of the credits' own dates. */
export function datedMoney(state: State, currency: string): Money {
  return { currency, rate: (from, date) => minorRate(from, currency, rateOn(state, from, currency, date)) };
}

/** The measures of a sum. */
function partsOf(state: State, measure: string): readonly MeasureFile[] {
  const file = state.company.measures[measure]!;
  return file.is === undefined ? [file] : file.is.split('+').flatMap((name) => partsOf(state, name.trim()));
}
/** The dividend and the divisor of a ratio. */
export function ratioOf(state: State, measure: string): readonly [string, string] | null {
  const [above, below] = (state.company.measures[measure]?.is ?? '').split('/').map((name) => name.trim());
  return below === undefined ? null : [above!, below];
}
export function isMoneyMeasure(state: State, measure: string): boolean {
  return ratioOf(state, measure) === null && isMoney(partsOf(state, measure)[0]!.counts!, state.company.fields ?? {});
}
export function reversalsOf(state: State, measure: string): string {
  return partsOf(state, ratioOf(state, measure)?.[0] ?? measure)[0]!.reversals ?? 'undone';
}

/** The part of a record that each of its reversals takes, in the order of their dates; together at most the whole. */
export function takenOf(
  record: Kept,
  by: LocalDate = FOREVER,
): { id: string; date: LocalDate; kind: string; part: Exact }[] {
  const amount = Exact.parse(record.fields['amount'] || '0');
  let left = Exact.one;
  const taken: { id: string; date: LocalDate; kind: string; part: Exact }[] = [];
  const reversals = record.reversals.filter(({ date }) => date <= by);
  for (const { id, date, kind, amount: asked } of [...reversals].sort((a, b) =>
    a.date + a.id < b.date + b.id ? -1 : 1,
  )) {
    if (asked !== null && amount.isZero()) continue;
    const own = asked === null ? left : asked.over(amount).abs();
    const part = own.compare(left) > 0 ? left : own;
    if (!part.isZero()) taken.push({ id, date, kind, part });
    left = left.minus(part);
  }
  return taken;
}
export function partLeft(record: Kept, by: LocalDate = FOREVER): Exact {
  return takenOf(record, by).reduce((left, { part }) => left.minus(part), Exact.one);
}

/**
 * The share of each participant in an amount: whole minor units by largest remainder, ties by id; a fraction of one to
 * the first of them.
 */
function cut(amount: Exact, shares: Readonly<Record<string, string>>, money: boolean): Map<string, Exact> {
  const all = Object.entries(shares).map(([id, share]) => ({ id, share: Exact.parse(share) }));
  if (!money) return new Map(all.map(({ id, share }) => [id, amount.times(share)]));
  if (amount.sign() < 0)
    return new Map([...cut(amount.negated(), shares, true)].map(([id, part]) => [id, part.negated()]));
  const whole = Exact.of(amount.floor());
  const total = sumOf(all.map(({ share }) => share));
  const order = all
    .map(({ id, share }) => ({ id, units: whole.times(share).floor(), exact: whole.times(share) }))
    .sort(
      (a, b) => b.exact.minus(Exact.of(b.units)).compare(a.exact.minus(Exact.of(a.units))) || (a.id < b.id ? -1 : 1),
    );
  let spare = whole.times(total).round('half-up') - order.reduce((sum, { units }) => sum + units, 0n);
  return new Map(
    order.map(({ id, units }, index) => {
      const own = spare > 0n ? units + 1n : units;
      if (spare > 0n) spare -= 1n;
      return [id, index === 0 ? Exact.of(own).plus(amount.minus(whole).times(total)) : Exact.of(own)];
    }),
  );
}

interface Counted {
  readonly date: LocalDate;
  readonly currency: string | null;
  /** One for each measure of a sum; null for undefined. */
  readonly amounts: readonly (Exact | null)[];
}

/** The contribution of a record to a measure, by date. */
function countedOf(state: State, measure: string, record: Kept): Counted[] {
  const counted: Counted[] = [];
  for (const { counts, of = 'deals', where, date: dateField = of === 'payments' ? 'paid' : 'closed' } of partsOf(
    state,
    measure,
  )) {
    const date = record.fields[dateField] ?? '';
    if (record.of !== of || date === '' || (record.status !== 'won' && !(where ?? '').includes('status'))) continue;
    const currency = record.fields['currency'] || state.company.currency;
    const asked = { state, record, date, me: null, currency, inMeasure: true };
    if (where !== undefined && !isMet(where, asked)) continue;
    const value = valueOf(counts!, asked) as Exact | null;
    const money = isMoney(counts!, state.company.fields ?? {});
    const amount = value === null || !money ? value : value.times(Exact.of(10 ** minorDigits(currency)));
    const same = counted.findIndex((other) => other.date === date);
    if (same >= 0) counted[same] = { ...counted[same]!, amounts: [...counted[same]!.amounts, amount] };
    else counted.push({ date, currency: money ? currency : null, amounts: [amount] });
  }
  return counted;
}

/** The credits of somebody for a measure, in order; credits dated after the cut do not exist yet. */
export function creditsOf(state: State, whose: Whose, measure: string, rules: Rules, money: Money): Credit[] {
  const policy = reversalsOf(state, measure);
  const credits: Credit[] = [];
  for (const record of state.records) {
    const counted = countedOf(state, measure, record);
    const time = record.fields['time'] ?? '';
    const add = (
      date: LocalDate,
      at: string,
      nth: number,
      { currency, amounts }: Counted,
      from: Exact,
      to: Exact,
      undone: boolean,
    ) => {
      if (date > state.effective) return;
      const share = shareOf(state, whose, rules, record, date);
      if (share === null) return;
      const rate = currency === null ? Exact.one : money.rate(currency, date);
      const blocked = rate === null || amounts.includes(null);
      const worth = (part: Exact) =>
        blocked
          ? Exact.zero
          : sumOf(amounts.map((amount) => share(amount!.times(part), currency !== null))).times(rate);
      const [full, left] =
        nth === 0 ? [worth(from), worth(to)] : [worth(to).minus(worth(from)), worth(to).minus(worth(from))];
      credits.push({ record, id: record.id, date, time: at, nth, full, left, undone, blocked });
    };
    for (const one of counted) {
      const left = policy === 'undone' ? partLeft(record) : Exact.one;
      add(one.date, time, 0, one, Exact.one, left, left.isZero());
    }
    if (policy !== 'dated' || counted.length === 0) continue;
    const all: Counted = { ...counted[0]!, amounts: counted.flatMap(({ amounts }) => amounts) };
    const first = counted.map(({ date }) => date).sort()[0]!;
    let before = Exact.one;
    takenOf(record).forEach(({ date, part }, index) => {
      add(date, date === first ? time : '', index + 1, all, before, before.minus(part), false);
      before = before.minus(part);
    });
  }
  return credits.sort(inOrder);
}

/** Credit date, the time of that day (none first), id; a record before its reversals. */
export function inOrder(
  a: Pick<Credit, 'date' | 'time' | 'id' | 'nth'>,
  b: Pick<Credit, 'date' | 'time' | 'id' | 'nth'>,
): number {
  for (const key of ['date', 'time', 'id'] as const) if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  return a.nth - b.nth;
}

/** The part of a record's amount that counts for somebody on a day; null if none does. */
function shareOf(
  state: State,
  whose: Whose,
  rules: Rules,
  record: Kept,
  date: LocalDate,
): ((amount: Exact, money: boolean) => Exact) | null {
  const currency = record.fields['currency'] || state.company.currency;
  if (
    rules.some(
      (rule) =>
        rule === 'all' ||
        (typeof rule !== 'string' && isMet(rule.all, { state, record, date, me: whose.me, currency })),
    )
  )
    return (amount) => amount;
  const { owner } = record.fields;
  const revenue = Object.keys(record.revenue).length > 0 ? record.revenue : owner ? { [owner]: '100%' } : {};
  const mine = Object.keys(revenue).filter((holder) =>
    rules.some((rule) => typeof rule === 'string' && isCredited(state, whose, rule, holder, date)),
  );
  const over = rules.includes('overlay')
    ? Object.keys(record.overlay).filter((holder) => whose.holds(holder, date))
    : [];
  if (mine.length + over.length === 0) return null;
  return (amount, money) => {
    const [cutRevenue, cutOverlay] = [cut(amount, revenue, money), cut(amount, record.overlay, money)];
    const sum = sumOf([
      ...mine.map((holder) => cutRevenue.get(holder)!),
      ...over.map((holder) => cutOverlay.get(holder)!),
    ]);
    // A record never counts more than once.
    return sum.abs().compare(amount.abs()) > 0 ? amount : sum;
  };
}

/** Whether the revenue share of a holder counts by one rule. */
function isCredited(state: State, whose: Whose, rule: string, holder: string, date: LocalDate): boolean {
  if (rule === 'sales') return whose.holds(holder, date);
  if (rule === 'reports')
    return holder !== whose.me && bosses(state, holder, date).some((boss) => whose.holds(boss, date));
  if (!rule.startsWith('through ')) return false;
  const name = rule.slice('through '.length);
  return state.relations.some(
    ({ person: of, relation, other, from, to }) =>
      of === holder && relation === name && from <= date && date <= to && whose.holds(other, date),
  );
}

/** The sum of the credits of some days. */
export function sumIn(credits: readonly Credit[], from: LocalDate, to: LocalDate): Exact {
  return sumOf(credits.filter(({ date, blocked }) => !blocked && date >= from && date <= to).map(({ left }) => left));
}

/** The ratio of two sums of a window, money in units; null for undefined. */
export function ratioIn(
  state: State,
  whose: Whose,
  [above, below]: readonly [string, string],
  rules: Rules,
  money: Money,
  from: LocalDate,
  to: LocalDate,
): Exact | null {
  const [a, b] = [above, below].map((measure) =>
    sumIn(creditsOf(state, whose, measure, rules, money), from, to).over(unitOf(state, measure, money)),
  );
  return b!.isZero() ? null : a!.over(b!);
}

export function unitOf(state: State, measure: string, { currency }: Money): Exact {
  return isMoneyMeasure(state, measure) ? Exact.of(10 ** minorDigits(currency)) : Exact.one;
}

/** The records of a ratio's window, each with its change of the ratio. */
export function ratioCredits(
  state: State,
  whose: Whose,
  [above, below]: readonly [string, string],
  rules: Rules,
  money: Money,
  from: LocalDate,
  to: LocalDate,
): Credit[] {
  const sides = [above, below].map((measure) =>
    creditsOf(state, whose, measure, rules, money).filter(({ date }) => date >= from && date <= to),
  );
  const units = [above, below].map((measure) => unitOf(state, measure, money));
  const key = ({ date, time, id, nth }: Credit) => JSON.stringify([date, time, id, nth]);
  const places = [...new Map(sides.flat().map((credit) => [key(credit), credit])).values()].sort(inOrder);
  let ratio = Exact.zero;
  const left = [Exact.zero, Exact.zero];
  return places.map((credit): Credit => {
    const own = sides.map((side) => side.filter((other) => key(other) === key(credit)));
    const full = left.map((sum, side) => sum.plus(sumOf(own[side]!.map((one) => one.full)).over(units[side]!)));
    own.forEach(
      (side, index) => (left[index] = left[index]!.plus(sumOf(side.map((one) => one.left)).over(units[index]!))),
    );
    const blocked = own.flat().some((one) => one.blocked) || full[1]!.isZero() || left[1]!.isZero();
    if (blocked) return { ...credit, full: Exact.zero, left: Exact.zero, blocked };
    const [before, now] = [ratio, left[0]!.over(left[1]!)];
    ratio = now;
    return { ...credit, full: full[0]!.over(full[1]!).minus(before), left: now.minus(before), blocked };
  });
}
