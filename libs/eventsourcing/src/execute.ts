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
  /** The instant it becomes known; the clock's when absent. All rows of one import share theirs. */
  recorded?: string;
  /** Names under which the actor is paid. A change that bears on the pay of one of them is refused OWN_PAY: somebody else makes it. */
  self?: readonly string[];
  /** The command is decided as always, and nothing is stored. */
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
   * Load, decide, append; retries a WrongRevision a few times. With a key: same body → the first answer (of a refusal: the
   * refusal again), other body → Refused KEY_REUSED; whatever a crash cut off is finished by saying it again.
   */
  execute<S, C, E extends { type: string; data: unknown }>(
    decider: Decider<S, C, E>,
    id: string,
    command: C,
    context: Context,
  ): Promise<Outcome>;
  /**
   * Many commands of one decider in few commits, for imports; results in order, a refusal as its error. A command sees what
   * the ones before it in the batch did. Event ids follow from stream, revision, type and data. A key only marks the events.
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
