import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import {
  createMemoryEventStore,
  createMemoryReadModels,
  createProjector,
  type Document,
  type ModelDeclaration,
  type NewEvent,
  type Placed,
  type Projection,
  type Projector,
  type ReadModels,
  Transient,
} from '@attain/eventsourcing';
import { all, event } from '@attain/eventsourcing/testing';
import { engineFor } from '../testing/engines.js';
import { openMongoModels } from './read-models.js';
import { freshDatabase, startMongo } from './testing/database.js';
import { cutAfter, plantAround, type Planted } from './testing/faults.js';

const engine = await engineFor('Commits in MongoDB', 'TEST_MODELS_URL', startMongo);

/** A deal won by `owners`: each document lists its events, so that a repeated one is visible. */
type Won = { type: 'DealWon'; data: { owners: string[]; gone?: true; poison?: string } };
interface Listed extends Document {
  owner: string;
  positions: string[];
}
/** What is wrong until somebody mends it. */
const broken = { is: true };
const listing = (name: string): Projection<Listed, Won> => ({
  name,
  version: 1,
  indexes: [['owner']],
  categories: ['deal'],
  keys: ({ data }) => data.owners,
  evolve(document, { data, position }, owner) {
    if (broken.is && data.poison === owner) throw new Error(`no such owner ${owner}`);
    return data.gone ? undefined : { owner, positions: [...(document?.positions ?? []), String(position)] };
  },
});
function decode(type: string, version: number, data: unknown) {
  if (broken.is && type !== 'DealWon') throw new Error(`unknown event type ${type}`);
  return { type: 'DealWon', version, data };
}
const won = (owners: string[], more: Omit<Won['data'], 'owners'> = {}, type = 'DealWon'): NewEvent =>
  event(type, { owners, ...more });
const history: [string, NewEvent][] = [
  ['deal-1', won(['ann', 'bob', 'zoe', 'eve', 'gus'])],
  ['deal-2', won(['ann', 'bob'])],
  ['deal-3', won(['ann', 'cyd'])],
  ['deal-3', won(['bob'], { gone: true })],
  ['deal-4', won(['zoe'], { gone: true })],
  ['deal-4', won(['zoe'])],
  ['deal-5', won(['eve'], { poison: 'eve' })],
  ['deal-5', won(['eve', 'ann'])],
  ['deal-6', won(['ann', 'dan'], {}, 'DealUnknown')],
  ['deal-6', won(['cyd'])],
  ['deal-7', won(['ann', 'cyd', 'fay'])],
  ['deal-7', won(['fay'], { gone: true })],
  ['deal-8', won(['bob', 'ann'])],
  ['deal-9', won(['gus'], { gone: true })],
];
const [BEGUN, HEAD] = [2n, BigInt(history.length)];

