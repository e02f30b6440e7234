import { Inject, Injectable } from '@nestjs/common';
import { type AttainEvent, decodeEvent } from '@attain/contracts';
import type { EventStore } from '@attain/eventsourcing';
import { EVENT_STORE } from '@attain/service';
import type { Place } from './plan-names.rules.js';
import type { Table } from './plan-uses.rules.js';

export interface StandingPlan {
  readonly plan: string;
  readonly version: string;
  readonly document: unknown;
}

/** The company from the log itself, because a plan must not be published with a read model that lags. */
@Injectable()
export class CompanyNow {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /** Empty when no company is configured. */
  async document(): Promise<Record<string, unknown>> {
    let document = {};
    for await (const page of this.store.readStream('company-main')) {
      for (const { type, data } of page as unknown as AttainEvent[])
        if (type === 'CompanyConfigured') document = data.document;
    }
    return document;
  }

  /** A participant's rows by day; each ends before the next one begins. */
  async places(participant: string): Promise<Place[]> {
    const rows = new Map<string, Place>();
    for await (const page of this.store.readStream(`participant-${participant}`)) {
      for (const { type, data } of page as unknown as AttainEvent[]) {
        if (type === 'ParticipantAssigned') rows.set(data.from, data);
        if (type === 'ParticipantAssignmentRetracted') rows.delete(data.from);
      }
    }
    return [...rows.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
  }

  /** Every valid version of a plan, by plan and version. */
  async plans(): Promise<Map<string, StandingPlan>> {
    const versions = new Map<string, StandingPlan>();
    for await (const page of this.store.readAll({ categories: ['plan'] })) {
      for (const { type, version, data } of page) {
        const event = decodeEvent(type, version, data);
        if (event.type === 'PlanPublished') versions.set(planKey(event.data), event.data);
        else if (event.type === 'PlanRetracted') versions.delete(planKey(event.data));
      }
    }
    return versions;
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

export function planKey({ plan, version }: { plan?: unknown; version?: unknown }): string {
  return JSON.stringify([String(plan), String(version)]);
}
