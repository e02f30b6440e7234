import type { StoredEvent } from './events.js';
import { createLogBus, type FollowedStore } from './log-bus.js';
import { checkStanding, sealFor } from './standing.js';
import type { ModelDeclaration, ReadModels, Span } from './ports.js';

/** Publishes events to a separate bus. */
export interface Publisher {
  /** Durable when it resolves. The same events may come again, also split differently and from two publishers at once. */
  publish(events: readonly StoredEvent[], span: Span): Promise<void>;
  close(): Promise<void>;
}
export interface RelayParts {
  log: FollowedStore;
  publisher: Publisher;
  /** Stores the position up to which everything is published. */
  models: ReadModels;
  /** Receives the error of every failed batch, which is retried. */
  onError?(error: unknown): void;
}
export interface Relay {
  /** The position up to which this process knows that everything is published. */
  position(): bigint;
  /** Distance of the stored position to the log's head, in positions of the store. */
  lag(): Promise<bigint>;
  /** Stops after the current batch; the publisher stays open. */
  stop(): Promise<void>;
}

/** The model that stores the relay's position. */
export const RELAY_PLACE: ModelDeclaration = { name: 'relay', version: 1, indexes: [] };

/**
 * Publishes the store to the bus, in the order of positions; at least once, because it publishes before it saves its position.
 * Throws ForeignModel if the log is not the one that was relayed so far.
 */
export async function runRelay({ log, publisher, models, onError }: RelayParts): Promise<Relay> {
  const place = await models.writer(RELAY_PLACE);
  const group = `${RELAY_PLACE.name}@${RELAY_PLACE.version}`;
  await checkStanding(group, place, log);
  const bus = createLogBus(log);
  let position = await place.position();
  await bus.subscribe({
    group,
    after: position,
    // Another relay may have stored its position in between; consumers ignore events that both published.
    resume: async () => (position = await place.position()),
    async handle(events, span) {
      await publisher.publish(events, span);
      await place.commit({
        after: span.after,
        position: span.through,
        seal: await sealFor(group, span.through, log),
        documents: new Map(),
      });
      position = span.through;
    },
    onError,
  });
  return {
    position: () => position,
    lag: async () => (await log.head()) - (await place.position()),
    stop: () => bus.close(),
  };
}
