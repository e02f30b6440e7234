import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttainEvent } from '@attain/contracts';
import type { EventStore } from '@attain/eventsourcing';
import { type Caller, createInstance, EVENT_STORE, type Instance, OutOfScope, Scopes } from '@attain/service';
import { newUuid } from '@attain/values';
import { AttainmentQueries, LeaderboardQueries, ReportingModule, SalesQueries } from './index.js';

const meta = { actor: 'test', correlation: 'test', recorded: '2018-01-02T00:00:00.000Z' };

async function record(
  store: EventStore,
  events: readonly (readonly [stream: string, event: AttainEvent])[],
): Promise<void> {
  const streams = Map.groupBy(events, ([stream]) => stream);
  await store.appendMany(
    [...streams].map(([stream, own]) => ({
      stream,
      expected: 'any' as const,
      events: own.map(([, event]) => ({ ...event, id: newUuid(), version: 1, meta })),
    })),
  );
}

const person = (
  participant: string,
  manager: string | null,
  team: string,
  region: string,
  from = '2016-01-01',
  to: string | null = null,
): [string, AttainEvent] => [
  `participant-${participant}`,
  {
    type: 'ParticipantAssigned',
    data: { participant, from, to, role: null, manager, team, region, currency: null, fields: {} },
  },
];
const company: [string, AttainEvent] = [
  'company-main',
  {
    type: 'CompanyConfigured',
    data: {
      document: {
        currency: 'USD',
        measures: { revenue: { counts: 'amount', of: 'deals' }, deals: { counts: '1', of: 'deals' } },
      },
    },
  },
];
const quota = (whom: string, amount: string, credit: string[] = ['sales']): [string, AttainEvent] => [
  `quota-${whom}~revenue`,
  {
    type: 'QuotaAssigned',
    data: { for: whom, measure: 'revenue', period: '2017-02', amount, target: null, credit, currency: null },
  },
];
const deal = (id: string, fields: Record<string, string>, ...after: AttainEvent[]): [string, AttainEvent][] =>
  [{ type: 'DealOpened', data: { source: 'crm', id, fields } } as AttainEvent, ...after].map((event) => [
    `deal-crm:${id}`,
    event,
  ]);
const won = (closed: string): AttainEvent => ({ type: 'DealWon', data: { closed } });

const finance: Caller = { actor: 'user:f', name: 'F', roles: ['finance'] };
const as = (participant: string, role: 'rep' | 'manager'): Caller => ({
  actor: `user:${participant}`,
  name: participant,
  roles: [role],
  participant,
});

