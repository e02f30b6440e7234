import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { createMemoryReadModels, type ReadModel } from '@attain/eventsourcing';
import fc from 'fast-check';
import { z } from 'zod';
import { Answers } from '../answers/answers.js';
import { rowsOf, terms } from '../answers/terms.js';
import { feature } from '../feature.js';
import { UnknownField } from '../problem.js';
import { Public } from '../route.js';
import { checkedAgent } from '../testing/checked-answers.js';
import { starting } from '../testing/started.fixture.js';
import { columnsOf } from './columns.rules.js';
import { csvOf } from './csv.rules.js';
import { ModelPage } from './model-page.js';
import { type Askable, questionOf } from './question.js';
import { pageOf, type Row } from './rows.js';

const Sale = z
  .object({
    id: terms.record,
    owner: terms.participant.nullable(),
    amount: terms.amount,
    deals: z.int(),
    won: z.boolean(),
    closed: terms.day.nullable(),
    at: terms.instant,
    parts: z.array(z.string()),
  })
  .meta({ id: 'Sale', description: 'A sale.' });
type Sale = z.infer<typeof Sale>;

const sale = (id: string, more: Partial<Sale> = {}): Sale => ({
  id,
  owner: 'ann',
  amount: '10.00',
  deals: 1,
  won: true,
  closed: '2025-01-31',
  at: '2025-01-31T09:30:00.000Z',
  parts: [],
  ...more,
});
const sales = [
  sale('b', { amount: '9.50', owner: 'bob', deals: 12 }),
  sale('a', { amount: '-100.00', closed: null, at: '2025-02-01T00:00:00.000Z' }),
  sale('c', { amount: '100.00', owner: null, won: false, deals: 2 }),
];

@Controller('sold')
class SalesController {
  @Get()
  @Public('a test')
  @Answers(rowsOf(Sale))
  list(): { rows: Sale[] } {
    return { rows: sales };
  }
}
@Module(feature({ controllers: [SalesController] }))
class SalesModule {}

const columns = columnsOf(rowsOf(Sale))!;
const askable: Askable = {
  columns,
  comparable: columns.filter(({ type }) => type !== 'other'),
  sortable: columns.filter(({ type }) => type !== 'other'),
  own: new Set(['period']),
};
const asked = (query: Record<string, unknown>) => questionOf('/v1/sold', query, askable).question;
const ids = (query: Record<string, unknown>, rows: readonly Row[] = sales) =>
  pageOf(rows, asked(query)).rows.map(({ id }) => id);

