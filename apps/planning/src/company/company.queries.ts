import { type CompanyDocument, companySchema, decodeEvent } from '@attain/contracts';
import type { EventStore } from '@attain/eventsourcing';
import { EVENT_STORE } from '@attain/service';
import { FiscalCalendar } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import { COMPANY, type CompanyEvent, companyDecider } from './company.decider.js';

/** The company from its own stream, because a command must not decide by a read model that lags. */
@Injectable()
export class CompanyQueries {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /** Undefined before the first CompanyConfigured. */
  async company(): Promise<CompanyDocument | undefined> {
    let state = companyDecider.initial;
    for await (const page of this.store.readStream(`company-${COMPANY}`)) {
      for (const { type, version, data } of page)
        state = companyDecider.evolve(state, decodeEvent(type, version, data) as CompanyEvent);
    }
    return state === null ? undefined : companySchema.parse(state);
  }
}

/** The company's fiscal calendar, by default months from January. */
export function calendarOf(company: CompanyDocument | undefined): FiscalCalendar {
  const { starts = '01-01', calendar = 'months', week } = company?.fiscalYear ?? {};
  return new FiscalCalendar({ starts, calendar, week });
}

/** The date of an instant in the company's time zone, by default UTC. */
export function zoneOf(company: CompanyDocument | undefined): string {
  return company?.timeZone ?? 'UTC';
}