describe('reports of a small company', () => {
  let instance: Instance;
  const scope = (caller: Caller) => instance.get(Scopes).scopeOf(caller);

  beforeAll(async () => {
    instance = await createInstance([ReportingModule], { clock: () => '2017-02-27T18:00:00.000Z' });
    await record(instance.get(EVENT_STORE), [
      company,
      person('ann', 'max', 'North', 'East'),
      person('bob', 'max', 'North', 'East'),
      person('zoe', 'max', 'South', 'East', '2016-01-01', '2017-02-14'),
      person('zoe', 'max', 'South', 'West', '2017-02-15'),
      person('max', null, 'North', 'East'),
      quota('ann', '1000'),
      quota('zoe', '1000'),
      quota('North', '3000'),
      ...deal('D1', { owner: 'ann', amount: '500', product: 'A', account: 'Acme' }, won('2017-02-10')),
      ...deal('D2', { owner: 'zoe', amount: '700.50', product: 'A' }, won('2017-02-14')),
      ...deal('D3', { owner: 'zoe', amount: '100', product: 'B' }, won('2017-02-15')),
      ...deal('D4', { owner: 'bob', product: 'B' }, { type: 'DealLost', data: { closed: '2017-02-20' } }),
      ...deal('D5', { owner: 'bob', amount: '80', currency: 'EUR' }, won('2017-03-01')),
      ...deal('D6', { owner: 'ann', amount: '90', product: 'A' }),
    ]);
    await instance.caughtUp();
  });
  afterAll(() => instance.close());

  it('AT-47: show on 27 February what an even pace would have reached of 1,000', async () => {
    const { rows } = await instance
      .get(AttainmentQueries)
      .report(scope(finance), { period: '2017-02', by: 'participant', for: 'ann' });
    expect(rows).toEqual([
      {
        for: 'ann',
        people: 1,
        measure: 'revenue',
        period: '2017-02',
        currency: 'USD',
        quota: '1000.00',
        credited: '500.00',
        attained: '0.500000',
        pace: { elapsed: 27, days: 28, due: '964.29', attained: '0.518519' },
      },
    ]);
  });

  it('show a rep the own attainment and nobody else’s, a manager that of the reports', async () => {
    const names = async (caller: Caller) =>
      (await instance.get(AttainmentQueries).report(scope(caller), { period: '2017-02', by: 'participant' })).rows.map(
        (row) => row.for,
      );
    expect(await names(as('ann', 'rep'))).toEqual(['ann']);
    expect(await names(as('max', 'manager'))).toEqual(['ann', 'zoe']);
    expect(await names(finance)).toEqual(['ann', 'zoe']);
  });

  it('show a team, however large, only to those who see each of its members', async () => {
    const teams = async (caller: Caller) => {
      const { rows, hidden } = await instance
        .get(AttainmentQueries)
        .report(scope(caller), { period: '2017-02', by: 'team', measure: 'revenue' });
      return [rows.map((row) => [row.for, row.credited, row.quota]), hidden];
    };
    expect(await teams(as('ann', 'rep'))).toEqual([[], 2]);
    expect(await teams(as('max', 'manager'))).toEqual([
      [
        ['North', '500.00', '3000.00'],
        ['South', '800.50', null],
      ],
      0,
    ]);
  });

  it('carry their source: parameters, position, rows and a control total', async () => {
    const { source } = await instance
      .get(AttainmentQueries)
      .report(scope(finance), { period: '2017-02', by: 'participant' });
    expect(source).toEqual({
      report: 'attainment',
      parameters: { period: '2017-02', by: 'participant' },
      position: String(await instance.get(EVENT_STORE).head()),
      rows: 2,
      totalOf: 'credited',
      controlTotal: { 'revenue USD': '1300.5' },
      warnings: 0,
    });
  });

  it('count the warnings that there are for those who see everybody, and for nobody else', async () => {
    for (const [who, warnings] of [
      [finance, 0],
      [as('ann', 'rep'), undefined],
    ] as const) {
      const { source: sold } = await instance.get(SalesQueries).report(scope(who), { by: 'company' });
      const { source: ranked } = await instance
        .get(LeaderboardQueries)
        .board(scope(who), { period: '2017-02', by: 'participant' });
      expect([sold.warnings, ranked.warnings]).toEqual([warnings, warnings]);
    }
  });

  it('rank everybody by attainment for everybody, in fractions only for those who see everybody', async () => {
    const board = (caller: Caller, by: 'participant' | 'team' = 'participant') =>
      instance.get(LeaderboardQueries).board(scope(caller), { period: '2017-02', by });
    expect((await board(finance)).rows).toEqual([
      { rank: 1, for: 'zoe', attained: '0.800500' },
      { rank: 2, for: 'ann', attained: '0.500000' },
    ]);
    // Both have a quota of 1,000, so that a percent would be an amount.
    expect(await board(as('bob', 'rep'))).toMatchObject({
      rows: [
        { rank: 1, for: 'zoe', attained: null },
        { rank: 2, for: 'ann', attained: null },
      ],
      hidden: 2,
      source: { controlTotal: {} },
    });
    expect((await board(as('max', 'manager'))).rows.map(({ attained }) => attained)).toEqual(['0.80', '0.50']);
    expect(await board(as('ann', 'rep'), 'team')).toMatchObject({
      rows: [{ rank: 1, for: 'North', attained: null }],
      hidden: 1,
    });
    expect((await board(as('max', 'manager'), 'team')).rows).toEqual([{ rank: 1, for: 'North', attained: '0.17' }]);
  });

  it('accept a cut of a leaderboard only from those who see everybody', async () => {
    const ask = (caller: Caller, cut: object) =>
      instance.get(LeaderboardQueries).board(scope(caller), { period: '2017-02', by: 'participant' }, cut);
    await expect(ask(as('max', 'manager'), { effective: '2017-02-14' })).rejects.toMatchObject({
      errors: [{ field: 'effective' }],
    });
    await expect(ask(as('ann', 'rep'), { known: '2018-03-01T00:00:00.000Z' })).rejects.toMatchObject({
      errors: [{ field: 'asOf' }],
    });
    expect((await ask(finance, { effective: '2017-02-14' })).rows).toMatchObject([
      { for: 'zoe', attained: '0.700500' },
      { for: 'ann' },
    ]);
  });

  it('sum sales by the region of the owner on the closing date', async () => {
    const { rows } = await instance.get(SalesQueries).report(scope(finance), { by: 'region', period: '2017-02' });
    expect(rows).toEqual([
      {
        key: 'East',
        currency: 'USD',
        won: 2,
        lost: 1,
        amount: '1200.50',
        reversed: '0.00',
        net: '1200.50',
        winRate: '0.666667',
      },
      {
        key: 'West',
        currency: 'USD',
        won: 1,
        lost: 0,
        amount: '100.00',
        reversed: '0.00',
        net: '100.00',
        winRate: '1.000000',
      },
    ]);
  });

  it('have the same sum of all days, with any moves in between', async () => {
    const { rows, source } = await instance.get(SalesQueries).report(scope(finance), { by: 'region' });
    expect(rows.map(({ key, currency, won: sold, lost, amount }) => [key, currency, sold, lost, amount])).toEqual([
      ['East', 'EUR', 1, 0, '80.00'],
      ['East', 'USD', 2, 1, '1200.50'],
      ['West', 'USD', 1, 0, '100.00'],
    ]);
    expect(source.deals).toBe(5);
  });

  it('never add currencies', async () => {
    const { rows, source } = await instance.get(SalesQueries).report(scope(finance), { by: 'company' });
    expect(rows.map(({ currency, amount }) => [currency, amount])).toEqual([
      ['EUR', '80.00'],
      ['USD', '1300.50'],
    ]);
    expect(source).toMatchObject({ rows: 2, deals: 5, settled: true, controlTotal: { EUR: '80', USD: '1300.5' } });
  });

  it('sum the sales of a rep for that rep, of the reports for their manager', async () => {
    const sold = async (caller: Caller) =>
      (await instance.get(SalesQueries).report(scope(caller), { by: 'rep' })).rows.map(({ key }) => key);
    expect(await sold(as('zoe', 'rep'))).toEqual(['zoe']);
    expect(await sold(as('max', 'manager'))).toEqual(['ann', 'bob', 'bob', 'zoe']);
    expect(() => scope({ actor: 'user:a', name: 'A', roles: ['admin'] })).toThrow(OutOfScope);
  });

  it('refuse a measure and a period that do not exist, each by its field', async () => {
    const ask = (asked: object) =>
      instance.get(AttainmentQueries).report(scope(finance), { period: '2017-02', by: 'team', ...asked });
    await expect(ask({ measure: 'margin' })).rejects.toMatchObject({
      errors: [{ field: 'measure', message: 'expected one of deals, revenue' }],
    });
    await expect(ask({ period: '2017-13' })).rejects.toMatchObject({ errors: [{ field: 'period' }] });
  });
});

