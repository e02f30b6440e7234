import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttainEvent } from '@attain/contracts';
import type { EventStore } from '@attain/eventsourcing';
import { type Caller, createInstance, EVENT_STORE, type Instance, OutOfScope, Scopes } from '@attain/service';
import { addDays, newUuid } from '@attain/values';
import { BoardQueries, ForecastingModule, ForecastQueries } from './index.js';

async function record(
  store: EventStore,
  events: readonly (readonly [stream: string, event: AttainEvent])[],
  recorded = '2018-01-02T00:00:00.000Z',
): Promise<void> {
  const meta = { actor: 'test', correlation: 'test', recorded };
  await store.appendMany(
    [...Map.groupBy(events, ([stream]) => stream)].map(([stream, own]) => ({
      stream,
      expected: 'any' as const,
      events: own.map(([, event]) => ({ ...event, id: newUuid(), version: 1, meta })),
    })),
  );
}
const person = (participant: string, manager: string | null, team: string, region: string): [string, AttainEvent] => [
  `participant-${participant}`,
  {
    type: 'ParticipantAssigned',
    data: { participant, from: '2016-01-01', to: null, role: null, manager, team, region, currency: null, fields: {} },
  },
];
const stages = [
  { name: 'Prospecting', probability: '10%', category: 'pipeline' },
  { name: 'Engaging', probability: '50%', category: 'best case' },
  { name: 'Signing', probability: '90%', category: 'commit' },
];
const company: [string, AttainEvent] = [
  'company-main',
  {
    type: 'CompanyConfigured',
    data: { document: { currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } }, stages } },
  },
];
const deal = (id: string, fields: Record<string, string>, won?: string): [string, AttainEvent][] => [
  [`deal-crm:${id}`, { type: 'DealOpened', data: { source: 'crm', id, fields } }],
  ...(won === undefined
    ? []
    : [[`deal-crm:${id}`, { type: 'DealWon', data: { closed: won } }] as [string, AttainEvent]]),
];
const as = (participant: string, role: 'rep' | 'manager'): Caller => ({
  actor: `user:${participant}`,
  name: participant,
  roles: [role],
  participant,
});
const finance: Caller = { actor: 'user:f', name: 'F', roles: ['finance'] };

describe('the board', () => {
  let instance: Instance;
  const board = (caller: Caller, asked: Parameters<BoardQueries['board']>[1]) =>
    instance.get(BoardQueries).board(instance.get(Scopes).scopeOf(caller), asked);

  beforeAll(async () => {
    instance = await createInstance([ForecastingModule], { clock: () => '2017-12-31T18:00:00.000Z' });
    await record(instance.get(EVENT_STORE), [
      company,
      person('ann', 'max', 'North', 'East'),
      person('bob', 'max', 'North', 'East'),
      person('eve', null, 'South', 'East'),
      ...deal('E1', { owner: 'eve', product: 'A', stage: 'Prospecting', closed: '2018-06-30' }),
      ...deal('W1', { owner: 'ann', product: 'A', amount: '100' }, '2017-12-01'),
      ...deal('W2', { owner: 'bob', product: 'A', amount: '300' }, '2017-12-02'),
      ...deal('O1', { owner: 'ann', product: 'A', stage: 'Prospecting' }),
      ...deal('O2', { owner: 'ann', product: 'A', stage: 'Engaging', amount: '1000.50', closed: '2017-12-30' }),
      ...deal('O3', { owner: 'bob', product: 'A', stage: 'Signing', amount: '50', closed: '2018-01-30' }),
      ...deal('O4', { owner: 'bob', product: 'A', stage: 'Parked', amount: '7' }),
    ]);
    await instance.caughtUp();
  });
  afterAll(() => instance.close());

  it('weights open deals by stage, a deal without an amount by its product’s average, and shows the assumption', async () => {
    const { rows, assumptions, left } = await board(finance, { by: 'category' });
    expect(rows).toEqual([
      { key: 'best case', currency: 'USD', deals: 1, amount: '1000.50', assumed: '0.00', weighted: '500.25' },
      { key: 'commit', currency: 'USD', deals: 1, amount: '50.00', assumed: '0.00', weighted: '45.00' },
      { key: 'pipeline', currency: 'USD', deals: 2, amount: '0.00', assumed: '400.00', weighted: '40.00' },
      { key: null, currency: 'USD', deals: 1, amount: '7.00', assumed: '0.00', weighted: '0.00' },
    ]);
    expect(assumptions).toEqual([
      { product: 'A', currency: 'USD', deals: 2, each: '200.00', basis: 'won deals of the product', won: 2 },
    ]);
    expect(left).toEqual([{ deals: 1, currency: 'USD', amount: '7.00', why: 'the stage "Parked" has no probability' }]);
  });

  it('shows a rep the own deals, a manager those of the reports', async () => {
    const owners = async (caller: Caller) => (await board(caller, { by: 'owner' })).rows.map(({ key }) => key);
    expect(await owners(as('ann', 'rep'))).toEqual(['ann']);
    expect(await owners(as('max', 'manager'))).toEqual(['ann', 'bob']);
  });

  it('assumes amounts only from won deals of the caller’s scope, because others would disclose amounts', async () => {
    expect((await board(as('ann', 'rep'), { by: 'category' })).assumptions).toMatchObject([
      { product: 'A', each: '100.00', won: 1 },
    ]);
    expect((await board(as('max', 'manager'), { by: 'category' })).assumptions).toMatchObject([
      { product: 'A', each: '200.00', won: 2 },
    ]);
    const eve = await board(as('eve', 'rep'), { by: 'category' });
    expect(eve).toMatchObject({
      assumptions: [],
      left: [{ deals: 1, why: 'no amount, and nothing won to assume one from' }],
    });
  });

  it('of a period has the expected and the won deals in it, and lists deals without a date', async () => {
    const { rows, rollUps, left } = await board(finance, { by: 'month', period: '2017-12' });
    expect(rows).toEqual([
      { key: '2017-12', currency: 'USD', deals: 1, amount: '1000.50', assumed: '0.00', weighted: '500.25' },
    ]);
    expect(rollUps.map(({ name, amount }) => [name, amount])).toEqual([
      ['closed only', '400.00'],
      ['commit forecast', '400.00'],
      ['most likely forecast', '400.00'],
      ['best case forecast', '1400.50'],
      ['open pipeline', '1000.50'],
    ]);
    expect(left).toEqual([{ deals: 2, currency: 'USD', amount: '7.00', why: 'no expected date' }]);
  });
});

