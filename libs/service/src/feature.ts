import { Controller, type ModuleMetadata, type Provider, type Type, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { Batch, Consuming } from './consumer.js';
import { EVENTS } from './consumer.js';
import type { AnyProjection, PolicyDeclaration } from './declarations.js';
import { consumingPolicy } from './policy-consumer.js';
import { consumingProjection } from './projection-consumer.js';
import { RethrowingFilter } from './event-transport.js';

export interface Feature extends ModuleMetadata {
  projections?: readonly AnyProjection[];
  policies?: readonly PolicyDeclaration[];
}

/** Metadata of a Nest module whose projections and policies are event handlers: `@Module(feature({ … }))`. */
export function feature({ projections = [], policies = [], ...metadata }: Feature): ModuleMetadata {
  const handlers = [
    ...projections.map((projection) => eventHandler(consumingProjection(projection))),
    ...policies.map((policy) => eventHandler(consumingPolicy(policy))),
  ];
  return {
    ...metadata,
    controllers: [...(metadata.controllers ?? []), ...handlers.map(({ controller }) => controller)],
    providers: [
      ...(metadata.providers ?? []),
      ...policies.map(({ by }) => by),
      ...handlers.map(({ provider }) => provider),
    ],
  };
}

/** One consumer group as Nest sees it: a controller with an event handler for batches, and the provider of its consumer. */
export function eventHandler({ group, name, categories, provide }: Consuming): {
  controller: Type;
  provider: Provider;
} {
  const token = Symbol(group);

  @Controller()
  @UseFilters(RethrowingFilter)
  class EventHandler {
    @EventPattern<string>(group, EVENTS, { token, name, categories })
    handle(@Payload() batch: Batch): Promise<void> {
      return batch.take();
    }
  }
  Object.defineProperty(EventHandler, 'name', { value: `On ${group}` });
  return { controller: EventHandler, provider: provide(token) };
}
