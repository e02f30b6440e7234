import { Exact, type LocalDate } from '@attain/values';
import { ratioBetween, sumBetween } from '../credits/ratios.js';
import { participant as subject } from '../credits/subjects.js';
import { minorFactor } from '../facts/money.rules.js';
import { type Score, scoreKey } from '../facts/objectives.rules.js';
import { placed, valueAt } from '../plans/curves.rules.js';
import type { AmountCap } from '../plans/component.js';
import type { Span } from '../plans/presence.rules.js';
import type { Window } from '../plans/quotas.rules.js';
import { rounded } from '../plans/rounding.rules.js';
import { ladderOf, stepAt } from '../plans/tiers.rules.js';
import {
  assignedSpans,
  assignedTarget,
  objectivesIn,
  partAssigned,
  type WindowTarget,
} from '../plans/window-targets.js';
import type { PlanInForce, PlanLife } from '../plans/world.js';
import { firstAfter, firstFrom } from '../credits/credits.js';
import { amountCuts } from './amount-caps.rules.js';
import { creditMoney, creditsFor } from './earning.js';
import { isEligibleAfter } from './eligibility.rules.js';
import { endedWindows } from './ended-windows.js';
import { type Lack, missingRate, type Terms } from './entitlements.js';
import type { Exceptional, Line, PaidTarget } from './lines.js';
import { NO_REASON } from './lines.js';
import { quotaIn } from './frames.js';
import { SoFar } from './so-far.js';

/** One line at the end of each window that has ended: the paid part of the target, by the version at its start. */
export function targetLines(
  terms: Terms,
  life: PlanLife,
  inForce: PlanInForce,
): { lines: readonly Line[]; exceptions: readonly Exceptional[] } {
  const spans = assignedSpans(terms.world, terms.participant, life);
  const lines: Line[] = [];
  const exceptions: Exceptional[] = [];
  for (const window of windowsOf(terms, life, inForce, spans)) {
    if (!isEligibleAfter(terms, window.to)) continue;
    const paid = new PaidWindow(terms, window, spans);
    lines.push(paid.line());
    exceptions.push(...paid.exceptions);
  }
  return { lines, exceptions };
}

/** The most that a share of the target allows for the line of a window. */
export function mostOfTarget(line: Line, share: Exact): bigint {
  return (line.explain().why.target?.target.amount ?? Exact.zero).times(share).round(line.component.rounding.mode);
}

/** The cuts of the lines of each window by a cap that is a share of the target. */
export function targetCuts(lines: readonly Line[]): Line[] {
  const caps = new Map<string | undefined, AmountCap>();
  for (const line of lines) {
    const { kind, component, window } = line;
    if (component.capShare === null || component.capShare.isCarried || line.credit !== null || kind !== 'earning')
      continue;
    caps.set(window, { amount: mostOfTarget(line, component.capShare.share), per: 'deal', isCarried: false });
  }
  return caps.size === 0
    ? []
    : amountCuts(lines, ({ credit, window }) => (credit === null ? (caps.get(window) ?? null) : null));
}

/** The ended windows of a version that have a day on which the plan names the participant. */
function windowsOf(
  { world, component }: Terms,
  life: PlanLife,
  inForce: PlanInForce,
  spans: readonly Span[],
): readonly Window[] {
  const { per } = component;
  if (per === null || per === 'deal' || spans.length === 0) return [];
  return endedWindows(world, life, inForce, per).filter(({ from, to }) =>
    spans.some((span) => span.from <= to && span.to >= from),
  );
}

/** The pay of one window from its target. */
class PaidWindow {
  readonly exceptions: Exceptional[] = [];
  private readonly name: string;
  private readonly soFar: SoFar;

  constructor(
    private readonly terms: Terms,
    private readonly window: Window,
    private readonly spans: readonly Span[],
  ) {
    this.name = window.period?.name ?? terms.version.plan;
    this.soFar = new SoFar(terms, window, window.to);
  }

  line(): Line {
    const { participant, version, component } = this.terms;
    const target = this.target();
    const { shares, reached, records, quota } =
      component.target!.objectives === null ? this.levels() : this.objectives();
    const share = shares.reduce((sum, { part, paid }) => sum.plus(part.times(paid)), Exact.zero);
    const unrounded = (target.amount ?? Exact.zero).times(share);
    const paid: PaidTarget = { target, reached, records, shares };
    const explained = {
      unrounded,
      why: { ...NO_REASON, window: { ...this.window, name: this.name }, quota, target: paid, soFar: this.soFar },
    };
    return {
      kind: 'earning',
      participant,
      version,
      component,
      credit: null,
      window: this.window.from,
      cause: null,
      date: this.window.to,
      amount: rounded(unrounded, component.rounding),
      explain: () => explained,
    };
  }

