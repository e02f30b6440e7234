import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttainEvent } from '@attain/contracts';
import { EVENT_STORE, serve, type Served } from '@attain/service';
import { addDays, newUuid } from '@attain/values';
import { type Agent, agentOf, checkedAgent } from '@attain/service/testing';
import { ForecastingModule } from './index.js';

describe('forecasts over HTTP', () => {
  let served: Served;
  let position = '';
  const clients = new Map<string, Agent>();
  const as = (who: string) => clients.get(who)!;

  beforeAll(async () => {
    served = await serve([ForecastingModule], {
      name: 'test',
      topology: 'together',
      settings: { EVENTS_URL: 'memory:', BUS_URL: 'memory:', MODELS_URL: 'memory:', PORT: '0', LOG_LEVEL: 'silent' },
      environment: {},
      signals: false,
      clock: () => '2018-01-02T18:00:00.000Z',
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
      const meta = { actor: 'test', correlation: 'c', recorded: '2018-01-01T00:00:00.000Z' };
      const appended = await store.append({
        stream,
        expected: 'any',
        events: events.map((event) => ({ ...event, id: newUuid(), version: 1, meta })),
      });
      position = String(appended.position);
    };
    const stages = [{ name: 'Engaging', probability: '40%', category: 'best case' }];
    await record('company-main', {
      type: 'CompanyConfigured',
      data: { document: { currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } }, stages } },
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
          from: '2016-01-01',
          to: null,
          role: null,
          manager,
          team: 'North',
          region: 'East',
          currency: null,
          fields: {},
        },
      });
    }
    for (let week = 0; week < 30; week += 1) {
      const fields = { owner: week % 2 ? 'ann' : 'bob', amount: String(1000 + ((week * 37) % 101)) };
      await record(
        `deal-crm:W${week}`,
        { type: 'DealOpened', data: { source: 'crm', id: `W${week}`, fields } },
        { type: 'DealWon', data: { closed: addDays('2017-06-05', 7 * week) } },
      );
    }
    await record('deal-crm:O1', {
      type: 'DealOpened',
      data: { source: 'crm', id: 'O1', fields: { owner: 'bob', amount: '5000', stage: 'Engaging' } },
    });
  });
  afterAll(() => served.close());

  it('the history of a team gives a forecast, with its error beside it', async () => {
    const { body } = await as('manager')
      .get('/forecast?by=team&horizon=4')
      .set('Attain-Position', position)
      .expect(200);
    expect(body).toMatchObject({
      rows: [
        {
          for: 'North',
          currency: 'USD',
          model: expect.any(String),
          none: null,
          level: 0.8,
          error: { origins: expect.any(Number), relative: expect.any(Number), coverage: { promised: 0.8 } },
        },
      ],
      hidden: 0,
      source: {
        report: 'forecast',
        position,
        parameters: { by: 'team', measure: 'revenue', every: 'week', horizon: '4', level: '0.8' },
      },
    });
    const { steps } = (body as { rows: { steps: { lower: string; point: string; upper: string }[] }[] }).rows[0]!;
    expect(steps).toHaveLength(4);
    for (const { lower, point, upper } of steps)
      expect(Number(lower) <= Number(point) && Number(point) <= Number(upper)).toBe(true);
  });

  it('the board is weighted, and stays inside the scope', async () => {
    const { body } = await as('manager').get('/forecast/board').set('Attain-Position', position).expect(200);
    expect(body).toMatchObject({
      rows: [{ key: 'best case', deals: 1, amount: '5000.00', weighted: '2000.00' }],
      source: { controlTotal: { USD: '2000.00' } },
    });
    expect((await as('rep').get('/forecast/board').expect(200)).body).toMatchObject({ rows: [] });
  });

  it('questions that make no sense are refused by field', async () => {
    for (const [route, field] of [
      ['/forecast?by=planet', 'by'],
      ['/forecast?horizon=0', 'horizon'],
      ['/forecast?horizon=54', 'horizon'],
      ['/forecast?level=99', 'level'],
      ['/forecast?measure=margin', 'measure'],
      ['/forecast?asOf=2017-02-30', 'asOf'],
      ['/forecast/board?period=2017-13', 'period'],
      ['/forecast/board?by=planet', 'by'],
    ] as const) {
      const { body } = await as('finance').get(route).expect(422);
      expect([route, (body as { errors: { field: string }[] }).errors.map((error) => error.field)]).toEqual([
        route,
        [field],
      ]);
    }
    await as('rep').get('/forecast?by=participant&for=bob').expect(404);
  });
});
