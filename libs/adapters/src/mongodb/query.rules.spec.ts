import { describe, expect, it } from '@jest/globals';
import { anyOf, type Find } from '@attain/eventsourcing';
import { askedOf, conditionsOf, findingOf, type Grouped, groupingOf } from './query.rules.js';

const living = { removed: null };

describe('A filter in MongoDB', () => {
  it('matches existing documents and contains only scalars', () => {
    expect(conditionsOf()).toEqual([living]);
    expect(conditionsOf({ owner: 'ann', won: true })).toEqual([
      living,
      { 'fields.owner': 'ann' },
      { 'fields.won': true },
    ]);
    expect(conditionsOf({ x: '$where' })).toEqual([living, { 'fields.x': '$where' }]);
  });

  it('takes null and absent for one, and lists for neither', () => {
    const absent = { 'fields.x': null, other: { $ne: 'x' } };
    expect(conditionsOf({ x: null })).toEqual([living, absent]);
    expect(conditionsOf({ x: { in: [1, null] } })).toEqual([living, { $or: [{ 'fields.x': { $in: [1] } }, absent] }]);
    expect(askedOf({ x: null, y: [1], z: 0, 'a.b': 1, $c: 2 })).toEqual({ fields: { z: 0 }, other: ['y'] });
  });

  it('finds nothing between nulls', () => {
    expect(conditionsOf({ x: { from: 1, to: 2 } })).toEqual([
      living,
      { 'fields.x': { $gte: 1 } },
      { 'fields.x': { $lte: 2 } },
    ]);
    expect(conditionsOf({ x: { from: null } })).toEqual([living, { 'fields.x': { $in: [] } }]);
  });

  it('accepts alternatives of existing documents, and an empty list matches none', () => {
    expect(conditionsOf({ won: true, [anyOf]: [{ owner: 'ann', closed: { from: '2025-01-01' } }, {}] })).toEqual([
      living,
      { 'fields.won': true },
      {
        $or: [
          { $and: [living, { 'fields.owner': 'ann' }, { 'fields.closed': { $gte: '2025-01-01' } }] },
          { $and: [living] },
        ],
      },
    ]);
    expect(conditionsOf({ [anyOf]: [] })).toEqual([living, { _id: { $in: [] } }]);
    expect(() => conditionsOf({ [anyOf]: [{ x: { $ne: '' } }] } as never)).toThrow(TypeError);
  });

  it('refuses operators and paths', () => {
    const filters = [
      { x: { $ne: '' } },
      { x: { in: [{ $gt: '' }] } },
      { $where: '1' },
      { 'a.b': 1 },
      { x: { from: 1, $gt: 2 } },
    ];
    for (const filter of filters) expect(() => conditionsOf(filter as never)).toThrow(TypeError);
  });
});

describe('A search in MongoDB', () => {
  it('sorts by the first entry of a field, then by key', () => {
    const sort = [
      { field: 'y', order: 'descending' },
      { field: 'x', order: 'ascending' },
      { field: 'y', order: 'ascending' },
    ] as Find['sort'];
    const finding = findingOf({ ...(sort && { sort }), limit: 3, offset: 2 });
    expect(Object.entries(finding?.sort ?? {})).toEqual([
      ['fields.y', -1],
      ['fields.x', 1],
      ['_id', 1],
    ]);
    expect(finding).toMatchObject({ limit: 3, skip: 2 });
  });

  it('sends no query with limit 0, because MongoDB takes 0 for no limit', () => {
    expect(findingOf({ limit: 0 })).toBeUndefined();
    expect(findingOf({})).toMatchObject({ limit: 0, skip: 0 });
  });
});

describe('An aggregate in MongoDB', () => {
  it('leaves counts and sums to the server', () => {
    const { group, rows } = groupingOf({
      groupBy: ['region'],
      measures: { n: { count: true }, total: { sum: 'amount' } },
    });
    expect(group).toEqual({ _id: { g0: '$fields.region' }, n: { $sum: 1 }, s0: { $sum: '$fields.amount' } });
    const grouped = [
      { _id: { g0: 'West' }, n: 2, s0: 9007199254740991n },
      { _id: {}, n: 1, s0: 0 },
    ];
    expect(rows(grouped as unknown as Grouped[])).toEqual([
      { region: null, n: 1, total: 0 },
      { region: 'West', n: 2, total: 9007199254740991 },
    ]);
  });

  it('folds averages, least and greatest of the numbers among the values', () => {
    const { group, rows } = groupingOf({
      groupBy: [],
      measures: {
        n: { count: true },
        mean: { average: 'x' },
        least: { min: 'x' },
        most: { max: 'x' },
        sum: { sum: 'x' },
      },
    });
    expect(group).toEqual({ _id: { v0: '$fields.x' }, n: { $sum: 1 } });
    expect(
      rows([
        { _id: { v0: 3 }, n: 2 },
        { _id: { v0: 'z' }, n: 5 },
        { _id: { v0: -1 }, n: 1 },
        { _id: {}, n: 4 },
      ]),
    ).toEqual([{ n: 12, mean: 5 / 3, least: -1, most: 3, sum: 5 }]);
    expect(rows([{ _id: { v0: 'z' }, n: 5 }])).toEqual([{ n: 5, mean: null, least: null, most: null, sum: 0 }]);
    expect(rows([])).toEqual([]);
  });

  it('orders groups as the port does: null, truths, numbers, texts', () => {
    const { rows } = groupingOf({ groupBy: ['x'], measures: {} });
    const values = ['b', true, 2, null, 'a', false, 10];
    const grouped = values.map((value): Grouped => ({ _id: value === null ? {} : { g0: value }, n: 1 }));
    expect(rows(grouped).map(({ x }) => x)).toEqual([null, false, true, 2, 10, 'a', 'b']);
  });
});
