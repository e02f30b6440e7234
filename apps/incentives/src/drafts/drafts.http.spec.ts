import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttainEvent } from '@attain/contracts';
import { EVENT_STORE, Jobs, type Role, serve, type Served, Sessions } from '@attain/service';
import { type Agent, checkedAgent } from '@attain/service/testing';
import { newUuid } from '@attain/values';
import { IncentivesModule } from '../incentives.module.js';
import type { PlanCost } from './drafts.answers.js';

const now = '2025-03-10T12:00:00.000Z';
const planWith = (rate: string, from = '2025-01-01', version = from) => `attain: 1
plan: Account executive
version: "${version}"
effective: { from: ${from} }
assignedTo: { roles: [AE] }
pays: monthly
components:
  - name: Commission
    measure: revenue
    per: month
    tiers:
      - { from: 0%, rate: ${rate} }
      - { from: 100%, rate: 20% } # above the quota
examples:
  - name: a deal up to the quota
    quota: 1000
    deals: [1000]
    lines: [100]
`;
const people = ['ann', 'ben', 'cat', 'dan', 'eve', 'flo'];

describe('A draft of a plan', () => {
  let served: Served;
  const clients = new Map<string, Agent>();
  const as = (role: string) => clients.get(role)!;
  const record = (stream: string, ...events: AttainEvent[]) =>
    served.get(EVENT_STORE).append({
      stream,
      expected: 'any',
      events: events.map((event) => ({
        ...event,
        id: newUuid(),
        version: 1,
        meta: { actor: 'test', correlation: 'c', recorded: '2025-01-10T00:00:00.000Z' },
      })),
    });
  const costOf = async (role: string, text: string, range: object): Promise<PlanCost> => {
    const { body } = await as(role)
      .post('/plans/cost')
      .send({ text, ...range })
      .expect(202);
    const job = await served.get(Jobs).over((body as { id: string }).id);
    expect(job).toMatchObject({ state: 'finished', problem: null });
    const followed = await as(role).get(`/jobs/${job!.id}`).expect(200);
    return (followed.body as { result: PlanCost }).result;
  };

  beforeAll(async () => {
    served = await serve([IncentivesModule], {
      name: 'test',
      topology: 'together',
      settings: { EVENTS_URL: 'memory:', BUS_URL: 'memory:', MODELS_URL: 'memory:', PORT: '0', LOG_LEVEL: 'silent' },
      environment: {},
      signals: false,
      clock: () => now,
      firstUser: false,
      print: () => undefined,
    });
    for (const role of ['plan-author', 'finance', 'rep'] as Role[]) {
      const { token } = await served.app.get(Sessions, { strict: false }).begin({
        actor: `user:${role}`,
        name: role,
        roles: [role],
        ...(role === 'rep' && { participant: 'ann' }),
      });
      clients.set(role, checkedAgent(served, token));
    }
    await record('company-main', {
      type: 'CompanyConfigured',
      data: { document: { currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } } } },
    });
    for (const [index, participant] of people.entries()) {
      await record(`participant-${participant}`, {
        type: 'ParticipantAssigned',
        data: {
          participant,
          from: '2025-01-01',
          to: null,
          role: 'AE',
          manager: null,
          team: null,
          region: null,
          currency: null,
          fields: {},
        },
      });
      for (const month of ['01', '02'])
        await record(
          `deal-crm:${participant}${month}`,
          {
            type: 'DealOpened',
            data: {
              source: 'crm',
              id: `${participant}${month}`,
              fields: { owner: participant, amount: `${1000 + index}` },
            },
          },
          { type: 'DealWon', data: { closed: `2025-${month}-15` } },
        );
    }
    await as('plan-author')
      .post('/plans')
      .set('Idempotency-Key', 'p1')
      .send({ text: planWith('10%') })
      .expect(200);
    await as('finance').post('/periods/2025-01/close').set('Idempotency-Key', 'c1').send({}).expect(200);
  });
  afterAll(() => served.close());

  it('has each problem at its line and column, with the name that was probably meant', async () => {
    const text = planWith('10%').replace('    measure: revenue', '    mesure: revenue');
    const { body } = await as('plan-author').post('/plans/check').send({ text }).expect(200);
    expect(body).toMatchObject({
      problems: expect.arrayContaining([
        expect.objectContaining({ line: 9, column: 5, code: 'unknown-key', proposal: 'measure' }),
      ]),
      examples: [],
      hash: null,
    });
  });

  it('that is no YAML has the place at which it cannot be read', async () => {
    const { body } = await as('plan-author').post('/plans/check').send({ text: 'plan: [a' }).expect(200);
    expect(body).toMatchObject({ problems: [{ line: 1, code: 'syntax', column: expect.any(Number) }] });
  });

  it('has each failing example at its line, with the expected and the actual number', async () => {
    const { body } = await as('plan-author')
      .post('/plans/check')
      .send({ text: planWith('12%') })
      .expect(200);
    expect(body).toMatchObject({
      problems: [],
      examples: [{ passed: false, line: 15, failures: [{ line: 18, expected: '100', actual: '120' }] }],
    });
  });

  it('is published by nobody while an example fails', async () => {
    const text = planWith('12%', '2025-02-01');
    const { body } = await as('plan-author').post('/plans').set('Idempotency-Key', 'p9').send({ text }).expect(409);
    expect(body).toMatchObject({ code: 'PLAN_EXAMPLES' });
  });

  it('is compared in words with the version that it follows', async () => {
    const { body } = await as('plan-author')
      .post('/plans/diff')
      .send({ text: planWith('12%', '2025-02-01') })
      .expect(200);
    expect(body).toMatchObject({
      follows: '2025-01-01',
      sentences: ['From 2025-02-01 the rate below 100 % of quota rises from 10 % to 12 %.'],
    });
  });

  it('has a pay curve whose points the engine computes', async () => {
    const { body } = await as('plan-author')
      .post('/plans/curve')
      .send({ text: planWith('10%') })
      .expect(200);
    const { curve } = body as { curve: { quota: string; points: { attained: string; pay: string }[] } };
    const payAt = (attained: string) => curve.points.find((point) => point.attained === attained)?.pay;
    expect(curve.quota).toBe('1000');
    expect([payAt('0.000000'), payAt('0.500000'), payAt('1.000000'), payAt('2.000000')]).toEqual([
      '0.00',
      '50.00',
      '100.00',
      '300.00',
    ]);
  });

  it('costs on the past what its published version then pays, beside what was paid', async () => {
    const text = planWith('12%', '2025-02-01').replace('lines: [100]', 'lines: [120]');
    const cost = await costOf('finance', text, { from: '2025-01-01', to: '2025-02-28' });
    expect(cost.periods).toEqual(['2025-01', '2025-02']);
    expect(cost.rows).toContainEqual({
      period: '2025-01',
      participant: 'ben',
      currency: 'USD',
      paid: '100.10',
      now: '100.10',
      then: '120.12',
      difference: '20.02',
    });
    const head = await served.get(EVENT_STORE).head();
    const open = await costOf('finance', text, { from: '2025-02-01', to: '2025-02-28' });
    expect(await served.get(EVENT_STORE).head()).toBe(head);
    await as('plan-author').post('/plans').set('Idempotency-Key', 'p2').send({ text }).expect(200);
    for (const { participant, then } of open.rows) {
      const { body } = await as('finance').get(`/statements/2025-02/${participant}`).expect(200);
      expect([participant, (body as { payable: string }).payable]).toEqual([participant, then]);
    }
    expect(open.rows).toHaveLength(people.length);
  });

  it('shows a plan author rounded sums, and no sum that follows from one person', async () => {
    const text = planWith('14%', '2025-02-01', 'next').replace('lines: [100]', 'lines: [140]');
    const range = { from: '2025-01-01', to: '2025-01-31' };
    expect(await costOf('plan-author', text, range)).toMatchObject({
      rows: [],
      isRounded: true,
      totals: [{ currency: 'USD', participants: 6, paid: '602', now: '602', then: '842', difference: '241', more: 6 }],
    });
    const alone = text.replace('roles: [AE]', 'people: [ann]');
    expect(await costOf('plan-author', alone, range)).toMatchObject({ rows: [], totals: [], withheld: ['USD'] });
    await as('rep').post('/plans/cost').send({ text }).expect(403);
    const { body } = await as('finance').post('/plans/cost').send({ text }).expect(202);
    const { id } = body as { id: string };
    await served.get(Jobs).over(id);
    await as('finance').get(`/plan-costs/${id}?format=csv`).expect(200);
    await as('plan-author').get(`/plan-costs/${id}`).expect(404);
  });
});
