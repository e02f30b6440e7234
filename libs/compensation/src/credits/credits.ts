import { Exact, type LocalDate } from '@attain/values';
import type { CreditRules } from '../plans/credit-rules.js';
import type { RecordState, SourceRecord } from '../facts/records.js';
import { partLeft, takenParts } from '../facts/reversals.rules.js';
import { type Measure, partsOf } from '../plans/measures.js';
import { byOrder } from '../facts/order.rules.js';
import { resultOf, sortedInSteps, STEP } from '../facts/steps.js';
import { type CreditMoney, shareOf } from './shares.js';
import { recordsFor, stampOf, type Subject } from './subjects.js';
import { reach } from '../facts/view.js';
import type { Remembered, World } from '../plans/world.js';

/** The credit of a participant for one record on one day. */
export class Credit {
  constructor(
    readonly record: SourceRecord,
    readonly date: LocalDate,
    /** The time of that day, as the source states it. */
    readonly time: string,
    /** The amount before reversals: minor units of the asked currency, or a plain number; 0 while it is blocked. */
    readonly full: Exact,
    /** The amount after reversals. */
    readonly left: Exact,
    /** Whether a reversal took all of the record, even if the record amounts to 0. */
    readonly undone: boolean,
    /** Why the amount is unknown; such a credit moves nothing and has no line. */
    readonly blocked: 'RATE_MISSING' | 'UNDEFINED' | null,
    /** The number of a dated reversal, from 1; 0 for the record itself. */
    readonly nth: number = 0,
  ) {}

  get source(): string {
    return this.record.source;
  }
  get id(): string {
    return this.record.id;
  }
}

/** Credits in order. */
export interface Credits {
  /** Equal for credits of the same kind. */
  readonly key: string;
  readonly list: readonly Credit[];
  /** The amounts as columns; null unless all are known, whole and below 2^53. */
  readonly columns: Columns | null;
}
interface Columns {
  readonly full: Float64Array;
  readonly left: Float64Array;
  readonly isReversed: boolean;
  /** Whether the list contains dated reversals. */
  readonly isDated: boolean;
  /** Whether a reversal took all of some record, even if the record amounts to 0. */
  readonly anyUndone: boolean;
  /** The sum of the absolute full amounts; approximate from 2^53 on. */
  readonly size: number;
}

/** The credits of a subject for a measure in a currency. */
export function creditsOf(...of: CreditsOf): Credits {
  const [world, subject, measure, rules, money] = of;
  const key = keyOf(subject, measure, rules, money);
  return world.remember<Credits>(
    key,
    stampOf(world, subject, rules),
    (before) => {
      const touched = touchedSince(world, before);
      return touched === null ? resultOf(computed(key, of)) : patched(before!.value, touched, of);
    },
    'facts',
  );
}

/**
 * The records that later facts touched, with the records that belong to them; null if all credits must be computed
 * again.
 */
function touchedSince(world: World, before: Remembered<Credits> | undefined): ReadonlySet<SourceRecord> | null {
  const streams =
    before === undefined ? null : world.touched.recordsAfter(before.stamp, MOST_TOUCHED + before.value.list.length / 8);
  if (streams === null) return null;
  const records = new Set<SourceRecord>();
  for (const stream of streams) addRelated(records, world.facts.records.get(stream)!);
  return records;
}

function addRelated(records: Set<SourceRecord>, record: SourceRecord): void {
  records.add(record);
  for (const related of record.related) addRelated(records, related);
}

/** The credits after facts that touched some records; the credits of other records are kept. */
function patched({ key, list, columns }: Credits, touched: ReadonlySet<SourceRecord>, of: CreditsOf): Credits {
  const fresh: Credit[] = [];
  for (const record of touched) addCreditsOf(record, fresh, of);
  const kept = list.filter(({ record }) => !touched.has(record));
  if (fresh.length === 0 && kept.length === list.length) return { key, list, columns };
  for (const credit of fresh)
    kept.splice(
      firstWhere(kept, (other) => byOrder(other, credit) > 0),
      0,
      credit,
    );
  return { key, list: kept, columns: resultOf(columnsOf(kept, columns === null ? null : { list, columns })) };
}

