import type { StoredEvent } from './events.js';
import { createLogBus, type FollowedStore } from './log-bus.js';
import { RelayPlace } from './relay-place.js';
import { checkStanding } from './standing.js';
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
 * Publishes the store to the bus, in the order of positions; at least once, because it saves its position after the publication.
 * It publishes the next span while the position is being saved. Throws ForeignModel if the log is not the one that was relayed so far.
 */
export async function runRelay({ log, publisher, models, onError }: RelayParts): Promise<Relay> {
  const writer = await models.writer(RELAY_PLACE);
  const group = `${RELAY_PLACE.name}@${RELAY_PLACE.version}`;
  await checkStanding(group, writer, log);
  const bus = createLogBus(log);
  let position = await writer.position();
  const place = new RelayPlace({ group, writer, log, stored: position, onError });
  await bus.subscribe({
    group,
    after: position,
    resume: async () => position,
    async handle(events, span) {
      place.check();
      await publisher.publish(events, span);
      position = span.through;
      place.save(position);
    },
    onError,
  });
  return {
    position: () => position,
    lag: async () => (await log.head()) - (await writer.position()),
    async stop() {
      await bus.close();
      await place.stop();
    },
  };
}
