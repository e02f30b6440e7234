import { type PlanDocument, type PlanExample, planSchema } from '@attain/contracts';
import { Exact } from '@attain/values';
import { attainmentOf } from '../credits/attainment.js';
import { major } from '../facts/money.rules.js';
import type { Component } from '../plans/component.js';
import { compilePlan, type Uses } from '../plans/plans.js';
import { periodOf } from '../plans/windows.js';
import { ME, played, totalOf, windowKind } from './examples.js';

/** What one window pays at one attainment. */
interface CurvePoint {
  /** Credited ÷ quota, as the engine computes it. */
  readonly attained: Exact;
  readonly credited: Exact;
  /** The sum of the money that all components pay. */
  readonly pay: Exact;
}
interface PayCurve {
  /** The component whose measure moves along the curve. */
  readonly component: string;
  readonly measure: string;
  /** The currency of `pay`. */
  readonly currency: string;
  readonly quota: string;
  /** The assigned target pay, if a component pays a share of it. */
  readonly target: string | null;
  /** The fields of each supposed deal, beside its amount. */
  readonly fields: Readonly<Record<string, string>>;
  readonly points: readonly CurvePoint[];
}
export interface CurveQuestion {
  readonly component?: string | undefined;
  readonly quota?: string | undefined;
  readonly target?: string | undefined;
}

/** Attainments of the points: every 5 % up to 200 %, and further to a quarter above the last tier. */
const STEP = Exact.parse('0.05');
const FARTHEST = 40;
/** Just below a tier, so that a jump is drawn as a jump. */
const BELOW = Exact.parse('0.0001');
/** Each supposed deal of a counted measure is one of its units. */
const MOST_DEALS = 100;
const QUOTA = '100000';
const QUOTA_OF_DEALS = '20';
const TARGET = '10000';

/**
 * What a valid plan pays at each attainment of one component: each point is an example that the engine runs, with deals
 * like the first deal of the plan's examples. Null if no component counts deals against a measure.
 */
export function* payCurve(
  document: unknown,
  uses: Uses,
  { component: asked, quota: wanted, target: stated }: CurveQuestion = {},
): Generator<undefined, PayCurve | null> {
  const plan = planSchema.parse(document);
  const version = compilePlan(plan, uses, { hash: '', event: '' });
  const component = chosen(version.components, asked);
  if (component === undefined) return null;
  const written = plan.components[component.index]!;
  const isMoney = component.axis.unit === 'money';
  const quota = atMost(wanted ?? quotaIn(plan, component, isMoney), isMoney);
  const target = plan.components.some((one) => one.target === 'assigned') ? (stated ?? targetIn(plan) ?? TARGET) : null;
  const period = periodOf(version.calendar, plan.effective.from, windowKind(written, plan)).name;
  const fields = fieldsIn(plan);
  const alike = version.components.filter(({ axisName }) => axisName === component.axisName);
  const points: CurvePoint[] = [];
  for (const share of sharesOf(alike, component, Exact.parse(quota))) {
    const example: PlanExample = {
      name: 'a point of the curve',
      deals: dealsAt(share.times(Exact.parse(quota)), fields, isMoney),
      history: [
        {
          quota: {
            for: ME,
            measure: component.axisName,
            period,
            amount: quota,
            ...(isMoney && { currency: component.currency }),
            ...(target !== null && { target }),
          },
        },
      ] as PlanExample['history'],
    };
    const { world, lines } = played(plan, uses, example);
    const { amount, attained } = attainmentOf(world, { for: { participant: ME }, measure: component.axisName, period });
    const pay = totalOf(lines, undefined);
    points.push({ attained: attained ?? Exact.zero, credited: amount, pay });
    yield;
  }
  const { amount: _, ...others } = fields;
  return {
    component: component.name,
    measure: component.axisName,
    currency: plan.currency ?? uses.currency ?? 'USD',
    quota,
    target,
    fields: others,
    points: distinct(points),
  };
}

