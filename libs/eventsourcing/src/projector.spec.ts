import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { NewEvent, StoredEvent } from './events.js';
import { createLogBus } from './log-bus.js';
import { createMemoryEventStore } from './memory/event-store.js';
import { createMemoryReadModels } from './memory/read-models.js';
import { type Document, type ModelDeclaration, type ModelWriter, type ReadModels, Transient } from './ports.js';
import type { Projection } from './projection.js';
import { createProjector } from './projector.js';
import { reached } from './reached.js';
import { runProjection } from './run-projection.js';
import { Gap } from './span.rules.js';
import { all, event, eventually } from './testing/index.js';

/** A deal won by `owners`: what each of them sold. */
type Won = { type: 'DealWon'; data: { owners: string[]; amount: number; poison?: string } };
interface Sold extends Document {
  owner: string;
  total: number;
  deals: string[];
}
const sold: Projection<Sold, Won> = {
  name: 'sold',
  version: 1,
  indexes: [['owner']],
  categories: ['deal'],
  keys: ({ data }) => data.owners,
  evolve(document, { data, stream }, owner) {
    if (data.poison === owner) throw new Error(`no such owner ${owner}`);
    if (data.amount === 0) return undefined;
    return { owner, total: (document?.total ?? 0) + data.amount, deals: [...(document?.deals ?? []), stream] };
  },
};
function strict(type: string, version: number, data: unknown) {
  if (type !== 'DealWon') throw new Error(`unknown event type ${type}`);
  return { type, version, data };
}
const won = (owners: string[], amount: number, poison?: string): NewEvent =>
  event('DealWon', { owners, amount, ...(poison && { poison }) });

/** Read models whose commits somebody else decides on. */
function committing(models: ReadModels, around: (commit: () => Promise<void>) => Promise<void>): ReadModels {
  return {
    ...models,
    async writer<D extends Document>(declaration: ModelDeclaration): Promise<ModelWriter<D>> {
      const writer = await models.writer<D>(declaration);
      return { ...writer, commit: (write) => around(() => writer.commit(write)) };
    },
  };
}

async function world() {
  const store = createMemoryEventStore();
  const models = createMemoryReadModels();
  const parts = { events: store, models, clock: () => '2025-01-01T00:00:00.000Z', decode: strict };
  const record = (stream: string, ...events: NewEvent[]) => store.append({ stream, expected: 'any', events });
  const totals = async () =>
    Object.fromEntries((await models.model<Sold>('sold').find()).map(({ owner, total }) => [owner, total]));
  const waiting = async () =>
    (await models.parked('sold@1')).map(({ key, position, reason }) => `${key} ${position} ${reason}`);
  return { store, models, parts, record, totals, waiting };
}

describe('A projection', () => {
  it('folds each event into the documents it concerns and skips the other events', async () => {
    const { store, parts, record, totals, models } = await world();
    await record('deal-1', won(['ann'], 10));
    await record('quota-1', event('QuotaAssigned'));
    await record('deal-2', won(['ann', 'bob', 'ann'], 5));
    await record('quota-1', event('QuotaChanged'));
    const projector = await createProjector(sold, parts);
    await projector.handle(await all(store.readAll({ categories: ['deal'] })), { after: 0n, through: 4n });
    expect(await totals()).toEqual({ ann: 15, bob: 5 });
    expect([projector.position(), await models.model('sold').position()]).toEqual([4n, 4n]);
  });

  it('removes a document, and begins it anew', async () => {
    const { store, parts, record, totals } = await world();
    await record('deal-1', won(['ann'], 10), won(['ann'], 0), won(['ann'], 3));
    const projector = await createProjector(sold, parts);
    await projector.handle(await all(store.readAll({ upTo: 2n })), { after: 0n, through: 2n });
    expect(await totals()).toEqual({});
    await projector.handle(await all(store.readAll({ after: 2n })), { after: 2n, through: 3n });
    expect(await totals()).toEqual({ ann: 3 });
  });

  it('is the same for any splitting, repetition and interruption of its deliveries', async () => {
    const happening = fc.record({
      stream: fc.constantFrom('deal-1', 'deal-2', 'deal-3', 'quota-1'),
      owners: fc.subarray(['ann', 'bob', 'zoe']),
      amount: fc.integer({ min: 0, max: 9 }),
      poison: fc.constantFrom(undefined, undefined, undefined, 'bob'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { maxLength: 25 }),
        fc.array(fc.tuple(fc.nat({ max: 25 }), fc.nat({ max: 6 }), fc.boolean())),
        async (happenings, deliveries) => {
          const { store, parts, record, totals, waiting, models } = await world();
          for (const { stream, owners, amount, poison } of happenings)
            await record(stream, won(owners, amount, poison));
          const head = await store.head();

          const straight = await world();
          const whole = await createProjector(sold, { ...parts, models: straight.models });
          await whole.handle(await all(store.readAll({ categories: ['deal'] })), { after: 0n, through: head });

          let failing = false;
          const unreliable = committing(models, (commit) =>
            failing ? Promise.reject(new Transient('connection lost')) : commit(),
          );
          let projector = await createProjector(sold, { ...parts, models: unreliable });
          for (const [back, length, fails] of [...deliveries, [0, Number(head), false] as const]) {
            const after = BigInt(Math.max(0, Number(projector.position()) - back));
            const through = after + BigInt(length) > head ? head : after + BigInt(length);
            failing = fails;
            const batch = await all(store.readAll({ categories: ['deal'], after, upTo: through }));
            await projector
              .handle(batch, { after, through })
              .catch((error: unknown) => expect(error).toBeInstanceOf(Transient));
            if (fails) projector = await createProjector(sold, { ...parts, models: unreliable });
          }
          failing = false;
          const after = projector.position();
          await projector.handle(await all(store.readAll({ categories: ['deal'], after })), { after, through: head });
          expect(await totals()).toEqual(await straight.totals());
          expect(await waiting()).toEqual(await straight.waiting());
        },
      ),
      { numRuns: Number(process.env['LAWS_RUNS'] ?? 200) > 1000 ? 2000 : 200 },
    );
  });

  it('adds nothing twice to a document that an interrupted commit had already written', async () => {
    const { store, parts, record, totals, models } = await world();
    await record('deal-1', won(['ann'], 10), won(['ann'], 5));
    const writer = await models.writer<Sold>({ ...sold });
    // As an engine without transactions leaves it: the document holds both events, the model's position none.
    await writer.commit({
      after: 0n,
      position: 0n,
      documents: new Map([['ann', { document: { owner: 'ann', total: 15, deals: [] }, position: 2n }]]),
    });
    const projector = await createProjector(sold, parts);
    await projector.handle(await all(store.readAll()), { after: 0n, through: 2n });
    expect(await totals()).toEqual({ ann: 15 });
  });
});

