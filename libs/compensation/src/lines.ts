import type { LineKind, PayException } from '@attain/contracts';
import { dayAfter, Exact, type LocalDate } from '@attain/values';
import { type Credit, creditsOf, firstFrom } from './credits.js';
import { entitlement, type Factors, factorsOf, isLack, type Lack, missingRate, type PaidPart, scopeOf, type Standing, sumOf, type Terms } from './entitlements.js';
import { holds } from './formulas.js';
import { byOrder } from './order.rules.js';
import type { Component, PlanVersion } from './plans.js';
import type { Window } from './quotas.rules.js';
import { rounded } from './rounding.rules.js';
import { participant as subject } from './subjects.js';
import { type Ladder, ladderOf, reachedSteps } from './tiers.rules.js';
import { type WindowQuota, windowOf, windowQuota } from './windows.js';
import type { PlanInForce, PlanLife, World } from './world.js';

/** A line as it is computed: amounts in minor units of the plan's currency. */
export interface Line {
  readonly kind: LineKind;
  readonly participant: string;
  readonly version: PlanVersion;
  readonly component: Component;
  readonly credit: Credit;
  /** The record that moved a true-up. */
  readonly cause: Credit | null;
  readonly date: LocalDate;
  /** What is paid for, of an earning: minor units of the plan's currency, or a plain number. */
  readonly credited: Exact | null;
  readonly unrounded: Exact;
  amount: bigint;
  readonly why: Why;
}

/** What a line follows from, for its trace. */
export interface Why {
  readonly window: { readonly from: LocalDate; readonly to: LocalDate; readonly name: string } | null;
  readonly quota: WindowQuota | null;
  readonly ladder: Ladder | null;
  readonly standing: Standing | null;
  /** What the record is entitled to now, and was before. */
  readonly now: readonly PaidPart[];
  readonly before: readonly PaidPart[];
}

/** What could not be computed, and the day it concerns. */
export interface Exceptional {
  readonly exception: PayException;
  readonly version: PlanVersion;
  readonly date: LocalDate;
}

export interface Lines {
  readonly lines: readonly Line[];
  readonly exceptions: readonly Exceptional[];
}

/** Whether a plan version holds for a participant on a day. */
export function isAssigned(world: World, version: PlanVersion, participant: string, date: LocalDate): boolean {
  const row = world.row(participant, date);
  return row !== undefined && version.names(participant, row);
}

/** The credits of a participant for what a component pays and for what its tiers stand on. */
export function creditsFor({ world, participant, version, component }: Terms): { paid: readonly Credit[]; axis: readonly Credit[] } {
  const who = subject(participant);
  return {
    paid: creditsOf(world, who, component.measure, component.credit, version.currency),
    axis: creditsOf(world, who, component.axis, component.credit, version.currency),
  };
}

/** The credits that a version pays: those dated while it holds for the participant. */
export function earningCredits(terms: Terms, inForce: PlanInForce, credits: readonly Credit[]): readonly Credit[] {
  const { world, participant, version } = terms;
  const earning: Credit[] = [];
  for (let i = firstFrom(credits, inForce.from); i < credits.length && credits[i]!.date <= inForce.to; i += 1) {
    if (isAssigned(world, version, participant, credits[i]!.date)) earning.push(credits[i]!);
  }
  return earning;
}

/** The own lines, reversals and true-ups of one version's component for a participant, window after window. */
export function versionLines(world: World, participant: string, life: PlanLife, inForce: PlanInForce, component: Component): Lines {
  const exceptions: Exceptional[] = [];
  if (!world.rows(participant).some((row) => inForce.version.names(participant, row))) return { lines: [], exceptions };
  const terms: Terms = { world, participant, version: inForce.version, component };
  const { paid, axis } = creditsFor(terms);
  const run = new Run(terms, exceptions);
  const payable = earningCredits(terms, inForce, paid).filter((credit) => run.pays(credit));
  if (component.per === null || component.per === 'deal') {
    for (const { paid: credit, own } of merged(payable, component.tiers.length > 0 ? axis : payable)) {
      if (credit !== null) run.alone(credit, own);
    }
    return { lines: run.lines, exceptions };
  }
  for (let i = 0; i < payable.length; ) {
    const window = windowOf(component.per, payable[i]!.date, inForce.version.calendar, life);
    const records: Credit[] = [];
    for (; i < payable.length && payable[i]!.date <= window.to; i += 1) records.push(payable[i]!);
    const after = window.to < '9999' ? firstFrom(axis, dayAfter(window.to)) : axis.length;
    run.window(window, records, axis.slice(firstFrom(axis, window.from), after));
  }
  return { lines: run.lines, exceptions };
}

