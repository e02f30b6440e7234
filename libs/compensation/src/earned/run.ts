import type { LineKind, PayException } from '@attain/contracts';
import { Exact, type LocalDate } from '@attain/values';
import { type Credit, type Credits, firstFrom } from '../credits/credits.js';
import { ratioSteps } from '../credits/ratios.js';
import { participant as subject } from '../credits/subjects.js';
import { creditMoney, creditsFor, endOf, isMet, payableOf, spansOf } from './earning.js';
import {
  curveEntitlement,
  entitlement,
  type Factors,
  factorsOf,
  isLack,
  type Lack,
  missingCreditRate,
  missingRate,
  type PaidPart,
  scopeOf,
  type Standing,
  sumOf,
  type Terms,
} from './entitlements.js';
import { type Frame, frameOf, merged, type Stand, type Standee, standIn } from './frames.js';
import { type Known, knownWindows, same } from './known-windows.js';
import type { Exceptional, Explained, Line } from './lines.js';
import { exceptional, payPeriodsOf, SoFar } from './so-far.js';
import type { Window } from '../plans/quotas.rules.js';
import { rounded } from '../plans/rounding.rules.js';
import { placed } from '../plans/curves.rules.js';
import { ladderOf, reachedSteps } from '../plans/tiers.rules.js';
import type { PlanInForce, PlanLife } from '../plans/world.js';

/** The own lines, reversals and true-ups of one version's component for a participant, by window, in exact numbers. */
export function exactLines(
  terms: Terms,
  life: PlanLife,
  inForce: PlanInForce,
): { lines: readonly Line[]; exceptions: readonly Exceptional[] } {
  const { component } = terms;
  const { paid, axis } = creditsFor(terms);
  const payable = payableOf(terms, inForce, paid);
  const run = new Run(terms);
  const records = paid.list.filter((credit, index) => payable[index] === 1 && run.isKnown(credit));
  if (component.per === null || component.per === 'deal') {
    const isPlaced = component.tiers.length > 0 || component.curve !== null;
    if (isPlaced && axis.list.some(({ nth }) => nth > 0)) run.deals(records, axis.list);
    else
      for (const { paid: credit, own } of merged(records, isPlaced ? axis.list : records))
        if (credit !== null) run.alone(credit, own);
    return run;
  }
  let next = 0;
  const known = knownWindows(terms);
  for (const { window } of spansOf(terms, life, component.per, paid)) {
    const first = next;
    while (next < records.length && records[next]!.date <= window.to) next += 1;
    if (next > first) run.remembered(known, window, records.slice(first, next), axisIn(terms, axis, window));
  }
  return run;
}

/** The records of a window that move the axis. */
function axisIn(
  { world, participant, version, component }: Terms,
  axis: Credits,
  { from, to }: Window,
): readonly Credit[] {
  if (component.axis.ratio === null) return axis.list.slice(firstFrom(axis.list, from), endOf(axis, to));
  return ratioSteps(
    world,
    subject(participant),
    component.axis,
    component.credit,
    creditMoney(version, component),
    from,
    to,
  );
}

/** Evaluates records one after another. */
export class Run {
  readonly lines: Line[] = [];
  readonly exceptions: Exceptional[] = [];

  constructor(private readonly terms: Terms) {}

  /** Whether the amount of a paid record is known; if not, records an exception. */
  isKnown(credit: Credit): boolean {
    if (credit.blocked === null) return true;
    const { component } = this.terms;
    const from = scopeOf(this.terms, credit)?.currency ?? 'its currency';
    this.except(
      credit.blocked === 'RATE_MISSING'
        ? missingCreditRate(this.terms, from, credit.date)
        : { code: credit.blocked, detail: `${component.measureName} is undefined` },
      credit,
    );
    return false;
  }

  /** A record by itself: paid at the base rate, or in a window of its own. */
  alone(credit: Credit, own: Credit | null): void {
    if (own !== null && own.blocked !== null) return this.exceptAxis(own, credit);
    this.enter(this.ofOneDeal(), credit, own, Exact.zero);
  }

  /** Each deal in a window of its own, followed by its dated reversals. */
  deals(records: readonly Credit[], axis: readonly Credit[]): void {
    const paid = Map.groupBy(records, ({ record }) => record);
    const own = Map.groupBy(axis, ({ record }) => record);
    for (const [record, credits] of paid) this.stand(this.ofOneDeal(), credits, own.get(record) ?? []);
  }

  private ofOneDeal(): Frame {
    const { component } = this.terms;
    const ladder = component.tiers.length === 0 ? null : ladderOf(component.tiers, null);
    return {
      window: null,
      quota: null,
      ladder,
      curve: component.curve === null ? null : placed(component.curve, null),
    };
  }

