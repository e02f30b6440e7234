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

/** The most that the lines of a window may sum to, in minor units of their currency. */
export interface AmountCap {
  readonly amount: bigint;
  readonly per: Exclude<WindowKind, 'plan'>;
  /** Whether what is above it is earned and held, instead of cut. */
  readonly isCarried: boolean;
}

export type WindowOfTime = PeriodKind | 'plan';
export type WindowKind = 'deal' | WindowOfTime;

/** How a unit of what is paid becomes money: a share of it, an amount for each, or a multiple of the base. */
export interface Pay {
  readonly kind: 'rate' | 'each' | 'times';
  readonly formula: Formula;
}
interface Tier extends TierRule {
  readonly pay: Pay;
  /** Its hurdle: while it is unmet the tier does not exist. */
  readonly when: WindowFormula | null;
  /** `from` as it was written. */
  readonly written: string;
}

/** Who earns what a component pays: named by the plan on which day, with or without a signature, on leave or not. */
interface Eligibility {
  readonly on: 'credit date' | 'pay date' | 'both';
  readonly signed: boolean;
  readonly leave: 'included' | 'excluded';
}

/** A component of one version, compiled. */
export interface Component {
  readonly index: number;
  /** Its plan, version and name, and whether its tiers stand on a quota. */
  readonly key: string;
  readonly needsQuota: boolean;
  readonly name: string;
  /** Of what it counts, of what its tiers stand on, and of plain amounts in its expressions. */
  readonly currency: string;
  /** The currency of its lines, or the unit where they are not money. */
  readonly paidIn: string;
  readonly isMoney: boolean;
  readonly measure: Measure;
  readonly measureName: string;
  /** What the tiers stand on. */
  readonly axis: Measure;
  readonly axisName: string;
  readonly credit: CreditRules;
  readonly where: Formula | null;
  /** Null: no window, every record by itself at the base rate. */
  readonly per: WindowKind | null;
  readonly base: Pay | null;
  readonly tiers: readonly Tier[];
  readonly curve: Curve | null;
  readonly contest: Contest | null;
  /** What it pays each window as a whole; its levels stand here, and the tiers are none. */
  readonly target: TargetRule | null;
  readonly crossing: Crossing;
  readonly count: { readonly limit: number; readonly per: WindowKind } | null;
  readonly cap: AmountCap | null;
  readonly clawback: Clawback | null;
  /** Empty: what it earns is paid at once. */
  readonly release: readonly ReleasePart[];
  /** The most that a window is paid, as a share of its target. */
  readonly capShare: { readonly share: Exact; readonly isCarried: boolean } | null;
  readonly multiplier: WindowFormula | null;
  /** How often it pays: as its plan, or less often. */
  readonly pays: PeriodKind;
  /** Whether what a record earns stands on the window so far: by hurdles, or by a condition or a rate that asks about it. */
  readonly isWindowed: boolean;
  /** Whether a line may follow from records and quotas of others. */
  readonly isWide: boolean;
  /** Whether a field of the participant is read at the end of each pay period. */
  readonly asksOwn: boolean;
  /** The measures that its expressions ask about. */
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

/** The measure of a name; a contest counts what it ranks, and objectives count nothing. */
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

/** What the expressions of a component ask about its window. */
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

/** Those that can be counted; the check of the plan refuses the others. */
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

/** A plain number is an amount of the axis, of money in units of the plan's currency. */
function boundOf(text: string, unit: Exact): { from: Exact; percent: boolean } {
  const percent = text.endsWith('%');
  return { from: percent ? Exact.parse(text) : Exact.parse(text).times(unit), percent };
}

/** A component's map replaces the keys that it names; a component's word replaces all of the plan's rounding. A plan's amount to round to is money. */
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

/** The measure of a name in a rulebook; throws an Error that names it when there is none. */
export function measureNamed(book: Rulebook | CompanyModel, name: string): Measure {
  const measure = book.measures.get(name);
  if (measure === undefined) throw new Error(`unknown measure ${JSON.stringify(name)}`);
  return measure;
}
