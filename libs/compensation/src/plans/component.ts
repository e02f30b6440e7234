import type { CreditDefinition, PlanCap, PlanComponent, PlanDocument, PlanPoint, PlanTier } from '@attain/contracts';
import { Exact, type PeriodKind } from '@attain/values';
import { minorFactor } from '../facts/money.rules.js';
import type { Environment } from '../language/index.js';
import { type Clawback, clawbackOf } from './clawbacks.js';
import type { CompanyModel, Rulebook } from './company.js';
import { type Contest, contestOf, measuresOfContest } from './contests.js';
import { creditRules, type CreditRules } from './credit-rules.js';
import type { Curve, CurveKind } from './curves.rules.js';
import { environmentForKinds, type Formula, formulaOf } from './formulas.js';
import { type Measure, NOTHING_COUNTED } from './measures.js';
import { type ReleasePart, releaseOf } from './releases.js';
import type { RoundingRule } from './rounding.rules.js';
import { type TargetRule, targetOf } from './targets.js';
import type { Crossing, TierRule } from './tiers.rules.js';
import { windowEnvironment, type WindowFormula, windowFormulaOf } from './window-formulas.js';

/** The maximum sum of a window's lines, in minor units of their currency. */
export interface AmountCap {
  readonly amount: bigint;
  readonly per: Exclude<WindowKind, 'plan'>;
  /** Whether the excess is earned and held instead of cut. */
  readonly isCarried: boolean;
}

export type WindowOfTime = PeriodKind | 'plan';
export type WindowKind = 'deal' | WindowOfTime;

/** The conversion of a paid unit into money: a share of it, an amount for each, or a multiple of the base. */
export interface Pay {
  readonly kind: 'rate' | 'each' | 'times';
  readonly formula: Formula;
}
interface Tier extends TierRule {
  readonly pay: Pay;
  /** Its hurdle; a tier with an unmet hurdle does not apply. */
  readonly when: WindowFormula | null;
  /** `from` as the plan writes it. */
  readonly written: string;
}

/**
 * The conditions to earn the pay of a component: named by the plan on which day, with or without a signature, on leave
 * or not.
 */
interface Eligibility {
  readonly on: 'credit date' | 'pay date' | 'both';
  readonly signed: boolean;
  readonly leave: 'included' | 'excluded';
}

/** A component of one version, compiled. */
export interface Component {
  readonly index: number;
  /** Its plan, version and name, and whether its tiers refer to a quota. */
  readonly key: string;
  readonly needsQuota: boolean;
  readonly name: string;
  /** The currency of its paid measure, of its axis and of plain amounts in its expressions. */
  readonly currency: string;
  /** The currency of its lines, or the unit of points or days off. */
  readonly paidIn: string;
  readonly isMoney: boolean;
  readonly measure: Measure;
  readonly measureName: string;
  /** The measure that moves the tiers. */
  readonly axis: Measure;
  readonly axisName: string;
  readonly credit: CreditRules;
  readonly where: Formula | null;
  /** Null for no window: each record by itself at the base rate. */
  readonly per: WindowKind | null;
  readonly base: Pay | null;
  readonly tiers: readonly Tier[];
  readonly curve: Curve | null;
  readonly contest: Contest | null;
  /** The pay for each window as a whole; its levels are here, and `tiers` is empty. */
  readonly target: TargetRule | null;
  readonly crossing: Crossing;
  readonly count: { readonly limit: number; readonly per: WindowKind } | null;
  readonly cap: AmountCap | null;
  readonly clawback: Clawback | null;
  /** Empty if the earnings are paid at once. */
  readonly release: readonly ReleasePart[];
  /** The maximum pay of a window, as a share of its target. */
  readonly capShare: { readonly share: Exact; readonly isCarried: boolean } | null;
  readonly multiplier: WindowFormula | null;
  /** The kind of pay period: that of its plan, or a longer one. */
  readonly pays: PeriodKind;
  /** Whether the pay of a record depends on the window so far: by hurdles, or by a condition or a rate that uses it. */
  readonly isWindowed: boolean;
  /** Whether a line may depend on records and quotas of others. */
  readonly isWide: boolean;
  /** Whether a field of the participant is read at the end of each pay period. */
  readonly asksOwn: boolean;
  /** The measures that its expressions use. */
  readonly asks: readonly Measure[];
  readonly eligible: Eligibility;
  readonly rounding: RoundingRule;
}

export const PAYS: Readonly<Record<PlanDocument['pays'], PeriodKind>> = {
  monthly: 'month',
  quarterly: 'quarter',
  yearly: 'year',
};

