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

/** What an event handler is told: all events of its categories in the span; none says that there are none. */
export interface Batch {
  group: string;
  events: readonly StoredEvent[];
  span: Span;
  /** Takes the batch into the consumer's model; a rejection reaches the bus, which tells the batch again. */
  take(): Promise<void>;
}

/** Follows the bus from where it stands. */
export interface Consumer {
  /** The model that it keeps; none where it keeps all in memory. */
  readonly declaration?: ModelDeclaration;
  /** Compares its model with the log; none where its model holds no documents. */
  compare?(comparing?: Comparing): Promise<ModelComparison>;
  /** Rejects with ForeignModel where its model does not follow from the log. */
  start(
    bus: EventBus,
    onError: (error: unknown, group: string) => void,
  ): Promise<Pick<Running, 'position' | 'stored' | 'redrive' | 'failure' | 'stop'>>;
}

/** A consumer group before its parts are there. */
export interface Consuming {
  group: string;
  /** What `@Reads` calls it. */
  name: string;
  categories: readonly string[];
  provide(token: symbol): Provider;
}
