import type { FedHistory } from './fed-history.js';
import type { Clock, EventBus, EventStore, Executor, ReadModels } from '@attain/eventsourcing';

/** Values that a service injects with `@Inject(TOKEN)`; `Provided` has the type of each. */
export const EVENT_STORE = Symbol('EVENT_STORE');
export const EVENT_BUS = Symbol('EVENT_BUS');
export const READ_MODELS = Symbol('READ_MODELS');
export const EXECUTOR = Symbol('EXECUTOR');
export const CLOCK = Symbol('CLOCK');
export const HISTORY = Symbol('HISTORY');

/** The processes that share the engines of this one. */
export interface Topology {
  /** The name of this process. */
  name: string;
  /** Whether all services are in it, so that it keeps, or as a guest knows, every read model of the company. */
  whole: boolean;
  /** Whether this is the only process, so that nobody else writes its models. */
  embedded: boolean;
  /** Whether it only asks and commands, and leaves projections and policies to other processes. */
  guest: boolean;
}
export const TOPOLOGY = Symbol('TOPOLOGY');

export interface Provided {
  [EVENT_STORE]: EventStore;
  [EVENT_BUS]: EventBus;
  [READ_MODELS]: ReadModels;
  [EXECUTOR]: Executor;
  [CLOCK]: Clock;
  [HISTORY]: FedHistory;
}
