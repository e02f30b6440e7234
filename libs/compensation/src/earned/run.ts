import type { LineKind, PayException } from '@attain/contracts';
import { Exact } from '@attain/values';
import { type Credit, type Credits, firstFrom } from '../credits/credits.js';
import { ratioSteps } from '../credits/ratios.js';
import { participant as subject } from '../credits/subjects.js';
import { creditMoney, creditsFor, endOf, payableOf, spansOf } from './earning.js';
import { curveEntitlement, entitlement, type Factors, factorsOf, isLack, type Lack, missingCreditRate, missingRate, type PaidPart, scopeOf, type Standing, sumOf, type Terms } from './entitlements.js';
import type { Exceptional, Explained, Line, Why } from './lines.js';
import { byOrder } from '../facts/order.rules.js';
import type { Window } from '../plans/quotas.rules.js';
import { rounded } from '../plans/rounding.rules.js';
import { placed } from '../plans/curves.rules.js';
import { ladderOf, reachedSteps } from '../plans/tiers.rules.js';
import { type WindowQuota, windowQuota } from '../plans/windows.js';
import type { PlanInForce, PlanLife } from '../plans/world.js';

/** The own lines, reversals and true-ups of one version's component for a participant, window after window, in exact numbers. */
export function exactLines(terms: Terms, life: PlanLife, inForce: PlanInForce): { lines: readonly Line[]; exceptions: readonly Exceptional[] } {
  const { component } = terms;
  const { paid, axis } = creditsFor(terms);
  const payable = payableOf(terms, inForce, paid);
  const run = new Run(terms);
  const records = paid.list.filter((credit, index) => payable[index] === 1 && run.isKnown(credit));
  if (component.per === null || component.per === 'deal') {
    const isPlaced = component.tiers.length > 0 || component.curve !== null;
    if (isPlaced && axis.list.some(({ nth }) => nth > 0)) run.deals(records, axis.list);
    else for (const { paid: credit, own } of merged(records, isPlaced ? axis.list : records)) if (credit !== null) run.alone(credit, own);
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
function axisIn({ world, participant, version, component }: Terms, axis: Credits, { from, to }: Window): readonly Credit[] {
  if (component.axis.ratio === null) return axis.list.slice(firstFrom(axis.list, from), endOf(axis, to));
  return ratioSteps(world, subject(participant), component.axis, component.credit, creditMoney(version, component), from, to);
}

/** A window as it was computed: it stays while its records do. */
interface Known {
  readonly records: readonly Credit[];
  readonly axis: readonly Credit[];
  readonly lines: readonly Line[];
  readonly exceptions: readonly Exceptional[];
}

/** The windows of a component by their first day, while nothing but deals changes. Null where lines are changed after they are computed. */
function knownWindows({ world, participant, component }: Terms): Map<string, Known> | null {
  if (component.rounding.perTotal) return null;
  const stamp = Math.max(world.touched.settings, world.touched.quotas(participant));
  return world.remember(`windows ${component.key} ${participant}`, stamp, () => new Map<string, Known>());
}

function same<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
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
type Frame = Pick<Why, 'window' | 'quota' | 'ladder' | 'curve'>;

/** Evaluates records one after the other. */
export class Run {
  readonly lines: Line[] = [];
  readonly exceptions: Exceptional[] = [];

  constructor(private readonly terms: Terms) {}

  /** Whether the amount of a paid record is known; says so where it is not. */
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

  /** A record that stands by itself: paid at the base rate, or a window of its own. */
  alone(credit: Credit, own: Credit | null): void {
    if (own !== null && own.blocked !== null) return this.exceptAxis(own, credit);
    this.enter(this.ofOneDeal(), credit, own, Exact.zero);
  }

  /** Each deal in a window of its own, in which its dated reversals stand behind it. */
  deals(records: readonly Credit[], axis: readonly Credit[]): void {
    const paid = Map.groupBy(records, ({ record }) => record);
    const own = Map.groupBy(axis, ({ record }) => record);
    for (const [record, credits] of paid) this.stand(this.ofOneDeal(), credits, own.get(record) ?? []);
  }

  private ofOneDeal(): Frame {
    const { component } = this.terms;
    const ladder = component.tiers.length === 0 ? null : ladderOf(component.tiers, null);
    return { window: null, quota: null, ladder, curve: component.curve === null ? null : placed(component.curve, null) };
  }

  /** As `window`, which is computed again only where its records are others. */
  remembered(known: Map<string, Known> | null, window: Window, records: readonly Credit[], axis: readonly Credit[]): void {
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

  /** The paid records of a window, each where the records of the axis before it have brought the sum. */
  window(window: Window, records: readonly Credit[], axis: readonly Credit[]): void {
    const frame = frameOf(this.terms, window);
    const { quota } = frame;
    if (quota !== null && quota.missing !== null) this.except(missingRate(quota.missing, this.terms.component.currency, window.from), records[0]!, null);
    this.stand(frame, records, axis);
  }

  private stand(frame: Frame, records: readonly Credit[], axis: readonly Credit[]): void {
    const { ladder } = frame;
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

  private entitled({ ladder, curve }: Frame, paid: Exact, at: Standing, factors: Factors): readonly PaidPart[] | Lack {
    const { component } = this.terms;
    if (component.curve === null) return entitlement(ladder, component, paid, at, factors);
    return curve === null ? [] : curveEntitlement(curve, at);
  }

  /** The line of a record when it enters, on its full amount, and what its reversal takes back. */
  private enter(frame: Frame, credit: Credit, own: Credit | null, start: Exact): Standee | null {
    const { component } = this.terms;
    const factors = factorsOf(this.terms, credit);
    const entitled = (paid: Exact, at: Standing) => this.entitled(frame, paid, at, factors);
    const fullEnd = own === null ? start : start.plus(own.full);
    // A record covers no stretch of a ratio, and is paid where the ratio stands.
    const isRatio = component.axis.ratio !== null;
    const full: Standing = { start: isRatio ? fullEnd : start, end: fullEnd, reached: fullEnd };
    const earned = entitled(credit.full, full);
    if (isLack(earned)) return this.block(earned, credit);
    const lacksQuota = component.curve === null ? frame.ladder?.unfounded === true && earned.some(({ step }) => step === null) : frame.curve === null;
    if (lacksQuota) {
      this.except({ code: 'NO_QUOTA', detail: `no quota for ${component.axisName} in ${frame.window?.name ?? 'a window of one deal'}` }, credit);
    }
    const isReversed = !credit.full.equals(credit.left) || (own !== null && !own.full.equals(own.left));
    const end = own === null ? start : start.plus(own.left);
    const left: Standing = { start: isRatio ? end : start, end, reached: end };
    const kept = isReversed ? entitled(credit.left, left) : earned;
    if (isLack(kept)) return this.block(kept, credit);
    const unrounded = sumOf(earned);
    const amount = rounded(unrounded, component.rounding);
    this.line('earning', credit, null, amount, { unrounded, why: { ...frame, standing: full, now: earned, before: [] } });
    const standee: Standee = { credit, factors, start: left.start, end, now: kept, unrounded, amount };
    if (isReversed) {
      standee.unrounded = sumOf(kept);
      standee.amount = rounded(standee.unrounded, component.rounding);
      const why = { ...frame, standing: left, now: kept, before: earned };
      this.line('reversal', credit, null, standee.amount - amount, { unrounded: standee.unrounded.minus(unrounded), why });
    }
    return standee;
  }

  /** A line for what a later record changes in what an earlier one is entitled to. */
  private trueUp(frame: Frame, earlier: Standee, cause: Credit, reached: Exact): void {
    const { component } = this.terms;
    const standing: Standing = { start: earlier.start, end: earlier.end, reached };
    const now = entitlement(frame.ladder, component, earlier.credit.left, standing, earlier.factors);
    if (isLack(now)) return;
    const unrounded = sumOf(now);
    const amount = rounded(unrounded, component.rounding);
    if (amount !== earlier.amount || (component.rounding.perTotal && !unrounded.equals(earlier.unrounded))) {
      const why = { ...frame, standing, now, before: earlier.now };
      this.line('true-up', earlier.credit, cause, amount - earlier.amount, { unrounded: unrounded.minus(earlier.unrounded), why });
    }
    earlier.now = now;
    earlier.unrounded = unrounded;
    earlier.amount = amount;
  }

  private line(kind: LineKind, credit: Credit, cause: Credit | null, amount: bigint, explained: Explained): void {
    const { participant, version, component } = this.terms;
    this.lines.push({ kind, participant, version, component, credit, cause, date: (cause ?? credit).date, amount, explain: () => explained });
  }

  private block(lack: Lack, credit: Credit): null {
    this.except(lack, credit);
    return null;
  }

  private exceptAxis(own: Credit, credit: Credit): void {
    this.except({ code: own.blocked!, detail: `${this.terms.component.axisName} is not known` }, credit);
  }

  private except({ code, detail }: Lack, { source, id, date }: Credit, record: PayException['record'] = { source, id }): void {
    const { participant, version, component } = this.terms;
    this.exceptions.push({ exception: { code, plan: version.plan, component: component.name, participant, record, detail }, version, component, date });
  }
}

/** The quota that tiers of a window stand on; null when none of them does. */
export function quotaIn({ world, participant, version, component }: Terms, window: Window): WindowQuota | null {
  // Of a ratio a bound in % is the ratio itself.
  if (component.axis.ratio !== null) return { amount: Exact.one, parts: [], missing: null };
  return component.needsQuota ? windowQuota(world, participant, component.axisName, window, version, component.axis.unit === 'money' ? component.currency : null) : null;
}

/** A window with its quota and its tiers on the axis. */
function frameOf(terms: Terms, window: Window): Frame {
  const { version, component } = terms;
  const quota = quotaIn(terms, window);
  const ladder = component.tiers.length > 0 ? ladderOf(component.tiers, quota?.amount ?? null) : null;
  const curve = component.curve === null ? null : placed(component.curve, quota?.amount ?? null);
  return { window: { from: window.from, to: window.to, name: window.period?.name ?? version.plan }, quota, ladder, curve };
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
