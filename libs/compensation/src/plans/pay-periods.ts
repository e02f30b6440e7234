import type { LocalDate, Period } from '@attain/values';
import type { Component } from './component.js';
import type { PlanVersion } from './plans.js';
import { periodOf } from './windows.js';

/** What is paid by a component of a version. */
export interface Paying {
  readonly version: Pick<PlanVersion, 'calendar' | 'pays'>;
  readonly component: Pick<Component, 'pays'>;
}

/** The pay period of a component that a day lies in: its caps, multipliers and clawbacks are evaluated at its end. */
export function payPeriodOf({ version, component }: Paying, date: LocalDate): Period {
  return periodOf(version.calendar, date, component.pays);
}

/** The pay period of the plan in whose statement a day of a component stands: that in which the component's own ends. */
export function statementPeriodOf(paying: Paying, date: LocalDate): Period {
  const { version, component } = paying;
  return periodOf(
    version.calendar,
    component.pays === version.pays ? date : payPeriodOf(paying, date).to,
    version.pays,
  );
}

/** From the first day that stands in the statement of a period on, by any component of these versions. */
export function firstDayOf(versions: readonly Paying[], period: Period): LocalDate {
  return versions.reduce((first, paying) => {
    const own = payPeriodOf(paying, period.to);
    return own.to === period.to && own.from < first ? own.from : first;
  }, period.from);
}
