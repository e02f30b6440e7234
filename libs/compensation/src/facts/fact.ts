import type { AttainEvent } from '@attain/contracts';
import { compareBytes, type Instant, type LocalDate } from '@attain/values';

/** A stored event as the engine takes it: facts in the order they became known. */
export type Fact = AttainEvent & {
  /** Event id: what a trace names. */
  id: string;
  /** Commit order. */
  position: bigint;
  stream: string;
  /** The instant it became known. */
  recorded: Instant;
  /** How often a person had accepted the clock anew by then; instants are compared within one such stretch. `Facts` says it. */
  stretch?: number;
};

/** Which became known first, as far as the clocks tell it. */
export function compareRecorded(a: Pick<Fact, 'stretch' | 'recorded'>, b: Pick<Fact, 'stretch' | 'recorded'>): number {
  return (a.stretch ?? 0) - (b.stretch ?? 0) || compareBytes(a.recorded, b.recorded);
}

/** What may be looked at: effective up to and including `effective`, known up to and including `known`. Absent: everything. */
export interface Cut {
  effective?: LocalDate;
  known?: Instant;
}
