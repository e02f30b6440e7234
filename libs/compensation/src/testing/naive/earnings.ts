import { Exact, type LocalDate } from '@attain/values';
import { rateOn, sumOf } from './company.js';
import { type Credit, creditsOf, inOrder, isMoneyMeasure, person, ratioCredits, ratioOf, unitOf } from './credits.js';
import { asksWindow, isMet, isMoney, valueOf, type WindowAsked, writtenCurrency } from './expressions.js';
import { quotaIn, type Window, windowOf } from './quotas.js';
import {
  asked,
  currencyOf,
  isEligible,
  isWindowed,
  type Line,
  minorOf,
  moneyOf,
  paidIn,
  payPeriodsIn,
  round,
  roundingOf,
  rulesOf,
  scaleOf,
  type Terms,
  windowAsked,
} from './terms.js';
import { curvePoints, earnedAt, type Ladder, ladderOf, partsOn } from './tiers.js';

/** The terms of a window, with the values of its expressions at the end of a pay period. */
interface Frame {
  readonly ladder: Ladder | null;
  readonly points: readonly { at: Exact; value: Exact }[] | null;
  readonly window: WindowAsked | undefined;
}
/** A record on the axis, paid or not. */
interface Event {
  readonly place: Credit;
  readonly paid: Credit | null;
  readonly own: Credit | null;
}
/** A record that has entered, and its earnings so far. */
interface Standing {
  readonly paid: Credit;
  readonly start: Exact;
  readonly end: Exact;
  had: Exact;
  rounded: bigint;
}

/** Step 3: own lines, reversals and true-ups of one version's component, record after record. */
export function earningLines(terms: Terms): Line[] {
  const { state, me, version, component } = terms;
  const [who, rules, money] = [person(me), rulesOf(component), moneyOf(terms)];
  const measure = component.measure!;
  const credits = creditsOf(state, who, measure, rules, money);
  const paid = credits.filter(
    (credit) =>
      !credit.blocked && credit.date >= version.from && credit.date <= version.to && isPaid(terms, credit, credits),
  );
  const axisName = component.by ?? measure;
  const ratio = ratioOf(state, axisName);
  const { per = 'deal' } = component;
  if (per === 'deal') {
    const axis = creditsOf(state, who, axisName, rules, money);
    const isPlaced = component.tiers !== undefined || component.curve !== undefined;
    return [...Map.groupBy(paid, ({ record }) => record)].flatMap(([record, own]) =>
      linesOf(terms, null, own, isPlaced ? axis.filter((credit) => credit.record === record) : []),
    );
  }
  const windows = new Map<string, Window>();
  for (const { date } of paid) {
    const window = windowOf(state, per, date, terms.life);
    windows.set(window.from, window);
  }
  return [...windows.values()].flatMap((window) => {
    const inside = ({ date }: Credit) => date >= window.from && date <= window.to;
    const axis =
      ratio === null
        ? creditsOf(state, who, axisName, rules, money).filter(inside)
        : ratioCredits(state, who, ratio, rules, money, window.from, window.to);
    return linesOf(terms, window, paid.filter(inside), axis);
  });
}

/** Dated while the version holds, for an eligible participant; with a clawback its dated reversals earn nothing themselves. */
function isPaid(terms: Terms, credit: Credit, credits: readonly Credit[]): boolean {
  if (credit.nth > 0) {
    const first = credits.find(({ record, nth }) => record === credit.record && nth === 0)?.date ?? credit.date;
    const version = terms.life.versions.find(({ from, to }) => from <= first && first <= to);
    const own = version?.document.components.find(({ name }) => name === terms.component.name) ?? terms.component;
    if (own.clawback !== undefined) return false;
  }
  if (!isEligible(terms, credit.date)) return false;
  const { where } = terms.component;
  return where === undefined || asksWindow(where) || isMet(where, asked(terms, credit.record, credit.date));
}

