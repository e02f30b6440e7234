import { comparePeriods, type LocalDate, type Period, type PeriodKind } from '@attain/values';
import { planVersion } from '../plans/plans.js';
import { periodsBetween } from '../plans/windows.js';
import type { World } from '../plans/world.js';

/** Thrown if the history cannot answer; `code` is for programs. */
export class Unanswerable extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly code: 'PERIOD_CLOSED' | 'PERIOD_UNKNOWN' | 'CURRENCIES_DIFFER',
    message: string,
  ) {
    super(message);
  }
}

/** The period of the company's calendar with this name; throws PERIOD_UNKNOWN if there is none. */
export function periodNamed(world: World, name: string): Period {
  try {
    return world.company().calendar.period(name);
  } catch (error) {
    throw new Unanswerable('PERIOD_UNKNOWN', (error as Error).message);
  }
}

/**
 * The pay periods that close with a period, itself the last: every earlier month, quarter, half and year from the
 * earliest period that can have a line, when both a plan is in force and a participant has a row.
 */
export function closingOrder(world: World, target: Period): readonly Period[] {
  return periodsUpTo(world, target.to, earliest(world, target)).filter((period) => comparePeriods(period, target) <= 0);
}

/** The pay periods that end by a day, in the order of closing, of the kinds by which any plan has ever paid. */
export function payPeriodsUpTo(world: World, to: LocalDate): readonly Period[] {
  const kinds = new Set<PeriodKind>();
  for (const published of world.facts.plans.values())
    for (const { fact } of published) if (fact.type === 'PlanPublished') kinds.add(planVersion(fact).pays);
  return periodsUpTo(world, to, earliest(world, { from: to })).filter(
    (period) => period.to <= to && kinds.has(period.kind),
  );
}

function periodsUpTo(world: World, to: LocalDate, from: LocalDate): Period[] {
  const { calendar } = world.company();
  return (['month', 'quarter', 'half', 'year'] as const)
    .flatMap((kind) => periodsBetween(calendar, from, to, kind))
    .sort(comparePeriods);
}

function earliest(world: World, target: { from: LocalDate }): LocalDate {
  const plans = world.plans().map(({ from }) => from);
  const people = [...world.facts.people.keys()].flatMap((person) =>
    world
      .rows(person)
      .slice(0, 1)
      .map(({ from }) => from),
  );
  if (plans.length === 0 || people.length === 0) return target.from;
  const [plan, person] = [plans.reduce(least), people.reduce(least)];
  const start = plan > person ? plan : person;
  return start < target.from ? start : target.from;
}

function least(a: LocalDate, b: LocalDate): LocalDate {
  return a < b ? a : b;
}