describe('An event that a projection cannot apply', () => {
  it('is parked with its reason and holds back only later events of its document', async () => {
    const { store, parts, record, totals, waiting } = await world();
    await record('deal-1', won(['ann', 'bob'], 10, 'bob'));
    await record('deal-2', won(['ann', 'bob'], 5));
    await record('deal-3', won(['zoe'], 1));
    const projector = await createProjector(sold, parts);
    await projector.handle(await all(store.readAll()), { after: 0n, through: 3n });
    expect(await totals()).toEqual({ ann: 15, zoe: 1 });
    expect(await waiting()).toEqual(['bob 1 no such owner bob', 'bob 2 waits behind a parked event of its document']);
  });

  it('still holds its document back after a restart', async () => {
    const { store, parts, record, waiting } = await world();
    await record('deal-1', won(['bob'], 10, 'bob'));
    await (await createProjector(sold, parts)).handle(await all(store.readAll()), { after: 0n, through: 1n });
    await record('deal-2', won(['bob'], 5));
    await (
      await createProjector(sold, parts)
    ).handle(await all(store.readAll({ after: 1n })), { after: 1n, through: 2n });
    expect(await waiting()).toHaveLength(2);
  });

  it('holds back its stream when it cannot even be decoded', async () => {
    const { store, parts, record, totals, waiting } = await world();
    await record('deal-1', event('DealTeleported'), won(['ann'], 10));
    await record('deal-2', won(['ann'], 5));
    await (await createProjector(sold, parts)).handle(await all(store.readAll()), { after: 0n, through: 3n });
    expect(await totals()).toEqual({ ann: 5 });
    expect(await waiting()).toEqual([
      'null 1 unknown event type DealTeleported',
      'null 2 waits behind a parked event of its stream',
    ]);
  });

  it('is applied, with the events behind it, when it is redriven after a correction of the rule', async () => {
    const { store, parts, record, totals, waiting } = await world();
    await record('deal-1', won(['bob'], 10), won(['bob'], 7, 'bob'), won(['bob', 'ann'], 5));
    await record('deal-2', event('DealTeleported', { owners: ['zoe'], amount: 2 }), won(['zoe'], 3));
    const projector = await createProjector(sold, parts);
    await projector.handle(await all(store.readAll()), { after: 0n, through: 5n });
    expect(await totals()).toEqual({ ann: 5, bob: 10 });
    expect(await projector.redrive()).toEqual({ redriven: 0, parked: 4 });
    expect(await waiting()).toHaveLength(4);

    const mended = await createProjector<Sold, Won>(
      {
        ...sold,
        evolve: (document, one, key) =>
          sold.evolve(document, { ...one, data: { ...one.data, poison: undefined } }, key),
      },
      { ...parts, decode: (type, version, data) => ({ type, version, data }) },
    );
    expect(await mended.redrive('bob')).toEqual({ redriven: 2, parked: 0 });
    expect(await totals()).toEqual({ ann: 5, bob: 22 });
    expect(await mended.redrive()).toEqual({ redriven: 2, parked: 0 });
    expect(await totals()).toEqual({ ann: 5, bob: 22, zoe: 5 });
    expect(await waiting()).toEqual([]);
    await record('deal-3', won(['bob'], 1));
    await mended.handle(await all(store.readAll({ after: 5n })), { after: 5n, through: 6n });
    expect(await totals()).toEqual({ ann: 5, bob: 23, zoe: 5 });
  });
});