function frameOf(terms: Terms, window: Window | null, day: LocalDate | null): Frame {
  const { state, me, component } = terms;
  const axisName = component.by ?? component.measure!;
  const money = moneyOf(terms);
  const unit = ratioOf(state, axisName) === null ? unitOf(state, axisName, money) : Exact.one;
  const quota =
    window === null
      ? null
      : ratioOf(state, axisName) !== null
        ? Exact.one
        : quotaIn(state, me, axisName, window, isMoneyMeasure(state, axisName) ? money.currency : null).amount;
  const about = window === null || day === null ? undefined : windowAsked(terms, window, day);
  const exists = (tier: number) => {
    const { when } = component.tiers![tier]!;
    return (
      when === undefined ||
      isMet(when, { state, record: null, date: day!, me, currency: currencyOf(terms), window: about })
    );
  };
  return {
    ladder: component.tiers === undefined ? null : ladderOf(component, quota, unit, exists),
    points: component.curve === undefined ? null : curvePoints(terms, quota, unit, paidIn(terms)),
    window: about,
  };
}

/** Lets the records of a window enter in their order; after each, recomputes the entitlements of earlier ones. */
function linesOf(terms: Terms, window: Window | null, paid: readonly Credit[], axis: readonly Credit[]): Line[] {
  const places = [
    ...new Map(
      [...paid, ...axis].map((credit) => [
        JSON.stringify([credit.date, credit.time, credit.record.of, credit.id, credit.nth]),
        credit,
      ]),
    ).values(),
  ].sort(inOrder);
  const isSame = (a: Credit, b: Credit) => a.record === b.record && a.nth === b.nth && a.date === b.date;
  const events = places.map((place): Event => ({
    place,
    paid: paid.find((credit) => isSame(credit, place)) ?? null,
    own: axis.find((credit) => isSame(credit, place)) ?? null,
  }));
  const [own, trueUps]: [Line[], Line[]] = [[], []];
  const ends =
    window !== null && isWindowed(terms.component)
      ? payPeriodsIn(
          terms,
          window,
          paid.map(({ date }) => date),
        ).map(({ to }) => to)
      : [null];
  const standing: Standing[] = [];
  let sum = Exact.zero;
  let next = 0;
  let before: Frame | null = null;
  for (const end of ends) {
    const frame = frameOf(terms, window, end);
    const earlier = [...standing];
    while (next < events.length && (end === null || events[next]!.place.date <= end)) {
      const { place, paid: credit, own: moves } = events[next]!;
      next += 1;
      if (moves?.blocked === true) continue;
      const start = sum;
      if (moves !== null) sum = sum.plus(moves.left);
      const entered = credit === null ? null : enter(terms, frame, credit, moves, start, own);
      for (const one of standing)
        lookAgain(
          terms,
          earlier.includes(one) ? before! : frame,
          one,
          sum,
          { date: place.date, id: place.id },
          trueUps,
        );
      if (entered !== null) standing.push(entered);
    }
    if (before !== null) for (const one of earlier) lookAgain(terms, frame, one, sum, { date: end!, id: '' }, trueUps);
    before = frame;
  }
  return [...own, ...trueUps];
}

function enter(
  terms: Terms,
  frame: Frame,
  paid: Credit,
  moves: Credit | null,
  start: Exact,
  lines: Line[],
): Standing | null {
  const [full, left] = [moves?.full ?? Exact.zero, moves?.left ?? Exact.zero];
  const standing: Standing = { paid, start, end: start.plus(left), had: Exact.zero, rounded: 0n };
  if (!isMetIn(terms, frame, paid)) return standing;
  const whole = entitled(terms, frame, paid, paid.full, start, start.plus(full), start.plus(full));
  const kept = entitled(terms, frame, paid, paid.left, start, start.plus(left), start.plus(left));
  if (whole === null || kept === null) return frame.window === undefined ? null : standing;
  const rule = roundingOf(terms);
  const line = (kind: string, amount: bigint, unrounded: Exact): Line => ({
    terms,
    kind,
    credit: paid,
    window: '',
    date: paid.date,
    causedBy: '',
    amount,
    unrounded,
  });
  lines.push(line('earning', round(whole, rule), whole));
  [standing.had, standing.rounded] = [kept, round(kept, rule)];
  const isReversed = !paid.full.equals(paid.left) || !full.equals(left);
  if (isReversed) lines.push(line('reversal', standing.rounded - round(whole, rule), kept.minus(whole)));
  return standing;
}