/** A paid record that stands in its window. */
interface Standee {
  readonly credit: Credit;
  readonly factors: Factors;
  readonly start: Exact;
  readonly end: Exact;
  now: readonly PaidPart[];
  unrounded: Exact;
  amount: bigint;
}

class Run {
  readonly lines: Line[] = [];

  constructor(
    private readonly terms: Terms,
    private readonly exceptions: Exceptional[],
  ) {}

  /** Whether a record is paid at all: its condition holds and its amount is known. */
  pays(credit: Credit): boolean {
    const { component, version } = this.terms;
    if (component.where !== null) {
      const scope = scopeOf(this.terms, credit);
      if (scope === null || !holds(component.where, scope)) return false;
    }
    if (credit.blocked === null) return true;
    const scope = scopeOf(this.terms, credit);
    const lack: Lack =
      credit.blocked === 'RATE_MISSING'
        ? missingRate(scope?.currency ?? 'its currency', version.currency, credit.date)
        : { code: credit.blocked, detail: `${component.measureName} is undefined` };
    this.except(lack, credit);
    return false;
  }

  private except({ code, detail }: Lack, { source, id, date }: Credit, record: PayException['record'] = { source, id }): void {
    const { participant, version, component } = this.terms;
    this.exceptions.push({ exception: { code, plan: version.plan, component: component.name, participant, record, detail }, version, date });
  }

  /** A record that stands by itself: paid at the base rate, or a window of its own. */
  alone(credit: Credit, own: Credit | null): void {
    const { component } = this.terms;
    if (own !== null && own.blocked !== null) return this.exceptAxis(own, credit);
    const ladder = component.tiers.length === 0 ? null : ladderOf(component.tiers, null);
    this.enter({ window: null, quota: null, ladder }, credit, own, Exact.zero);
  }

  private exceptAxis(own: Credit, credit: Credit): void {
    this.except({ code: own.blocked!, detail: `${this.terms.component.axisName} is not known` }, credit);
  }

  window(window: Window, records: readonly Credit[], axis: readonly Credit[]): void {
    const { world, participant, version, component } = this.terms;
    const currency = component.axis.unit === 'money' ? version.currency : null;
    const tiered = component.tiers.length > 0;
    const quota = tiered && component.tiers.some(({ percent }) => percent) ? windowQuota(world, participant, component.axisName, window, version, currency) : null;
    if (quota !== null && quota.missing !== null) this.except(missingRate(quota.missing, version.currency, window.from), records[0]!, null);
    const ladder = tiered ? ladderOf(component.tiers, quota?.amount ?? null) : null;
    const frame = { window: { from: window.from, to: window.to, name: window.period?.name ?? version.plan }, quota, ladder };
    const standing: Standee[] = [];
    let sum = Exact.zero;
    let steps = ladder === null ? 0 : reachedSteps(ladder, sum);
    for (const { paid, own } of merged(records, axis)) {
      if (own !== null && own.blocked !== null) {
        if (paid !== null) this.exceptAxis(own, paid);
        continue;
      }
      const start = sum;
      if (own !== null) sum = sum.plus(own.left);
      const standee = paid === null ? null : this.enter(frame, paid, own, start);
      if (ladder?.retroactive) {
        const reached = reachedSteps(ladder, sum);
        if (reached !== steps) for (const earlier of standing) this.trueUp(frame, earlier, (own ?? paid)!, sum);
        steps = reached;
      }
      if (standee !== null) standing.push(standee);
    }
  }