export function componentOf(
  component: PlanComponent,
  index: number,
  document: PlanDocument,
  book: Rulebook,
  planCurrency: string,
  ofDeals: Environment,
): Component {
  const { currency = planCurrency, unit: paidIn = currency } = component;
  const { name, measure, by = measure, where, per, rate, each, crossing = 'split', cap } = component;
  const contest = contestOf(
    component,
    (of) => measureNamed(book, of),
    windowEnvironment(ofDeals, unitsOf(book)),
    paidIn,
  );
  const named = (of: string | undefined): Measure => countedBy(of, component, contest, document, book);
  const measures = unitsOf(book);
  const environment = { ...environmentForKinds(ofDeals, measure === undefined ? [] : named(measure).of), measures };
  const base = payOf({ rate, each }, environment);
  const unit = named(by).unit === 'money' ? minorFactor(currency) : Exact.one;
  const ofWindow = windowEnvironment(environment, measures);
  const target = targetOf(component, ofWindow, unit);
  const tiers = (target === null ? (component.tiers ?? []) : []).map((tier) =>
    tierOf(tier, environment, ofWindow, unit),
  );
  const curve = curveOf(component, unit, minorFactor(paidIn));
  const condition = where === undefined ? null : formulaOf(where, environment);
  const multiplier = component.multiplier === undefined ? null : windowFormulaOf(component.multiplier, ofWindow);
  return {
    index,
    key: JSON.stringify([document.plan, document.version, name]),
    needsQuota: standsOnQuota(curve, target, tiers),
    name,
    currency,
    paidIn,
    isMoney: component.unit === undefined,
    measure: named(measure),
    measureName: measure ?? '',
    axis: named(by),
    axisName: by ?? '',
    credit: creditRules((component.credit ?? ['sales']) as readonly CreditDefinition[], environment),
    where: condition,
    per: per ?? null,
    base,
    tiers,
    curve,
    contest,
    target,
    crossing,
    count:
      cap?.count === undefined
        ? null
        : { limit: Number(cap.count), per: cap.per ?? per ?? PAYS[component.pays ?? document.pays] },
    cap: capOf(cap, paidIn),
    clawback: clawbackOf(component),
    release: releaseOf(component),
    capShare: cap?.share === undefined ? null : { share: Exact.parse(cap.share), isCarried: cap.excess === 'carried' },
    multiplier,
    ...askedBy({ where: condition, base, tiers, target, contest, multiplier }, book),
    pays: PAYS[component.pays ?? document.pays],
    eligible: eligibilityOf(component),
    rounding: roundingOf(document.rounding, component, paidIn),
  };
}

/** The measure with a name; a contest counts the measure of its rank, and objectives count nothing. */
function countedBy(
  of: string | undefined,
  { name, objectives }: PlanComponent,
  contest: Contest | null,
  { plan }: PlanDocument,
  book: Rulebook,
): Measure {
  if (of === undefined && contest !== null) return measuresOfContest(contest)[0]?.measure ?? NOTHING_COUNTED;
  if (of === undefined && objectives !== undefined) return NOTHING_COUNTED;
  const found = of === undefined ? undefined : book.measures.get(of);
  if (found === undefined) throw new Error(`${plan}, ${name}: unknown measure ${of}`);
  return found;
}

/** Whether any bound is a share of a quota. */
function standsOnQuota(curve: Curve | null, target: TargetRule | null, tiers: readonly Tier[]): boolean {
  return (
    curve?.points.some(({ percent }) => percent) === true ||
    target?.levels.some(({ percent }) => percent) === true ||
    tiers.some(
      ({ percent, retroactive }) => percent || (typeof retroactive === 'object' && retroactive?.percent === true),
    )
  );
}

/** The questions about its window in the expressions of a component. */
function askedBy(
  {
    where,
    base,
    tiers,
    target,
    contest,
    multiplier,
  }: Pick<Component, 'where' | 'base' | 'tiers' | 'target' | 'contest' | 'multiplier'>,
  book: Rulebook,
): Pick<Component, 'isWindowed' | 'isWide' | 'asksOwn' | 'asks'> {
  const hurdles = [...tiers, ...(target?.levels ?? [])].flatMap(({ when }) => when ?? []);
  const ofRecords = [where, base?.formula ?? null, ...tiers.map(({ pay }) => pay.formula)].flatMap(
    (formula) => formula ?? [],
  );
  const amount = target === null || target.amount === 'assigned' ? [] : [target.amount];
  const requires =
    contest === null
      ? []
      : [contest.requires.all, ...contest.requires.places.values()].flatMap((formula) => formula ?? []);
  const all = [...hurdles, ...ofRecords, ...amount, ...requires, ...(multiplier === null ? [] : [multiplier])];
  return {
    isWindowed: tiers.some(({ when }) => when !== null) || ofRecords.some((formula) => formula.isWindowed),
    isWide: multiplier !== null || contest !== null || hurdles.length > 0 || all.some((formula) => formula.isWindowed),
    asksOwn: [...hurdles, ...(multiplier === null ? [] : [multiplier])].some(({ readsOwn }) => readsOwn),
    asks: [...new Set(all.flatMap(({ asks }) => asks))].map((name) => measureNamed(book, name)),
  };
}