describe('a table', () => {
  it('knows the columns of its answer, and how they compare', () => {
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id text',
      'owner text',
      'amount decimal',
      'deals number',
      'won boolean',
      'closed day',
      'at instant',
      'parts other',
    ]);
  });

  it('sorts decimals and numbers by value, texts by bytes, and absent values first', () => {
    expect(ids({ sort: 'amount' })).toEqual(['a', 'b', 'c']);
    expect(ids({ sort: '-amount' })).toEqual(['c', 'b', 'a']);
    expect(ids({ sort: 'deals' })).toEqual(['a', 'c', 'b']);
    expect(ids({ sort: 'owner,id' })).toEqual(['c', 'a', 'b']);
    expect(ids({ sort: '-won,-id' })).toEqual(['b', 'a', 'c']);
  });

  it.each<[Record<string, unknown>, string[]]>([
    [{ owner: 'ann' }, ['a']],
    [{ owner: ['ann', 'bob'] }, ['b', 'a']],
    [{ owner: '' }, ['c']],
    [{ amount: '9.5' }, ['b']],
    [{ amountFrom: '9.5', amountTo: '100' }, ['b', 'c']],
    [{ dealsTo: '2' }, ['a', 'c']],
    [{ won: 'false' }, ['c']],
    [{ closedFrom: '2025-01-01' }, ['b', 'c']],
    [{ atTo: '2025-01-31' }, ['b', 'c']],
    [{ atFrom: '2025-02-01' }, ['a']],
    [{ owner: 'nobody' }, []],
  ])('keeps of its rows those that meet %j', (query, expected) => {
    expect(ids(query)).toEqual(expected);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ sort: 'pay' }, 'There is no field "pay" here; there are id, owner, amount, deals, won, closed, at.'],
    [{ sort: 'parts' }, 'There is no field "parts" here'],
    [{ fields: 'id,pay' }, 'There is no field "pay" here; there are id, owner, amount, deals, won, closed, at, parts.'],
    [{ pay: '1' }, 'There is no parameter "pay" here; there are period, id,'],
    [{ wonFrom: 'true' }, 'There is no parameter "wonFrom" here'],
  ])('refuses %j, and names the fields that it has', (query, message) => {
    expect(() => asked(query)).toThrow(message);
    expect(() => asked(query)).toThrow(UnknownField);
  });

  it.each<Record<string, unknown>>([
    { limit: '0' },
    { limit: '1001' },
    { limit: ['1', '2'] },
    { sort: 'id,id' },
    { fields: { a: '1' } },
    { cursor: 'x' },
    { cursor: Buffer.from('["a"]').toString('base64url') },
    { amount: 'much' },
    { won: 'yes' },
    { owner: { a: 'ann' } },
    { owner: '\u0000' },
  ])('refuses %j as malformed', (query) => {
    expect(() => pageOf(sales, asked(query))).toThrow('The request is malformed.');
  });

  it('leaves the operation’s own parameters to the operation', () => {
    expect(questionOf('/v1/sold', { period: '2025', limit: '2', owner: 'ann' }, askable).rest).toEqual({
      period: '2025',
    });
  });

  it('comes page by page, each row once, in every order', () => {
    const row = fc.record({ id: fc.constantFrom('a', 'b', 'c'), amount: fc.constantFrom('1', '1.0', '-2', '10') });
    fc.assert(
      fc.property(
        fc.array(row),
        fc.constantFrom(undefined, 'id', '-amount', 'amount,-id'),
        fc.integer({ min: 1, max: 4 }),
        (many, sort, limit) => {
          const rows = many.map((one, index) => ({ ...one, owner: `${index}` }));
          const query = { limit: `${limit}`, ...(sort !== undefined && { sort }) };
          const found: Row[] = [];
          for (let next: string | null | undefined; next !== null;) {
            const page = pageOf(rows, asked({ ...query, ...(next && { cursor: next }) }));
            found.push(...page.rows);
            next = page.next;
          }
          expect(found).toEqual(pageOf(rows, asked(sort === undefined ? {} : { sort })).rows);
        },
      ),
    );
  });

  it('continues behind a row that was removed meanwhile', () => {
    const page = (rows: readonly Row[], cursor?: string) =>
      pageOf(rows, asked({ sort: 'id', limit: '1', ...(cursor && { cursor }) }));
    const { next } = page(sales);
    expect(page([sale('aa'), ...sales.slice(0, 1)], next!).rows.map(({ id }) => id)).toEqual(['aa']);
  });

  it('refuses the cursor of another question', () => {
    const { next } = pageOf(sales, asked({ sort: 'id', limit: '1' }));
    expect(() => asked({ sort: '-id', limit: '1', cursor: next })).toThrow('The request is malformed.');
    expect(ids({ sort: 'id', limit: '2', cursor: next })).toEqual(['b', 'c']);
  });
});

describe('CSV', () => {
  it('keeps decimals as they are, and makes no text a formula', () => {
    const rows = [
      { name: '=1+1', amount: '-12.50', text: 'a "b",\nc', none: null, list: ['x'] },
      { name: '-x', amount: '0.10' },
    ];
    expect(csvOf(['name', 'amount', 'text', 'none', 'list'], rows)).toBe(
      `name,amount,text,none,list\n'=1+1,-12.50,"a ""b"",\nc",,"[""x""]"\n'-x,0.10,,,\n`,
    );
  });
});

