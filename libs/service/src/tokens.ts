import type { FedHistory } from './fed-history.js';
import type { Clock, EventBus, EventStore, Executor, ReadModels } from '@attain/eventsourcing';

/** What a service may ask for with `@Inject(TOKEN)`; the type of each stands in `Provided`. */
export const EVENT_STORE = Symbol('EVENT_STORE');
export const EVENT_BUS = Symbol('EVENT_BUS');
export const READ_MODELS = Symbol('READ_MODELS');
export const EXECUTOR = Symbol('EXECUTOR');
export const CLOCK = Symbol('CLOCK');
export const HISTORY = Symbol('HISTORY');

/** Which processes work on what this one shares. */
export interface Topology {
  /** The name of this process. */
  name: string;
  /** All services are in it, so that it keeps, or as a guest knows, every read model of the company. */
  whole: boolean;
  /** This one alone: nobody else writes its models. */
  embedded: boolean;
  /** It asks and commands, and leaves projections and policies to the processes that serve. */
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
