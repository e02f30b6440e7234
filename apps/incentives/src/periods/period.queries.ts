import { Inject, Injectable } from '@nestjs/common';
import type { Clock, ReadModels } from '@attain/eventsourcing';
import { CLOCK, type FedHistory, HISTORY, READ_MODELS, type Scope } from '@attain/service';
import { dateOf } from '@attain/values';
import { PlanQueries } from '../plans/plan.queries.js';
import { payPeriods } from './pay-periods.rules.js';
import { type ClosedPeriod, closedPeriodsProjection } from './periods.projection.js';
import type { PeriodState } from './periods.answers.js';

export type { PeriodState } from './periods.answers.js';

@Injectable()
export class PeriodQueries {
  constructor(
    @Inject(READ_MODELS) private readonly models: ReadModels,
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(PlanQueries) private readonly plans: PlanQueries,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** How a period was closed; undefined while it is open. */
  closed(period: string): Promise<ClosedPeriod | undefined> {
    return this.models.model<ClosedPeriod>(closedPeriodsProjection.name).get(period);
  }

  /** The pay periods of all plans up to today's, and all other closed periods, in the order of closing. */
  async list({ everyone }: Pick<Scope, 'everyone'> = { everyone: true }): Promise<PeriodState[]> {
    const { calendar, timeZone } = this.history.company();
    const closed = await this.models
      .model<ClosedPeriod>(closedPeriodsProjection.name)
      .find({ sort: [{ field: 'effective', order: 'ascending' }] });
    const periods = payPeriods(await this.plans.list(), calendar, dateOf(this.clock(), timeZone));
    const states = new Map(periods.map((period): [string, PeriodState] => [period.name, { ...period, closed: null }]));
    for (const { period, runHash, ...how } of closed)
      states.set(period, { ...calendar.period(period), closed: { ...how, runHash: everyone ? runHash : null } });
    return [...states.values()].sort((a, b) => (a.to === b.to ? (a.from > b.from ? -1 : 1) : a.to < b.to ? -1 : 1));
  }
}