  /** Like `window`, which is called again only if its records changed. */
  remembered(
    known: Map<string, Known> | null,
    window: Window,
    records: readonly Credit[],
    axis: readonly Credit[],
  ): void {
    let found = known?.get(window.from);
    if (found === undefined || !same(found.records, records) || !same(found.axis, axis)) {
      const run = new Run(this.terms);
      run.window(window, records, axis);
      found = { records, axis, lines: run.lines, exceptions: run.exceptions };
      known?.set(window.from, found);
    }
    for (const line of found.lines) this.lines.push(line);
    for (const exception of found.exceptions) this.exceptions.push(exception);
  }

  /** The paid records of a window, each at the sum that the earlier records of the axis have reached. */
  window(window: Window, records: readonly Credit[], axis: readonly Credit[]): void {
    const frame = frameOf(this.terms, window);
    const { quota } = frame;
    if (quota !== null && quota.missing !== null)
      this.except(missingRate(quota.missing, this.terms.component.currency, window.from), records[0]!, null);
    if (this.terms.component.isWindowed) this.inPayPeriods(window, frame, records, axis);
    else this.stand(frame, records, axis);
  }

  private stand(frame: Frame, records: readonly Credit[], axis: readonly Credit[]): void {
    const stand = standIn(frame, [], Exact.zero);
    this.enterAll([stand], stand, merged(records, axis), Exact.zero);
  }

  /**
   * Expressions about the window are answered at the end of each pay period. Records that enter in the period are paid
   * by these answers, and a change for earlier records is a true-up there.
   */
  private inPayPeriods(window: Window, whole: Frame, records: readonly Credit[], axis: readonly Credit[]): void {
    const { component } = this.terms;
    const events = merged(records, axis);
    let [next, sum] = [0, Exact.zero];
    let before: Stand | null = null;
    for (const { to } of payPeriodsOf(this.terms, window, records)) {
      const soFar = new SoFar(this.terms, window, to);
      const { tiers } = component;
      const exists = (tier: number) => tiers[tier]!.when === null || tiers[tier]!.when.value(soFar.scope) === true;
      const frame = {
        ...whole,
        soFar,
        ladder: tiers.length === 0 ? null : ladderOf(tiers, whole.quota?.amount ?? null, exists),
      };
      const first = next;
      while (next < events.length && (events[next]!.own ?? events[next]!.paid)!.date <= to) next += 1;
      const stand: Stand = standIn(frame, [], sum);
      sum = this.enterAll(before === null ? [stand] : [before, stand], stand, events.slice(first, next), sum);
      for (const earlier of before?.standing ?? []) {
        earlier.factors = factorsOf(this.termsIn(frame), earlier.credit);
        this.trueUp(frame, earlier, sum, null, to);
      }
      before = standIn(frame, [...(before?.standing ?? []), ...stand.standing], sum);
    }
  }

  /**
   * Lets records enter one after another, and trues up earlier ones when the axis reaches a retroactive tier. Returns
   * the final sum.
   */
  private enterAll(
    stands: readonly Stand[],
    { frame, standing }: Stand,
    events: ReturnType<typeof merged>,
    from: Exact,
  ): Exact {
    let sum = from;
    for (const { paid, own } of events) {
      if (own !== null && own.blocked !== null) {
        if (paid !== null) this.exceptAxis(own, paid);
        continue;
      }
      const start = sum;
      if (own !== null) sum = sum.plus(own.left);
      const standee = paid === null ? null : this.enter(frame, paid, own, start);
      for (const stand of stands) {
        if (stand.frame.ladder === null || !stand.frame.ladder.retroactive) continue;
        const reached = reachedSteps(stand.frame.ladder, sum);
        const cause = (own ?? paid)!;
        if (reached !== stand.steps)
          for (const earlier of stand.standing) this.trueUp(stand.frame, earlier, sum, cause, cause.date);
        stand.steps = reached;
      }
      if (standee !== null) standing.push(standee);
    }
    return sum;
  }

  private termsIn({ soFar }: Frame): Terms {
    return soFar === undefined ? this.terms : { ...this.terms, soFar };
  }

  /** Whether a record meets the condition about the window. */
  private isPaidIn(frame: Frame, credit: Credit): boolean {
    return this.terms.component.where?.isWindowed !== true || isMet(this.termsIn(frame), credit);
  }

  private entitled({ ladder, curve }: Frame, paid: Exact, at: Standing, factors: Factors): readonly PaidPart[] | Lack {
    const { component } = this.terms;
    if (component.curve === null) return entitlement(ladder, component, paid, at, factors);
    return curve === null ? [] : curveEntitlement(curve, at);
  }