describe('a page of a read model', () => {
  const unique = ['id'];
  const names = { compared: Object.fromEntries(askable.comparable.map(({ name }) => [name, name])), sorted: {} };
  async function stored(rows: readonly Sale[]): Promise<ReadModel<Sale>> {
    const models = createMemoryReadModels();
    const declaration = { name: 'sales', version: 1, indexes: [] };
    const documents = new Map(rows.map((row) => [row.id, { document: row, position: 1n }]));
    await (await models.writer<Sale>(declaration)).commit({ after: 0n, position: 1n, documents });
    await models.serve(declaration);
    return models.model<Sale>('sales');
  }
  async function all(model: ReadModel<Sale>, query: Record<string, unknown>): Promise<Sale[]> {
    const found: Sale[] = [];
    for (let next: string | null | undefined; next !== null;) {
      const page = new ModelPage(asked({ ...query, ...(next && { cursor: next }) }), names);
      const { documents, next: more } = await page.of(model, {
        sort: [{ field: 'closed', order: 'descending' }],
        unique,
      });
      found.push(...documents);
      next = more;
    }
    return found;
  }

  it('finds the rows of a whole table, page by page, also where values are absent or equal', async () => {
    const one = fc.record({
      owner: fc.constantFrom('ann', 'bob', null),
      closed: fc.constantFrom('2025-01-01', '2025-01-02', null),
      deals: fc.integer({ min: -1, max: 2 }),
      won: fc.boolean(),
    });
    const order = fc.constantFrom('owner', '-owner', 'closed,-deals', '-won,owner', '-deals,closed', '-closed');
    const filter = fc.constantFrom(
      {},
      { owner: 'ann' },
      { closedFrom: '2025-01-02' },
      { dealsTo: '0', won: 'true' },
      { owner: ['', 'bob'] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(one, { maxLength: 12 }),
        order,
        filter,
        fc.integer({ min: 1, max: 5 }),
        async (many, sort, filters, limit) => {
          const rows = many.map((more, index) => sale(String.fromCharCode(97 + index), more));
          const query = { sort: `${sort},id`, ...filters };
          const found = await all(await stored(rows), { ...query, limit: `${limit}` });
          expect(found.map(({ id }) => id)).toEqual(ids(query, rows));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('holds each row once while others are written', async () => {
    const model = await stored([sale('b'), sale('d'), sale('f')]);
    const first = await new ModelPage(asked({ limit: '2' }), names).of(model, { sort: [], unique });
    const later = await stored([sale('a'), sale('b'), sale('c'), sale('d'), sale('e'), sale('f')]);
    const second = await new ModelPage(asked({ limit: '2', cursor: first.next }), names).of(later, {
      sort: [],
      unique,
    });
    expect([first, second].map(({ documents }) => documents.map(({ id }) => id))).toEqual([
      ['b', 'd'],
      ['e', 'f'],
    ]);
  });
});

describe('a table over HTTP', () => {
  const start = starting('all');

  it('is asked with the same parameters as any other, and answers as CSV on request', async () => {
    const client = checkedAgent(await start({ modules: [SalesModule] }));
    const { body } = await client.get('/sold?sort=-amount&limit=2&won=true').expect(200);
    expect(body).toEqual({ rows: [sales[0], sales[1]], next: null, position: expect.any(String), asOf: null });
    const csv = await client.get('/sold?sort=id&limit=1&fields=id,amount').set('Accept', 'text/csv').expect(200);
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.text).toBe('id,amount\na,-100.00\n');
    const [, next = ''] = /^<(.*)>; rel="next"$/.exec(csv.headers['link'] ?? '') ?? [];
    expect((await client.get(next).set('Accept', 'text/csv').expect(200)).text).toBe('id,amount\nb,9.50\n');
    expect((await client.get('/sold?format=csv&sort=id')).text.split('\n')[0]).toBe(
      'id,owner,amount,deals,won,closed,at,parts',
    );
    const plain = await client.get('/sold').expect(200);
    expect(plain.headers['vary']).toContain('Accept-Encoding');
    expect((await client.get('/sold?sort=pay').expect(400)).body).toMatchObject({
      code: 'UNKNOWN_FIELD',
      errors: [{ field: 'sort' }],
      about: { field: 'pay', allowed: expect.arrayContaining(['amount']) },
    });
  });
});