function lookAgain(
  terms: Terms,
  frame: Frame,
  standing: Standing,
  reached: Exact,
  cause: { date: LocalDate; id: string },
  lines: Line[],
): void {
  const { paid, start, end } = standing;
  const now = isMetIn(terms, frame, paid)
    ? (entitled(terms, frame, paid, paid.left, start, end, reached) ?? Exact.zero)
    : Exact.zero;
  const rule = roundingOf(terms);
  const rounded = round(now, rule);
  if (rounded !== standing.rounded || (rule.perTotal && !now.equals(standing.had))) {
    lines.push({
      terms,
      kind: 'true-up',
      credit: paid,
      window: '',
      date: cause.date,
      causedBy: cause.id,
      amount: rounded - standing.rounded,
      unrounded: now.minus(standing.had),
    });
  }
  [standing.had, standing.rounded] = [now, rounded];
}

function isMetIn(terms: Terms, { window }: Frame, { record, date }: Credit): boolean {
  const { where } = terms.component;
  return where === undefined || !asksWindow(where) || isMet(where, asked(terms, record, date, window));
}

/** The earnings of a paid amount on a stretch of the axis, not rounded; null if something is undefined. */
function entitled(
  terms: Terms,
  frame: Frame,
  credit: Credit,
  amount: Exact,
  start: Exact,
  end: Exact,
  reached: Exact,
): Exact | null {
  const { component, state } = terms;
  if (component.curve !== undefined)
    return frame.points === null
      ? Exact.zero
      : earnedAt(terms, frame.points, end).minus(earnedAt(terms, frame.points, start));
  if (frame.ladder === null) {
    const factor = factorOf(terms, frame, credit, component);
    return factor === null ? null : amount.times(factor);
  }
  // A record covers no stretch of a ratio, and is paid at the value of the ratio.
  const from = ratioOf(state, component.by ?? component.measure!) === null ? start : end;
  const parts = partsOn(frame.ladder, from, end, reached).map(({ share, tier }) => {
    const factor = tier === null ? Exact.zero : tierFactor(terms, frame, credit, tier.index);
    return factor === null ? null : amount.times(share).times(factor);
  });
  return parts.includes(null) ? null : sumOf(parts as Exact[]);
}

function tierFactor(terms: Terms, frame: Frame, credit: Credit, index: number): Exact | null {
  const tier = terms.component.tiers![index]!;
  if (tier.times === undefined) return factorOf(terms, frame, credit, tier);
  const base = factorOf(terms, frame, credit, terms.component);
  const times = valueOf(tier.times, asked(terms, credit.record, credit.date, frame.window)) as Exact | null;
  return base === null || times === null ? null : base.times(times);
}

/** The minor units paid for one unit of the measure. */
function factorOf(
  terms: Terms,
  frame: Frame,
  { record, date }: Credit,
  { rate, each }: { rate?: string | undefined; each?: string | undefined },
): Exact | null {
  const { state, component } = terms;
  const text = (rate ?? each)!;
  const about = asked(terms, record, date, frame.window);
  const currency = writtenCurrency(text) ?? about.currency;
  const value = valueOf(text, { ...about, currency, inConditions: about.currency }) as Exact | null;
  if (value === null) return null;
  if (isMoneyMeasure(state, component.measure!)) return value.times(scaleOf(terms));
  if (!isMoney(text, state.company.fields ?? {})) return value.times(minorOf(paidIn(terms)));
  const converted = rateOn(state, currency, currencyOf(terms), date);
  return converted === null ? null : value.times(converted).times(minorOf(paidIn(terms)));
}
