import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AttainEvent } from '@attain/contracts';
import { type Caller, EVENT_STORE, Jobs, serve, type Served, Sessions } from '@attain/service';
import { newUuid } from '@attain/values';
import { type Agent, agentOf, checkedAgent } from '@attain/service/testing';
import { IncentivesModule, Verification } from './index.js';

const now = '2025-02-01T12:00:00.000Z';
const yaml = `attain: 1
plan: Account executive
version: 2025.1
effective: { from: 2025-01-01 }
assignedTo: { roles: [AE] }
pays: monthly
components:
  - name: Commission
    measure: revenue
    rate: 10%
`;

describe('incentives over HTTP', () => {
  let served: Served;
  const clients = new Map<string, Agent>();
  const as = (who: string) => clients.get(who)!;

  async function signIn(caller: Omit<Caller, 'actor' | 'name'>): Promise<void> {
    const [name = ''] = caller.roles;
    const { token } = await served.app
      .get(Sessions, { strict: false })
      .begin({ actor: `user:${name}`, name, ...caller });
    clients.set(name, checkedAgent(served, token));
  }
  async function record(stream: string, ...events: AttainEvent[]): Promise<void> {
    const meta = { actor: 'test', correlation: 'c', recorded: '2025-01-10T00:00:00.000Z' };
    await served.get(EVENT_STORE).append({
      stream,
      expected: 'any',
      events: events.map((event) => ({ ...event, id: newUuid(), version: 1, meta })),
    });
  }

  beforeAll(async () => {
    served = await serve([IncentivesModule], {
      name: 'test',
      topology: 'together',
      settings: { EVENTS_URL: 'memory:', BUS_URL: 'memory:', MODELS_URL: 'memory:', PORT: '0', LOG_LEVEL: 'silent' },
      environment: {},
      signals: false,
      clock: () => now,
      // A first user would be known from now on, and so would all later facts.
      firstUser: false,
      print: () => undefined,
    });
    await signIn({ roles: ['plan-author'] });
    await signIn({ roles: ['rep'], participant: 'ann' });
    await signIn({ roles: ['manager'], participant: 'max' });
    await signIn({ roles: ['finance'] });
    await signIn({ roles: ['auditor'] });
    await signIn({ roles: ['admin'] });

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
          from: '2025-01-01',
          to: null,
          role: manager && 'AE',
          manager,
          team: null,
          region: null,
          currency: null,
          fields: {},
        },
      });
    }
    for (const [id, owner, amount] of [
      ['D1', 'ann', '1000'],
      ['D2', 'bob', '777777'],
    ] as const) {
      await record(
        `deal-crm:${id}`,
        { type: 'DealOpened', data: { source: 'crm', id, fields: { owner, amount } } },
        { type: 'DealWon', data: { closed: '2025-01-15' } },
      );
    }
  });
  afterAll(() => served.close());

  it('a plan is checked, then published from its YAML by its author, and by nobody else', async () => {
    const checked = await as('finance').post('/plans/check').send({ text: yaml }).expect(200);
    expect(checked.body).toMatchObject({ problems: [], examples: [] });
    await as('finance').post('/plans').send({ text: yaml }).expect(403);
    const published = await as('plan-author')
      .post('/plans')
      .set('Idempotency-Key', 'p1')
      .send({ text: yaml, reason: 'new year' })
      .expect(200);
    expect(published.body).toMatchObject({
      stream: 'plan-Account executive',
      revision: 0,
      plan: 'Account executive',
      version: '2025.1',
      hash: (checked.body as { hash: string }).hash,
    });
    expect(
      (
        await as('plan-author')
          .post('/plans')
          .set('Idempotency-Key', 'p1')
          .send({ text: yaml, reason: 'new year' })
          .expect(200)
      ).text,
    ).toBe(published.text);
    const { body } = await as('rep')
      .get('/plans')
      .set('Attain-Position', published.headers['attain-position']!)
      .expect(200);
    expect(body).toMatchObject({
      rows: [
        {
          plan: 'Account executive',
          version: '2025.1',
          from: '2025-01-01',
          assignedTo: { roles: ['AE'] },
          by: 'user:plan-author',
        },
      ],
    });
    await as('auditor').get('/plans/Account executive/versions/2025.1').expect(200);
    await as('auditor').get('/plans/Account executive/versions/9').expect(404);
  });

  it('a plan is published with probable mistakes in it, but not as a part of an import', async () => {
    const typo = await as('plan-author')
      .post('/plans')
      .send({ text: yaml.replace('Account executive', 'Typo').replace('[AE]', '[AEE]') })
      .expect(200);
    expect(typo.body).toMatchObject({
      plan: 'Typo',
      warnings: [{ code: 'PLAN_UNASSIGNED', about: { kind: 'plan', plan: 'Typo', version: '2025.1' } }],
    });
    const sound = await as('plan-author')
      .post('/plans')
      .send({
        text: yaml
          .replace('Account executive', 'Sound')
          .replace('{ from: 2025-01-01 }', '{ from: 2027-01-01, to: 2027-01-31 }')
          .replace('{ roles: [AE] }', '{ people: [ann] }'),
      })
      .expect(200);
    expect(sound.body.warnings.map(({ code }: { code: string }) => code)).not.toContain('PLAN_UNASSIGNED');
    for (const plan of ['Typo', 'Sound'])
      await as('plan-author').post(`/plans/${plan}/versions/2025.1/retract`).send({ reason: 'tried' }).expect(200);
    const { body } = await as('plan-author')
      .post('/plans')
      .send({ text: yaml.replace('Account executive', 'Typo'), import: newUuid() })
      .expect(422);
    expect(body.errors).toMatchObject([{ field: 'import' }]);
  });

  it('estimates pay for oneself and for reports, in an open period, and records nothing', async () => {
    const head = await served.get(EVENT_STORE).head();
    const ask = (deals: object[], participant = 'ann', period = '2025-02') => ({ participant, period, deals });
    const invented = { closed: '2025-02-10', fields: { amount: '2000' } };
    for (const who of ['rep', 'manager', 'finance']) {
      const { body } = await as(who)
        .post('/estimates')
        .send(ask([invented]))
        .expect(200);
      expect(body).toMatchObject({
        now: '0.00',
        then: '200.00',
        difference: '200.00',
        currency: 'USD',
        lines: [{ now: null, then: '200.00', line: { component: 'Commission' }, explanation: { amount: '200.00' } }],
        notEstimated: [],
      });
    }
    await as('rep')
      .post('/estimates')
      .send(ask([invented], 'bob'))
      .expect(404);
    await as('rep')
      .post('/estimates')
      .send(ask([{ source: 'crm', id: 'D2', ...invented }]))
      .expect(404);
    await as('rep')
      .post('/estimates')
      .send(ask([{ closed: '2025-02-10', fields: { owner: 'bob', amount: '1' } }]))
      .expect(404);
    for (const deal of [
      { source: 'crm', ...invented },
      { closed: '2025-02-10', fields: { amount: '1,000' } },
      { closed: '2025-02-10', fields: { currency: 'dollars' } },
      { closed: 'tomorrow' },
    ])
      await as('rep')
        .post('/estimates')
        .send(ask([deal]))
        .expect(422);
    await as('finance')
      .post('/estimates')
      .send(
        ask([
          { source: 'crm', id: 'D1', ...invented },
          { source: 'crm', id: 'D1', ...invented },
        ]),
      )
      .expect(422);
    await as('admin')
      .post('/estimates')
      .send(ask([invented]))
      .expect(403);
    expect(await served.get(EVENT_STORE).head()).toBe(head);
  });

  it('news of a deal reach only its seller and the manager, while they are signed in', async () => {
    const follow = async (participant: string | undefined, roles: Caller['roles'], headers: object = {}) => {
      const sessions = served.app.get(Sessions, { strict: false });
      const { token, session } = await sessions.begin({
        actor: `user:live-${participant}`,
        name: 'Live',
        roles,
        ...(participant && { participant }),
      });
      const answer = await fetch(`${served.url}/v1/live`, {
        headers: { Authorization: `Bearer ${token}`, ...headers },
      });
      expect(answer.headers.get('content-type')).toContain('text/event-stream');
      const heard: { position: string; topics: string[] }[] = [];
      const over = (async () => {
        let text = '';
        for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
          text += chunk;
          const parts = text.split('\n\n');
          text = parts.pop()!;
          for (const part of parts) {
            const data = /^data: (.*)$/m.exec(part)?.[1];
            if (data !== undefined) heard.push(JSON.parse(data) as (typeof heard)[number]);
          }
        }
      })();
      return { heard, over, end: () => sessions.end(session) };
    };
    const until = async (holds: () => boolean) => {
      while (!holds()) await new Promise((resume) => setTimeout(resume, 20));
    };
    const [bob, ann, max, admin] = [
      await follow('bob', ['rep']),
      await follow('ann', ['rep']),
      await follow('max', ['manager']),
      await follow(undefined, ['admin']),
    ];
    await until(() => [bob, ann, max, admin].every(({ heard }) => heard.length === 1));
    await record('deal-crm:D2', { type: 'DealAmended', data: { fields: { product: 'Gold' } } });
    await until(() => bob.heard.length === 2 && max.heard.length === 2);
    expect(bob.heard[1]!.topics).toEqual(['deals', 'pay', 'attainment', 'sales', 'forecast']);
    await max.end();
    await record('quota-ann~revenue', {
      type: 'QuotaAssigned',
      data: {
        for: 'ann',
        measure: 'revenue',
        period: '2026-01',
        amount: '1',
        target: null,
        credit: [],
        currency: null,
      },
    });
    await max.over;
    await until(() => ann.heard.length === 2);
    expect(ann.heard[1]!.topics).toEqual(['quotas', 'pay', 'attainment']);
    expect([max.heard.length, admin.heard.length]).toEqual([2, 1]);
    const missed = await follow('bob', ['rep'], { 'Last-Event-ID': bob.heard[0]!.position });
    await until(() => missed.heard.length === 1);
    expect(missed.heard[0]!.topics).toContain('deals');
    for (const { end } of [bob, ann, admin, missed]) await end();
    await Promise.all([bob, ann, admin, missed].map(({ over }) => over));
  }, 30_000);

  it('pay that waits for an approval is not released for everybody by a participant of its plan', async () => {
    const caller = { actor: 'user:ann', name: 'Ann', roles: ['finance'] as const, participant: 'ann' };
    const { token } = await served.app.get(Sessions, { strict: false }).begin(caller);
    const ann = checkedAgent(served, token);
    const pay = { of: 'deals', source: 'crm', id: 'D2', component: 'Commission' };
    for (const path of ['/approvals/releases', '/approvals/releases/withdraw']) {
      for (const participant of [undefined, 'ann']) {
        if (path.endsWith('withdraw') && participant) continue;
        expect(
          (
            await ann
              .post(path)
              .send({ ...pay, participant })
              .expect(409)
          ).body.code,
        ).toBe('OWN_PAY');
      }
    }
    await ann
      .post('/approvals/releases')
      .send({ ...pay, participant: 'bob' })
      .expect(200);
    await ann
      .post('/approvals/releases')
      .send({ ...pay, component: 'Bonus' })
      .expect(200);
    await as('finance')
      .post('/approvals/releases')
      .send({ ...pay, reason: 'checked' })
      .expect(200);
    const empty = await as('finance')
      .post('/approvals/releases')
      .send({ ...pay, component: '' })
      .expect(422);
    expect(empty.body.errors).toMatchObject([{ field: 'component' }]);
    for (const [path, code] of [
      ['2025-13/ann', 'PERIOD_UNKNOWN'],
      ['0/ann', 'PERIOD_UNKNOWN'],
      ['2025-01/nobody', 'PERSON_UNKNOWN'],
    ] as const) {
      expect((await as('finance').post(`/approvals/statements/${path}`).send({}).expect(409)).body.code).toBe(code);
    }
  });

  it.each(['approve', 'reject'])(
    'an unknown adjustment is no more than refused when a request to %s it names its key',
    async (verb) => {
      const answer = await as('finance')
        .post(`/adjustments/nothing/${verb}`)
        .set('Idempotency-Key', verb)
        .send({ reason: 'agreed' })
        .expect(409);
      expect(answer.body).toMatchObject({ code: 'ADJUSTMENT_UNKNOWN' });
    },
  );

  it('a plan is not published by a participant whom it names, by person, role or team of any of its days', async () => {
    const paidAs = async (participant: string) => {
      const caller = { actor: 'user:author', name: 'Author', roles: ['plan-author'] as const, participant };
      const { token } = await served.app.get(Sessions, { strict: false }).begin(caller);
      return checkedAgent(served, token);
    };
    const place = { participant: 'kim', to: null, manager: null, region: null, currency: null, fields: {} };
    await record(
      'participant-kim',
      {
        type: 'ParticipantAssigned',
        data: { ...place, from: '2026-01-01', to: '2026-06-30', role: 'SDR', team: null },
      },
      { type: 'ParticipantAssigned', data: { ...place, from: '2026-07-01', role: 'BDR', team: 'East' } },
    );
    const kim = await paidAs('kim');
    const plan = (assignedTo: string, effective = '{ from: 2026-01-01 }') => ({
      text: yaml
        .replace('Account executive', 'Own')
        .replace('{ roles: [AE] }', assignedTo)
        .replace('{ from: 2025-01-01 }', effective),
    });
    for (const assignedTo of [
      '{ people: [kim, bob] }',
      '{ people: kim }',
      '{ roles: [SDR] }',
      '{ roles: [BDR] }',
      '{ teams: [East] }',
      '{ roles: [SDR], except: [bob] }',
    ]) {
      expect((await kim.post('/plans').send(plan(assignedTo)).expect(409)).body).toMatchObject({ code: 'OWN_PAY' });
    }
    expect(
      (await kim.post('/plans').send(plan('{ roles: [SDR] }', '{ from: 2026-06-30, to: 2026-07-31 }')).expect(409)).body
        .code,
    ).toBe('OWN_PAY');
    await kim.post('/plans').send(plan('{ roles: [SDR] }', '{ from: 2026-07-01 }')).expect(200);
    await kim
      .post('/plans')
      .send({
        text: plan('{ roles: [SDR, BDR], teams: [East], except: [kim] }', '{ from: 2027-01-01 }').text.replace(
          'version: 2025.1',
          'version: 2027.1',
        ),
      })
      .expect(200);
    await (
      await paidAs('zoe')
    )
      .post('/plans')
      .send({ text: plan('{ people: [kim] }').text.replace('version: 2025.1', 'version: 2025.2') })
      .expect(200);
  });

  it('an invalid plan is refused with every place, and an unreadable text with its line', async () => {
    const wrong = await as('plan-author')
      .post('/plans')
      .send({ text: yaml.replace('measure: revenue', 'measure: margin') })
      .expect(409);
    expect(wrong.body).toMatchObject({
      code: 'PLAN_INVALID',
      about: { problems: [{ path: ['components', 0, 'measure'] }] },
    });
    const stranger = await as('plan-author')
      .post('/plans')
      .send({ text: yaml.replace('{ roles: [AE] }', '{ roles: [AE], except: [annn] }') })
      .expect(409);
    expect(stranger.body).toMatchObject({
      code: 'PERSON_UNKNOWN',
      about: { field: 'assignedTo.except', nearest: 'ann' },
    });
    const torn = await as('plan-author').post('/plans').send({ text: 'plan: [AE' }).expect(422);
    expect((torn.body as { errors: { message: string }[] }).errors[0]?.message).toMatch(/^line \d+, column \d+: /);
    await as('plan-author').post('/plans').send({}).expect(422);
    await as('plan-author').post('/plans').send({ text: yaml, force: true }).expect(422);
    await as('plan-author').post('/plans').send({ document: 'text' }).expect(422);
    const inexact = await as('plan-author')
      .post('/plans')
      .set('Content-Type', 'application/json')
      .send('{"document":{"components":[{"each":12345678901234567890}]}}')
      .expect(422);
    expect(inexact.body).toMatchObject({ errors: [{ field: 'document.components[0].each' }] });
    const other = await as('plan-author')
      .post('/plans')
      .send({ text: yaml.replace('10%', '12%') })
      .expect(409);
    expect(other.body).toMatchObject({ code: 'VERSION_EXISTS' });
  });

  it('warnings are for those who see everybody, by code and by person, and name their records', async () => {
    await record(
      'deal-crm:D9',
      { type: 'DealOpened', data: { source: 'crm', id: 'D9', fields: { amount: '5' } } },
      { type: 'DealWon', data: { closed: '2025-01-20' } },
    );
    await served.caughtUp();
    const { body } = await as('finance').get('/warnings').expect(200);
    expect(body.counts).toEqual({ PLAN_UNASSIGNED: 2, DEAL_WITHOUT_OWNER: 1 });
    expect(body.rows.at(-1)).toMatchObject({
      code: 'DEAL_WITHOUT_OWNER',
      severity: 'warning',
      participants: null,
      about: { kind: 'record', source: 'crm', id: 'D9' },
    });
    expect((await as('auditor').get('/warnings?code=DEAL_WITHOUT_OWNER').expect(200)).body.rows).toHaveLength(1);
    expect((await as('auditor').get('/warnings?participant=bob').expect(200)).body.rows).toEqual([]);
    expect((await as('auditor').get('/warnings?asOf=2024-12-31').expect(200)).body.rows).toEqual([]);
    for (const who of ['rep', 'manager', 'plan-author']) await as(who).get('/warnings').expect(403);
    await as('finance').get('/warnings?code=NONE').expect(422);
    expect((await as('finance').get('/exports/lines.csv').expect(200)).headers['attain-warnings']).toBe('3');
    expect(
      (await as('finance').post('/periods/2025-01/close?dryRun=true').send({}).expect(200)).body.warnings,
    ).toHaveLength(3);
  });

  it('a period is closed by finance, and its statements are issued before the answer', async () => {
    await as('manager').post('/periods/2025-01/close').send({}).expect(403);
    const early = await as('finance').post('/periods/2025-02/close').send({}).expect(409);
    expect(early.body).toMatchObject({ code: 'PERIOD_NOT_OVER', about: { period: '2025-02', ends: '2025-02-28' } });
    await as('auditor').post('/periods/2025-01/close?dryRun=true').send({}).expect(403);
    const would = await as('finance').post('/periods/2025-01/close?dryRun=true').send({}).expect(200);
    expect(would.body).toMatchObject({
      closes: ['2025-01'],
      statements: [
        { participant: 'ann', period: '2025-01', payable: '100.00', lines: 1 },
        { participant: 'bob', payable: '77777.70' },
      ],
      totals: [{ currency: 'USD', payable: '77877.70', statements: 2 }],
      differences: [],
      exceptions: [],
    });
    expect((await as('finance').post('/periods/2025-02/close?dryRun=yes').send({}).expect(409)).body).toMatchObject({
      code: 'PERIOD_NOT_OVER',
    });
    await as('finance').post('/periods/2025-01/close?dryRun=maybe').send({}).expect(422);
    for (const wrong of [
      { closes: '2025-01' },
      { closes: [1] },
      { accept: 'yes' },
      { accept: {} },
      { accept: { reason: ' ' } },
      { accept: { reason: 'x', exceptions: [{ what: 1 }] } },
    ]) {
      await as('finance').post('/periods/2025-01/close').send(wrong).expect(422);
    }
    const other = await as('finance')
      .post('/periods/2025-01/close')
      .send({ closes: ['2024-12', '2025-01'] })
      .expect(409);
    expect(other.body).toMatchObject({ code: 'CLOSES_MORE', about: { closes: ['2025-01'] } });
    const closed = await as('finance')
      .post('/periods/2025-01/close')
      .set('Idempotency-Key', 'c1')
      .send({ reason: 'month end' })
      .expect(200);
    expect(closed.body).toMatchObject({ stream: 'period-2025-01', revision: 0, closed: ['2025-01'], statements: 2 });
    expect(
      (
        await as('finance')
          .post('/periods/2025-01/close')
          .set('Idempotency-Key', 'c1')
          .send({ reason: 'month end' })
          .expect(200)
      ).text,
    ).toBe(closed.text);
    const { body } = await as('finance').get('/statements/2025-01').expect(200);
    expect(body).toMatchObject({
      rows: [
        { participant: 'ann', payable: '100.00', issued: now },
        { participant: 'bob', payable: '77777.70' },
      ],
    });
    expect((await as('finance').post('/periods/2025-01/close').send({}).expect(409)).body).toMatchObject({
      code: 'PERIOD_CLOSED',
    });
    expect((await as('finance').get('/periods').expect(200)).body).toMatchObject({
      rows: [
        { name: '2025-01', closed: { participants: 2, by: 'user:finance' } },
        { name: '2025-02', closed: null },
      ],
    });
  });

  it('a close can be followed as a job, which ends as the close does', async () => {
    const started = await as('finance').post('/periods/2024-12/close/start').send({}).expect(202);
    const { id } = started.body as { id: string };
    for (;;) {
      const { body } = await as('finance').get(`/jobs/${id}`).expect(200);
      if ((body as { state: string }).state === 'running') continue;
      expect(body).toMatchObject({
        kind: 'close',
        title: 'Close 2024-12',
        state: 'failed',
        problem: { code: 'PERIOD_CLOSED', detail: '2024-12 comes before 2025-01, which is closed' },
      });
      break;
    }
  });

  it('a line is explained down to the events', async () => {
    const statement = await as('rep').get('/statements/2025-01/ann').expect(200);
    const { lines } = statement.body as { lines: { id: string }[] };
    const { body } = await as('rep').get(`/statements/2025-01/ann/lines/${lines[0]?.id}`).expect(200);
    expect(body).toMatchObject({
      line: {
        plan: 'Account executive',
        version: '2025.1',
        component: 'Commission',
        record: { source: 'crm', id: 'D1' },
        earned: '100.00',
      },
      inputs: expect.arrayContaining([
        expect.objectContaining({
          fact: expect.objectContaining({
            type: 'DealOpened',
            stream: 'deal-crm:D1',
            recorded: '2025-01-10T00:00:00.000Z',
          }),
        }),
      ]),
    });
    expect(body).toMatchObject({
      explanation: {
        kind: 'earning',
        amount: '100.00',
        currency: 'USD',
        inputs: expect.arrayContaining([
          expect.objectContaining({ what: 'amount', recorded: '2025-01-10T00:00:00.000Z', actor: expect.any(String) }),
        ]),
        parts: [{ kind: 'slice', amount: '100' }],
      },
    });
    await as('rep').get('/statements/2025-01/ann/lines/nothing').expect(404);
  });

  it('gives the lines of a statement and the causes of a difference as files, too', async () => {
    const { body } = await as('rep').get('/statements/2025-01/ann').expect(200);
    const { lines } = body as { lines: Record<string, unknown>[] };
    const csv = await as('rep').get('/statements/2025-01/ann').set('Accept', 'text/csv').expect(200);
    const [header = '', ...rows] = csv.text.trimEnd().split('\n');
    expect(header.split(',')).toEqual(expect.arrayContaining(Object.keys(lines[0]!)));
    expect(rows).toHaveLength(lines.length);
    expect((await as('rep').get('/statements/2025-01/ann?format=csv').expect(200)).text).toBe(csv.text);
    const earned = await as('rep').get('/earned/2025-01/ann?format=csv&asOf=2025-02-03').expect(200);
    expect(earned.headers['content-disposition']).toMatch(/^attachment; filename="ann-\d+\.csv"$/);
    const workbook = await as('rep').get('/statements/2025-01/ann?format=xlsx').expect(200);
    expect(workbook.headers['content-type']).toContain('spreadsheetml.sheet');
    const causes = await as('rep').get('/differences/2025-01/ann?from=2025-01-01&to=2025-02-01&format=csv').expect(200);
    expect(causes.text).toMatch(/^[a-zA-Z,]+\n/);
    await as('rep').get('/statements/2025-01/bob?format=csv').expect(404);
  });

  it('a rep sees nothing of a peer’s pay by any route', async () => {
    const routes = [
      '/statements/2025-01',
      '/statements/2025-01/bob',
      '/statements/2025-01/ann',
      '/statements/2025-01/bob?asOf=2025-01-31',
      '/statements/2025-02',
      '/earned/2025-01/bob',
      '/earned/2025-01/ann',
      '/differences/2025-01/bob?from=2025-01-01&to=2025-02-01',
      '/exceptions',
      '/exports/lines.csv',
      '/exports/statements.csv',
      '/exports/units.csv',
      '/units',
      '/exports/attainment.csv',
      '/verification',
      '/periods',
      '/plans',
    ];
    for (const route of routes) {
      const answer = await as('rep').get(route);
      expect([route, answer.status]).toEqual([route, expect.any(Number)]);
      expect(`${route} ${answer.text}`).not.toMatch(/77777|777777|D2/);
    }
    await as('rep').get('/statements/2025-01/bob').expect(404);
    await as('manager').get('/statements/2025-01/bob').expect(200);
    await as('admin').get('/statements/2025-01').expect(403);
  });

  it('questions of any date and of no date have different answers', async () => {
    const asked = async (query: string) =>
      (await as('finance').get(`/earned/2025-01/ann?${query}`)).body as { amount: string };
    expect((await asked('asOf=2025-01-09')).amount).toBe('0.00');
    expect((await asked('asOf=2025-01-10T00:00:00Z')).amount).toBe('0.00');
    expect((await asked('')).amount).toBe('100.00');
    for (const wrong of ['asOf=2025-02-30', 'asOf=soon', 'effective=2025-01-01T00:00:00Z', 'known=2025-01-01'])
      await as('finance').get(`/earned/2025-01/ann?${wrong}`).expect(422);
    await as('finance').get('/earned/2025-13/ann').expect(422);
    await as('finance').get('/statements/2025-02/nobody').expect(404);
  });

  it('rows come as CSV, and the auditor verifies', async () => {
    const csv = await as('auditor')
      .get('/exports/lines.csv?asOf=2025-01-31')
      .expect(200)
      .expect('Content-Type', /text\/csv/);
    expect(csv.text).toContain(
      'Account executive,2025.1,2025-01,ann,Commission,crm,D1,earning,,2025-01-15,,1000.00,100.00,USD,100.00,USD,\n',
    );
    const paid = await as('auditor')
      .get('/exports/statements.csv?asOf=2025-01-31')
      .expect(200)
      .expect('Content-Type', /text\/csv/);
    expect(paid.text).toBe(csv.text);
    expect(
      (
        await as('auditor')
          .get('/exports/units.csv')
          .expect(200)
          .expect('Content-Type', /text\/csv/)
      ).text,
    ).toBe('participant,unit,date,period,amount,balance\n');
    expect((await as('rep').get('/units?asOf=2025-01-31').expect(200)).body).toMatchObject({ rows: [], next: null });
    await as('admin').get('/units').expect(403);
    await as('rep').get('/units?asOf=2199-12-31').expect(422);
    const far = await as('auditor').get('/exports/statements.csv?asOf=2199-12-31').expect(422);
    expect(far.body).toMatchObject({
      errors: [{ field: 'asOf', message: expect.stringContaining('2199-12-31 is more than 10 years away') }],
    });
  });

  it('the auditor verifies as a job, which all auditors join, and reads its report again', async () => {
    expect((await as('auditor').get('/verification').expect(404)).body).toMatchObject({
      detail: 'No verification has ended since this process started: start one with POST /v1/verification.',
    });
    for (const who of ['rep', 'manager', 'finance', 'admin', 'plan-author'])
      await as(who).post('/verification').send({}).expect(403);
    expect((await as('auditor').post('/verification').send({ anchor: '{}' }).expect(422)).body).toMatchObject({
      errors: [{ field: 'anchor', message: 'the file is not an anchor: the key "attain" with the value 1 is missing' }],
    });
    const { body: anchor } = await as('auditor').get('/anchor').expect(200);
    // So small a log is verified before the second request arrives.
    const verification = served.get(Verification);
    const run = verification.run.bind(verification);
    let goOn = () => undefined as void;
    const asked = new Promise<void>((resolve) => (goOn = resolve));
    jest.spyOn(verification, 'run').mockImplementationOnce((...given) => asked.then(() => run(...given)));
    const [first, joined, other] = await Promise.all(
      [{}, {}, { anchor: JSON.stringify(anchor) }].map((body) => as('auditor').post('/verification').send(body)),
    );
    const { id } = first!.body as { id: string };
    expect([first!.status, joined!.status, (joined!.body as { id: string }).id]).toEqual([202, 202, id]);
    expect(other!.body).toMatchObject({ status: 409, code: 'VERIFICATION_RUNNING', about: { job: id } });
    goOn();
    const report = { agrees: true, periods: 1, statements: 2, anchors: [] };
    await served.get(Jobs).over(id);
    expect((await as('auditor').get(`/jobs/${id}`).expect(200)).body).toMatchObject({
      kind: 'verification',
      state: 'finished',
      percent: 100,
      secondsLeft: 0,
      result: report,
    });
    expect((await as('auditor').get('/verification').expect(200)).body).toMatchObject({ ...report, ended: now });
    const { body: again } = await as('auditor')
      .post('/verification')
      .send({ anchor: JSON.stringify(anchor) })
      .expect(202);
    expect((again as { id: string }).id).not.toBe(id);
    await served.get(Jobs).over((again as { id: string }).id);
    expect((await as('auditor').get('/verification').expect(200)).body).toMatchObject({
      anchors: [{ found: 'agrees' }],
    });
  });

  it('every operation is described', async () => {
    const { body } = await agentOf(served.url).get('/docs-json').expect(200);
    const { paths } = body as { paths: Record<string, Record<string, { summary?: string }>> };
    for (const route of [
      '/plans',
      '/plans/check',
      '/periods/{period}/close',
      '/statements/{period}/{participant}/lines/{line}',
      '/earned/{period}/{participant}',
      '/differences/{period}/{participant}',
      '/verification',
    ]) {
      expect([route, Object.values(paths[`/v1${route}`] ?? {})[0]?.summary]).toEqual([route, expect.any(String)]);
    }
  });
});
