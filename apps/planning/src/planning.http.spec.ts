import type { PersonRow } from '@attain/contracts';
import { type Caller, serve, type Served, Sessions } from '@attain/service';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { agentOf, checkedAgent } from '@attain/service/testing';
import { CompanyCommands } from './company/company.commands.js';
import { ParticipantCommands } from './participants/participant.commands.js';
import { PlanningModule } from './planning.module.js';
import { QuotaCommands } from './quotas/quota.commands.js';

const context = { actor: 'test', correlation: 'test' };
let served: Served;
beforeEach(async () => {
  served = await serve([PlanningModule], {
    name: 'test',
    topology: 'together',
    settings: { EVENTS_URL: 'memory:', BUS_URL: 'memory:', MODELS_URL: 'memory:', PORT: '0', LOG_LEVEL: 'silent' },
    environment: {},
    signals: false,
    print: () => undefined,
    clock: () => '2025-03-01T12:00:00.000Z',
    demo: { company: 'Test', rep: { participant: 'ann', name: 'Ann' }, manager: { participant: 'mo', name: 'Mo' } },
  });
  await served
    .get(CompanyCommands)
    .configure({ currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } } }, context);
  const people: PersonRow[] = [
    { id: 'mo', name: 'Mo' },
    { id: 'ann', name: 'Ann', manager: 'mo', from: '2025-01-01', to: '2025-01-31' },
    { id: 'ann', manager: 'zoe', from: '2025-02-01' },
    { id: 'bob', manager: 'mo' },
    { id: 'zoe' },
  ];
  await served.get(ParticipantCommands).sync(people, { complete: true }, context);
  const quota = { measure: 'revenue', period: '2025-01', amount: '100000' };
  await served.get(QuotaCommands).sync(
    ['ann', 'bob', 'mo', 'zoe', 'company'].map((whose) => ({ ...quota, for: whose })),
    { complete: true },
    context,
  );
  await served.caughtUp();
});
afterEach(() => served.close());

const as = async (role: string) => {
  const { body } = await agentOf(served.url).post('/session/demo').send({ as: role, give: 'token' }).expect(200);
  return checkedAgent(served, (body as { token: string }).token);
};
const whose = async (role: string, path: string) =>
  (await (await as(role)).get(path).expect(200)).body.rows.map(
    (row: { for?: string; id?: string }) => row.for ?? row.id,
  );

/** Somebody of finance who is paid as a participant too. */
const paidAs = async (participant: string) => {
  const caller: Caller = { actor: 'user:fin', name: 'Fin', roles: ['finance'], participant };
  const { token } = await served.app.get(Sessions, { strict: false }).begin(caller);
  return checkedAgent(served, token);
};

describe('Own pay', () => {
  const place = { from: '2025-03-01', role: 'AE' };
  const code = async (client: Awaited<ReturnType<typeof paidAs>>, path: string, body: object) => {
    const { status, body: answer } = await client.post(path).send(body);
    return status === 409 ? (answer as { code: string }).code : status;
  };

  it('is not changed by the participant: neither quota, nor place, nor relations', async () => {
    const ann = await paidAs('ann');
    const quota = { measure: 'revenue', period: '2025-02', amount: '5' };
    expect(await code(ann, '/quotas/assign', { ...quota, for: 'ann' })).toBe('OWN_PAY');
    expect(await code(ann, '/quotas/assign', { ...quota, for: 'ann', amount: 'none' })).toBe(422);
    expect(await code(ann, '/quotas/withdraw', { measure: 'revenue', period: '2025-01', for: 'ann' })).toBe('OWN_PAY');
    expect(await code(ann, '/participants/ann/assign', place)).toBe('OWN_PAY');
    expect(await code(ann, '/participants/ann/retract', { from: '2025-02-01' })).toBe('OWN_PAY');
    const mentor = { relation: 'mentor', from: '2025-01-01' };
    expect(await code(ann, '/relations/record', { ...mentor, person: 'ann', other: 'zoe' })).toBe('OWN_PAY');
    expect(await code(ann, '/relations/record', { ...mentor, person: 'bob', other: 'ann' })).toBe('OWN_PAY');
    expect(await code(ann, '/leaves/record', { participant: 'ann', from: '2025-02-03' })).toBe('OWN_PAY');
  });

  it('includes the quota of the own team, and for a manager the sales of reports', async () => {
    const quota = { measure: 'revenue', period: '2025-02', amount: '5' };
    await (
      await as('finance')
    )
      .post('/participants/ann/assign')
      .send({ ...place, team: 'East', region: 'EMEA' })
      .expect(200);
    const ann = await paidAs('ann');
    for (const whose of ['East', 'EMEA'])
      expect(await code(ann, '/quotas/assign', { ...quota, for: whose })).toBe('OWN_PAY');
    expect(await code(ann, '/participants/bob/assign', { ...place, manager: 'ann' })).toBe('OWN_PAY');
    expect(await code(await paidAs('mo'), '/participants/bob/assign', { ...place, manager: 'zoe' })).toBe('OWN_PAY');
  });

  it('leaves the pay of others to finance', async () => {
    const ann = await paidAs('ann');
    await ann
      .post('/quotas/assign')
      .send({ for: 'bob', measure: 'revenue', period: '2025-02', amount: '5' })
      .expect(200);
    await ann
      .post('/participants/bob/assign')
      .send({ ...place, manager: 'mo' })
      .expect(200);
    await ann.post('/participants/ann/name').send({ name: 'Ann Other' }).expect(200);
    await (
      await as('finance')
    )
      .post('/quotas/assign')
      .send({ for: 'ann', measure: 'revenue', period: '2025-02', amount: '5' })
      .expect(200);
  });
});

