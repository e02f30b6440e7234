import type { AttainEvent } from '@attain/contracts';
import { compareBytes, type Instant, type LocalDate } from '@attain/values';

/** A stored event as the engine reads it, in the order in which facts became known. */
export type Fact = AttainEvent & {
  /** The event id that traces name. */
  id: string;
  /** The order of commits. */
  position: bigint;
  stream: string;
  /** The instant at which the fact became known. */
  recorded: Instant;
  /**
   * The number of times that a person had accepted the clock by then; instants are compared only within the same
   * number. `Facts` sets it.
   */
  stretch?: number;
};

/** Compares the instants at which facts became known, within the same acceptance of the clock. */
export function compareRecorded(a: Pick<Fact, 'stretch' | 'recorded'>, b: Pick<Fact, 'stretch' | 'recorded'>): number {
  return (a.stretch ?? 0) - (b.stretch ?? 0) || compareBytes(a.recorded, b.recorded);
}

/**
 * Limits the facts of an answer: effective up to and including `effective`, known up to and including `known`. Absent
 * means no limit.
 */
export interface Cut {
  effective?: LocalDate;
  known?: Instant;
}
