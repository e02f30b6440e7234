import { decodeEvent, didYouMean, nearest } from '@attain/contracts';
import { type EventStore, Refused } from '@attain/eventsourcing';
import { Inject, Injectable } from '@nestjs/common';
import type { FedHistory } from './fed-history.js';
import type { Scope } from './scope.js';
import { EVENT_STORE, HISTORY } from './tokens.js';

/** Checks that a command names a known person, as the check of a company folder does. */
@Injectable()
export class Names {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  /** Refused PERSON_UNKNOWN (409); the message suggests the nearest id to callers who may see everybody. */
  async requirePeople(people: readonly { readonly id: string; readonly field: string }[], scope: Scope): Promise<void> {
    for (const { id, field } of people) {
      if (!(await this.isPerson(id)))
        throw this.unknown(
          id,
          field,
          'person',
          this.history.people().map(({ participant }) => participant),
          scope,
        );
    }
  }

  /** Like `requirePeople`, for the owner of a quota: a person, a team, a region or `company`. */
  async requireHolder(name: string, field: string, scope: Scope): Promise<void> {
    if (name === 'company' || (await this.isPerson(name))) return;
    const people = this.history.people();
    const groups = people.flatMap(({ team, region }) => [team, region]).filter((group) => group !== null);
    // The history may not contain a group yet that was recorded a moment ago.
    if (groups.includes(name) || (await this.isGroup(name))) return;
    throw this.unknown(
      name,
      field,
      'person, team or region',
      [...people.map(({ participant }) => participant), ...groups, 'company'],
      scope,
    );
  }

  /** Reads the log itself, so that a person recorded a moment ago is known. */
  private async isPerson(id: string): Promise<boolean> {
    let name = '';
    const rows = new Set<string>();
    for await (const page of this.store.readStream(`participant-${id}`)) {
      for (const { type, version, data } of page) {
        const event = decodeEvent(type, version, data);
        if (event.type === 'ParticipantNamed') name = event.data.name;
        else if (event.type === 'ParticipantAssigned') rows.add(event.data.from);
        else if (event.type === 'ParticipantAssignmentRetracted') rows.delete(event.data.from);
      }
    }
    return rows.size > 0 || name !== '';
  }

  private async isGroup(name: string): Promise<boolean> {
    for await (const page of this.store.readAll({ categories: ['participant'], after: this.history.head })) {
      for (const { type, version, data } of page) {
        const event = decodeEvent(type, version, data);
        if (event.type === 'ParticipantAssigned' && (event.data.team === name || event.data.region === name))
          return true;
      }
    }
    return false;
  }

  private unknown(name: string, field: string, kind: string, known: readonly string[], scope: Scope): Refused {
    const near = scope.everyone ? nearest(name, new Set(known)) : undefined;
    const hint = near === undefined ? '' : didYouMean(name, [near]);
    return new Refused('PERSON_UNKNOWN', `${field}: there is no ${kind} ${JSON.stringify(name)}${hint}`, {
      field,
      name,
      ...(near !== undefined && { nearest: near }),
    });
  }
}
