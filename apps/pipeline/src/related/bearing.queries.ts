import { decodeEvent } from '@attain/contracts';
import type { Context, Decider, EventStore } from '@attain/eventsourcing';
import { EVENT_STORE } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { keyOf } from '../deals/deal.commands.js';
import { dealDecider, type DealRef } from '../deals/deal.decider.js';
import {
  type Bearing,
  type RelatedCommand,
  relatedDeciders,
  type RelatedKind,
  type RelatedRecord,
} from './related.decider.js';

/** The people whose pay depends on a record, from the log itself, because a read model may lag. */
@Injectable()
export class BearingQueries {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /** The owner of a deal, and the holders of its shares. */
  async ofDeal(deal: DealRef): Promise<string[]> {
    const { fields, revenue, overlay } = await this.state(dealDecider, keyOf(deal));
    return [
      ...(fields['owner'] === undefined ? [] : [fields['owner']]),
      ...Object.keys(revenue),
      ...Object.keys(overlay),
    ];
  }

  /** The people of each command, by the id of its record; empty if the caller is no participant. */
  async ofCommands(
    kind: RelatedKind,
    commands: readonly { readonly id: string; readonly command: RelatedCommand }[],
    { self = [] }: Context,
  ): Promise<Bearing> {
    const bearing = new Map<string, string[]>();
    if (self.length === 0) return bearing;
    for (const { id, command } of commands)
      bearing.set(id, await this.ofRelated(kind, id, command.do === 'record' ? command.record : undefined));
    return bearing;
  }

  /** The owner of a record, and the people of its deal and its invoice, before and after the command. */
  async ofRelated(kind: RelatedKind, key: string, next?: RelatedRecord): Promise<string[]> {
    const standing = await this.state(relatedDeciders[kind], key);
    const people = new Set<string>();
    for (const record of [standing?.record, next]) {
      if (record === undefined) continue;
      if (record.fields['owner'] !== undefined) people.add(record.fields['owner']);
      if (record.deal !== null) for (const person of await this.ofDeal(record.deal)) people.add(person);
      if (record.invoice)
        for (const person of await this.ofRelated('invoices', keyOf(record.invoice))) people.add(person);
    }
    return [...people];
  }

  private async state<S, C, E extends { type: string; data: unknown }>(
    decider: Decider<S, C, E>,
    id: string,
  ): Promise<S> {
    let state = decider.initial;
    for await (const page of this.store.readStream(`${decider.category}-${id}`)) {
      for (const { type, version, data } of page)
        state = decider.evolve(state, decodeEvent(type, version, data) as unknown as E);
    }
    return state;
  }
}