describe('a leaderboard for a rep', () => {
  const opened: Instance[] = [];
  afterAll(() => Promise.all(opened.map((instance) => instance.close())));

  const counted = (whom: string, amount: string): [string, AttainEvent] => [
    `quota-${whom}~deals`,
    {
      type: 'QuotaAssigned',
      data: { for: whom, measure: 'deals', period: '2017-02', amount, target: null, credit: ['sales'], currency: null },
    },
  ];
  /** Ann, Bob, Eve and Zoe sell; Kim is credited with what all of them sell. */
  async function attained(
    who: string,
    { configured = company, measure = 'revenue', more = [] as [string, AttainEvent][] } = {},
  ): Promise<(string | null)[][]> {
    const instance = await createInstance([ReportingModule], { clock: () => '2017-02-27T18:00:00.000Z' });
    opened.push(instance);
    await record(instance.get(EVENT_STORE), [
      configured,
      ...['ann', 'bob', 'eve', 'zoe', 'kim'].map((id) => person(id, 'max', 'North', 'East')),
      ...[
        ['ann', '1000'],
        ['bob', '2000'],
        ['eve', '4000'],
        ['zoe', '8000'],
      ].map(([id, amount]) => quota(id!, amount!)),
      quota('kim', '16000', ['all']),
      ...[
        ['ann', '3'],
        ['bob', '5'],
        ['eve', '7'],
        ['zoe', '2'],
      ].map(([id, amount]) => counted(id!, amount!)),
      ...[
        ['D1', 'ann', '567.89'],
        ['D2', 'bob', '100'],
        ['D3', 'eve', '6000'],
      ].flatMap(([id, owner, amount]) => deal(id!, { owner: owner!, amount: amount! }, won('2017-02-10'))),
      ...more,
    ]);
    await instance.caughtUp();
    const board = await instance
      .get(LeaderboardQueries)
      .board(instance.get(Scopes).scopeOf(as(who, 'rep')), { period: '2017-02', by: 'participant', measure });
    return board.rows.map((row) => [row.for, row.attained]);
  }

  it('holds whole percents of those who sell, and nobody who attains with the sales of others', async () => {
    expect(await attained('ann')).toEqual([
      ['eve', '1.50'],
      ['ann', '0.57'],
      ['bob', '0.05'],
      ['zoe', '0.00'],
    ]);
  });

  it('has only ranks of others for a participant with others’ deals in the own statement', async () => {
    expect(await attained('kim')).toEqual([
      ['eve', null],
      ['ann', null],
      ['kim', '0.42'],
      ['bob', null],
      ['zoe', null],
    ]);
  });

  it('has only ranks of others for a participant who shares a deal with one of them, and so knows the share to the cent', async () => {
    const more = deal(
      'D4',
      { owner: 'ann', amount: '1000' },
      { type: 'DealSplit', data: { revenue: { ann: '70%', zoe: '30%' }, overlay: {} } },
      won('2017-02-11'),
    );
    expect(await attained('ann', { more })).toEqual([
      ['eve', null],
      ['ann', '1.27'],
      ['bob', null],
      ['zoe', null],
    ]);
    expect(await attained('bob', { more })).toEqual([
      ['eve', '1.50'],
      ['ann', '1.27'],
      ['bob', '0.05'],
      ['zoe', '0.04'],
    ]);
  });

  it('has only ranks of others if a percent of a stated target is pay', async () => {
    const plan = (target: string): [string, AttainEvent] => {
      const components = [
        {
          name: 'Bonus',
          measure: 'revenue',
          per: 'month',
          target,
          curve: [
            { at: '0%', pays: '0%' },
            { at: '100%', pays: '100%' },
          ],
        },
      ];
      const document = {
        plan: 'AE',
        version: '1',
        effective: { from: '2017-01-01' },
        assignedTo: { people: ['ann', 'bob', 'eve', 'zoe'] },
        pays: 'monthly',
        components,
      };
      return [
        'plan-AE',
        {
          type: 'PlanPublished',
          data: {
            plan: 'AE',
            version: '1',
            document,
            uses: { ...(company as [string, { data: { document: object } }])[1].data.document },
            hash: 'h',
          },
        },
      ];
    };
    expect(await attained('ann', { more: [plan('1000')] })).toEqual([
      ['eve', null],
      ['ann', '0.57'],
      ['bob', null],
      ['zoe', null],
    ]);
    expect(await attained('ann', { more: [plan('assigned')] })).toEqual([
      ['eve', '1.50'],
      ['ann', '0.57'],
      ['bob', '0.05'],
      ['zoe', '0.00'],
    ]);
  });

  it('has only ranks of others for a measure that counts deals', async () => {
    expect(await attained('ann', { measure: 'deals' })).toEqual([
      ['ann', '0.33'],
      ['bob', null],
      ['eve', null],
      ['zoe', null],
    ]);
  });

  it('contains only the ranks of others if the company chooses so', async () => {
    const [stream, { data }] = company as [string, { data: { document: object } }];
    const configured: typeof company = [
      stream,
      { type: 'CompanyConfigured', data: { document: { ...data.document, leaderboards: { shows: 'rank' } } } },
    ];
    expect(await attained('ann', { configured })).toEqual([
      ['eve', null],
      ['ann', '0.57'],
      ['bob', null],
      ['zoe', null],
    ]);
  });
});

