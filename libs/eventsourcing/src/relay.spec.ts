import { afterEach, describe, expect, it } from '@jest/globals';
import type { StoredEvent } from './events.js';
import { createMemoryEventStore } from './memory/event-store.js';
import { createMemoryReadModels } from './memory/read-models.js';
import type { Document, ModelDeclaration, ReadModels, Span, Write } from './ports.js';
import { type Publisher, type Relay, runRelay } from './relay.js';
import { event, eventually } from './testing/index.js';

const relays: Relay[] = [];
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
});

interface Published {
  events: readonly StoredEvent[];
  span: Span;
}
function recorder(before: () => void | Promise<void> = () => undefined): Publisher & { published: Published[] } {
  const published: Published[] = [];
  return {
    published,
    async publish(events, span) {
      await before();
      published.push({ events, span });
    },
    close: async () => undefined,
  };
}
async function running(parts: Parameters<typeof runRelay>[0]): Promise<Relay> {
  const relay = await runRelay(parts);
  relays.push(relay);
  return relay;
}
async function logOf(...types: string[]): Promise<ReturnType<typeof createMemoryEventStore>> {
  const log = createMemoryEventStore();
  for (const type of types) await log.append({ stream: 'deal-1', expected: 'any', events: [event(type)] });
  return log;
}
const types = (published: Published[]): string[] => published.flatMap(({ events }) => events.map(({ type }) => type));
const place = (models: ReadModels): Promise<bigint> => models.model('relay').position();

/** A consumer's result: spans that continue from its position, without duplicates. */
function heard(published: Published[]): string {
  let position = 0n;
  let text = '';
  for (const { events, span } of published) {
    if (span.after > position) throw new Error(`a gap: ${position} to ${span.after}`);
    for (const one of events) if (one.position > position) text += one.type;
    if (span.through > position) position = span.through;
  }
  return text;
}

describe('The relay', () => {
  it('publishes existing and new events, span after span, and reports its position', async () => {
    const log = await logOf('A', 'B');
    const models = createMemoryReadModels();
    const publisher = recorder();
    const relay = await running({ log, publisher, models });
    await eventually(() => relay.position() === 2n);
    await log.append({ stream: 'deal-1', expected: 'any', events: [event('C')] });
    await eventually(() => relay.position() === 3n);
    expect(types(publisher.published)).toEqual(['A', 'B', 'C']);
    expect(publisher.published.map(({ span }) => span)).toEqual([
      { after: 0n, through: 2n },
      { after: 2n, through: 3n },
    ]);
    expect([await relay.lag(), await place(models)]).toEqual([0n, 3n]);
  });

  it('saves its place only when the events are published', async () => {
    const log = await logOf('A');
    const models = createMemoryReadModels();
    let finish = (): void => undefined;
    const publisher = recorder(() => new Promise<void>((resolve) => (finish = resolve)));
    let asked = 0;
    const publish = publisher.publish.bind(publisher);
    publisher.publish = (...batch) => ((asked += 1), publish(...batch));
    const relay = await running({ log, publisher, models });
    await eventually(() => asked === 1);
    expect([await place(models), await relay.lag()]).toEqual([0n, 1n]);
    finish();
    await eventually(async () => (await place(models)) === 1n);
  });

  it('publishes the next events while its place is being saved, and saves only the newest place then', async () => {
    const log = await logOf('A');
    const models = createMemoryReadModels();
    const publisher = recorder();
    const saved: bigint[] = [];
    const door = Promise.withResolvers<void>();
    const slow: ReadModels = {
      ...models,
      async writer<D extends Document>(declaration: ModelDeclaration) {
        const writer = await models.writer<D>(declaration);
        return {
          ...writer,
          async commit(write: Write<D>) {
            saved.push(write.position);
            await door.promise;
            await writer.commit(write);
          },
        };
      },
    };
    const relay = await running({ log, publisher, models: slow });
    await eventually(() => saved.length === 1);
    for (const type of 'BC') {
      await log.append({ stream: 'deal-1', expected: 'any', events: [event(type)] });
      await eventually(() => types(publisher.published).at(-1) === type);
    }
    expect([saved, await relay.lag()]).toEqual([[1n], 3n]);
    door.resolve();
    await eventually(async () => (await place(models)) === 3n);
    expect(saved).toEqual([1n, 3n]);
  });

  it('saves its place again after a failure, although no event follows, and publishes nothing before', async () => {
    const log = await logOf('A');
    const models = createMemoryReadModels();
    const publisher = recorder();
    const errors: string[] = [];
    let isDown = true;
    const failing: ReadModels = {
      ...models,
      async writer<D extends Document>(declaration: ModelDeclaration) {
        const writer = await models.writer<D>(declaration);
        return {
          ...writer,
          async commit(write: Write<D>) {
            if (isDown) throw new Error('no model database');
            await writer.commit(write);
          },
        };
      },
    };
    await running({ log, publisher, models: failing, onError: (error) => errors.push((error as Error).message) });
    await eventually(() => errors.length >= 2);
    await log.append({ stream: 'deal-1', expected: 'any', events: [event('B')] });
    await eventually(() => errors.length >= 4);
    expect([types(publisher.published), await place(models)]).toEqual([['A'], 0n]);
    isDown = false;
    await eventually(async () => (await place(models)) === 2n);
    expect([new Set(errors), types(publisher.published)]).toEqual([new Set(['no model database']), ['A', 'B']]);
  });

  it('publishes events again that it had published before it was killed, and loses nothing', async () => {
    const log = await logOf('A', 'B');
    const models = createMemoryReadModels();
    const publisher = recorder();
    // A commit that never ends is what a kill between the two looks like.
    const killed: ReadModels = {
      ...models,
      writer: async (declaration) => ({
        ...(await models.writer(declaration)),
        commit: () => new Promise(() => undefined),
      }),
    };
    await runRelay({ log, publisher, models: killed });
    await eventually(() => publisher.published.length === 1);
    expect(await place(models)).toBe(0n);
    const again = await running({ log, publisher, models });
    await eventually(() => again.position() === 2n);
    expect(types(publisher.published)).toEqual(['A', 'B', 'A', 'B']);
    expect(heard(publisher.published)).toBe('AB');
  });

  it('loses nothing when two run at once', async () => {
    const log = await logOf('A', 'B');
    const models = createMemoryReadModels();
    const publisher = recorder();
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(error);
    const both = await Promise.all([
      running({ log, publisher, models, onError }),
      running({ log, publisher, models, onError }),
    ]);
    for (const type of 'CDEFGHIJ') await log.append({ stream: 'deal-1', expected: 'any', events: [event(type)] });
    await eventually(() => both.every((relay) => relay.position() === 10n));
    expect(heard(publisher.published)).toBe('ABCDEFGHIJ');
    expect(errors.every((error) => String(error).includes('not at'))).toBe(true);
  });

  it('retries, and reports the error, when the bus fails', async () => {
    const log = await logOf('A');
    let failures = 2;
    const publisher = recorder(() => {
      if (failures-- > 0) throw new Error('no broker');
    });
    const errors: string[] = [];
    const relay = await running({
      log,
      publisher,
      models: createMemoryReadModels(),
      onError: (error) => errors.push((error as Error).message),
    });
    await eventually(() => relay.position() === 1n);
    expect(errors).toEqual(['no broker', 'no broker']);
    expect(types(publisher.published)).toEqual(['A']);
  });
});
