import { decodeEvent } from '@attain/contracts';
import { type Clock, type EventStore, type Executor, type ReadModels, runPolicy } from '@attain/eventsourcing';
import type { Consumer, Consuming } from './consumer.js';
import type { PolicyDeclaration, Reacting } from './declarations.js';
import { CLOCK, EVENT_STORE, EXECUTOR, READ_MODELS } from './tokens.js';

export function consumingPolicy({ name, version, categories, by }: PolicyDeclaration): Consuming {
  return {
    group: `${name}@${version}`,
    name,
    categories,
    provide: (token) => ({
      provide: token,
      inject: [EVENT_STORE, READ_MODELS, CLOCK, EXECUTOR, by],
      useFactory: (
        events: EventStore,
        models: ReadModels,
        clock: Clock,
        executor: Executor,
        reacting: Reacting,
      ): Consumer => ({
        declaration: { name, version, indexes: [] },
        start: (bus, onError) =>
          runPolicy(
            { name, version, categories, react: (event: Parameters<Reacting['react']>[0]) => reacting.react(event) },
            { events, models, clock, executor, decode: decodeEvent, bus, onError },
          ),
      }),
    }),
  };
}