/** Computes credits in steps and keeps them for the next question; stops if a fact arrives that touches them. */
export function* prepareCredits(...of: CreditsOf): Generator<undefined, void> {
  const [world, subject, measure, rules, money] = of;
  const key = keyOf(subject, measure, rules, money);
  // If only a few deals changed, their credits are computed again when a question needs them.
  if (touchedSince(world, world.remembered(key, 'facts')) !== null) return;
  yield* world.prepare(
    key,
    () => stampOf(world, subject, rules),
    () => computed(key, of),
    'facts',
  );
}

type CreditsOf = [world: World, subject: Subject, measure: Measure, rules: CreditRules, money: CreditMoney];
/** The number of touched facts, beside an eighth of the credits, above which all credits are computed again. */
const MOST_TOUCHED = 16;
/** The number of deals in a step. */
const DEALS = 200;

function keyOf(subject: Subject, measure: Measure, rules: CreditRules, { currency, by }: CreditMoney): string {
  return `credits ${subject.key} ${rules.key} ${measure.unit === 'money' ? `${currency} ${by?.key}` : ''} ${measure.key}`;
}

function addCreditsOf(
  record: SourceRecord,
  credits: Credit[],
  [world, subject, measure, rules, money]: CreditsOf,
): void {
  const state = world.record(record);
  if (state !== undefined) addCredits(credits, world, subject, measure, rules, money, state);
}

function* computed(key: string, of: CreditsOf): Generator<undefined, Credits> {
  const [world, subject, measure, rules] = of;
  const credits: Credit[] = [];
  let count = 0;
  for (const deal of recordsFor(world, subject, rules, measure.of)) {
    addCreditsOf(deal, credits, of);
    if ((count += 1) % DEALS === 0) yield;
  }
  const list = yield* inOrder(credits);
  return { key, list, columns: yield* columnsOf(list) };
}

/** `before`: earlier credits in the same order; the amounts of unchanged credits are reused. */
function* columnsOf(
  list: readonly Credit[],
  before: { list: readonly Credit[]; columns: Columns } | null = null,
): Generator<undefined, Columns | null> {
  const full = new Float64Array(list.length);
  const left = new Float64Array(list.length);
  let [isReversed, isDated, anyUndone] = [false, false, false];
  let sum = 0;
  let next = 0;
  for (let i = 0; i < list.length; i += 1) {
    const credit = list[i]!;
    while (
      before !== null &&
      next < before.list.length &&
      before.list[next] !== credit &&
      byOrder(before.list[next]!, credit) <= 0
    )
      next += 1;
    const at = before !== null && before.list[next] === credit ? next++ : -1;
    const whole = at >= 0 ? before!.columns.full[at] : credit.blocked === null ? credit.full.wholeNumber() : undefined;
    const kept = at >= 0 ? before!.columns.left[at] : credit.left === credit.full ? whole : credit.left.wholeNumber();
    if (whole === undefined || kept === undefined) return null;
    sum += Math.abs(whole);
    full[i] = whole;
    left[i] = kept;
    if (kept !== whole) isReversed = true;
    if (credit.nth > 0) isDated = true;
    if (credit.undone) anyUndone = true;
    if (i % (10 * STEP) === STEP) yield;
  }
  return { full, left, isReversed, isDated, anyUndone, size: sum };
}

