import { Inject, Injectable } from '@nestjs/common';
import type { AttainEvent } from '@attain/contracts';
import type { EventStore } from '@attain/eventsourcing';
import { EVENT_STORE } from '@attain/service';
import type { Table } from './plan-uses.rules.js';

/** The company as the log has it this moment: a plan must not be published with what a read model had a moment ago. */
@Injectable()
export class CompanyNow {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /** Empty when no company is configured. */
  async document(): Promise<Record<string, unknown>> {
    let document = {};
    for await (const page of this.store.readStream('company-main')) {
      for (const { type, data } of page as unknown as AttainEvent[]) if (type === 'CompanyConfigured') document = data.document;
    }
    return document;
  }

  async tables(): Promise<Table[]> {
    const tables = new Map<string, Table>();
    for await (const page of this.store.readAll({ categories: ['table'] })) {
      for (const { type, data } of page as unknown as AttainEvent[]) {
        if (type === 'TableDefined') tables.set(data.table, data);
        if (type === 'TableRetracted') tables.delete(data.table);
      }
    }
    return [...tables.values()];
  }
}