describe('the forecast from history', () => {
  let instance: Instance;
  const forecast = (caller: Caller, asked: Parameters<ForecastQueries['forecast']>[1], cut = {}) =>
    instance.get(ForecastQueries).forecast(instance.get(Scopes).scopeOf(caller), asked, cut);

  beforeAll(async () => {
    instance = await createInstance([ForecastingModule], { clock: () => '2026-11-24T00:00:00.000Z' });
    const weeks = Array.from({ length: 40 }, (_, i) => addDays('2017-03-06', 7 * i));
    const weekly = weeks.flatMap((date, i) =>
      deal(`W${i}`, { owner: i % 2 ? 'ann' : 'bob', amount: String(1000 + 10 * i + ((i * 37) % 11)) }, date),
    );
    const store = instance.get(EVENT_STORE);
    await record(store, [
      company,
      ...['ann', 'bob', 'zoe'].map((id) => person(id, 'max', 'North', 'East')),
      person('eve', 'max', 'South', 'East'),
      person('kim', null, 'West', 'West'),
    ]);
    await record(store, weekly, '2018-01-02T00:00:00.000Z');
    await record(store, deal('LATE', { owner: 'ann', amount: '9999999' }, '2017-10-02'), '2018-02-01T00:00:00.000Z');
    await instance.caughtUp();
  });
  afterAll(() => instance.close());

  it('continues the trend of a team, with an interval and the measured error of the method', async () => {
    const { rows } = await forecast(
      finance,
      { by: 'team', for: 'North', horizon: 4 },
      { known: '2018-01-15T00:00:00.000Z' },
    );
    const [north] = rows;
    expect(north).toMatchObject({
      for: 'North',
      currency: 'USD',
      every: 'week',
      history: { from: '2017-03-06', to: '2017-12-03', buckets: 39 },
      model: 'AutoETS',
      level: 0.8,
      none: null,
    });
    expect(north?.steps.map(({ from, to }) => [from, to])[0]).toEqual(['2017-12-04', '2017-12-10']);
    expect(Number(north?.steps[3]?.point)).toBeGreaterThan(1400);
    expect(Number(north?.steps[3]?.point)).toBeLessThan(1460);
    expect(Number(north?.total?.lower)).toBeLessThan(Number(north?.total?.point));
    expect(north?.error).toMatchObject({ origins: 29, coverage: { promised: 0.8 } });
    expect(north?.error?.mase).toBeLessThan(1);
  });

  it('contains no fact that became known after the cut', async () => {
    const total = async (known: string) =>
      (await forecast(finance, { by: 'company' }, { known })).rows[0]?.history.total;
    expect(Number(await total('2018-03-01T00:00:00.000Z')) - Number(await total('2018-01-15T00:00:00.000Z'))).toBe(
      9999999,
    );
  });

  it('ends its series with the last whole week before the company sold its last, not today', async () => {
    expect((await forecast(finance, { by: 'company' })).rows[0]?.history.to).toBe('2017-12-03');
  });

  it('reports too little history instead of a number', async () => {
    const { rows } = await forecast(finance, { by: 'team', for: 'North', every: 'month' });
    expect(rows[0]).toMatchObject({
      steps: [],
      total: null,
      error: null,
      model: null,
      none: { code: 'TOO_LITTLE_HISTORY' },
    });
    expect(rows[0]?.none?.detail).toBe(
      '17 whole months are needed to forecast 3 ahead with an error that was tested, and 8 are known',
    );
  });

  it('of a team, however large, is hidden from a rep, and of one person shown to that person alone', async () => {
    const { rows, hidden } = await forecast(as('ann', 'rep'), { by: 'team' });
    expect([rows.map((row) => row.for), hidden]).toEqual([[], 3]);
    expect((await forecast(as('max', 'manager'), { by: 'team' })).rows.map((row) => row.for)).toEqual([
      'North',
      'South',
    ]);
    expect(await forecast(as('max', 'manager'), { by: 'company' })).toMatchObject({ rows: [], hidden: 1 });
    await expect(forecast(as('ann', 'rep'), { by: 'team', for: 'South' })).rejects.toThrow(OutOfScope);
    await expect(forecast(as('ann', 'rep'), { by: 'participant', for: 'bob' })).rejects.toThrow(OutOfScope);
    expect((await forecast(as('ann', 'rep'), { by: 'participant' })).rows.map((row) => row.for)).toEqual(['ann']);
  });
});