function addCredits(
  credits: Credit[],
  world: World,
  subject: Subject,
  measure: Measure,
  rules: CreditRules,
  { currency, by = null }: CreditMoney,
  state: RecordState,
): void {
  const limit = reach(world.view, state.turned);
  const { record } = state;
  const time = state.fields['time'] ?? '';
  for (const { date, amount, parts, currency: own } of measure.counts(state, world)) {
    if (date > limit) continue;
    const share = shareOf(world, subject, rules, { currency, by }, state, { date, currency: own });
    if (share === null) continue;
    if (amount === null || share.factor === null) {
      credits.push(
        new Credit(record, date, time, Exact.zero, Exact.zero, false, amount === null ? 'UNDEFINED' : 'RATE_MISSING'),
      );
      continue;
    }
    const full = share.of(parts ?? amount, Exact.one);
    const part =
      state.reversals.length === 0 || measure.reversals !== 'undone' ? Exact.one : partLeft(state, world.view);
    const left = part.equals(Exact.one) ? full : share.of(parts ?? amount, part);
    credits.push(new Credit(record, date, time, full, left, part.isZero(), null));
  }
  if (measure.reversals === 'dated' && state.reversals.length > 0)
    addDated(credits, world, subject, measure, rules, { currency, by }, state);
}

/**
 * Adds the credits of dated reversals, each on its own date. After each reversal the rest of the record is cut anew, so
 * that the reversals together take the same amounts as the record gave.
 */
function addDated(
  credits: Credit[],
  world: World,
  subject: Subject,
  measure: Measure,
  rules: CreditRules,
  money: CreditMoney,
  state: RecordState,
): void {
  const amounts = measure.counts(state, world);
  const [first] = amounts;
  if (first === undefined) return;
  const isUndefined = amounts.some(({ amount }) => amount === null);
  const parts = amounts.flatMap((counted) => partsOf(counted));
  const currency = amounts.find((counted) => counted.currency !== null)?.currency ?? null;
  const starts = amounts.reduce((least, { date }) => (date < least ? date : least), first.date);
  let before = Exact.one;
  takenParts(state, world.view).forEach(({ reversal: { date }, part }, index) => {
    const left = before.minus(part);
    const share = shareOf(world, subject, rules, money, state, { date, currency });
    if (share !== null) {
      // On the day of its record a reversal follows the record, at any time of day.
      const time = date === starts ? (state.fields['time'] ?? '') : '';
      const blocked = isUndefined ? 'UNDEFINED' : share.factor === null ? 'RATE_MISSING' : null;
      const taken = blocked === null ? share.of(parts, left).minus(share.of(parts, before)) : Exact.zero;
      credits.push(new Credit(state.record, date, time, taken, taken, false, blocked, index + 1));
    }
    before = left;
  });
}

function* inOrder(credits: Credit[]): Generator<undefined, readonly Credit[]> {
  let isOrdered = true;
  for (let i = 1; isOrdered && i < credits.length; i += 1) isOrdered = byOrder(credits[i - 1]!, credits[i]!) <= 0;
  if (isOrdered) return credits;
  // Compares the days first, because most pairs differ in them.
  const days = new Map<LocalDate, Credit[]>();
  for (const [i, credit] of credits.entries()) {
    const day = days.get(credit.date);
    if (day === undefined) days.set(credit.date, [credit]);
    else day.push(credit);
    if (i % (10 * STEP) === STEP) yield;
  }
  const ordered: Credit[] = [];
  for (const date of [...days.keys()].sort()) {
    const before = ordered.length;
    for (const credit of yield* sortedInSteps(days.get(date)!, byOrder)) ordered.push(credit);
    if (Math.floor(before / STEP) < Math.floor(ordered.length / STEP)) yield;
  }
  return ordered;
}

/** The index of the first credit on or after a date. */
export function firstFrom(credits: readonly Credit[], date: LocalDate): number {
  return firstWhere(credits, (credit) => credit.date >= date);
}

/** The index of the first credit after a date. */
export function firstAfter(credits: readonly Credit[], date: LocalDate): number {
  return firstWhere(credits, (credit) => credit.date > date);
}

/**
 * The index of the first credit for which `holds` is true; credits are in order of their dates, so it is true for all
 * later ones.
 */
function firstWhere(credits: readonly Credit[], holds: (credit: Credit) => boolean): number {
  let [low, high] = [0, credits.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(credits[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
