import { Exact, type Period, toMinor } from '@attain/values';
import { Credit } from '../credits/credits.js';
import type { Adjustment } from '../facts/adjustments.rules.js';
import { NOTHING_COUNTED } from '../plans/measures.js';
import type { Component } from '../plans/component.js';
import type { PlanVersion } from '../plans/plans.js';
import { presentSpans } from '../plans/presence.rules.js';
import type { PlanLife, World } from '../plans/world.js';
import { type Line, type Lines, listed, NO_LINES, NO_REASON } from './lines.js';

/** The name of a plan's adjustments, which follow its components. */
export const ADJUSTMENTS = '';

/**
 * The lines of manual adjustments of a participant in a plan, on the last day of each adjustment's period, in the
 * plan's currency.
 */
export function adjustmentLines(world: World, participant: string, life: PlanLife): Lines {
  const adjustments = world.adjustments(participant);
  if (adjustments.length === 0) return NO_LINES;
  const { calendar } = world.company();
  const lines = adjustments.flatMap((adjustment) => {
    const period = calendar.period(adjustment.proposal.data.period);
    const version = versionFor(world, participant, life, period, adjustment);
    return version === undefined ? [] : [lineOf(world, participant, version, period, adjustment)];
  });
  return listed(
    lines.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0)),
    [],
  );
}

/**
 * The version that an adjustment belongs to: of the plan that it names, else of the first plan that pays by its kind of
 * period and names the participant in it.
 */
function versionFor(
  world: World,
  participant: string,
  life: PlanLife,
  period: Period,
  { proposal: { data } }: Adjustment,
): PlanVersion | undefined {
  const plan = data.plan ?? world.plans().find((one) => paysIn(world, participant, one, period))?.plan;
  if (plan !== life.plan) return undefined;
  const paying = life.versions.filter(({ version }) => version.pays === period.kind);
  return (paying.findLast(({ from, to }) => from <= period.to && to >= period.from) ?? paying.at(-1))?.version;
}

function paysIn(world: World, participant: string, { versions }: PlanLife, period: Period): boolean {
  const spans = presentSpans(world.rows(participant));
  return versions.some(
    ({ version, from, to }) =>
      version.pays === period.kind &&
      spans.some(
        (span) =>
          most(from, span.from, period.from) <= least(to, span.to, period.to) && version.names(participant, span.row),
      ),
  );
}

function lineOf(
  world: World,
  participant: string,
  version: PlanVersion,
  period: Period,
  { proposal: { id, data }, approval }: Adjustment,
): Line {
  const component = componentOf(version);
  const record =
    data.record === null ? undefined : world.facts.records.get(`deal-${data.record.source}:${data.record.id}`);
  const unrounded = toMinor(Exact.parse(data.amount), component.currency);
  const why = {
    ...NO_REASON,
    limit: `adjusted by hand: ${data.reason}`,
    inputs: [
      { event: id, what: 'adjustment', value: data.amount },
      { event: approval.id, what: 'approval', value: data.adjustment },
    ],
  };
  return {
    kind: 'adjustment',
    participant,
    version,
    component,
    credit: record === undefined ? null : new Credit(record, period.to, '', Exact.zero, Exact.zero, false, null),
    window: data.adjustment,
    cause: null,
    date: period.to,
    amount: unrounded.round('half-up'),
    ...(data.for !== null && { for: data.for }),
    explain: () => ({ unrounded, why }),
  };
}

const components = new WeakMap<PlanVersion, Component>();

function componentOf(version: PlanVersion): Component {
  let component = components.get(version);
  if (component === undefined) {
    const rounding = { mode: version.rounding, step: Exact.one, perTotal: false };
    const none = {
      base: null,
      where: null,
      per: null,
      tiers: [],
      curve: null,
      contest: null,
      count: null,
      cap: null,
      multiplier: null,
    };
    const counted = { measure: NOTHING_COUNTED, measureName: '', axis: NOTHING_COUNTED, axisName: '' };
    component = {
      ...version.components[0]!,
      ...none,
      ...counted,
      index: version.components.length,
      pays: version.pays,
      key: `adjustments of ${version.plan} ${version.version}`,
      needsQuota: false,
      name: ADJUSTMENTS,
      currency: version.currency,
      paidIn: version.currency,
      isMoney: true,
      rounding,
    };
    components.set(version, component);
  }
  return component;
}

function most(...dates: readonly string[]): string {
  return dates.reduce((a, b) => (a > b ? a : b));
}

function least(...dates: readonly string[]): string {
  return dates.reduce((a, b) => (a < b ? a : b));
}