const maven = fileURLToPath(new URL('../../../../shared/data/maven_crm/', import.meta.url));
const itShared = existsSync(maven) ? it : it.skip;
const records = (file: string) => {
  const [header = '', ...lines] = readFileSync(`${maven}${file}`, 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));
};

describe('a date a century away', () => {
  it('neither lengthens the history of a forecast nor hides the rest of it', async () => {
    const instance = await createInstance([ForecastingModule], { clock: () => '2017-12-31T18:00:00.000Z' });
    try {
      const weeks = Array.from({ length: 60 }, (_, week) =>
        deal(`W${week}`, { owner: 'ann', amount: '100' }, addDays('2016-11-01', week * 7)),
      );
      const far = [
        deal('PAST', { owner: 'ann', amount: '7' }, '1900-01-01'),
        deal('FUTURE', { owner: 'ann', amount: '7' }, '2199-12-31'),
      ];
      await record(instance.get(EVENT_STORE), [
        company,
        person('ann', null, 'North', 'East'),
        ...weeks.flat(),
        ...far.flat(),
      ]);
      await instance.caughtUp();
      const { rows } = await instance
        .get(ForecastQueries)
        .forecast(instance.get(Scopes).scopeOf(finance), { by: 'company' });
      expect(rows[0]?.history).toMatchObject({ from: '2016-11-07', total: '5800.00' });
    } finally {
      await instance.close();
    }
  });
});

describe('the Maven export (skipped without ../shared/data)', () => {
  itShared('gives each team a forecast for the next quarter that does better than "as last week"', async () => {
    const instance = await createInstance([ForecastingModule]);
    try {
      const events: [string, AttainEvent][] = [company];
      for (const row of records('sales_teams.csv'))
        events.push(person(row['sales_agent']!, row['manager']!, row['manager']!, row['regional_office']!));
      for (const row of records('sales_pipeline.csv')) {
        const {
          opportunity_id: id = '',
          sales_agent: owner = '',
          product = '',
          close_value: amount = '',
          close_date: closed = '',
          deal_stage: stage = '',
        } = row;
        if (stage !== 'Lost')
          events.push(
            ...deal(id, { owner, product, stage, ...(amount && { amount }) }, stage === 'Won' ? closed : undefined),
          );
      }
      await record(instance.get(EVENT_STORE), events);
      await instance.caughtUp();
      const { rows } = await instance.get(ForecastQueries).forecast(instance.scope, { by: 'team' });
      expect(rows).toHaveLength(6);
      for (const { history, error, none, total } of rows) {
        expect(none).toBeNull();
        expect(history.to).toBe('2017-12-31');
        expect(error?.relative).toBeLessThan(1);
        expect(Number(total?.point)).toBeGreaterThan(0);
      }
      const { assumptions, source } = await instance.get(BoardQueries).board(instance.scope, { by: 'category' });
      expect(assumptions.reduce((sum, { deals }) => sum + deals, 0)).toBe(2089);
      expect(Number(source.controlTotal['USD'])).toBeGreaterThan(1_000_000);
    } finally {
      await instance.close();
    }
  });
});
