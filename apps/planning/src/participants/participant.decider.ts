import type { PlanningEvent } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import {
  type Assignment,
  type AssignmentChange,
  type AssignmentRow,
  type AssignmentRows,
  changedRow,
  laidOut,
  placed,
  rowOf,
  sameRow,
} from './assignment.rules.js';

export type ParticipantEvent = Extract<PlanningEvent, { type: `Participant${string}` }>;

export interface ParticipantState {
  readonly name: string | null;
  readonly rows: AssignmentRows;
}

export type ParticipantCommand =
  | { readonly do: 'name'; readonly participant: string; readonly name: string }
  | { readonly do: 'assign'; readonly participant: string; readonly row: Assignment }
  | { readonly do: 'change'; readonly participant: string; readonly change: AssignmentChange }
  | { readonly do: 'retract'; readonly participant: string; readonly from: string }
  /** All rows of a person in a file. */
  | {
      readonly do: 'sync';
      readonly participant: string;
      readonly name: string | undefined;
      readonly rows: readonly Assignment[];
    };

export const participantDecider: Decider<ParticipantState, ParticipantCommand, ParticipantEvent> = {
  category: 'participant',
  initial: { name: null, rows: [] },
  decide,
  evolve,
  concerned,
};

function decide(command: ParticipantCommand, state: ParticipantState): readonly ParticipantEvent[] {
  const { participant } = command;
  switch (command.do) {
    case 'name':
      return named(participant, command.name, state);
    case 'assign':
      return differences(participant, state.rows, placed(participant, state.rows, rowOf(participant, command.row)));
    case 'change': {
      const row = changedRow(participant, state.rows, command.change);
      return differences(participant, state.rows, placed(participant, state.rows, row));
    }
    case 'retract':
      if (!state.rows.some((row) => row.from === command.from)) {
        throw new Refused('ROW_UNKNOWN', `${participant} has no row from ${command.from}`, {
          participant,
          from: command.from,
        });
      }
      return [retracted(participant, command.from)];
    case 'sync': {
      const rows = laidOut(
        participant,
        command.rows.map((row) => rowOf(participant, row)),
      );
      return [...named(participant, command.name, state), ...differences(participant, state.rows, rows)];
    }
  }
}

function named(participant: string, name: string | undefined, state: ParticipantState): ParticipantEvent[] {
  return name === undefined || name === (state.name ?? '')
    ? []
    : [{ type: 'ParticipantNamed', data: { participant, name } }];
}

/** Retracted rows first, so that no two rows overlap at any event. */
function differences(participant: string, now: AssignmentRows, wanted: AssignmentRows): ParticipantEvent[] {
  const gone = now.filter((row) => !wanted.some((other) => other.from === row.from));
  const changed = wanted.filter((row) => !now.some((other) => sameRow(other, row)));
  return [
    ...gone.map((row) => retracted(participant, row.from)),
    ...changed.map((row): ParticipantEvent => ({
      type: 'ParticipantAssigned',
      data: { participant, ...row, fields: { ...row.fields } },
    })),
  ];
}

function retracted(participant: string, from: string): ParticipantEvent {
  return { type: 'ParticipantAssignmentRetracted', data: { participant, from } };
}

function evolve(state: ParticipantState, event: ParticipantEvent): ParticipantState {
  switch (event.type) {
    case 'ParticipantNamed':
      return { ...state, name: event.data.name };
    case 'ParticipantAssigned': {
      const { participant: _, ...row } = event.data;
      return { ...state, rows: withRow(state.rows, row) };
    }
    case 'ParticipantAssignmentRetracted':
      return { ...state, rows: state.rows.filter((row) => row.from !== event.data.from) };
  }
}

/** The rows with this one in its place, by its `from`. */
export function withRow(rows: AssignmentRows, row: AssignmentRow): AssignmentRows {
  return [...rows.filter((other) => other.from !== row.from), row].sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** The people whose rows change, and their managers before and after. A change of a name concerns no pay. */
function concerned({ id, before, after }: { id: string; before: ParticipantState; after: ParticipantState }): string[] {
  const changed = [...unlike(before.rows, after.rows), ...unlike(after.rows, before.rows)];
  if (changed.length === 0) return [];
  const managed = (rows: AssignmentRows) =>
    JSON.stringify(rows.filter(({ manager }) => manager !== null).map(({ from, to, manager }) => [from, to, manager]));
  const managers =
    managed(before.rows) === managed(after.rows)
      ? []
      : changed.flatMap(({ manager }) => (manager === null ? [] : [manager]));
  return [id, ...managers];
}

function unlike(rows: AssignmentRows, others: AssignmentRows): AssignmentRows {
  return rows.filter((row) => !others.some((other) => sameRow(row, other)));
}
