import { decodeEvent } from '@attain/contracts';
import { type Clock, compareModel, type EventStore, type ReadModels, runProjection } from '@attain/eventsourcing';
import type { Consumer, Consuming } from './consumer.js';
import type { AnyProjection } from './declarations.js';
import { CLOCK, EVENT_STORE, READ_MODELS } from './tokens.js';

export function consumingProjection(projection: AnyProjection): Consuming {
  return {
    group: `${projection.name}@${projection.version}`,
    name: projection.name,
    categories: projection.categories,
    provide: (token) => ({
      provide: token,
      inject: [EVENT_STORE, READ_MODELS, CLOCK],
      useFactory: (events: EventStore, models: ReadModels, clock: Clock): Consumer => ({
        declaration: projection,
        compare: (comparing) => compareModel(projection, { events, models, clock, decode: decodeEvent }, comparing),
        start: (bus, onError) =>
          runProjection(projection, { events, models, clock, decode: decodeEvent, bus, onError }),
      }),
    }),
  };
}
