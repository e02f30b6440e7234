import type { Fact, History } from '@attain/compensation';
import type { LocalDate } from '@attain/values';

/** The engine's history of the facts that the process asks about, and a way to wait for one of them. */
export type FedHistory = History & {
  /** Resolves when every fact up to this position is in; throws NotReady after five seconds. */
  reached(position: bigint | string): Promise<void>;
  /** The first and the last date that any fact of the store names, held here or not, and today. */
  span(): { from: LocalDate; to: LocalDate };
  /** Takes facts that were held before, whose dates are remembered apart. */
  restore(facts: readonly Fact[]): void;
  remember(dates: { from: LocalDate; to: LocalDate }): void;
  /** The first and the last date that was heard, the first after the last where none was, and how many facts are held. */
  heard(): { from: LocalDate; to: LocalDate; facts: number };
};
