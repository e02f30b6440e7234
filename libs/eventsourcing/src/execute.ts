import type { Clock } from './clock.js';
import type { Codec } from './codec.js';
import type { Decider } from './decider.js';
import type { EventStore } from './ports.js';

/** Around a command: who asks, why, and with which idempotency key. */
export interface Context {
  actor: string;
  correlation: string;
  causation?: string;
  reason?: string;
  effective?: string;
  key?: string;
  /** The instant at which the events become known; the clock's when absent. All rows of one import share one instant. */
  recorded?: string;
  /** Names under which the actor is paid. A change that affects the pay of one of them is rejected with OWN_PAY. */
  self?: readonly string[];
  /** The command is decided as usual, but nothing is stored. */
  dryRun?: boolean;
}
/** The position of the effect; also for a command that changed nothing, or arrived before (`repeated`). */
export interface Outcome {
  stream: string;
  revision: number | 'none';
  /** Text of the position; a query with `Attain-Position` waits for it. */
  position: string;
  events: number;
  repeated: boolean;
}
export interface Executor {
  /**
   * Loads, decides, appends; retries a WrongRevision a few times. With a key, the same body gets the first answer (also if that was a
   * refusal), another body gets Refused KEY_REUSED, and repeating a request after a crash completes it.
   */
  execute<S, C, E extends { type: string; data: unknown }>(
    decider: Decider<S, C, E>,
    id: string,
    command: C,
    context: Context,
  ): Promise<Outcome>;
  /**
   * Many commands of one decider in few commits, for imports. Results are in order; a refusal is its error. A command sees the
   * effects of earlier ones in the batch. Event ids follow from stream, revision, type and data. A key only marks the events.
   */
  executeMany<S, C, E extends { type: string; data: unknown }>(
    decider: Decider<S, C, E>,
    commands: readonly { id: string; command: C }[],
    context: Context,
  ): Promise<(Outcome | Error)[]>;
}
export interface ExecutorParts extends Codec {
  store: EventStore;
  clock: Clock;
}