function eligibilityOf({ eligible }: PlanComponent): Eligibility {
  return {
    on: eligible?.on ?? 'credit date',
    signed: eligible?.signed === 'yes',
    leave: eligible?.leave ?? 'included',
  };
}

/** The measures that can be counted; the check of the plan refuses the others. */
function unitsOf({ measures }: Rulebook): Environment['measures'] {
  const units = new Map<string, 'money' | 'number' | 'rate'>();
  for (const [name, measure] of measures) {
    try {
      units.set(name, measure.ratio === null ? measure.unit : 'rate');
    } catch {
      continue;
    }
  }
  return units;
}

export function capOf(cap: PlanCap | undefined, currency: string): AmountCap | null {
  if (cap?.amount === undefined) return null;
  return {
    amount: Exact.parse(cap.amount).times(minorFactor(currency)).round('half-up'),
    per: cap.per!,
    isCarried: cap.excess === 'carried',
  };
}

function payOf(
  { rate, each, times }: { rate?: string | undefined; each?: string | undefined; times?: string | undefined },
  environment: Environment,
): Pay | null {
  if (rate !== undefined) return { kind: 'rate', formula: formulaOf(rate, environment) };
  if (each !== undefined) return { kind: 'each', formula: formulaOf(each, environment) };
  return times === undefined ? null : { kind: 'times', formula: formulaOf(times, environment) };
}

function tierOf(tier: PlanTier, environment: Environment, ofWindow: Environment, unit: Exact): Tier {
  const pay = payOf(tier, environment);
  if (pay === null) throw new Error(`a tier without rate, each or times (from ${tier.from})`);
  const { retroactive = 'no' } = tier;
  return {
    ...boundOf(tier.from, unit),
    pay,
    when: tier.when === undefined ? null : windowFormulaOf(tier.when, ofWindow),
    written: tier.from,
    retroactive: retroactive === 'no' ? null : retroactive === 'yes' ? 'all' : boundOf(retroactive, unit),
  };
}

function curveOf({ curve, beyond = 'flat' }: PlanComponent, unit: Exact, minor: Exact): Curve | null {
  if (curve === undefined) return null;
  const kind = curveKind(curve[0]!);
  const points = curve.map((point) => {
    const { from: at, percent } = boundOf(point.at, unit);
    const value = Exact.parse(point[kind] ?? '0');
    return { at, percent, value: kind === 'earns' ? value.times(minor) : value, written: point.at };
  });
  return { kind, points, beyond };
}

export function curveKind({ earns, rate }: PlanPoint): CurveKind {
  return earns !== undefined ? 'earns' : rate !== undefined ? 'rate' : 'pays';
}

/** A plain number is an amount of the axis; for money, in units of the plan's currency. */
function boundOf(text: string, unit: Exact): { from: Exact; percent: boolean } {
  const percent = text.endsWith('%');
  return { from: percent ? Exact.parse(text) : Exact.parse(text).times(unit), percent };
}

/**
 * A component's map replaces the keys that it names; a component's single word replaces all rounding of the plan. A
 * plan's amount to round to is money.
 */
export function roundingKeys(
  plan: PlanDocument['rounding'],
  component: PlanComponent['rounding'],
  unit?: string,
): RoundingKeys {
  const keysOf = (rounding: PlanDocument['rounding']): RoundingKeys =>
    typeof rounding === 'string' ? { mode: rounding } : (rounding ?? {});
  const { to, ...others } = keysOf(plan);
  return typeof component === 'string'
    ? keysOf(component)
    : { ...others, ...(to !== undefined && unit === undefined && { to }), ...keysOf(component) };
}
type RoundingKeys = Exclude<PlanDocument['rounding'], string | undefined>;

function roundingOf(plan: PlanDocument['rounding'], { rounding, unit }: PlanComponent, paidIn: string): RoundingRule {
  const { mode = 'half-up', to, per } = roundingKeys(plan, rounding, unit);
  return {
    mode,
    step: to === undefined ? Exact.one : Exact.parse(to).times(minorFactor(paidIn)),
    perTotal: per === 'total',
  };
}

/** The measure with a name in a rulebook; throws an Error with the name if there is none. */
export function measureNamed(book: Rulebook | CompanyModel, name: string): Measure {
  const measure = book.measures.get(name);
  if (measure === undefined) throw new Error(`unknown measure ${JSON.stringify(name)}`);
  return measure;
}