const maven = fileURLToPath(new URL('../../../../shared/data/maven_crm/', import.meta.url));
const itShared = existsSync(maven) ? it : it.skip;
const records = (file: string) => {
  const [header = '', ...lines] = readFileSync(`${maven}${file}`, 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));
};

describe('the totals of the Maven export (skipped without ../shared/data)', () => {
  let instance: Instance | undefined;
  afterAll(() => instance?.close());

  itShared('come back: 10,005,534 won, by region, by quarter, and a win rate of 63.15 %', async () => {
    instance = await createInstance([ReportingModule]);
    const events: [string, AttainEvent][] = [company];
    for (const row of records('sales_teams.csv'))
      events.push(person(row['sales_agent']!, row['manager']!, row['manager']!, row['regional_office']!));
    for (const row of records('sales_pipeline.csv')) {
      const {
        opportunity_id: id = '',
        sales_agent: owner = '',
        product = '',
        account = '',
        close_value: amount = '',
        close_date: closed = '',
        deal_stage: stage,
      } = row;
      const fields = { owner, product, ...(account && { account }), ...(amount && { amount }) };
      events.push(
        ...deal(
          id,
          fields,
          ...(stage === 'Won'
            ? [won(closed)]
            : stage === 'Lost'
              ? [{ type: 'DealLost', data: { closed } } as AttainEvent]
              : []),
        ),
      );
    }
    await record(instance.get(EVENT_STORE), events);
    await instance.caughtUp();
    const sales = (by: 'company' | 'region' | 'quarter' | 'rep') =>
      instance!.get(SalesQueries).report(instance!.scope, { by });

    const all = await sales('company');
    expect(all.rows).toMatchObject([{ won: 4238, lost: 2473, amount: '10005534.00' }]);
    expect(all.winRate).toBe('0.631501');
    expect((await sales('region')).rows.map(({ key, amount }) => [key, amount])).toEqual([
      ['Central', '3346293.00'],
      ['East', '3090594.00'],
      ['West', '3568647.00'],
    ]);
    expect((await sales('quarter')).rows.map(({ key, amount }) => [key, amount])).toEqual([
      ['2017-Q1', '1134672.00'],
      ['2017-Q2', '3086111.00'],
      ['2017-Q3', '2982255.00'],
      ['2017-Q4', '2802496.00'],
    ]);
    expect((await sales('rep')).rows.find(({ key }) => key === 'Darcel Schlecht')?.amount).toBe('1153214.00');
  });
});
