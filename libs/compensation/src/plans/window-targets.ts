import { compareBytes, Exact, type FiscalCalendar } from '@attain/values';
import { minorFactor } from '../facts/money.rules.js';
import { conversion } from './exchange.js';
import type { Component } from './component.js';
import type { PlanVersion } from './plans.js';
import { presentSpans, type Span, withoutAbsences } from './presence.rules.js';
import { partCovered, type Proration } from './proration.rules.js';
import {
  type Quota,
  quotaParts,
  quotaPartsOfSpan,
  type QuotaPart,
  type QuotaRules,
  type Window,
} from './quotas.rules.js';
import type { WeightedObjective } from './targets.js';
import { periodsBetween } from './windows.js';
import type { PlanLife, World } from './world.js';

/** The days on which a plan names a present participant. */
export function assignedSpans(world: World, participant: string, { versions }: PlanLife): readonly Span[] {
  const rows = presentSpans(world.rows(participant));
  const spans = versions.flatMap(({ version, from, to }) =>
    rows.flatMap((row) => {
      const span = { from: row.from > from ? row.from : from, to: row.to < to ? row.to : to };
      return span.from <= span.to && version.names(participant, row.row) ? [span] : [];
    }),
  );
  return withoutAbsences(spans, world.leaves(participant)).toSorted((a, b) => compareBytes(a.from, b.from));
}

/** The part of a window in which a participant is assigned to a plan, from 0 to 1. */
export function partAssigned(
  spans: readonly Span[],
  window: Window,
  prorate: Proration,
  calendar: FiscalCalendar,
): Exact {
  if (window.period !== null) return partCovered(spans, window.period, prorate, calendar);
  if (prorate !== 'by months') return partCovered(spans, { ...window, kind: 'year', name: '' }, prorate, calendar);
  const months = periodsBetween(calendar, window.from, window.to, 'month');
  return months
    .reduce((sum, month) => sum.plus(partCovered(spans, month, prorate, calendar)), Exact.zero)
    .over(Exact.of(months.length));
}

/** The target of a window for a participant. */
export interface WindowTarget {
  /** In minor units of the component's currency, prorated; null if it is undefined, not assigned, or has no rate. */
  readonly amount: Exact | null;
  /** The part of the window in which the participant is assigned. */
  readonly part: Exact;
  /** For an assigned target, the assigned parts. */
  readonly parts: readonly QuotaPart[];
  /** A currency for which no rate is known. */
  readonly missing: string | null;
}

export interface TargetOf {
  readonly world: World;
  readonly participant: string;
  readonly version: PlanVersion;
  readonly component: Component;
  readonly window: Window;
  /** The days on which the plan names the participant. */
  readonly spans: readonly Span[];
}

/** An assigned target, divided like a quota by seasons but without a ramp; the assignment to the plan prorates it. */
export function assignedTarget({ world, participant, version, component, window, spans }: TargetOf): WindowTarget {
  const { calendar, seasons, prorate } = version;
  const rules: QuotaRules = {
    calendar,
    seasons,
    presence: prorate === 'no' ? null : (period) => partCovered(spans, period, prorate, calendar),
    ramp: null,
  };
  const targets = new Map<string, Quota>();
  for (const [period, quota] of world.quotas(participant, component.measureName))
    if (quota.target !== null) targets.set(period, { ...quota, amount: quota.target });
  const parts =
    window.period === null
      ? quotaPartsOfSpan(targets, window.from, window.to, rules)
      : quotaParts(targets, window.period, rules);
  const part = partAssigned(spans, window, prorate, calendar);
  let amount: Exact | null = null;
  for (const { quota, amount: own } of parts) {
    const from = quota.currency ?? world.company().currency;
    if (!component.isMoney) {
      amount = (amount ?? Exact.zero).plus(own.times(minorFactor(component.paidIn)));
      continue;
    }
    const factor = conversion(world, from, component.currency, window.from);
    if (factor === null) return { amount: null, part, parts, missing: from };
    amount = (amount ?? Exact.zero).plus(own.times(minorFactor(from)).times(factor));
  }
  return { amount, part, parts, missing: null };
}

/**
 * Objectives of a window: the plan's own, or those assigned to the participant, else to the team, the region or the
 * company.
 */
export function objectivesIn({ world, participant, component, window, spans }: TargetOf): readonly WeightedObjective[] {
  const { objectives } = component.target!;
  if (objectives !== 'assigned') return objectives ?? [];
  const day = spans.find(({ to }) => to >= window.from)?.from ?? window.from;
  const row = world.row(participant, day > window.from ? day : window.from);
  for (const name of [participant, row?.team, row?.region, 'company']) {
    const own =
      name == null
        ? []
        : world
            .objectives(name)
            .filter((one) => one.component === component.name && one.period === window.period?.name);
    if (own.length > 0) return own;
  }
  return [];
}