describe('Quotas over HTTP', () => {
  it('of a rep are the own ones, of a manager also those of periods in which their person was a report', async () => {
    const finance = await as('finance');
    const { body } = await finance
      .post('/quotas/assign')
      .send({ for: 'ann', measure: 'revenue', period: '2025-Q1', amount: '300000' })
      .expect(200);
    await finance.get('/quotas').set('Attain-Position', body.position).expect(200);
    expect(await whose('rep', '/quotas')).toEqual(['ann', 'ann']);
    for (const asked of ['', '?on=2025-01-15', '?on=2025-01-01'])
      expect(await whose('manager', `/quotas${asked}`)).toEqual(['ann', 'bob', 'mo']);
    expect(await whose('manager', '/quotas?on=2025-03-01')).toEqual(['bob', 'mo']);
    expect(await whose('manager', '/quotas?for=ann&period=2025-Q1&on=2025-01-15')).toEqual([]);
    expect(await whose('rep', '/quotas?for=bob')).toEqual([]);
    expect(await whose('finance', '/quotas?period=2025-01')).toEqual(['ann', 'bob', 'company', 'mo', 'zoe']);
  });

  it('are set by a manager for reports, never for oneself or others', async () => {
    const manager = await as('manager');
    const quota = { measure: 'revenue', period: '2025-02', amount: '5' };
    const first = await manager
      .post('/quotas/assign')
      .send({ ...quota, for: 'bob', reason: 'ramp' })
      .expect(200);
    expect(first.body).toMatchObject({ stream: 'quota-bob~revenue' });
    expect(
      (
        await manager
          .post('/quotas/assign')
          .send({ ...quota, for: 'mo' })
          .expect(409)
      ).body.code,
    ).toBe('OWN_PAY');
    await manager
      .post('/quotas/assign')
      .send({ ...quota, for: 'zoe' })
      .expect(404);
    await manager
      .post('/quotas/assign')
      .send({ ...quota, for: 'company' })
      .expect(404);
    await (
      await as('rep')
    )
      .post('/quotas/assign')
      .send({ ...quota, for: 'ann' })
      .expect(403);
    const { body } = await manager
      .get('/quotas?for=bob&period=2025-02')
      .set('Attain-Position', first.body.position)
      .expect(200);
    expect(body.rows).toMatchObject([
      { amount: '5', reason: 'ramp', effective: '2025-02-01', actor: 'demo:manager', credit: ['sales'] },
    ]);
  });

  it('are set by a manager for days on which the report is one, while the report is one', async () => {
    const manager = await as('manager');
    const quota = { for: 'ann', measure: 'revenue', amount: '1' };
    for (const period of ['2025-01', '2025-02', '2025-Q1', '2026']) {
      for (const effective of [undefined, '2025-01-15', '2024-12-31', '1999-01-01', '2099-01-01']) {
        await manager
          .post('/quotas/assign')
          .send({ ...quota, period, effective })
          .expect(404);
        await manager.post('/quotas/withdraw').send({ for: 'ann', measure: 'revenue', period, effective }).expect(404);
      }
    }
    // From May on bob reports to zoe.
    const finance = await as('finance');
    const { body } = await finance
      .post('/participants/bob/assign')
      .send({ from: '2025-05-01', manager: 'zoe' })
      .expect(200);
    await finance.get('/participants').set('Attain-Position', body.position).expect(200);
    await served.caughtUp();
    await manager
      .post('/quotas/assign')
      .send({ ...quota, for: 'bob', period: '2025-04' })
      .expect(200);
    for (const period of ['2025-05', '2025-Q2', '2025'])
      await manager
        .post('/quotas/assign')
        .send({ ...quota, for: 'bob', period })
        .expect(404);
    await manager
      .post('/quotas/assign')
      .send({ ...quota, for: 'bob', period: '2025-04', effective: '2025-05-01' })
      .expect(404);
  });

  it('are refused with a code if the period or the measure does not exist, and with 422 if the request is malformed', async () => {
    const finance = await as('finance');
    const quota = { for: 'bob', measure: 'revenue', period: '2025-02', amount: '5' };
    expect(
      (
        await finance
          .post('/quotas/assign')
          .send({ ...quota, period: '2025-13' })
          .expect(409)
      ).body.code,
    ).toBe('UNKNOWN_PERIOD');
    expect(
      (
        await finance
          .post('/quotas/assign')
          .send({ ...quota, measure: 'calls' })
          .expect(409)
      ).body.code,
    ).toBe('UNKNOWN_MEASURE');
    for (const amount of ['-5', '1e400', '1.234,56', 5, ''])
      await finance
        .post('/quotas/assign')
        .send({ ...quota, amount })
        .expect(422);
    await finance.post('/quotas/withdraw').send({ for: 'bob', measure: 'revenue', period: '2025-09' }).expect(409);
  });

  it('answer a repeated key like the first time', async () => {
    const finance = await as('finance');
    const assign = (amount: string) =>
      finance
        .post('/quotas/assign')
        .set('Idempotency-Key', 'q1')
        .send({ for: 'bob', measure: 'revenue', period: '2025-02', amount });
    const first = await assign('5').expect(200);
    expect((await assign('5').expect(200)).body).toEqual(first.body);
    expect((await assign('6').expect(422)).body.code).toBe('KEY_REUSED');
  });
});