if (engine) {
  const database = freshDatabase(engine.url);
  const client = new mongoose.mongo.MongoClient(engine.url);
  const store = createMemoryEventStore();
  for (const [stream, one] of history) await store.append({ stream, expected: 'any', events: [one] });
  let url: string;
  let models: ReadModels;
  const planted: Planted[] = [];
  const plant = <P extends Planted>(one: P): P => {
    planted.push(one);
    return one;
  };
  beforeEach(async () => {
    broken.is = true;
    url = await database.next();
    models = await openMongoModels({ url });
  });
  afterEach(async () => {
    for (const one of planted.splice(0).reverse()) one.restore();
    await models.close();
  });
  afterAll(async () => {
    await client.close();
    await database.close();
    await engine.stop();
  });

  const projecting = (of: ReadModels, name: string): Promise<Projector> =>
    createProjector(listing(name), { events: store, models: of, clock: () => '2025-01-01T00:00:00.000Z', decode });
  /** Delivers from the model's position, as a bus does after a rejection. */
  const deliver = async (projector: Projector, through: bigint): Promise<void> => {
    const after = await projector.refresh();
    await projector.handle(await all(store.readAll({ after, upTo: through })), { after, through });
  };
  const seen = async (of: ReadModels, name: string): Promise<unknown> => [
    await of.model(name).find(),
    await of.model(name).position(),
    (await of.parked(`${name}@1`)).map(({ key, position, reason }) => [key, position, reason]),
  ];
  const uncut = async (): Promise<{ batch: unknown; redriven: unknown }> => {
    const reference = createMemoryReadModels();
    const projector = await projecting(reference, 'uncut');
    await deliver(projector, HEAD);
    const batch = await seen(reference, 'uncut');
    broken.is = false;
    await projector.redrive();
    broken.is = true;
    return { batch, redriven: await seen(reference, 'uncut') };
  };

  describe('A commit in MongoDB', () => {
    it('gives the same result when it was interrupted after any single write and is delivered again, whole or in pieces', async () => {
      const { batch } = await uncut();
      let writes = 0;
      for (let finished = false; !finished; writes += 1) {
        for (const middle of [HEAD, 5n, 8n]) {
          const name = `cut-${writes}-${middle}`;
          const projector = await projecting(models, name);
          await deliver(projector, BEGUN);
          const cut = plant(cutAfter(writes));
          const outcome = await deliver(projector, HEAD).catch((error: unknown) => error);
          cut.restore();
          expect([name, outcome instanceof Transient]).toEqual([name, cut.cut()]);
          finished = !cut.cut();
          const again = await projecting(models, name);
          const at = await again.refresh();
          if (at < middle) await deliver(again, middle);
          if ((await again.refresh()) < HEAD) await deliver(again, HEAD);
          expect([name, await seen(models, name)]).toEqual([name, batch]);
        }
      }
      // Seven documents, the position, four parked events, and the mark that nothing is left to do.
      expect(writes).toBeGreaterThan(12);
    });

    it('applies a redriven event once, for any interruption of the redrive', async () => {
      const { redriven } = await uncut();
      for (let writes = 0, finished = false; !finished; writes += 1) {
        const name = `redrive-${writes}`;
        broken.is = true;
        const projector = await projecting(models, name);
        await deliver(projector, HEAD);
        broken.is = false;
        const cut = plant(cutAfter(writes));
        await projector.redrive().catch((error: unknown) => expect(error).toBeInstanceOf(Transient));
        cut.restore();
        finished = !cut.cut();
        await (await projecting(models, name)).redrive();
        expect([name, await seen(models, name)]).toEqual([name, redriven]);
      }
    });

    it('succeeds for one of two writers, and the other continues from there', async () => {
      const { batch } = await uncut();
      const others = await openMongoModels({ url });
      for (let round = 0; round < 10; round += 1) {
        const name = `two-${round}`;
        const both = [await projecting(models, name), await projecting(others, name)] as const;
        const outcomes = await Promise.allSettled([deliver(both[0], 6n + BigInt(round % 5)), deliver(both[1], 8n)]);
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        for (const one of both) if ((await one.refresh()) < HEAD) await deliver(one, HEAD);
        expect([name, await seen(models, name)]).toEqual([name, batch]);
      }
      await others.close();
    });

    it('of a late writer restores nothing', async () => {
      const [late, next] = [await projecting(models, 'late'), await projecting(models, 'late')];
      let release = (): void => undefined;
      let reachedWrite = (): void => undefined;
      const writing = new Promise<void>((resolve) => (reachedWrite = resolve));
      const gate = new Promise<void>((resolve) => (release = resolve));
      let held = false;
      plant(
        plantAround(async (name, given, write) => {
          if (name === 'bulkWrite' && !held) {
            held = true;
            reachedWrite();
            await gate;
          }
          return write(given);
        }),
      );
      // It still believes in gus, who is gone when it comes to write.
      const outcome = deliver(late, BEGUN).then(
        () => 'won',
        () => 'lost',
      );
      await writing;
      await deliver(next, HEAD);
      const before = await seen(models, 'late');
      release();
      expect(await outcome).toBe('lost');
      expect(await seen(models, 'late')).toEqual(before);
      expect(await models.model('late').get('gus')).toBeUndefined();
    });

    it('leaves nothing of a removed document once no write can be on its way any more', async () => {
      const swept = await openMongoModels({ url, keepRemoved: 1 });
      const declaration: ModelDeclaration = { name: 'swept', version: 1, indexes: [] };
      const writer = await swept.writer(declaration);
      const put = (position: bigint, documents: Record<string, Document | undefined>): Promise<void> =>
        writer.commit({
          after: position - 1n,
          position,
          documents: new Map(
            Object.entries(documents).map(([key, document]): [string, Placed] => [key, { document, position }]),
          ),
        });
      await put(1n, { a: { id: 'a' }, b: { id: 'b' } });
      await put(2n, { a: undefined });
      expect(await writer.getMany(['a', 'b'])).toEqual(
        new Map([
          ['a', { document: undefined, position: 2n }],
          ['b', { document: { id: 'b' }, position: 1n }],
        ]),
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
      await put(3n, {});
      expect([...(await writer.getMany(['a', 'b'])).keys()]).toEqual(['b']);
      await swept.close();
    });

    it('in progress finishes before the models close, and none is accepted afterwards', async () => {
      const writer = await models.writer({ name: 'closing', version: 1, indexes: [] });
      let release = (): void => undefined;
      const gate = new Promise<void>((resolve) => (release = resolve));
      plant(plantAround(async (name, given, write) => (name === 'bulkWrite' && (await gate), write(given))));
      const committing = writer.commit({
        after: 0n,
        position: 1n,
        documents: new Map([['a', { document: { id: 'a' }, position: 1n }]]),
      });
      const closing = models.close();
      await expect(writer.position()).rejects.toThrow('closed');
      release();
      await committing;
      await closing;
      const again = await openMongoModels({ url });
      expect(await again.model('closing').get('a')).toEqual({ id: 'a' });
      await again.close();
    });
  });

  describe('A version in MongoDB', () => {
    it('has exactly the indexes that are declared, and one of the key', async () => {
      const db = client.db(new URL(url).pathname.slice(1));
      const indexes = async (): Promise<unknown> => {
        const version = await db.collection('models').findOne({ name: 'indexed' });
        const found = await db.collection(version?.['documents'] as string).indexes();
        return Object.fromEntries(found.map(({ name, key }) => [name, key]));
      };
      await models.writer({ name: 'indexed', version: 1, indexes: [['owner'], ['region', 'amount']] });
      expect(await indexes()).toEqual({
        _id_: { _id: 1 },
        owner: { 'fields.owner': 1, _id: 1 },
        'region,amount': { 'fields.region': 1, 'fields.amount': 1, _id: 1 },
      });
      await models.writer({ name: 'indexed', version: 1, indexes: [['owner'], ['stage']] });
      expect(await indexes()).toEqual({
        _id_: { _id: 1 },
        owner: { 'fields.owner': 1, _id: 1 },
        stage: { 'fields.stage': 1, _id: 1 },
      });
    });

    it('returns documents exactly, with any keys and numbers', async () => {
      const document = {
        'a.b': 1,
        $set: { $gt: [{ 'c.d': null }] },
        '': 0,
        big: 9007199254740991,
        small: -9007199254740991,
        tiny: 5e-324,
        text: 'a\u0000\ud800"',
        absent: undefined,
        list: [undefined, 1e21],
      };
      const writer = await models.writer({ name: 'verbatim', version: 1, indexes: [] });
      const position = 9007199254740993n;
      await writer.commit({ after: 0n, position, documents: new Map([['k.$\u0000', { document, position }]]) });
      const stored = JSON.parse(JSON.stringify(document)) as Document;
      expect(await models.model('verbatim').get('k.$\u0000')).toStrictEqual(stored);
      expect(await models.model('verbatim').find({ filter: { big: 9007199254740991, tiny: { to: 1 } } })).toStrictEqual(
        [stored],
      );
      expect([await writer.position(), (await writer.getMany(['k.$\u0000'])).get('k.$\u0000')?.position]).toEqual([
        position,
        position,
      ]);
    });
  });
}
