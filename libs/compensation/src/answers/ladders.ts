import { Exact, type LocalDate, type Period } from '@attain/values';
import { ratioBetween } from '../credits/ratios.js';
import { firstFrom } from '../credits/credits.js';
import { participant as subject } from '../credits/subjects.js';
import { creditMoney, creditsFor, endOf } from '../earned/earning.js';
import type { Terms } from '../earned/entitlements.js';
import { quotaIn } from '../earned/frames.js';
import { SoFar } from '../earned/so-far.js';
import { major } from '../facts/money.rules.js';
import type { Component } from '../plans/component.js';
import { type Curve, placed } from '../plans/curves.rules.js';
import type { Window } from '../plans/quotas.rules.js';
import { exactMoney, shareText } from '../plans/text.js';
import { ladderOf, type TierRule } from '../plans/tiers.rules.js';
import { windowOf } from '../plans/windows.js';
import type { World } from '../plans/world.js';

/** A tier, or a point of a curve, on its axis. */
export interface Rung {
  /** The beginning of the tier, in units of the axis. */
  readonly from: Exact;
  /** `from` as the plan writes it. */
  readonly written: string;
  /** The pay of the tier, in the words of the plan. */
  readonly pays: string;
  readonly retroactive: boolean;
}
/** The tiers or the curve of a component in the window of a day, with a participant's place on them. */
export interface TierLadder {
  readonly plan: string;
  readonly version: string;
  readonly component: string;
  readonly measure: string;
  readonly kind: 'tiers' | 'target' | 'curve';
  readonly window: { readonly name: string; readonly from: LocalDate; readonly to: LocalDate };
  /** The currency of `attained`, `quota` and the bounds; null for plain numbers. */
  readonly currency: string | null;
  readonly attained: Exact;
  readonly quota: Exact | null;
  /** The lowest first; empty if the tiers need a quota and there is none. */
  readonly rungs: readonly Rung[];
  /** Index of the rung that is reached; null below the first. */
  readonly reached: number | null;
}

/**
 * The ladders of the plan versions that name the participant on a day, for components that have tiers, levels or a
 * curve in a window of time.
 */
export function laddersOf(world: World, participant: string, day: LocalDate): TierLadder[] {
  const row = world.row(participant, day);
  if (row === undefined) return [];
  return world.plans().flatMap((life) => {
    const version = life.versions.find(({ from, to }) => from <= day && day <= to)?.version;
    if (version === undefined || !version.names(participant, row)) return [];
    return version.components.flatMap((component) => {
      const { per, tiers, curve, target } = component;
      if (per === null || per === 'deal' || (tiers.length === 0 && curve === null && !target?.levels.length)) return [];
      const window = windowOf(per, day, version.calendar, life);
      return [ladderIn({ world, participant, version, component }, window, day)];
    });
  });
}

/** The day for which the ladders of a period are shown: its last day, or the last day that the cut includes. */
export function dayOf({ to }: Period, effective: LocalDate | undefined): LocalDate {
  return effective !== undefined && effective < to ? effective : to;
}

function ladderIn(terms: Terms, window: Window, day: LocalDate): TierLadder {
  const { version, component } = terms;
  const { axis, axisName } = component;
  const isMoney = axis.unit === 'money' && axis.ratio === null;
  const unit = (amount: Exact) => (isMoney ? major(amount, component.currency) : amount);
  const quota = axis.ratio === null ? (quotaIn(terms, window)?.amount ?? null) : null;
  const attained = attainedIn(terms, window, day);
  const rungs = rungsOf(terms, axis.ratio === null ? quota : Exact.one, new SoFar(terms, window, day));
  const reached = rungs.findLastIndex(({ from }) => from.compare(attained) <= 0);
  return {
    plan: version.plan,
    version: version.version,
    component: component.name,
    measure: axisName,
    kind: component.curve !== null ? 'curve' : component.target !== null ? 'target' : 'tiers',
    window: { name: window.period?.name ?? version.plan, from: window.from, to: window.to },
    currency: isMoney ? component.currency : null,
    attained: unit(attained),
    quota: quota === null ? null : unit(quota),
    rungs: rungs.map((rung) => ({ ...rung, from: unit(rung.from) })),
    reached: reached < 0 ? null : reached,
  };
}

/** The sum on the axis of a component by a day; unknown amounts count as 0. */
function attainedIn(terms: Terms, { from, to }: Window, day: LocalDate): Exact {
  const { world, participant, version, component } = terms;
  const last = day < to ? day : to;
  const money = creditMoney(version, component);
  if (component.axis.ratio !== null)
    return (
      ratioBetween(world, subject(participant), component.axis.ratio, component.credit, money, from, last) ?? Exact.zero
    );
  const { axis } = creditsFor(terms);
  return axis.list
    .slice(firstFrom(axis.list, from), endOf(axis, last))
    .reduce((sum, { left, blocked }) => (blocked === null ? sum.plus(left) : sum), Exact.zero);
}

function rungsOf(terms: Terms, quota: Exact | null, soFar: SoFar): readonly Rung[] {
  const { component } = terms;
  const { curve, target, tiers } = component;
  if (curve !== null)
    return (placed(curve, quota)?.points ?? []).map(({ at, value, written }) => ({
      from: at,
      written,
      pays: pointText(curve, value, component),
      retroactive: curve.kind === 'rate',
    }));
  const rules = target?.levels ?? tiers;
  const exists = (tier: number) => {
    const hurdle = rules[tier]!.when;
    return hurdle === null || hurdle.value(soFar.scope) === true;
  };
  return ladderOf(rules, quota, exists).steps.map(({ tier, from }) => {
    const rule: TierRule = rules[tier]!;
    return {
      from,
      written: target === null ? tiers[tier]!.written : target.levels[tier]!.written.from,
      pays: target === null ? payOf(component, tier) : target.levels[tier]!.written.pays,
      retroactive: rule.retroactive !== null,
    };
  });
}

function payOf({ base, tiers }: Component, tier: number): string {
  const { kind, formula } = tiers[tier]!.pay;
  if (kind === 'times') return `${base === null ? '' : `${base.formula.text} `}× ${formula.text}`;
  return formula.text;
}

function pointText({ kind }: Curve, value: Exact, { paidIn }: Component): string {
  return kind === 'earns' ? `${exactMoney(value, paidIn)} ${paidIn}` : shareText(value);
}
