import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createMemoryReadModels } from '../memory/read-models.js';
import {
  type Aggregate,
  anyOf,
  type Document,
  type Filter,
  type Find,
  type ModelDeclaration,
  type ModelWriter,
  type ParkedEvent,
  type Placed,
  type ReadModel,
  type ReadModels,
  type Scalar,
} from '../ports.js';

/** Empty read models; `reopen` closes them and opens the same data again, if the data outlives the process. */
export interface OpenedModels {
  models: ReadModels;
  reopen?: () => Promise<ReadModels>;
}

const deals: ModelDeclaration = { name: 'deals', version: 1, indexes: [['owner'], ['region', 'amount']] };

/** The contract of read models; run it against each adapter. */
export function readModelsContract(name: string, open: () => Promise<OpenedModels>): void {
  describe(`${name} keeps the promises of read models:`, () => {
    let opened: OpenedModels;
    let models: ReadModels;
    beforeEach(async () => {
      opened = await open();
      models = opened.models;
    });
    afterEach(() => models.close());

    const put = async (documents: Record<string, Document | undefined>, declaration = deals): Promise<ModelWriter> => {
      const writer = await models.writer(declaration);
      const after = await writer.position();
      await writer.commit({ after, position: after + 1n, documents: placed(documents, after + 1n) });
      return writer;
    };
    const found = async (find: Find): Promise<unknown[]> =>
      (await models.model('deals').find(find)).map(({ id }) => id);

    it('returns empty results before anything was written', async () => {
      const model = models.model('deals');
      expect(await model.get('a')).toBeUndefined();
      expect(await model.getMany(['a'])).toEqual(new Map());
      expect(await model.find()).toEqual([]);
      expect(await model.count()).toBe(0);
      expect(await model.aggregate({ groupBy: [], measures: { n: { count: true } } })).toEqual([]);
      expect(await model.position()).toBe(0n);
    });

    it('returns documents as they were written, replaced and removed', async () => {
      const document = {
        id: 'a',
        text: 'Zoë «"\'$%;»\n😀',
        amount: -9007199254740991,
        ratio: 0.1,
        yes: true,
        none: null,
        deep: { list: [1, { b: [] }] },
      };
      await put({ a: document, 'b:1/ü': { id: 'b' } });
      const model = models.model('deals');
      expect(await model.get('a')).toEqual(document);
      await put({ a: { id: 'a2' }, 'b:1/ü': undefined });
      expect(await model.getMany(['a', 'b:1/ü', 'c'])).toEqual(new Map([['a', { id: 'a2' }]]));
      expect(await model.position()).toBe(2n);
    });

    it('returns the position of each document to a writer', async () => {
      const writer = await models.writer(deals);
      await writer.commit({
        after: 0n,
        position: 9n,
        documents: new Map([['a', { document: { id: 'a' }, position: 4n }]]),
      });
      expect(await writer.getMany(['a', 'b'])).toEqual(new Map([['a', { document: { id: 'a' }, position: 4n }]]));
      expect(await writer.position()).toBe(9n);
    });

    it('rejects a write that does not begin at the model’s position, and writes nothing of it', async () => {
      const writer = await put({ a: { id: 'a' } });
      const parked = parkedEvent('deals@1', 2n);
      for (const after of [0n, 2n])
        await expect(
          writer.commit({
            after,
            position: 3n,
            documents: placed({ a: { id: 'x' }, b: { id: 'b' } }, 3n),
            park: [parked],
          }),
        ).rejects.toThrow();
      expect(await found({})).toEqual(['a']);
      expect(await models.parked()).toEqual([]);
      expect(await writer.position()).toBe(1n);
    });

    it('moves on without documents', async () => {
      const writer = await models.writer(deals);
      await writer.commit({ after: 0n, position: 1000n, documents: new Map() });
      expect(await models.model('deals').position()).toBe(1000n);
    });

    it('keeps the seal of the log with the position, and loses it where it moves without one', async () => {
      const writer = await models.writer(deals);
      expect(await writer.seal()).toBeUndefined();
      await writer.commit({ after: 0n, position: 3n, seal: 'abc', documents: new Map() });
      await writer.commit({ after: 3n, position: 3n, documents: placed({ a: { id: 'a' } }, 3n) });
      expect(await writer.seal()).toBe('abc');
      await writer.commit({ after: 3n, position: 4n, seal: 'def', documents: new Map() });
      expect(await (await models.writer(deals)).seal()).toBe('def');
      await writer.commit({ after: 4n, position: 5n, documents: new Map() });
      expect(await writer.seal()).toBeUndefined();
    });

    it('finds by equality of value and type', async () => {
      await put({
        a: { id: 'a', x: 1 },
        b: { id: 'b', x: '1' },
        c: { id: 'c', x: true },
        d: { id: 'd', x: null },
        e: { id: 'e' },
        f: { id: 'f', x: 0 },
        g: { id: 'g', x: false },
        h: { id: 'h', x: [1] },
      });
      const by = (x: Scalar): Promise<unknown[]> => found({ filter: { x } });
      expect([
        await by(1),
        await by('1'),
        await by(true),
        await by(null),
        await by(0),
        await by(false),
        await by(''),
      ]).toEqual([['a'], ['b'], ['c'], ['d', 'e'], ['f'], ['g'], []]);
      expect(await found({ filter: { x: { in: [1, true, null] } } })).toEqual(['a', 'c', 'd', 'e']);
      expect(await found({ filter: { x: { in: [] } } })).toEqual([]);
      expect(await found({ filter: { x: 1, id: 'b' } })).toEqual([]);
    });

    it('finds by ranges within one type, both ends included unless they are `above` and `below`', async () => {
      await put({
        a: { id: 'a', x: 1 },
        b: { id: 'b', x: 2.5 },
        c: { id: 'c', x: 3 },
        d: { id: 'd', x: '2' },
        e: { id: 'e', x: true },
        f: { id: 'f', x: null },
        g: { id: 'g', x: '10' },
      });
      expect(await found({ filter: { x: { from: 1, to: 2.5 } } })).toEqual(['a', 'b']);
      expect(await found({ filter: { x: { from: 2 } } })).toEqual(['b', 'c']);
      expect(await found({ filter: { x: { to: '2' } } })).toEqual(['d', 'g']);
      expect(await found({ filter: { x: { from: '11' } } })).toEqual(['d']);
      expect(await found({ filter: { x: { above: 1, to: 3 } } })).toEqual(['b', 'c']);
      expect(await found({ filter: { x: { above: 1, below: 3 } } })).toEqual(['b']);
      expect(await found({ filter: { x: { below: '2' } } })).toEqual(['g']);
      expect(await found({ filter: { x: { above: null } } })).toEqual([]);
    });

    it('finds what meets any of several filters, besides the conditions that all meet', async () => {
      await put({
        a: { id: 'a', owner: 'ann', closed: '2025-01-15', won: true },
        b: { id: 'b', owner: 'ann', closed: '2025-02-15', won: true },
        c: { id: 'c', owner: 'bob', closed: '2025-02-15', won: false },
        d: { id: 'd', owner: 'bob' },
      });
      const january = { owner: 'ann', closed: { from: '2025-01-01', to: '2025-01-31' } };
      const bobs = { owner: { in: ['bob'] }, closed: { from: '2025-01-01', to: '9999-12-31' } };
      expect(await found({ filter: { [anyOf]: [january, bobs] } })).toEqual(['a', 'c']);
      expect(await found({ filter: { ...{ [anyOf]: [january, bobs] }, won: true } })).toEqual(['a']);
      expect(
        await found({ filter: { won: true, [anyOf]: [{ [anyOf]: [january, bobs], id: 'c' }, { id: 'b' }] } }),
      ).toEqual(['b']);
      expect(await found({ filter: { [anyOf]: [{}] } })).toEqual(['a', 'b', 'c', 'd']);
      expect(await found({ filter: { [anyOf]: [] } })).toEqual([]);
      const days = Array.from({ length: 1500 }, (_, n) => ({
        closed: { from: `2025-02-15 ${n}`, to: `2025-02-15 ${n}` },
      }));
      expect(await found({ filter: { [anyOf]: [...days, january] } })).toEqual(['a']);
      expect(await models.model('deals').count({ [anyOf]: [january, bobs] })).toBe(2);
      expect(
        await models.model('deals').aggregate({
          groupBy: ['owner'],
          measures: { n: { count: true } },
          filter: { [anyOf]: [january, { owner: 'bob' }] },
        }),
      ).toEqual([
        { owner: 'ann', n: 1 },
        { owner: 'bob', n: 2 },
      ]);
    });

    it('sorts numbers, texts and truths, null and absent first, then by key, and pages without overlap', async () => {
      await put({
        g: { id: 'g', x: 10 },
        f: { id: 'f', x: 9.5 },
        e: { id: 'e', x: 9 },
        d: { id: 'd', x: null },
        c: { id: 'c' },
        b: { id: 'b', x: -1 },
        a: { id: 'a', x: 9 },
      });
      const by = (field: string, order: 'ascending' | 'descending'): Find => ({ sort: [{ field, order }] });
      expect(await found(by('x', 'ascending'))).toEqual(['c', 'd', 'b', 'a', 'e', 'f', 'g']);
      expect(await found(by('x', 'descending'))).toEqual(['g', 'f', 'a', 'e', 'b', 'c', 'd']);
      expect(await found({ ...by('x', 'ascending'), limit: 3, offset: 2 })).toEqual(['b', 'a', 'e']);
      expect(await found({ ...by('x', 'ascending'), offset: 6 })).toEqual(['g']);
      expect(await found({ limit: 0 })).toEqual([]);
      expect(
        await found({
          sort: [
            { field: 'x', order: 'ascending' },
            { field: 'id', order: 'descending' },
          ],
          limit: 4,
        }),
      ).toEqual(['d', 'c', 'b', 'e']);
      await put({
        a: { id: 'a', t: 'b', y: true },
        b: { id: 'b', t: 'B', y: false },
        c: { id: 'c', t: null, y: null },
        d: { id: 'd', t: '', y: true },
        e: undefined,
        f: undefined,
        g: undefined,
      });
      expect(await found(by('t', 'ascending'))).toEqual(['c', 'd', 'b', 'a']);
      expect(await found(by('y', 'ascending'))).toEqual(['c', 'b', 'a', 'd']);
    });

    it('compares texts by their bytes', async () => {
      const texts = ['Z', 'a', 'é', '\uffee', '😀'];
      await put(Object.fromEntries(texts.map((x, n) => [String(9 - n), { id: x, x }])));
      expect(await found({ sort: [{ field: 'x', order: 'ascending' }] })).toEqual(texts);
      expect(await found({ filter: { x: { from: '\uffee' } }, sort: [{ field: 'x', order: 'ascending' }] })).toEqual([
        '\uffee',
        '😀',
      ]);
    });

    it('counts', async () => {
      await put({ a: { x: 1 }, b: { x: 2 }, c: { x: 2 } });
      expect([await models.model('deals').count(), await models.model('deals').count({ x: 2 })]).toEqual([3, 2]);
    });

    it('groups, counts, sums, averages and finds the least and the greatest', async () => {
      await put({
        a: { region: 'West', won: true, amount: 100 },
        b: { region: 'West', won: true, amount: 50 },
        c: { region: 'West', won: false, amount: null },
        d: { region: 'East', won: true, amount: 7.5 },
        e: { won: true, amount: 'many' },
        f: { region: null, won: true, amount: 1 },
      });
      const measures: Aggregate['measures'] = {
        n: { count: true },
        sum: { sum: 'amount' },
        mean: { average: 'amount' },
        least: { min: 'amount' },
        most: { max: 'amount' },
      };
      expect(await models.model('deals').aggregate({ groupBy: ['region', 'won'], measures })).toEqual([
        { region: null, won: true, n: 2, sum: 1, mean: 1, least: 1, most: 1 },
        { region: 'East', won: true, n: 1, sum: 7.5, mean: 7.5, least: 7.5, most: 7.5 },
        { region: 'West', won: false, n: 1, sum: 0, mean: null, least: null, most: null },
        { region: 'West', won: true, n: 2, sum: 150, mean: 75, least: 50, most: 100 },
      ]);
      expect(
        await models.model('deals').aggregate({ groupBy: [], measures: { n: { count: true } }, filter: { won: true } }),
      ).toEqual([{ n: 5 }]);
      expect(
        await models
          .model('deals')
          .aggregate({ groupBy: ['region'], measures: {}, filter: { region: { in: ['East', 'North'] } } }),
      ).toEqual([{ region: 'East' }]);
      expect(
        await models
          .model('deals')
          .aggregate({ groupBy: [], measures: { n: { count: true } }, filter: { region: 'North' } }),
      ).toEqual([]);
    });

    it('rejects invalid queries instead of returning everything', async () => {
      await put({ a: { id: 'a' } });
      const model = models.model('deals');
      const filters = [
        { id: { $ne: '' } },
        { id: { from: { $gt: '' } } },
        { id: { in: [['a']] } },
        { $where: '1' },
        { "id') OR 1 --": 'a' },
        { id: undefined },
        { id: {} },
        { 'a.b': 1 },
        { id: Number.NaN },
        { [anyOf]: [{ id: { $ne: '' } }] },
      ];
      for (const filter of filters as unknown as Filter[]) {
        await expect(model.find({ filter })).rejects.toBeInstanceOf(TypeError);
        await expect(model.count(filter)).rejects.toBeInstanceOf(TypeError);
        await expect(model.aggregate({ groupBy: [], measures: {}, filter })).rejects.toBeInstanceOf(TypeError);
      }
      const questions = [
        { sort: [{ field: 'x y', order: 'ascending' }] },
        { sort: [{ field: 'x', order: 'up' }] },
        { limit: -1 },
        { limit: 1.5 },
        { offset: Number.NaN },
      ];
      for (const find of questions as Find[]) await expect(model.find(find)).rejects.toBeInstanceOf(TypeError);
      const aggregates = [
        { groupBy: ['$x'], measures: {} },
        { groupBy: [], measures: { n: { product: 'x' } } },
        { groupBy: ['x'], measures: { x: { count: true } } },
        { groupBy: [], measures: { n: { sum: 'a)' } } },
      ];
      for (const aggregate of aggregates as unknown as Aggregate[])
        await expect(model.aggregate(aggregate)).rejects.toBeInstanceOf(TypeError);
    });

    it('returns members that may be left out as they were written, and finds documents by them', async () => {
      const sparse = { ...deals, blank: { owner: null, region: null, splits: {}, reversals: [] } };
      const blank = { id: 'a', owner: null, region: null, splits: {}, reversals: [], amount: 0, won: false };
      const full = { ...blank, id: 'b', owner: 'Zoë', splits: { Zoë: '60%' }, reversals: [{ date: '2025-01-01' }] };
      const writer = await put({ a: blank, b: full }, sparse);
      const model = models.model('deals');
      expect(await model.getMany(['a', 'b'])).toEqual(new Map(Object.entries({ a: blank, b: full })));
      expect((await writer.getMany(['a'])).get('a')?.document).toEqual(blank);
      expect(await model.find({ sort: [{ field: 'owner', order: 'ascending' }] })).toEqual([blank, full]);
      expect(await model.find({ filter: { owner: null } })).toEqual([blank]);
      expect(await model.find({ filter: { owner: 'Zoë' } })).toEqual([full]);
      const byOwner = { groupBy: ['owner'], measures: { n: { count: true } } } as const;
      expect(await model.aggregate(byOwner)).toEqual([
        { owner: null, n: 1 },
        { owner: 'Zoë', n: 1 },
      ]);
      await put({ b: { ...full, owner: null, splits: {}, reversals: [] } }, sparse);
      expect(await model.get('b')).toEqual({ ...blank, id: 'b' });
    });

    it('serves a version until the next one begins to serve', async () => {
      const next = { ...deals, version: 2, indexes: [['id']] };
      await put({ a: { id: 'old' } });
      expect(await found({})).toEqual(['old']);
      await models.serve(deals);
      const model = models.model('deals');
      const writer = await models.writer(next);
      expect(await writer.position()).toBe(0n);
      await writer.commit({ after: 0n, position: 7n, documents: placed({ b: { id: 'new' } }, 7n) });
      expect(await model.find()).toEqual([{ id: 'old' }]);
      expect(await model.position()).toBe(1n);
      await put({ c: { id: 'also old' } });
      expect(await model.count()).toBe(2);
      await models.serve(next);
      expect(await model.find()).toEqual([{ id: 'new' }]);
      expect(await model.position()).toBe(7n);
      await models.serve(next);
      expect(await found({})).toEqual(['new']);
    });

    it('keeps models apart', async () => {
      await put({ a: { id: 'deal' } });
      await put({ a: { id: 'quota' } }, { name: 'quotas', version: 1, indexes: [] });
      expect([await models.model('deals').get('a'), await models.model('quotas').get('a')]).toEqual([
        { id: 'deal' },
        { id: 'quota' },
      ]);
    });

    it('parks events with their reason and lets them go again, together with the documents', async () => {
      const writer = await put({ a: { id: 'a' } });
      const [one, two, other] = [
        parkedEvent('deals@1', 2n),
        parkedEvent('deals@1', 3n, null),
        parkedEvent('else@1', 2n),
      ];
      await writer.commit({ after: 1n, position: 3n, documents: new Map(), park: [two, one, other] });
      expect(await models.parked('deals@1')).toEqual([one, two]);
      expect(await models.parked()).toEqual([one, two, other]);
      const anew = { ...one, reason: 'still no', at: '2025-02-01T00:00:00.000Z' };
      await writer.commit({
        after: 3n,
        position: 3n,
        documents: placed({ a: { id: 'redriven' } }, 3n),
        park: [anew],
        redriven: [two],
      });
      expect(await models.parked('deals@1')).toEqual([anew]);
      expect(await found({})).toEqual(['redriven']);
    });

    it('is rebuilt after it was forgotten, without effect on other models', async () => {
      const writer = await put({ a: { id: 'a' } });
      await writer.commit({
        after: 1n,
        position: 2n,
        documents: new Map(),
        park: [parkedEvent('deals@1', 2n), parkedEvent('else@1', 2n)],
      });
      await models.serve(deals);
      const other = await models.writer({ name: 'else', version: 1, indexes: [] });
      await other.commit({ after: 0n, position: 2n, documents: placed({ b: { id: 'b' } }, 2n) });
      await models.forget(deals);
      expect(await models.model('deals').find()).toEqual([]);
      expect(await models.parked()).toEqual([parkedEvent('else@1', 2n)]);
      expect(await models.model('else').get('b')).toEqual({ id: 'b' });
      expect(await (await models.writer(deals)).position()).toBe(0n);
      await put({ c: { id: 'c' } });
      expect(await found({})).toEqual(['c']);
    });

    it('is as it was when it is opened again', async () => {
      if (!opened.reopen) return;
      const writer = await put({ a: { id: 'a', owner: 'ann' } });
      await writer.commit({
        after: 1n,
        position: 5n,
        documents: new Map(),
        seal: 'abc',
        park: [parkedEvent('deals@1', 5n)],
      });
      await models.serve(deals);
      models = await opened.reopen();
      expect(await models.model('deals').find({ filter: { owner: 'ann' } })).toEqual([{ id: 'a', owner: 'ann' }]);
      expect(await (await models.writer(deals)).position()).toBe(5n);
      expect(await (await models.writer(deals)).seal()).toBe('abc');
      expect(await models.parked()).toEqual([parkedEvent('deals@1', 5n)]);
    });

    it('answers any query of any documents like the reference', async () => {
      const reference = createMemoryReadModels();
      const declaration: ModelDeclaration = { name: 'any', version: 1, indexes: [['x'], ['y', 'x']] };
      const [here, there] = [await models.writer(declaration), await reference.writer(declaration)];
      let position = 0n;
      const mixed = fc.oneof(
        fc.integer({ min: -3, max: 3 }),
        fc.constantFrom(true, false, null, '', 'a', '1'),
        fc.constant([1]),
      );
      const document = fc.record(
        {
          x: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.5, 1.25, null)),
          y: fc.constantFrom('', 'a', 'b', '1', 'é', null),
          z: fc.constantFrom(true, false, null),
          m: mixed,
        },
        { requiredKeys: [] },
      );
      const scalar = fc.constantFrom<Scalar>(0, 1, -2, 0.5, true, false, null, '', 'a', '1');
      const condition = fc.oneof(
        scalar,
        fc.record({ in: fc.array(scalar, { maxLength: 3 }) }),
        fc.record({ from: scalar, to: scalar }),
        fc.record({ from: scalar }),
        fc.record({ above: scalar, below: scalar }),
        fc.record({ below: scalar }),
      );
      const fields = fc.dictionary(fc.constantFrom('x', 'y', 'z', 'm'), condition, {
        maxKeys: 2,
      }) as fc.Arbitrary<Filter>;
      const filter = fc.oneof(
        fields,
        fc
          .tuple(fields, fc.array(fields, { maxLength: 3 }))
          .map(([all, alternatives]): Filter => ({ ...all, [anyOf]: alternatives })),
      );
      const sort = fc.array(
        fc.record({
          field: fc.constantFrom('x', 'y', 'z'),
          order: fc.constantFrom('ascending' as const, 'descending' as const),
        }),
        { maxLength: 2 },
      );
      const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(key, fc.option(document, { nil: undefined }))),
          filter,
          sort,
          fc.nat({ max: 4 }),
          fc.subarray(['x', 'y', 'z']),
          async (writes, wanted, order, offset, groupBy) => {
            const documents = new Map(
              writes.map(([at, one]): [string, Placed] => [
                at,
                { document: one && JSON.parse(JSON.stringify({ ...one, key: at })), position: position + 1n },
              ]),
            );
            for (const writer of [here, there])
              await writer.commit({ after: position, position: position + 1n, documents });
            position += 1n;
            const ask = async (model: ReadModel): Promise<unknown> => [
              await model.find({ filter: wanted, sort: order, limit: 3, offset }),
              await model.count(wanted),
              await model.aggregate({
                groupBy,
                measures: { n: { count: true }, s: { sum: 'x' }, most: { max: 'm' }, a: { average: 'm' } },
                filter: wanted,
              }),
            ];
            expect(await ask(models.model('any'))).toEqual(await ask(reference.model('any')));
          },
        ),
        { numRuns: 200 },
      );
    });
  });
}

function placed(documents: Record<string, Document | undefined>, position: bigint): Map<string, Placed> {
  return new Map(Object.entries(documents).map(([key, document]) => [key, { document, position }]));
}

function parkedEvent(group: string, position: bigint, key: string | null = 'a'): ParkedEvent {
  return {
    group,
    stream: 'deal-1',
    key,
    position,
    event: 'e-1',
    type: 'DealWon',
    reason: 'no such owner',
    at: '2025-01-01T00:00:00.000Z',
  };
}
