import type { EventOf, clockAccepted } from '@attain/contracts';
import { CLOCK, type Decider } from '@attain/eventsourcing';

export type ClockAccepted = EventOf<typeof clockAccepted>;
export interface AcceptClock {
  do: 'accept';
  before: string;
  after: string;
}

/** A person confirms that the clock is right, although it is ahead of the log or behind it. */
export const clockDecider: Decider<null, AcceptClock, ClockAccepted> = {
  category: CLOCK,
  initial: null,
  decide: ({ before, after }) => [{ type: 'ClockAccepted', data: { before, after } }],
  evolve: () => null,
};