function chosen(components: readonly Component[], asked: string | undefined): Component | undefined {
  const drawn = components.filter(({ axis, axisName, contest }) => axisName !== '' && axis.ratio === null && !contest);
  if (asked !== undefined) return drawn.find(({ name }) => name === asked);
  const climbs = ({ tiers, curve, target, per }: Component) =>
    per !== 'deal' && (tiers.length > 0 || curve !== null || (target?.levels.length ?? 0) > 0);
  return drawn.find(climbs) ?? drawn[0];
}

function quotaIn({ examples = [], components }: PlanDocument, { axisName }: Component, isMoney: boolean): string {
  const [first] = components;
  for (const { quota } of examples) {
    if (typeof quota === 'string' && (first?.by ?? first?.measure) === axisName) return quota;
    if (typeof quota === 'object' && quota[axisName] !== undefined) return quota[axisName];
  }
  return isMoney ? QUOTA : QUOTA_OF_DEALS;
}

function targetIn({ examples = [] }: PlanDocument): string | undefined {
  const steps = examples.flatMap(({ history = [] }) => history);
  return steps.flatMap((step) => ('quota' in step ? (step.quota.target ?? []) : []))[0];
}

function atMost(quota: string, isMoney: boolean): string {
  return !isMoney && Exact.parse(quota).compare(Exact.parse(String(MOST_DEALS))) > 0 ? String(MOST_DEALS) : quota;
}

/** The fields of the first deal that an example states as a mapping. */
function fieldsIn({ examples = [] }: PlanDocument): Record<string, string> {
  const deals = examples.flatMap(({ deals: own = [] }) => own);
  const { closed: _, owner: __, ...fields } = deals.find((deal) => typeof deal === 'object') ?? {};
  return fields;
}

function dealsAt(amount: Exact, fields: Readonly<Record<string, string>>, isMoney: boolean): PlanExample['deals'] {
  if (amount.isZero()) return [];
  if (isMoney) return [{ ...fields, amount: amount.toDecimal(2, 'half-up') }];
  const count = Number(amount.toDecimal(0, 'half-up'));
  return Array.from({ length: count }, () => ({ ...fields, amount: fields['amount'] ?? '1000' }));
}

/** Shares of the quota, in order, with each start of a tier of the components that share the axis. */
function sharesOf(alike: readonly Component[], { currency, axis }: Component, quota: Exact): Exact[] {
  const starts = alike
    .flatMap(({ tiers, curve, target }) => [
      ...tiers.map(({ from, percent }) => ({ at: from, percent })),
      ...(target?.levels.map(({ from, percent }) => ({ at: from, percent })) ?? []),
      ...(curve?.points ?? []),
    ])
    .flatMap(({ at, percent }) => {
      if (percent) return [at];
      return quota.isZero() ? [] : [(axis.unit === 'money' ? major(at, currency) : at).over(quota)];
    });
  const farthest = Exact.parse(String(FARTHEST)).times(STEP);
  const last = starts.reduce((most, at) => (at.compare(most) > 0 ? at : most), farthest);
  const end = last.compare(farthest) > 0 ? last.times(Exact.parse('1.25')) : farthest;
  const step = end.over(Exact.parse(String(FARTHEST)));
  const even = Array.from({ length: FARTHEST + 1 }, (_, index) => step.times(Exact.parse(String(index))));
  const jumps = starts.flatMap((at) => (at.sign() > 0 ? [at.minus(BELOW), at] : []));
  return [...even, ...jumps].filter((share) => share.sign() >= 0).sort((a, b) => a.compare(b));
}

/** One point for each attainment; the last of equal ones. */
function distinct(points: readonly CurvePoint[]): CurvePoint[] {
  return points.filter(({ attained }, index) => points[index + 1]?.attained.compare(attained) !== 0);
}
