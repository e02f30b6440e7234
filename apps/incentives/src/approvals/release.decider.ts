import type { RecordKind, releaseApproved, releaseWithdrawn, EventOf } from '@attain/contracts';
import type { Decider } from '@attain/eventsourcing';

export type ReleaseEvent = EventOf<typeof releaseApproved> | EventOf<typeof releaseWithdrawn>;
/** The pay of a record that a component holds: of one participant, or of everybody who earned from it (null). */
export interface HeldPay {
  readonly of: RecordKind;
  readonly source: string;
  readonly id: string;
  readonly component: string;
  readonly participant: string | null;
}
export type ReleaseCommand =
  | { readonly do: 'approve'; readonly pay: HeldPay; readonly date: string }
  | { readonly do: 'withdraw'; readonly pay: HeldPay };
/** The valid approvals, each with the participants whose pay it releases. */
export type ReleaseState = ReadonlyMap<string, { readonly participant: string | null; readonly date: string }>;

/** Pay that waits for an approval is released once, and held again when the approval is withdrawn. */
export const releaseDecider: Decider<ReleaseState, ReleaseCommand, ReleaseEvent> = {
  category: 'release',
  initial: new Map(),
  decide(command, state) {
    const known = state.get(keyOf(command.pay));
    if (command.do === 'withdraw')
      return known === undefined ? [] : [{ type: 'ReleaseWithdrawn', data: { ...command.pay } }];
    return known !== undefined ? [] : [{ type: 'ReleaseApproved', data: { ...command.pay, date: command.date } }];
  },
  evolve(state, { type, data }) {
    const next = new Map(state);
    if (type === 'ReleaseApproved') next.set(keyOf(data), { participant: data.participant, date: data.date });
    else next.delete(keyOf(data));
    return next;
  },
  concerned: ({ before, after }) =>
    [before, after].flatMap((state) => [...state.values()].flatMap(({ participant }) => participant ?? [])),
};

function keyOf({ of, component, participant }: HeldPay): string {
  return JSON.stringify([of, component, participant]);
}