describe('People over HTTP', () => {
  it('are those whom one may see on that day', async () => {
    expect(await whose('rep', '/participants')).toEqual(['ann']);
    expect(await whose('manager', '/participants?on=2025-01-15')).toEqual(['ann', 'bob', 'mo']);
    expect(await whose('manager', '/participants/hierarchy?on=2025-01-15')).toEqual(['mo']);
    await (await as('rep')).get('/participants/bob').expect(404);
    expect((await (await as('rep')).get('/participants/ann').expect(200)).body.rows).toHaveLength(2);
  });
  it('are assigned with a reason, and an overlap is refused with the other row', async () => {
    const finance = await as('finance');
    await finance
      .post('/participants/kim/assign')
      .send({ from: '2025-01-01', to: '2025-12-31', role: 'AE', reason: 'hired' })
      .expect(200);
    const refused = await finance
      .post('/participants/kim/assign')
      .send({ from: '2025-06-01', role: 'SDR' })
      .expect(409);
    expect(refused.body).toMatchObject({ code: 'OVERLAP', about: { overlaps: '2025-01-01..2025-12-31' } });
    await finance.post('/participants/kim/assign').send({ from: '2025-02-30' }).expect(422);
    await (await as('manager')).post('/participants/kim/assign').send({ from: '2026-01-01' }).expect(403);
  });
});

describe('The company over HTTP', () => {
  it('shows its document and its calendar', async () => {
    const rep = await as('rep');
    expect((await rep.get('/company').expect(200)).body).toMatchObject({ currency: 'USD' });
    const { body } = await rep.get('/calendar').expect(200);
    expect(body.rows).toHaveLength(19);
    expect(body.rows[0]).toMatchObject({ name: '2025-01', state: 'open' });
    await rep.get('/calendar?year=2025-13').expect(422);
  });
  it('is configured by finance, with every error named', async () => {
    const finance = await as('finance');
    const { body } = await finance
      .post('/company')
      .send({ document: { currency: 'USX', stages: 'none' } })
      .expect(422);
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(['currency', 'stages']);
    await finance
      .post('/tables/rates')
      .send({ columns: ['line', 'rate'], rows: [['a']] })
      .expect(409);
    await finance
      .post('/tables/rates')
      .send({ columns: ['line', 'rate'], rows: [['a', '1%']] })
      .expect(200);
    await finance.post('/rates/record').send({ from: 'EUR', to: 'USD', date: '2025-01-01', rate: '1.09' }).expect(200);
    await finance
      .post('/relations/record')
      .send({ person: 'ann', relation: 'mentor', other: 'zoe', from: '2025-01-01' })
      .expect(200);
  });
});

