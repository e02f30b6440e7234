import type { History, RecordEntry } from '@attain/compensation';
import type { LocalDate } from '@attain/values';

/** The engine's history of the facts that this process needs, with a way to wait for a fact. */
export type FedHistory = History & {
  /** Resolves when every fact up to this position is loaded; throws NotReady after five seconds. */
  reached(position: bigint | string): Promise<void>;
  /** The first and the last date of any fact in the store, loaded here or not, and today. */
  span(): { from: LocalDate; to: LocalDate };
  /** Adds stored facts, whose dates are kept separately. */
  restore(facts: readonly RecordEntry[]): void;
  remember(dates: { from: LocalDate; to: LocalDate }): void;
  /** The first and the last date of all facts (in reverse order if there is none), and the number of loaded facts. */
  heard(): { from: LocalDate; to: LocalDate; facts: number };
};