describe('Missing events', () => {
  const handle = async (events: (all: StoredEvent[]) => StoredEvent[], after: bigint, through: bigint) => {
    const { store, parts, record, models } = await world();
    await record('deal-1', won(['ann'], 1), won(['ann'], 2), won(['ann'], 3));
    const projector = await createProjector(sold, parts);
    await expect(projector.handle(events(await all(store.readAll())), { after, through })).rejects.toBeInstanceOf(Gap);
    expect([projector.position(), await models.model('sold').count()]).toEqual([0n, 0]);
  };
  it('stop a projection when a batch begins behind its position', () => handle((events) => events.slice(1), 1n, 3n));
  it('stop it when a stream jumps', () => handle((events) => events.filter((_, n) => n !== 1), 0n, 3n));
  it('stop it when events come in another order', () => handle((events) => events.reverse(), 0n, 3n));
  it('stop it when an event lies outside its span', () => handle((events) => events, 0n, 2n));

  it('stop it permanently and are reported', async () => {
    const { store, parts, record } = await world();
    await record('deal-1', won(['ann'], 1));
    const heard: unknown[] = [];
    let handleBatch:
      ((events: readonly StoredEvent[], span: { after: bigint; through: bigint }) => Promise<void>) | undefined;
    let stopped = false;
    const bus = {
      subscribe: async (one: { handle: typeof handleBatch }) => (
        (handleBatch = one.handle),
        { stop: async () => void (stopped = true) }
      ),
      close: async () => undefined,
    };
    const running = await runProjection(sold, { ...parts, bus: bus as never, onError: (error) => heard.push(error) });
    await expect(handleBatch?.(await all(store.readAll()), { after: 5n, through: 6n })).rejects.toBeInstanceOf(Gap);
    await expect(handleBatch?.(await all(store.readAll()), { after: 0n, through: 1n })).rejects.toBeInstanceOf(Gap);
    expect([running.failure()?.message, stopped, running.position()]).toEqual([
      'sold@1 holds events up to 0, but the next batch begins after 5',
      true,
      0n,
    ]);
  });
});

describe('A running projection', () => {
  it('follows the bus, reports its lag, and lets a query wait', async () => {
    const { store, parts, record, totals, models } = await world();
    const bus = createLogBus(store);
    await record('deal-1', won(['ann'], 1));
    const running = await runProjection(sold, { ...parts, bus });
    expect(await reached(models.model('sold'), 1n, 5000)).toBe(true);
    await record('quota-1', event('QuotaAssigned'));
    expect(await reached(models.model('sold'), 2n, 5000)).toBe(true);
    await eventually(() => running.ready());
    expect([await running.lag(), running.position(), running.failure()]).toEqual([0n, 2n, undefined]);
    expect(await reached(models.model('sold'), 3n, 5)).toBe(false);
    expect(await totals()).toEqual({ ann: 1 });
    await bus.close();
  });

  it('waits until a temporary failure ends, and loses nothing', async () => {
    const { store, parts, record, totals, models } = await world();
    const bus = createLogBus(store);
    let down = 3;
    const heard: string[] = [];
    const shaky = committing(models, (commit) =>
      (down -= 1) >= 0 ? Promise.reject(new Transient('connection lost')) : commit(),
    );
    await record('deal-1', won(['ann'], 1), won(['ann'], 2));
    await runProjection(sold, {
      ...parts,
      models: shaky,
      bus,
      onError: (error, group) => heard.push(`${group}: ${(error as Error).message}`),
    });
    await eventually(async () => (await totals())['ann'] === 3);
    expect(heard).toEqual(Array.from({ length: 3 }, () => 'sold@1: connection lost'));
    await bus.close();
  });

  it('builds a new version while the old one serves', async () => {
    const { store, parts, record, totals, models } = await world();
    const bus = createLogBus(store);
    await record('deal-1', won(['ann'], 1));
    const old = await runProjection(sold, { ...parts, bus });
    await eventually(() => old.ready());
    let release = (): void => undefined;
    const slow = new Promise<void>((resume) => (release = resume));
    const waiting = committing(models, async (commit) => (await slow, commit()));
    const doubled: Projection<Sold, Won> = {
      ...sold,
      version: 2,
      evolve: (document, one, key) =>
        sold.evolve(document, { ...one, data: { ...one.data, amount: 2 * one.data.amount } }, key),
    };
    const next = await runProjection(doubled, { ...parts, models: waiting, bus });
    await record('deal-2', won(['ann'], 1));
    await eventually(async () => (await totals())['ann'] === 2);
    expect(next.ready()).toBe(false);
    release();
    await eventually(async () => next.ready() && (await totals())['ann'] === 4);
    await bus.close();
  });

  it('is refused a second time in one process: the two would overtake one another', async () => {
    const { store, parts } = await world();
    const bus = createLogBus(store);
    await runProjection(sold, { ...parts, bus });
    await expect(runProjection(sold, { ...parts, bus })).rejects.toThrow('sold@1 is subscribed already');
    await bus.close();
  });
});
