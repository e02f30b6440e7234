import type { Provider } from '@nestjs/common';
import type {
  Comparing,
  EventBus,
  ModelComparison,
  ModelDeclaration,
  Running,
  Span,
  StoredEvent,
} from '@attain/eventsourcing';

/** The transport of event handlers, as Nest's decorators name it. */
export const EVENTS = Symbol('events');

/**
 * The argument of an event handler: all events of its categories in a span of the log; an empty list means that there
 * are none.
 */
export interface Batch {
  group: string;
  events: readonly StoredEvent[];
  span: Span;
  /** Applies the batch to the consumer's model; a rejection makes the bus deliver the batch again. */
  take(): Promise<void>;
}

/** Follows the bus from the consumer's position. */
export interface Consumer {
  /** The model that it keeps; absent if it keeps everything in memory. */
  readonly declaration?: ModelDeclaration;
  /** Compares its model with the log; absent if its model has no documents. */
  compare?(comparing?: Comparing): Promise<ModelComparison>;
  /** Rejects with ForeignModel if its model does not follow from the log. */
  start(
    bus: EventBus,
    onError: (error: unknown, group: string) => void,
  ): Promise<Pick<Running, 'position' | 'stored' | 'redrive' | 'failure' | 'stop'>>;
}

/** A consumer group before its parts are there. */
export interface Consuming {
  group: string;
  /** Its name in `@Reads`. */
  name: string;
  categories: readonly string[];
  provide(token: symbol): Provider;
}