  /** The line of a record when it enters, on its full amount, and the amount that its reversal takes back. */
  private enter(frame: Frame, credit: Credit, own: Credit | null, start: Exact): Standee | null {
    const { component } = this.terms;
    const factors = factorsOf(this.termsIn(frame), credit);
    const entitled = (paid: Exact, at: Standing) => this.entitled(frame, paid, at, factors);
    const fullEnd = own === null ? start : start.plus(own.full);
    // A record covers no stretch of a ratio; it is paid at the value of the ratio.
    const isRatio = component.axis.ratio !== null;
    const full: Standing = { start: isRatio ? fullEnd : start, end: fullEnd, reached: fullEnd };
    const end = own === null ? start : start.plus(own.left);
    const left: Standing = { start: isRatio ? end : start, end, reached: end };
    const standee: Standee = {
      credit,
      factors,
      start: left.start,
      end,
      now: [],
      unrounded: Exact.zero,
      amount: 0n,
      isLacking: false,
    };
    // Its line comes when the condition is met.
    if (!this.isPaidIn(frame, credit)) return standee;
    const isReversed = !credit.full.equals(credit.left) || (own !== null && !own.full.equals(own.left));
    const earned = entitled(credit.full, full);
    const kept = isReversed && !isLack(earned) ? entitled(credit.left, left) : earned;
    if (isLack(earned) || isLack(kept)) {
      this.except(isLack(earned) ? earned : (kept as Lack), credit);
      return frame.soFar === undefined ? null : { ...standee, isLacking: true };
    }
    const lacksQuota =
      component.curve === null
        ? frame.ladder?.unfounded === true && earned.some(({ step }) => step === null)
        : frame.curve === null;
    if (lacksQuota) {
      this.except(
        {
          code: 'NO_QUOTA',
          detail: `no quota for ${component.axisName} in ${frame.window?.name ?? 'a window of one deal'}`,
        },
        credit,
      );
    }
    const unrounded = sumOf(earned);
    const amount = rounded(unrounded, component.rounding);
    this.line('earning', credit, null, amount, {
      unrounded,
      why: { ...frame, standing: full, now: earned, before: [] },
    });
    Object.assign(standee, { now: kept, unrounded, amount });
    if (isReversed) {
      standee.unrounded = sumOf(kept);
      standee.amount = rounded(standee.unrounded, component.rounding);
      const why = { ...frame, standing: left, now: kept, before: earned };
      this.line('reversal', credit, null, standee.amount - amount, {
        unrounded: standee.unrounded.minus(unrounded),
        why,
      });
    }
    return standee;
  }

  /** The line for a change of an earlier record's entitlement by a later record or by an answer about the window. */
  private trueUp(frame: Frame, earlier: Standee, reached: Exact, cause: Credit | null, date: LocalDate): void {
    const { component } = this.terms;
    const { credit, factors } = earlier;
    const standing: Standing = { start: earlier.start, end: earlier.end, reached };
    let now = this.isPaidIn(frame, credit) ? this.entitled(frame, credit.left, standing, factors) : [];
    if (isLack(now)) {
      if (frame.soFar === undefined) return;
      const { source, id } = credit;
      if (!earlier.isLacking) this.exceptions.push(exceptional(this.terms, now, { source, id }, date));
      earlier.isLacking = true;
      now = [];
    } else earlier.isLacking = false;
    const unrounded = sumOf(now);
    const amount = rounded(unrounded, component.rounding);
    if (amount !== earlier.amount || (component.rounding.perTotal && !unrounded.equals(earlier.unrounded))) {
      const why = { ...frame, standing, now, before: earlier.now };
      this.line(
        'true-up',
        credit,
        cause,
        amount - earlier.amount,
        { unrounded: unrounded.minus(earlier.unrounded), why },
        date,
      );
    }
    earlier.now = now;
    earlier.unrounded = unrounded;
    earlier.amount = amount;
  }

  private line(
    kind: LineKind,
    credit: Credit,
    cause: Credit | null,
    amount: bigint,
    explained: Explained,
    date = credit.date,
  ): void {
    const { participant, version, component } = this.terms;
    this.lines.push({ kind, participant, version, component, credit, cause, date, amount, explain: () => explained });
  }

  private exceptAxis(own: Credit, credit: Credit): void {
    this.except({ code: own.blocked!, detail: `${this.terms.component.axisName} is not known` }, credit);
  }

  private except(
    { code, detail }: Lack,
    { source, id, date }: Credit,
    record: PayException['record'] = { source, id },
  ): void {
    this.exceptions.push(exceptional(this.terms, { code, detail }, record, date));
  }
}
