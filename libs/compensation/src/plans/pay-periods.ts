import type { LocalDate, Period } from '@attain/values';
import type { Component } from './component.js';
import type { PlanVersion } from './plans.js';
import { periodOf } from './windows.js';

/** A component of a version that pays. */
export interface Paying {
  readonly version: Pick<PlanVersion, 'calendar' | 'pays'>;
  readonly component: Pick<Component, 'pays'>;
}

/** The pay period of a component that contains a day; caps, multipliers and clawbacks are evaluated at its end. */
export function payPeriodOf({ version, component }: Paying, date: LocalDate): Period {
  return periodOf(version.calendar, date, component.pays);
}

/**
 * The pay period of the plan whose statement shows a day of a component: the one in which the component's own period
 * ends.
 */
export function statementPeriodOf(paying: Paying, date: LocalDate): Period {
  const { version, component } = paying;
  return periodOf(
    version.calendar,
    component.pays === version.pays ? date : payPeriodOf(paying, date).to,
    version.pays,
  );
}

/** The first day that the statement of a period can show, for any component of these versions. */
export function firstDayOf(versions: readonly Paying[], period: Period): LocalDate {
  return versions.reduce((first, paying) => {
    const own = payPeriodOf(paying, period.to);
    return own.to === period.to && own.from < first ? own.from : first;
  }, period.from);
}
