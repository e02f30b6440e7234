import type { PlanningEvent } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { isRecordable } from '@attain/values';

export type LeaveEvent = Extract<PlanningEvent, { type: `Leave${string}` }>;

/** Days of absence of a participant; `to` null is open. */
export type Leave = {
  readonly participant: string;
  /** The system whose export has it; null: a person recorded it. */
  readonly source: string | null;
  readonly from: string;
  readonly to: string | null;
};
export type LeaveKey = Omit<Leave, 'to'>;
/** By source and first day. */
export type LeaveState = readonly Leave[];
export type LeaveCommand =
  | { readonly do: 'record'; readonly leave: Leave }
  | { readonly do: 'retract'; readonly leave: LeaveKey }
  /** All leaves of a participant in a source. */
  | { readonly do: 'sync'; readonly source: string | null; readonly leaves: readonly Leave[] };

export const leaveDecider: Decider<LeaveState, LeaveCommand, LeaveEvent> = {
  category: 'leave',
  initial: [],
  decide,
  evolve,
  concerned,
};

function decide(command: LeaveCommand, state: LeaveState): readonly LeaveEvent[] {
  switch (command.do) {
    case 'record':
      return recorded(command.leave, state);
    case 'retract':
      return state.some((leave) => sameKey(leave, command.leave)) ? [retracted(command.leave)] : [];
    case 'sync': {
      const { source, leaves } = command;
      leaves.forEach((leave, index) => {
        if (leaves.findIndex((other) => sameKey(other, leave)) !== index)
          throw new Refused('DUPLICATE_ROW', `${leave.participant}: two leaves begin on ${leave.from}`);
      });
      const gone = state.filter((leave) => leave.source === source && !leaves.some((wanted) => sameKey(wanted, leave)));
      const inOrder = leaves.toSorted((a, b) => (a.from < b.from ? -1 : 1));
      return [...gone.map(retracted), ...inOrder.flatMap((leave) => recorded(leave, state))];
    }
  }
}

function recorded(leave: Leave, state: LeaveState): LeaveEvent[] {
  const { from, to } = leave;
  for (const [field, date] of Object.entries({ from, to })) {
    if (date !== null && !isRecordable(date))
      throw new Refused(
        'INVALID_FIELD',
        `${field}: expected a date such as 2025-03-31, found ${JSON.stringify(date)}`,
        { field },
      );
  }
  if (to !== null && to < from)
    throw new Refused('INVALID_FIELD', `to: expected a date from ${from} on, found "${to}"`, { field: 'to' });
  const known = state.find((other) => sameKey(other, leave));
  return known && known.to === to ? [] : [{ type: 'LeaveRecorded', data: { ...leave } }];
}

function retracted({ participant, source, from }: LeaveKey): LeaveEvent {
  return { type: 'LeaveRetracted', data: { participant, source, from } };
}

function sameKey(a: LeaveKey, b: LeaveKey): boolean {
  return a.source === b.source && a.from === b.from;
}

function evolve(state: LeaveState, event: LeaveEvent): LeaveState {
  const others = state.filter((leave) => !sameKey(leave, event.data));
  return event.type === 'LeaveRecorded' ? [...others, event.data] : others;
}

function concerned({ before, after }: { before: LeaveState; after: LeaveState }): string[] {
  return [...before, ...after].map(({ participant }) => participant);
}
