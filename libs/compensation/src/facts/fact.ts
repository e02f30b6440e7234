import type { AttainEvent } from '@attain/contracts';
import type { Instant, LocalDate } from '@attain/values';

/** A stored event as the engine takes it: facts in the order they became known. */
export type Fact = AttainEvent & {
  /** Event id: what a trace names. */
  id: string;
  /** Commit order. */
  position: bigint;
  stream: string;
  /** The instant it became known. */
  recorded: Instant;
};

/** What may be looked at: effective up to and including `effective`, known up to and including `known`. Absent: everything. */
export interface Cut {
  effective?: LocalDate;
  known?: Instant;
}
