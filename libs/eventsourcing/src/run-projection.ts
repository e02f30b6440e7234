import type { EventBus, Document, EventStore, ModelDeclaration, ReadModels, Span } from './ports.js';
import type { StoredEvent } from './events.js';
import type { Projection } from './projection.js';
import { createProjector, type ProjectorParts } from './projector.js';
import { Gap } from './span.rules.js';

export interface RunningParts extends ProjectorParts {
  bus: EventBus;
  /** Receives the error of every failed batch, which is retried, and the Gap that stops a group permanently. */
  onError?(error: unknown, group: string): void;
}
/** A projection or policy that follows the bus. */
export interface Running {
  readonly group: string;
  /** The model's position, as far as this process knows. */
  position(): bigint;
  /** The model's current position, also if another process updates it; waits for no batch. */
  stored(): Promise<bigint>;
  /** Events of the store, of any category, that it has not passed yet. */
  lag(): Promise<bigint>;
  /** Whether it has once reached the position that was the head at its start, so that its model serves. */
  ready(): boolean;
  /** The gap that stopped it; only a restart continues it. */
  failure(): Gap | undefined;
  /** Retries the parked events of one document or of all. */
  redrive(key?: string): Promise<{ redriven: number; parked: number }>;
  stop(): Promise<void>;
}

/** Follows the bus from the position of the model. The version serves once it has caught up; until then the version before it serves. */
export async function runProjection<D extends Document, E extends { type: string; data: unknown }>(
  projection: Projection<D, E>,
  parts: RunningParts,
): Promise<Running> {
  const projector = await createProjector(projection, parts);
  return follow({ ...projector, declaration: projection, inBulk: true }, parts);
}

/** A consumer group's handler: it accepts batches and stores a position with its model. */
export interface Follower {
  group: string;
  categories: readonly string[];
  declaration: ModelDeclaration;
  /** Takes large batches, in turns with others. */
  inBulk?: boolean;
  position(): bigint;
  stored(): Promise<bigint>;
  refresh(): Promise<bigint>;
  handle(events: readonly StoredEvent[], span: Span): Promise<void>;
  redrive(key?: string): Promise<{ redriven: number; parked: number }>;
}

export async function follow(
  follower: Follower,
  {
    bus,
    events,
    models,
    onError,
  }: { bus: EventBus; events: EventStore; models: ReadModels; onError?: RunningParts['onError'] },
): Promise<Running> {
  const { group } = follower;
  const target = await events.head();
  let ready = false;
  let failure: Gap | undefined;

  async function serveOnceCaughtUp(): Promise<void> {
    if (ready || follower.position() < target) return;
    await models.serve(follower.declaration);
    ready = true;
  }
  await serveOnceCaughtUp();

  async function refresh(): Promise<bigint> {
    const position = await follower.refresh();
    await serveOnceCaughtUp();
    return position;
  }

  const subscription = await bus.subscribe({
    group,
    categories: follower.categories,
    after: follower.position(),
    resume: refresh,
    inBulk: follower.inBulk ?? false,
    async handle(batch, span) {
      if (failure) throw failure;
      try {
        await follower.handle(batch, span);
        await serveOnceCaughtUp();
      } catch (error) {
        if (error instanceof Gap) {
          failure = error;
          void subscription.stop();
        }
        throw error;
      }
    },
    onError: (error) => (onError ? onError(error, group) : process.emitWarning(`${group}: ${String(error)}`)),
  });

  return {
    group,
    position: follower.position,
    stored: follower.stored,
    lag: async () => (await events.head()) - follower.position(),
    ready: () => ready,
    failure: () => failure,
    redrive: follower.redrive,
    stop: () => subscription.stop(),
  };
}
