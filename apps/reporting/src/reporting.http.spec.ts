import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttainEvent } from '@attain/contracts';
import { EVENT_STORE, serve, type Served } from '@attain/service';
import { newUuid } from '@attain/values';
import { type Agent, agentOf, checkedAgent } from '@attain/service/testing';
import { ReportingModule } from './index.js';

describe('reports over HTTP', () => {
  let served: Served;
  let position = '';
  const clients = new Map<string, Agent>();
  const as = (who: string) => clients.get(who)!;

  beforeAll(async () => {
    served = await serve([ReportingModule], {
      name: 'test',
      topology: 'together',
      settings: { EVENTS_URL: 'memory:', BUS_URL: 'memory:', MODELS_URL: 'memory:', PORT: '0', LOG_LEVEL: 'silent' },
      environment: {},
      signals: false,
      clock: () => '2017-02-27T18:00:00.000Z',
      print: () => undefined,
      demo: {
        company: 'Maven',
        rep: { participant: 'ann', name: 'Ann' },
        manager: { participant: 'max', name: 'Max' },
      },
    });
    for (const role of ['rep', 'manager', 'finance', 'auditor']) {
      const { body } = await agentOf(served.url).post('/session/demo').send({ as: role, give: 'token' }).expect(200);
      clients.set(role, checkedAgent(served, (body as { token: string }).token));
    }
    const store = served.get(EVENT_STORE);
    const record = async (stream: string, ...events: AttainEvent[]) => {
      const meta = { actor: 'test', correlation: 'c', recorded: '2017-02-20T00:00:00.000Z' };
      const appended = await store.append({
        stream,
        expected: 'any',
        events: events.map((event) => ({ ...event, id: newUuid(), version: 1, meta })),
      });
      position = String(appended.position);
    };
    await record('company-main', {
      type: 'CompanyConfigured',
      data: { document: { currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } } } },
    });
    for (const [participant, manager] of [
      ['ann', 'max'],
      ['bob', 'max'],
      ['max', null],
    ] as const) {
      await record(`participant-${participant}`, {
        type: 'ParticipantAssigned',
        data: {
          participant,
          from: '2017-01-01',
          to: null,
          role: null,
          manager,
          team: 'North',
          region: 'East',
          currency: null,
          fields: {},
        },
      });
      await record(`quota-${participant}~revenue`, {
        type: 'QuotaAssigned',
        data: {
          for: participant,
          measure: 'revenue',
          period: '2017-02',
          amount: '1000',
          target: null,
          credit: ['sales'],
          currency: null,
        },
      });
    }
    for (const [id, owner, amount] of [
      ['D1', 'ann', '500'],
      ['D2', 'bob', '777'],
    ] as const) {
      await record(
        `deal-crm:${id}`,
        { type: 'DealOpened', data: { source: 'crm', id, fields: { owner, amount } } },
        { type: 'DealWon', data: { closed: '2017-02-15' } },
      );
    }
  });
  afterAll(() => served.close());

  it('attainment carries its pace and its source', async () => {
    const { body } = await as('rep').get('/attainment?period=2017-02').set('Attain-Position', position).expect(200);
    expect(body).toMatchObject({
      rows: [{ for: 'ann', credited: '500.00', attained: '0.500000', pace: { elapsed: 27, days: 28, due: '964.29' } }],
      source: { report: 'attainment', position, rows: 1, controlTotal: { 'revenue USD': '500' } },
    });
    expect(
      (await as('finance').get('/attainment?period=2017-02&by=team&measure=revenue').expect(200)).body,
    ).toMatchObject({ rows: [{ for: 'North', people: 3, credited: '1277.00' }] });
  });

  it('as of a day before any fact attainment is empty', async () => {
    expect((await as('finance').get('/attainment?period=2017-02&asOf=2017-02-19').expect(200)).body).toMatchObject({
      rows: [],
    });
    expect((await as('finance').get('/attainment?period=2017-02&effective=2017-02-14').expect(200)).body).toMatchObject(
      { rows: [{ credited: '0.00' }, { credited: '0.00' }, { credited: '0.00' }] },
    );
  });

  it('a leaderboard is for everybody and holds no amount', async () => {
    const { text } = await as('rep').get('/leaderboards?period=2017-02').expect(200);
    expect(JSON.parse(text)).toMatchObject({
      rows: [
        { rank: 1, for: 'bob', attained: null },
        { rank: 2, for: 'ann', attained: '0.50' },
        { rank: 3, for: 'max', attained: null },
      ],
      published: { effective: '2017-02-26', known: '2017-02-26T23:59:59.999Z' },
    });
    expect(text).not.toMatch(/"(777|500)(\.00)?"/);
    expect((await as('finance').get('/leaderboards?period=2017-02').expect(200)).body).toMatchObject({
      rows: [{ for: 'bob', attained: '0.777000' }, {}, {}],
      published: null,
    });
  });

  it('a leaderboard as of another day is for those who see everybody', async () => {
    for (const who of ['rep', 'manager']) {
      const { body } = await as(who)
        .get('/leaderboards?period=2017-02&asOf=2017-02-20&effective=2017-02-14')
        .expect(422);
      expect((body as { errors: { field: string }[] }).errors.map(({ field }) => field)).toEqual(['asOf', 'effective']);
    }
    await as('auditor').get('/leaderboards?period=2017-02&asOf=2017-02-20&effective=2017-02-14').expect(200);
  });

  it('sales stay inside the scope', async () => {
    expect((await as('rep').get('/sales?by=rep').set('Attain-Position', position).expect(200)).body).toMatchObject({
      rows: [{ key: 'ann', amount: '500.00' }],
    });
    expect((await as('manager').get('/sales?by=month&from=2017-01-01&to=2017-12-31').expect(200)).body).toMatchObject({
      rows: [{ key: '2017-02', won: 2, amount: '1277.00' }],
      winRate: '1.000000',
    });
  });

  it('questions that make no sense are refused by field', async () => {
    for (const [route, field] of [
      ['/attainment', 'period'],
      ['/attainment?period=2017-13', 'period'],
      ['/attainment?period=2017-02&by=planet', 'by'],
      ['/attainment?period=2017-02&measure=margin', 'measure'],
      ['/leaderboards?period=2017-02&by=company', 'by'],
      ['/sales?from=2017-02-30', 'from'],
      ['/sales?period=x', 'period'],
      ['/leaderboards?period=2017-02&effective=x', 'effective'],
    ] as const) {
      const { body } = await as('finance').get(route).expect(422);
      expect([route, (body as { errors: { field: string }[] }).errors.map((error) => error.field)]).toEqual([
        route,
        [field],
      ]);
    }
    const { body } = await as('finance').get('/sales?owner=bob').expect(400);
    expect(body).toMatchObject({ code: 'UNKNOWN_FIELD', errors: [{ field: 'owner' }] });
  });
});