  /** The target, prorated by the assignment to the plan. */
  private target(): WindowTarget {
    const { world, participant, version, component } = this.terms;
    const { window, spans } = this;
    const { amount } = component.target!;
    if (amount === 'assigned') {
      const target = assignedTarget({ world, participant, version, component, window, spans });
      if (target.missing !== null) this.except(missingRate(target.missing, component.currency, window.from));
      else if (target.amount === null)
        this.except({
          code: 'UNDEFINED',
          detail: `no target is assigned to ${participant} for ${component.measureName} in ${this.name}`,
        });
      return target;
    }
    const part = partAssigned(spans, window, version.prorate, version.calendar);
    const date = this.firstDay();
    // The fields of the target are read on the first day of the assignment, and its attainment for the whole window.
    const value = amount.value({ ...this.soFar.scope, date });
    if (!(value instanceof Exact)) this.except(this.soFar.lacking(amount.text));
    if (!(value instanceof Exact)) return { amount: null, part, parts: [], missing: null };
    const from =
      amount.type === 'money' && amount.currency !== null && amount.currency !== 'record' && amount.currency !== 'plan'
        ? amount.currency
        : component.currency;
    const converted = world.converted(value, from, component.currency, window.from);
    if (converted === null) this.except(missingRate(from, component.currency, window.from));
    return {
      amount: converted === null ? null : converted.times(minorFactor(component.paidIn)).times(part),
      part,
      parts: [],
      missing: converted === null ? from : null,
    };
  }

  /** The share of the target that the curve or the highest reached level pays. */
  private levels(): Omit<PaidTarget, 'target'> & { quota: ReturnType<typeof quotaIn> } {
    const { component } = this.terms;
    const { levels } = component.target!;
    const quota = quotaIn(this.terms, this.window);
    const { reached, records } = this.reached();
    const nothing = { shares: [], reached, records, quota };
    if (quota !== null && quota.missing !== null)
      this.except(missingRate(quota.missing, component.currency, this.window.from));
    if (reached === null) {
      this.except({ code: 'UNDEFINED', detail: `${component.axisName} is undefined in ${this.name}` });
      return nothing;
    }
    if (
      component.needsQuota &&
      component.axis.ratio === null &&
      (quota === null || quota.amount === null || quota.amount.sign() <= 0)
    ) {
      if (quota === null || quota.missing === null)
        this.except({ code: 'NO_QUOTA', detail: `no quota for ${component.axisName} in ${this.name}` });
      return nothing;
    }
    const amount = quota?.amount ?? null;
    const share = (paid: Exact, from: string | null) => ({
      ...nothing,
      shares: [{ name: component.axisName, part: Exact.one, paid, from, event: null }],
    });
    if (component.curve !== null) return share(valueAt(placed(component.curve, amount)!, reached), null);
    const exists = (level: number) =>
      levels[level]!.when === null || levels[level]!.when.value(this.soFar.scope) === true;
    const step = stepAt(ladderOf(levels, amount, exists), reached);
    const level = step === null ? undefined : levels[step.tier];
    return level === undefined ? nothing : share(level.pays, level.written.from);
  }

  private reached(): { reached: Exact | null; records: PaidTarget['records'] } {
    const { world, participant, version, component } = this.terms;
    const { from, to } = this.window;
    const { ratio } = component.axis;
    if (ratio !== null)
      return {
        reached: ratioBetween(
          world,
          subject(participant),
          ratio,
          component.credit,
          creditMoney(version, component),
          from,
          to,
        ),
        records: [],
      };
    const { list } = creditsFor(this.terms).axis;
    const records = list.slice(firstFrom(list, from), firstAfter(list, to));
    for (const { blocked, date, source, id } of records) {
      if (blocked === null) continue;
      const detail =
        blocked === 'RATE_MISSING'
          ? `no rate to ${component.currency} on ${date}`
          : `${component.axisName} is undefined`;
      this.except({ code: blocked, detail }, { source, id });
    }
    return { reached: sumBetween(list, from, to), records };
  }

  /** The sum of each objective's weight times its score; an objective without a score counts as 0. */
  private objectives(): Omit<PaidTarget, 'target'> & { quota: null } {
    const { world, participant, version, component } = this.terms;
    const objectives = objectivesIn({ world, participant, version, component, window: this.window, spans: this.spans });
    const shares = objectives.map(({ name, weight, event }) => {
      const score = this.score(name);
      return { name, part: weight, paid: score?.score ?? Exact.zero, from: null, event: score?.event ?? event };
    });
    return { shares, reached: null, records: [], quota: null };
  }

  private score(objective: string): Score | undefined {
    const { world, participant } = this.terms;
    return world.scores(participant).get(scoreKey(this.window.period?.name ?? '', objective));
  }

  /** The first day of the window on which the plan names the participant. */
  private firstDay(): LocalDate {
    const { from } = this.window;
    const first = this.spans.find(({ to }) => to >= from)?.from ?? from;
    return first > from ? first : from;
  }

  private except({ code, detail }: Lack, record: { source: string; id: string } | null = null): void {
    const { participant, version, component } = this.terms;
    this.exceptions.push({
      exception: { code, plan: version.plan, component: component.name, participant, record, detail },
      version,
      component,
      date: this.window.to,
    });
  }
}
