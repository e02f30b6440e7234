import type { Type } from '@nestjs/common';
import type { Policy, Projection } from '@attain/eventsourcing';

/** The class behind a policy: what follows from an event, as commands of its own service (see Policy of eventsourcing). */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a list holds policies of every event
export type Reacting = Pick<Policy<any>, 'react'>;
export interface PolicyDeclaration {
  name: string;
  /** A higher version starts from the first event. */
  version: number;
  categories: readonly string[];
  /** An injectable class. */
  by: Type<Reacting>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a list holds projections of every document and event
export type AnyProjection = Projection<any, any>;
