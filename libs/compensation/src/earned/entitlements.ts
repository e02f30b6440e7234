import { Exact, type LocalDate } from '@attain/values';
import type { PayException } from '@attain/contracts';
import type { Credit } from '../credits/credits.js';
import { type Formula, type Scope } from '../plans/formulas.js';
import { creditDay } from '../plans/conversions.rules.js';
import { currencyOf } from '../plans/measures.js';
import { minorFactor } from '../facts/money.rules.js';
import type { Component, Pay } from '../plans/component.js';
import type { PlanVersion } from '../plans/plans.js';
import { curveParts, type PlacedCurve } from '../plans/curves.rules.js';
import { type Ladder, partsOf, type Step } from '../plans/tiers.rules.js';
import { unitScale } from '../plans/units.rules.js';
import type { WindowSoFar } from '../plans/window-so-far.js';
import type { World } from '../plans/world.js';

/** Why a line cannot be computed. */
export interface Lack {
  readonly code: PayException['code'];
  readonly detail: string;
}
/** A part of a line: `credited` units of the paid measure at `factor` minor units each. */
export interface PaidPart {
  readonly step: Step | null;
  readonly credited: Exact;
  readonly factor: Exact;
  readonly amount: Exact;
  /** The points of the curve around the record, as the plan writes them. */
  readonly between?: { readonly from: string | null; readonly to: string | null };
}

/** The component, version, participant and world of a computation. */
export interface Terms {
  readonly world: World;
  readonly participant: string;
  readonly version: PlanVersion;
  readonly component: Component;
  /** The participant's numbers in the window, if expressions use them. */
  readonly soFar?: WindowSoFar | undefined;
}

/** The place of a record: it moves the axis from `start` to `end`, and the axis has reached `reached`. */
export interface Standing {
  readonly start: Exact;
  readonly end: Exact;
  readonly reached: Exact;
}

/** The pay of a record for each unit of the paid measure, by tier; computed on demand. */
export type Factors = (step: Step | null) => Exact | Lack;

export function isLack(value: Exact | Lack | readonly PaidPart[]): value is Lack {
  return 'code' in value;
}

/** Minor units paid for one unit of the measure as the engine counts it (a minor unit of money, or 1). */
export function factorsOf(terms: Terms, credit: Credit): Factors {
  const { component } = terms;
  if (component.tiers.length === 0) {
    const base = payFactor(terms, component.base, credit);
    return () => base;
  }
  const known = new Map<number, Exact | Lack>();
  return (step) => {
    if (step === null) return Exact.zero;
    let factor = known.get(step.tier);
    if (factor === undefined) known.set(step.tier, (factor = tierFactor(terms, step.tier, credit)));
    return factor;
  };
}

function tierFactor(terms: Terms, tier: number, credit: Credit): Exact | Lack {
  const { pay } = terms.component.tiers[tier]!;
  if (pay.kind !== 'times') return payFactor(terms, pay, credit);
  const base = payFactor(terms, terms.component.base, credit);
  if (isLack(base)) return base;
  const times = valueOf(terms, pay.formula, credit);
  return isLack(times) ? times : base.times(times);
}

function payFactor(terms: Terms, pay: Pay | null, credit: Credit): Exact | Lack {
  const { component } = terms;
  if (pay === null) return { code: 'UNDEFINED', detail: `${component.name} has no rate` };
  const value = valueOf(terms, pay.formula, credit);
  if (isLack(value)) return value;
  if (component.measure.unit !== 'money') return value.times(minorFactor(component.paidIn));
  return component.isMoney ? value : value.times(unitScale(component));
}

// From here on money is in major units of the plan's currency; a plain amount already is.
function valueOf(terms: Terms, formula: Formula, credit: Credit): Exact | Lack {
  if (formula.constant !== null) return formula.constant;
  const scope = scopeOf(terms, credit);
  if (scope === null) return { code: 'UNDEFINED', detail: `${credit.source}:${credit.id} is not known` };
  const value = formula.value(scope);
  if (value === null || !(value instanceof Exact)) {
    const code = formula.lack(scope);
    return { code, detail: `${formula.text} is undefined` };
  }
  if (formula.type !== 'money') return value;
  const from =
    formula.currency === null || formula.currency === 'record'
      ? scope.currency
      : formula.currency === 'plan'
        ? terms.component.currency
        : formula.currency;
  return (
    terms.world.converted(value, from, terms.component.currency, credit.date) ??
    missingRate(from, terms.component.currency, credit.date)
  );
}

/** The reason that a credit is not converted. */
export function missingCreditRate(terms: Terms, from: string, date: LocalDate): Lack {
  const { version, component } = terms;
  if (version.convert.credits === 'plan rate')
    return {
      code: 'RATE_MISSING',
      detail: `no rate from ${from} to ${component.currency} among the rates of the plan ${version.plan} ${version.version}`,
    };
  return missingRate(from, component.currency, creditDay(terms, date));
}

export function missingRate(from: string, to: string, date: LocalDate): Lack {
  return { code: 'RATE_MISSING', detail: `no rate from ${from} to ${to} on ${date}` };
}

export function scopeOf({ world, participant, soFar }: Terms, credit: Credit): Scope | null {
  const state = world.record(credit.record);
  return state === undefined
    ? null
    : { world, state, date: credit.date, me: participant, currency: currencyOf(state, world), soFar };
}

/** The entitlement of a record that moves the axis along a curve; the whole movement is paid. */
export function curveEntitlement(curve: PlacedCurve, { start, end }: Standing): readonly PaidPart[] {
  return curveParts(curve, start, end).map(({ length, amount, from, to }) => {
    return {
      step: null,
      credited: length,
      factor: length.isZero() ? Exact.zero : amount.over(length),
      amount,
      between: { from, to },
    };
  });
}

/**
 * The parts of a record's entitlement: its paid amount spread evenly over its stretch of the axis, or the whole at its
 * place.
 */
export function entitlement(
  ladder: Ladder | null,
  component: Component,
  paid: Exact,
  at: Standing,
  factors: Factors,
): readonly PaidPart[] | Lack {
  if (ladder === null) {
    const factor = factors(null);
    return isLack(factor) ? factor : [{ step: null, credited: paid, factor, amount: paid.times(factor) }];
  }
  const stretch = at.end.minus(at.start).abs();
  const parts: PaidPart[] = [];
  for (const { step, from, to } of partsOf(ladder, component.crossing, at.start, at.end, at.reached)) {
    const length = to.minus(from);
    const whole = stretch.isZero() || length.equals(stretch);
    const credited = whole ? paid : paid.times(length).over(stretch);
    const factor = factors(step);
    if (isLack(factor)) return factor;
    parts.push({ step, credited, factor, amount: credited.times(factor) });
  }
  return parts;
}

export function sumOf(parts: readonly PaidPart[]): Exact {
  let sum = Exact.zero;
  for (const { amount } of parts) sum = sum.plus(amount);
  return sum;
}
