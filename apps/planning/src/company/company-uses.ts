import { type AttainEvent, decodeEvent } from '@attain/contracts';
import type { EventMeta, EventStore } from '@attain/eventsourcing';
import { enteredBy, EVENT_STORE } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import type { CompanyUses, PlanUse, QuotaUse } from './company-changes.rules.js';

/** The data that the same import replaces, which therefore are no uses. */
export interface Replacing {
  /** Every quota is withdrawn or assigned again. */
  readonly quotas: boolean;
  /** Versions of plans that stay; the others are retracted. Null: no version is retracted. */
  readonly plans: ReadonlySet<string> | null;
  /** Whether records that somebody entered by hand are kept. */
  readonly keepEntered?: boolean;
}
/** The name of a version of a plan among those that stay. */
export const versionName = (plan: string, version: string): string => JSON.stringify([plan, version]);

/** The data that depends on the company, as the log records it now. */
@Injectable()
export class UsesOfCompany {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async now(replacing?: Replacing): Promise<CompanyUses> {
    const quotas = new Map<string, QuotaUse>();
    const plans = new Map<string, PlanUse>();
    const closed: string[] = [];
    // The last event of a quota or version shows whether a person entered it.
    const entered = new Set<string>();
    for await (const { event, meta } of this.events(['quota', 'plan', 'period'])) {
      const name = nameOf(event);
      if (name !== undefined && replacing?.keepEntered && enteredBy(meta)) entered.add(name);
      else if (name !== undefined) entered.delete(name);
      switch (event.type) {
        case 'QuotaAssigned':
        case 'QuotaChanged':
          quotas.set(quotaName(event.data), event.data);
          break;
        case 'QuotaWithdrawn':
          quotas.delete(quotaName(event.data));
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
    const stays = (name: string) => entered.has(name) || (replacing?.plans?.has(name) ?? true);
    const staying = [...plans].filter(([name]) => stays(name)).map(([, plan]) => plan);
    const assigned = [...quotas].filter(([name]) => !replacing?.quotas || entered.has(name)).map(([, quota]) => quota);
    return { quotas: assigned, plans: staying, closed, hasDeals: await this.hasDeals() };
  }

  private async hasDeals(): Promise<boolean> {
    for await (const page of this.store.readAll({ categories: ['deal'] })) if (page.length > 0) return true;
    return false;
  }

  private async *events(categories: readonly string[]): AsyncGenerator<{ event: AttainEvent; meta: EventMeta }> {
    for await (const page of this.store.readAll({ categories }))
      for (const { type, version, data, meta } of page) yield { event: decodeEvent(type, version, data), meta };
  }
}

const quotaName = ({ for: whose, measure, period }: QuotaUse): string => JSON.stringify([whose, measure, period]);

function nameOf(event: AttainEvent): string | undefined {
  if (event.type === 'QuotaAssigned' || event.type === 'QuotaChanged' || event.type === 'QuotaWithdrawn')
    return quotaName(event.data);
  return event.type === 'PlanPublished' || event.type === 'PlanRetracted'
    ? versionName(event.data.plan, event.data.version)
    : undefined;
}
