import { type AttainEvent, decodeEvent } from '@attain/contracts';
import type { EventStore } from '@attain/eventsourcing';
import { EVENT_STORE } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import type { CompanyUses, PlanUse, QuotaUse } from './company-changes.rules.js';

/** What the same import says anew, which therefore holds nothing back. */
export interface Replacing {
  /** Every quota is withdrawn or assigned again. */
  readonly quotas: boolean;
  /** Versions of plans that stay; the others are retracted. */
  readonly plans: ReadonlySet<string>;
}
/** The name of a version of a plan among those that stay. */
export const versionName = (plan: string, version: string): string => JSON.stringify([plan, version]);

/** What stands on the company, as the log has it this moment. */
@Injectable()
export class UsesOfCompany {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async now(replacing?: Replacing): Promise<CompanyUses> {
    const quotas = new Map<string, QuotaUse>();
    const plans = new Map<string, PlanUse>();
    const closed: string[] = [];
    for await (const event of this.events(['quota', 'plan', 'period'])) {
      switch (event.type) {
        case 'QuotaAssigned':
        case 'QuotaChanged':
          quotas.set(JSON.stringify([event.data.for, event.data.measure, event.data.period]), event.data);
          break;
        case 'QuotaWithdrawn':
          quotas.delete(JSON.stringify([event.data.for, event.data.measure, event.data.period]));
          break;
        case 'PlanPublished':
          plans.set(versionName(event.data.plan, event.data.version), event.data);
          break;
        case 'PlanRetracted':
          plans.delete(versionName(event.data.plan, event.data.version));
          break;
        case 'PeriodClosed':
          closed.push(event.data.period);
          break;
        default:
      }
    }
    const staying = [...plans].filter(([name]) => replacing?.plans.has(name) ?? true).map(([, plan]) => plan);
    return { quotas: replacing?.quotas ? [] : [...quotas.values()], plans: staying, closed, hasDeals: await this.hasDeals() };
  }

  private async hasDeals(): Promise<boolean> {
    for await (const page of this.store.readAll({ categories: ['deal'] })) if (page.length > 0) return true;
    return false;
  }

  private async *events(categories: readonly string[]): AsyncGenerator<AttainEvent> {
    for await (const page of this.store.readAll({ categories })) for (const { type, version, data } of page) yield decodeEvent(type, version, data);
  }
}