  /** The line of a record when it enters, on its full amount, and what its reversal takes back. */
  private enter(frame: Omit<Why, 'standing' | 'now' | 'before'>, credit: Credit, own: Credit | null, start: Exact): Standee | null {
    const { terms } = this;
    const { component } = terms;
    const { ladder } = frame;
    const factors = factorsOf(terms, credit);
    const fullEnd = own === null ? start : start.plus(own.full);
    const full: Standing = { start, end: fullEnd, reached: fullEnd };
    const earned = entitlement(ladder, component, credit.full, full, factors);
    if (isLack(earned)) return this.block(earned, credit);
    if (ladder?.unfounded === true && earned.some(({ step }) => step === null)) {
      this.except({ code: 'NO_QUOTA', detail: `no quota for ${component.axisName} in ${frame.window?.name ?? 'a window of one deal'}` }, credit);
    }
    const isReversed = !credit.full.equals(credit.left) || (own !== null && !own.full.equals(own.left));
    const end = own === null ? start : start.plus(own.left);
    const left: Standing = { start, end, reached: end };
    const kept = isReversed ? entitlement(ladder, component, credit.left, left, factors) : earned;
    if (isLack(kept)) return this.block(kept, credit);
    const unrounded = sumOf(earned);
    const amount = rounded(unrounded, component.rounding);
    this.line('earning', credit, null, credit.full, unrounded, amount, { ...frame, standing: full, now: earned, before: [] });
    const standee: Standee = { credit, factors, start, end, now: kept, unrounded, amount };
    if (isReversed) {
      standee.unrounded = sumOf(kept);
      standee.amount = rounded(standee.unrounded, component.rounding);
      const why = { ...frame, standing: left, now: kept, before: earned };
      this.line('reversal', credit, null, null, standee.unrounded.minus(unrounded), standee.amount - amount, why);
    }
    return standee;
  }

  private block(lack: Lack, credit: Credit): null {
    this.except(lack, credit);
    return null;
  }

  /** A line for what a later record changes in what an earlier one is entitled to. */
  private trueUp(frame: Omit<Why, 'standing' | 'now' | 'before'>, earlier: Standee, cause: Credit, reached: Exact): void {
    const { component } = this.terms;
    const standing: Standing = { start: earlier.start, end: earlier.end, reached };
    const now = entitlement(frame.ladder, component, earlier.credit.left, standing, earlier.factors);
    if (isLack(now)) return;
    const unrounded = sumOf(now);
    const amount = rounded(unrounded, component.rounding);
    if (amount !== earlier.amount || (component.rounding.perTotal && !unrounded.equals(earlier.unrounded))) {
      const why = { ...frame, standing, now, before: earlier.now };
      this.line('true-up', earlier.credit, cause, null, unrounded.minus(earlier.unrounded), amount - earlier.amount, why);
    }
    earlier.now = now;
    earlier.unrounded = unrounded;
    earlier.amount = amount;
  }

  private line(kind: LineKind, credit: Credit, cause: Credit | null, credited: Exact | null, unrounded: Exact, amount: bigint, why: Why): void {
    const { participant, version, component } = this.terms;
    const date = (cause ?? credit).date;
    this.lines.push({ kind, participant, version, component, credit, cause, date, credited, unrounded, amount, why });
  }
}

/** Paid records and those of the axis in one order; a record that is both stands once. */
function merged(paid: readonly Credit[], axis: readonly Credit[]): { paid: Credit | null; own: Credit | null }[] {
  const both: { paid: Credit | null; own: Credit | null }[] = [];
  let [p, a] = [0, 0];
  while (p < paid.length || a < axis.length) {
    const [credit, own] = [paid[p], axis[a]];
    const order = credit === undefined ? 1 : own === undefined ? -1 : credit === own ? 0 : byOrder(credit, own);
    both.push({ paid: order <= 0 ? credit! : null, own: order >= 0 ? own! : null });
    if (order <= 0) p += 1;
    if (order >= 0) a += 1;
  }
  return both;
}
