import type { PlanningEvent } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { SINCE_EVER } from '../participants/assignment.rules.js';
import { isRecordable } from '@attain/values';

export type RelationEvent = Extract<PlanningEvent, { type: `Relation${string}` }>;

/** A named relation besides the manager: in `ann, mentor, zoe`, zoe is ann's mentor. */
export interface Relation {
  readonly person: string;
  readonly relation: string;
  readonly other: string;
  readonly from: string;
  readonly to: string | null;
}
export type RelationKey = Omit<Relation, 'to'>;
/** By relation, other and from. */
export type RelationState = readonly Relation[];
export type RelationCommand =
  | { readonly do: 'record'; readonly relation: Relation }
  | { readonly do: 'retract'; readonly relation: RelationKey }
  | { readonly do: 'sync'; readonly person: string; readonly relations: readonly Relation[] };

export const relationDecider: Decider<RelationState, RelationCommand, RelationEvent> = {
  category: 'relation',
  initial: [],
  decide,
  evolve,
  concerned,
};

function decide(command: RelationCommand, state: RelationState): readonly RelationEvent[] {
  switch (command.do) {
    case 'record':
      return recorded(command.relation, state);
    case 'retract':
      return state.some((row) => sameKey(row, command.relation)) ? [retracted(command.relation)] : [];
    case 'sync': {
      const gone = state.filter((row) => !command.relations.some((wanted) => sameKey(wanted, row)));
      command.relations.forEach((row, index) => {
        if (command.relations.findIndex((other) => sameKey(other, row)) !== index) {
          throw new Refused(
            'DUPLICATE_ROW',
            `${row.person}: ${row.relation} ${row.other} from ${row.from} appears twice`,
          );
        }
      });
      return [...gone.map(retracted), ...command.relations.flatMap((row) => recorded(row, state))];
    }
  }
}

function recorded(row: Relation, state: RelationState): RelationEvent[] {
  for (const field of ['from', 'to'] as const) {
    const date = row[field];
    if (date !== null && date !== SINCE_EVER && !isRecordable(date)) {
      throw new Refused(
        'INVALID_FIELD',
        `${field}: expected a date such as 2025-03-31, found ${JSON.stringify(date)}`,
        { field },
      );
    }
  }
  if (row.to !== null && row.to < row.from)
    throw new Refused('INVALID_FIELD', `to: expected a date from ${row.from} on, found "${row.to}"`, { field: 'to' });
  const known = state.find((other) => sameKey(other, row));
  return known && known.to === row.to ? [] : [{ type: 'RelationRecorded', data: { ...row } }];
}

function retracted({ person, relation, other, from }: RelationKey): RelationEvent {
  return { type: 'RelationRetracted', data: { person, relation, other, from } };
}

function sameKey(a: RelationKey, b: RelationKey): boolean {
  return a.relation === b.relation && a.other === b.other && a.from === b.from;
}

function evolve(state: RelationState, event: RelationEvent): RelationState {
  const others = state.filter((row) => !sameKey(row, event.data));
  return event.type === 'RelationRecorded' ? [...others, event.data] : others;
}

/** The people of added, changed and removed relations. */
function concerned({ before, after }: { before: RelationState; after: RelationState }): string[] {
  const among = (rows: RelationState, row: Relation) =>
    rows.some((other) => sameKey(other, row) && other.to === row.to);
  const changed = [...before.filter((row) => !among(after, row)), ...after.filter((row) => !among(before, row))];
  return changed.flatMap(({ person, other }) => [person, other]);
}