describe('Leaves', () => {
  it('are recorded and retracted by finance, and seen by the manager of their first day', async () => {
    const finance = await as('finance');
    const january = { participant: 'ann', from: '2025-01-20', to: '2025-01-24' };
    await finance
      .post('/leaves/record')
      .send({ ...january, reason: 'parental leave' })
      .expect(200);
    await finance.post('/leaves/record').send({ participant: 'ann', from: '2025-02-10' }).expect(200);
    await finance.post('/leaves/record').send({ participant: 'ann', from: '2025-02-10', to: '2025-02-01' }).expect(409);
    await finance.post('/leaves/record').send({ participant: 'ann', from: '2025-02-30' }).expect(422);
    await served.caughtUp();
    const seen = async (role: string) =>
      ((await (await as(role)).get('/leaves').expect(200)).body as { rows: { from: string }[] }).rows.map(
        ({ from }) => from,
      );
    expect(await seen('rep')).toEqual(['2025-01-20', '2025-02-10']);
    expect(await seen('manager')).toEqual(['2025-01-20']);
    const { body } = await finance.get('/leaves?participant=ann').expect(200);
    expect(body.rows[0]).toMatchObject({ ...january, source: null, reason: 'parental leave' });
    await (await as('manager')).post('/leaves/retract').send(january).expect(403);
    await finance.post('/leaves/retract').send({ participant: 'ann', from: '2025-01-20' }).expect(200);
    await served.caughtUp();
    expect(await seen('finance')).toEqual(['2025-02-10']);
  });
});

describe('An unknown name', () => {
  it.each([
    ['/leaves/record', { participant: 'bobb', from: '2025-02-03' }, { field: 'participant', nearest: 'bob' }],
    [
      '/quotas/assign',
      { for: 'bobb', measure: 'revenue', period: '2025-02', amount: '5' },
      { field: 'for', nearest: 'bob' },
    ],
    ['/participants/kim/assign', { from: '2025-01-01', manager: 'mmo' }, { field: 'manager', nearest: 'mo' }],
    [
      '/relations/record',
      { person: 'anne', relation: 'mentor', other: 'zoe', from: '2025-01-01' },
      { field: 'person', nearest: 'ann' },
    ],
    [
      '/relations/record',
      { person: 'ann', relation: 'mentor', other: 'zoee', from: '2025-01-01' },
      { field: 'other', nearest: 'zoe' },
    ],
  ])('is refused by %s with the nearest one', async (path, body, about) => {
    const refused = await (await as('finance')).post(path).send(body).expect(409);
    expect(refused.body).toMatchObject({ code: 'PERSON_UNKNOWN', about });
    expect(refused.body.detail).toContain(`(did you mean "${about.nearest}"?)`);
  });
  it('gives no hint to callers who see only some people', async () => {
    const { body } = await (
      await as('manager')
    )
      .post('/quotas/assign')
      .send({ for: 'zoee', measure: 'revenue', period: '2025-02', amount: '5' })
      .expect(404);
    expect(JSON.stringify(body)).not.toContain('"zoe"');
  });
  it('is known from the moment on which it was recorded, as a person or as a team', async () => {
    const finance = await as('finance');
    await finance.post('/participants/kim/assign').send({ from: '2025-01-01', team: 'Night shift' }).expect(200);
    for (const whose of ['kim', 'Night shift', 'company'])
      await finance
        .post('/quotas/assign')
        .send({ for: whose, measure: 'revenue', period: '2025-02', amount: '5' })
        .expect(200);
  });
  it('of a measure is refused with the nearest measure', async () => {
    const { body } = await (
      await as('finance')
    )
      .post('/quotas/assign')
      .send({ for: 'bob', measure: 'revenu', period: '2025-02', amount: '5' })
      .expect(409);
    expect(body).toMatchObject({
      code: 'UNKNOWN_MEASURE',
      detail: 'measure: the company has no measure "revenu" (did you mean "revenue"?)',
    });
  });
});

describe('The company of stored quotas', () => {
  it('keeps a measure and a currency that a quota uses, and names the quota', async () => {
    const finance = await as('finance');
    const configured = (document: object) => finance.post('/company').send({ document, reason: 'new year' });
    const measures = { revenue: { counts: 'amount', of: 'deals' } };
    const dropped = await configured({ currency: 'USD', measures: { sales: measures.revenue } }).expect(409);
    expect(dropped.body).toMatchObject({
      code: 'MEASURE_IN_USE',
      about: { field: 'measures', count: 5, uses: expect.arrayContaining(['quota of revenue for ann in 2025-01']) },
    });
    expect((await configured({ currency: 'EUR', measures }).expect(409)).body).toMatchObject({
      code: 'CURRENCY_IN_USE',
    });
    expect(
      (await configured({ currency: 'USD', measures, fiscalYear: { starts: '02-01', calendar: 'months' } }).expect(409))
        .body,
    ).toMatchObject({ code: 'CALENDAR_IN_USE' });
    await configured({
      currency: 'USD',
      company: 'Renamed',
      measures: { ...measures, logos: { counts: '1', of: 'deals' } },
    }).expect(200);
    await configured({ currency: 'USD', company: 'Renamed', measures }).expect(200);
  });
});
