import type { EventOf, participantAssigned } from '@attain/contracts';
import type { Decider } from '@attain/eventsourcing';
import { type Caller, EVENT_STORE, EXECUTOR, serve, type Served, type ServeOptions, Sessions } from '@attain/service';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DynamicModule, Type } from '@nestjs/common';
import { request } from 'node:http';
import { agentOf, checkedAgent } from '@attain/service/testing';
import { UPLOAD_LIMIT } from './imports/uploads.js';
import { PipelineModule } from './pipeline.module.js';

type Assigned = EventOf<typeof participantAssigned>;
const assigning: Decider<null, Assigned, Assigned> = {
  category: 'participant',
  initial: null,
  decide: (event) => [event],
  evolve: () => null,
};
const crm = {
  source: 'crm',
  files: 'export.csv',
  as: 'deals',
  columns: { id: 'id', owner: 'agent', amount: 'value', closed: 'closed', stage: 'stage' },
  status: { from: 'stage', won: ['Won'] },
};
const csv =
  'id,agent,value,closed,stage\nD1,ann,100,2025-02-01,Won\nD2,bob,50,,Engaging\nD3,ann,20,,Engaging\nD4,ann,2x,,Engaging\n';

let served: Served;
const start = async (options: Partial<ServeOptions> = {}, module: Type | DynamicModule = PipelineModule) => {
  served = await serve([module], {
    name: 'test',
    topology: 'together',
    settings: {
      EVENTS_URL: 'memory:',
      BUS_URL: 'memory:',
      MODELS_URL: 'memory:',
      PORT: '0',
      LOG_LEVEL: 'silent',
      ADMIN_SECRET: 'a secret of sixteen',
      ...options.settings,
    },
    environment: {},
    signals: false,
    print: () => undefined,
    clock: () => '2025-03-01T12:00:00.000Z',
    ...(options.demo && { demo: options.demo }),
  });
  const place = { to: null, role: null, team: null, region: null, currency: null, fields: {} };
  const people: [string, string, string | null][] = [
    ['ann', '2025-01-01', 'mo'],
    ['ann', '2025-02-15', 'zoe'],
    ['bob', '2025-01-01', 'zoe'],
    ['mo', '2025-01-01', null],
  ];
  for (const [participant, from, manager] of people) {
    const event: Assigned = { type: 'ParticipantAssigned', data: { participant, from, manager, ...place } };
    await served.get(EXECUTOR).execute(assigning, participant, event, { actor: 'test', correlation: 'test' });
  }
};
const as = async (role: string) => {
  const { body } = await agentOf(served.url).post('/session/demo').send({ as: role, give: 'token' }).expect(200);
  return checkedAgent(served, (body as { token: string }).token);
};
const being = async (caller: Omit<Caller, 'actor' | 'name'>) => {
  const { token } = await served.app
    .get(Sessions, { strict: false })
    .begin({ actor: 'user:fin', name: 'Fin', ...caller });
  return checkedAgent(served, token);
};
const over = async (client: Awaited<ReturnType<typeof as>>, job: string) => {
  for (;;) {
    const { body } = await client.get(`/jobs/${job}`).expect(200);
    if (body.state !== 'running') return body;
    await new Promise((resume) => setTimeout(resume, 10));
  }
};
afterEach(() => served.close());

describe('Deals over HTTP', () => {
  beforeEach(() =>
    start({
      demo: { company: 'Test', rep: { participant: 'ann', name: 'Ann' }, manager: { participant: 'mo', name: 'Mo' } },
    }),
  );

  const filled = async () => {
    const finance = await as('finance');
    await finance.post('/sources').send({ document: crm }).expect(200);
    const { body } = await finance
      .post('/imports/crm?name=export.csv')
      .set('Content-Type', 'text/csv')
      .send(csv)
      .expect(202);
    const job = await over(finance, body.job.id);
    expect(job).toMatchObject({ state: 'finished', percent: 100, result: { rows: 4, opened: 3, quarantined: 1 } });
    return { finance, position: job.result.position as string };
  };

  it('are corrected in quarantine for a reason, recorded, and not asked for again by the same export', async () => {
    const { finance } = await filled();
    const [row] = (await finance.get('/quarantine').expect(200)).body.rows;
    expect(row).toMatchObject({ field: 'amount', found: '2x', raw: { value: '2x' }, corrected: {} });
    const correct = (body: object, client = finance) =>
      client.post(`/quarantine/${row.quarantine}/correct`).send({ reason: 'the contract says 25', ...body });
    await correct({ cells: { value: '25' }, reason: '' }).expect(422);
    expect((await correct({ cells: { valeu: '25' } }).expect(409)).body.detail).toContain('did you mean "value"');
    await correct({ cells: { value: '25' } }, await being({ roles: ['finance'], participant: 'ann' })).expect(409);

    const still = await correct({ cells: { value: '3x' } }).expect(200);
    expect(still.body).toMatchObject({ recorded: false, problem: { field: 'amount', found: '3x' } });
    const waiting = await finance.get('/quarantine').set('Attain-Position', still.body.position).expect(200);
    expect(waiting.body).toMatchObject({ total: 1, rows: [{ raw: { value: '2x' }, corrected: { value: '3x' } }] });

    const { body } = await correct({ cells: { value: '25' } }).expect(200);
    expect(body).toMatchObject({ recorded: true, problem: null });
    const after = { 'Attain-Position': body.position as string };
    expect((await finance.get('/quarantine').set(after).expect(200)).body.total).toBe(0);
    expect((await finance.get('/deals/crm/D4').set(after).expect(200)).body).toMatchObject({ amount: '25' });
    const meta = [];
    for await (const page of served.get(EVENT_STORE).readAll({ categories: ['quarantine'] }))
      for (const event of page) if (event.type === 'RowCorrected') meta.push([event.meta.actor, event.meta.reason]);
    expect(meta).toEqual([
      [expect.stringMatching(/^demo|^user/), 'the contract says 25'],
      [expect.stringMatching(/^demo|^user/), 'the contract says 25'],
    ]);
    const again = await finance.post('/imports/crm?complete=yes').set('Content-Type', 'text/csv').send(csv).expect(202);
    expect(await over(finance, again.body.job.id)).toMatchObject({
      result: { quarantined: 0, retracted: 0, unchanged: 4 },
    });
    expect((await finance.get('/quarantine').expect(200)).body.total).toBe(0);
  });

  it('are previewed by finance before anything is stored, and by an integration of its own source alone', async () => {
    const finance = await as('finance');
    const { body } = await finance
      .post('/import-previews?name=export.csv')
      .set('Content-Type', 'text/csv')
      .send(csv)
      .expect(200);
    expect(body).toMatchObject({
      counts: { rows: 4, opened: 3, quarantined: 1 },
      problems: [{ row: 5, field: 'amount', found: '2x' }],
      mapping: { files: 'exports/export.csv', columns: { owner: 'agent', amount: 'value' } },
    });
    expect((await finance.get('/deals').expect(200)).body.rows).toEqual([]);
    expect((await finance.get('/quarantine').expect(200)).body.total).toBe(0);
    await finance.post('/import-previews').set('Content-Type', 'application/x-tar').send(csv).expect(415);
    await finance.post('/import-previews?mapping=%7B').set('Content-Type', 'text/csv').send(csv).expect(422);
    const integration = await being({ roles: ['integration'], source: 'crm' });
    await integration.post('/import-previews?source=crm').set('Content-Type', 'text/csv').send(csv).expect(200);
    for (const other of ['', '?source=erp', '?source=crm&mapping=%7B%22source%22%3A%22erp%22%7D'])
      await integration.post(`/import-previews${other}`).set('Content-Type', 'text/csv').send(csv).expect(404);
    await (await as('rep')).post('/import-previews').set('Content-Type', 'text/csv').send(csv).expect(403);
  });

  it('are imported by a job and listed with their money', async () => {
    const { finance, position } = await filled();
    const { body } = await finance.get('/deals?status=won').set('Attain-Position', position).expect(200);
    expect(body).toMatchObject({
      total: 1,
      rows: [
        { source: 'crm', id: 'D1', status: 'won', owner: 'ann', amount: '100', currency: 'USD', closed: '2025-02-01' },
      ],
    });
    const stages = await finance.get('/pipeline').expect(200);
    expect(stages.body.rows).toEqual([{ stage: 'Engaging', currency: 'USD', deals: 2, amount: '70.00' }]);
    const list = await finance.get('/imports').expect(200);
    expect(list.body.rows).toMatchObject([{ source: 'crm', files: ['export.csv'], finished: true, opened: 3 }]);
  });

  it('are sorted by the size of their amount, page by page, those without an amount last', async () => {
    const finance = await as('finance');
    const amounts = { A: '9.5', B: '100', C: '1000000000000.25', D: '-20', E: '100.50', F: null };
    for (const [id, amount] of Object.entries(amounts)) {
      const fields = { owner: 'ann', ...(amount !== null && { amount }) };
      await finance.post(`/deals/crm/${id}/open`).send({ fields }).expect(200);
    }
    await served.caughtUp(10_000);
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const asked: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await finance.get(`/deals?sort=-amount&limit=2${asked}`).expect(200);
      expect(body.total).toBe(6);
      ids.push(...body.rows.map(({ id }: { id: string }) => id));
      cursor = body.next;
    }
    expect(ids).toEqual(['C', 'E', 'B', 'A', 'D', 'F']);
    await finance.get('/deals?amount=100').expect(400);
  });

  it('of a rep are the own ones only, by every way', async () => {
    const { position } = await filled();
    const rep = await as('rep');
    const list = await rep.get('/deals').set('Attain-Position', position).expect(200);
    expect(list.body.rows.map(({ id }: { id: string }) => id).sort()).toEqual(['D1', 'D3']);
    expect((await rep.get('/deals?owner=bob').expect(200)).body).toMatchObject({ rows: [], total: 0 });
    await rep.get('/deals/crm/D2').expect(404);
    await rep.get('/deals/crm/D2/timeline').expect(404);
    await rep.get('/deals/crm/none').expect(404);
    await rep.get('/deals/crm/D1').expect(200);
    expect((await rep.get('/pipeline').expect(200)).body.rows).toEqual([
      { stage: 'Engaging', currency: 'USD', deals: 1, amount: '20.00' },
    ]);
    await rep.post('/deals/crm/D1/reopen').send({}).expect(403);
    await rep.get('/quarantine').expect(403);
    await rep.get('/imports').expect(403);
  });

  it('are seen by the managers of their owner on the closing date, for any requested day; open ones by the present managers', async () => {
    const { position } = await filled();
    const manager = await as('manager');
    await manager.get('/deals/crm/D1').set('Attain-Position', position).expect(200);
    await manager.get('/deals/crm/D3').expect(404);
    const seen = async (query: string) =>
      (await manager.get(`/deals${query}`).expect(200)).body.rows.map(({ id }: { id: string }) => id);
    for (const query of ['', '?on=2025-02-01', '?closedTo=2025-02-01', '?owner=ann&on=2025-02-01'])
      expect([query, await seen(query)]).toEqual([query, ['D1']]);
    expect(await seen('?on=2025-05-01')).toEqual([]);
    expect((await manager.get('/pipeline?on=2025-02-01').expect(200)).body.rows).toEqual([]);
  });

  it('take commands once for each key, and answer a repetition like the first time', async () => {
    const { finance } = await filled();
    const win = (body: object, key = 'k1') => finance.post('/deals/crm/D3/win').set('Idempotency-Key', key).send(body);
    const first = await win({ closed: '2025-02-20', reason: 'signed' }).expect(200);
    expect(first.body).toMatchObject({ stream: 'deal-crm:D3', revision: 1 });
    const again = await win({ closed: '2025-02-20', reason: 'signed' }).expect(200);
    expect(again.body).toEqual(first.body);
    expect((await win({ closed: '2025-02-21' }).expect(422)).body.code).toBe('KEY_REUSED');
    const { body } = await finance
      .get('/deals/crm/D3/timeline')
      .set('Attain-Position', first.body.position)
      .expect(200);
    expect(body.rows.at(-1)).toMatchObject({
      type: 'DealWon',
      actor: 'demo:finance',
      reason: 'signed',
      effective: '2025-02-20',
    });
  });

  it('refuse a split that does not sum to the whole, and reversals of deals that are not won', async () => {
    const { finance } = await filled();
    expect(
      (
        await finance
          .post('/deals/crm/D1/split')
          .send({ revenue: { ann: '70%', bob: '20%' } })
          .expect(409)
      ).body,
    ).toMatchObject({ code: 'SPLIT_TOTAL', about: { total: '90%' } });
    expect(
      (await finance.post('/deals/crm/D2/reverse').send({ kind: 'cancelled', date: '2025-02-20' }).expect(409)).body
        .code,
    ).toBe('NOT_WON');
    expect(
      (
        await finance
          .post('/deals/crm/D1/reverse')
          .send({ kind: 'refunded', date: '2025-02-20', amount: '100.01' })
          .expect(409)
      ).body.code,
    ).toBe('REVERSED_MORE_THAN_WHOLE');
    await finance
      .post('/deals/crm/D1/reverse')
      .send({ kind: 'refunded', date: '2025-02-20', amount: '100' })
      .expect(200);
  });

  it('are named in the refusal of a command about one that does not exist', async () => {
    const { finance } = await filled();
    const refusals: [path: string, body: object, code: string, detail: string][] = [
      ['/deals/crm/9999/reopen', {}, 'DEAL_UNKNOWN', 'deal "9999" does not exist in source crm'],
      [
        '/records/invoices/erp/I-9/reverse',
        { kind: 'refunded', date: '2025-02-20' },
        'INVOICE_UNKNOWN',
        'invoice "I-9" does not exist in source erp',
      ],
      [
        '/quarantine/3f0c1b1e-0000-4000-8000-000000000000/dismiss',
        { reason: 'twice' },
        'NOT_WAITING',
        'the row 3f0c1b1e-0000-4000-8000-000000000000 does not wait in quarantine',
      ],
    ];
    for (const [path, body, code, detail] of refusals)
      expect((await finance.post(path).send(body).expect(409)).body).toMatchObject({ code, detail });
  });

  it('refuse a split with somebody whom the company does not know', async () => {
    const { finance } = await filled();
    const { body } = await finance
      .post('/deals/crm/D1/split')
      .send({ revenue: { ann: '70%', bobb: '30%' } })
      .expect(409);
    expect(body).toMatchObject({ code: 'PERSON_UNKNOWN', about: { field: 'revenue.bobb', nearest: 'bob' } });
    await finance
      .post('/deals/crm/D1/split')
      .send({ revenue: { ann: '100%' }, overlay: { anne: '10%' } })
      .expect(409);
  });

  it.each([
    ['win', { closed: '2025-02-30' }, 'closed'],
    ['win', { closed: '2025-02-20', won: true }, 'won'],
    ['change', { fields: { amount: 5 } }, 'fields'],
    ['split', { revenue: ['ann'] }, 'revenue'],
    ['reverse', { kind: 'gone', date: '2025-02-20' }, 'kind'],
    ['reverse', { kind: 'refunded', date: '2025-02-20', amount: '1e400' }, 'amount'],
  ])('name what is malformed in a request: %s %j', async (command, body, field) => {
    const finance = await as('finance');
    const answer = await finance.post(`/deals/crm/D1/${command}`).send(body).expect(422);
    expect(answer.body.errors).toMatchObject([{ field }]);
  });

  it('that could not be read wait, and are dismissed or read again', async () => {
    const { finance, position } = await filled();
    const { body } = await finance.get('/quarantine').set('Attain-Position', position).expect(200);
    expect(body).toMatchObject({
      total: 1,
      rows: [
        {
          source: 'crm',
          as: 'deals',
          file: 'export.csv',
          row: 5,
          field: 'amount',
          found: '2x',
          raw: { id: 'D4', value: '2x' },
        },
      ],
    });
    const replay = await finance.post('/imports/crm/replay').send({}).expect(200);
    expect(replay.body).toMatchObject({ rows: 1, opened: 0, quarantined: 1 });
    const done = await finance
      .post(`/quarantine/${body.rows[0].quarantine}/dismiss`)
      .send({ reason: 'a test row' })
      .expect(200);
    expect((await finance.get('/quarantine').set('Attain-Position', done.body.position).expect(200)).body.total).toBe(
      0,
    );
  });

  it('that could not be read are not dismissed by a participant whose pay depends on them, in any form of the name', async () => {
    const { finance } = await filled();
    const own = await being({ roles: ['finance'], participant: 'ann' });
    const notes = {
      source: 'notes',
      files: 'n.csv',
      as: 'reversals',
      columns: { id: 'cn', date: 'date', kind: 'kind', amount: 'amount' },
      deal: { from: 'deal', of: 'crm' },
    };
    const paid = {
      source: 'bank',
      files: 'p.csv',
      as: 'payments',
      columns: { id: 'id', paid: 'paid', amount: 'amount' },
      deal: { from: 'deal', of: 'crm' },
    };
    for (const document of [notes, paid]) await finance.post('/sources').send({ document }).expect(200);
    const bring = async (source: string, text: string) =>
      over(
        finance,
        (await finance.post(`/imports/${source}`).set('Content-Type', 'text/csv').send(text).expect(202)).body.job.id,
      );
    await bring(
      'notes',
      'cn,deal,date,kind,amount\n1,D1,2025-02-20,cancelled,1x\n2,D2,2025-02-20,cancelled,1x\n3,D1,2025-02-20,"a" b,1\n',
    );
    const { result } = await bring('bank', 'id,deal,paid,amount\n9,D1,2025-02-30,10\n8,D2,2025-02-30,10\n');
    const { body } = await finance.get('/quarantine').set('Attain-Position', result.position).expect(200);
    const answers = new Map<string, number>();
    for (const { quarantine, source, row } of body.rows) {
      const { status, body: answer } = await own.post(`/quarantine/${quarantine}/dismiss`).send({ reason: 'not mine' });
      answers.set(`${source} row ${row}`, status);
      if (status !== 200) expect(answer.code).toBe('OWN_PAY');
    }
    // The fourth row of notes was never cut into cells, so that nobody can rule out whose it is.
    expect(Object.fromEntries(answers)).toEqual({
      'crm row 5': 409,
      'notes row 2': 409,
      'notes row 3': 200,
      'notes row 4': 409,
      'bank row 2': 409,
      'bank row 3': 200,
    });
    for (const { quarantine, source, row } of body.rows)
      if (answers.get(`${source} row ${row}`) === 409)
        await finance.post(`/quarantine/${quarantine}/dismiss`).send({}).expect(200);
  });

  it('are paid, invoiced and taken back by somebody else than those who hold the deal', async () => {
    const { finance } = await filled();
    const own = await being({ roles: ['finance'], participant: 'ann' });
    const of = (id: string) => ({ deal: { source: 'crm', id } });
    const refused = async (path: string, body: object) =>
      expect((await own.post(path).send(body).expect(409)).body.code).toBe('OWN_PAY');
    await refused('/records/payments/bank/1', { ...of('D1'), fields: { paid: '2025-02-10', amount: '100' } });
    await refused('/records/items/crm/1', { ...of('D1'), fields: { amount: '100' } });
    await finance
      .post('/records/invoices/crm/I1')
      .send({ ...of('D1'), fields: { date: '2025-02-05', amount: '100' } })
      .expect(200);
    await refused('/records/payments/bank/2', {
      invoice: { source: 'crm', id: 'I1' },
      fields: { paid: '2025-02-10', amount: '100' },
    });
    await refused('/records/invoices/crm/I1/retract', {});
    await refused('/records/invoices/crm/I1/reverse', { kind: 'refunded', date: '2025-02-20' });
    await refused('/records/invoices/crm/I1', { ...of('D2'), fields: { date: '2025-02-05', amount: '100' } });
    await own
      .post('/records/payments/bank/3')
      .send({ ...of('D2'), fields: { paid: '2025-02-10', amount: '50' } })
      .expect(200);
    await finance
      .post('/deals/crm/D2/split')
      .send({ revenue: { bob: '60%', ann: '40%' } })
      .expect(200);
    await refused('/records/payments/bank/3', { ...of('D2'), fields: { paid: '2025-02-11', amount: '50' } });
  });

  it('come as text/csv, from a source that somebody has mapped', async () => {
    const finance = await as('finance');
    await finance.post('/imports/crm').set('Content-Type', 'text/csv').send(csv).expect(409);
    await finance
      .post('/sources')
      .send({ document: { ...crm, columns: { id: 'id', ammount: 'value' }, colums: {} } })
      .expect(422);
    await finance.post('/sources').send({ document: crm }).expect(200);
    for (const files of ['../export.csv', '/etc/passwd', ['export.csv', 'a/../../b.csv'], 'C:\\x.csv']) {
      expect(
        (
          await finance
            .post('/sources')
            .send({ document: { ...crm, files } })
            .expect(422)
        ).body.errors,
      ).toMatchObject([{ field: 'files' }]);
    }
    expect((await finance.post('/imports/crm').send({ a: 1 }).expect(415)).body.code).toBe('UNSUPPORTED_MEDIA');
    await finance.post('/imports/crm?name=../../etc/passwd').set('Content-Type', 'text/csv').send(csv).expect(422);
    const { body } = await finance
      .post('/imports/crm')
      .set('Content-Type', 'text/csv')
      .send('wrong,columns\n1,2\n')
      .expect(202);
    expect(await over(finance, body.job.id)).toMatchObject({ state: 'failed', problem: { code: 'MALFORMED' } });
  });
});

describe('An integration', () => {
  beforeEach(() => start());

  it('brings in its own source and sees nothing of another', async () => {
    const finance = await being({ roles: ['finance'] });
    const hub = await being({ roles: ['integration'], source: 'crm' });
    await finance.post('/sources').send({ document: crm }).expect(200);
    await finance
      .post('/sources')
      .send({ document: { ...crm, source: 'erp' } })
      .expect(200);
    const { body } = await hub.post('/imports/crm').set('Content-Type', 'text/csv').send(csv).expect(202);
    const job = await over(hub, body.job.id);
    await finance.post('/imports/erp').set('Content-Type', 'text/csv').send(csv).expect(202);
    await hub.post('/imports/erp').set('Content-Type', 'text/csv').send(csv).expect(404);
    await hub.get('/deals').expect(403);
    const imports = await hub.get('/imports').set('Attain-Position', job.result.position).expect(200);
    expect(imports.body.rows.map(({ source }: { source: string }) => source)).toEqual(['crm']);
    expect(
      (await hub.get('/quarantine').expect(200)).body.rows.every(({ source }: { source: string }) => source === 'crm'),
    ).toBe(true);
    await hub
      .get('/quarantine?source=erp')
      .expect(200)
      .expect(({ body: seen }) =>
        expect(seen.rows.every(({ source }: { source: string }) => source === 'crm')).toBe(true),
      );
  });
});

describe('An upload that is too large', () => {
  const demo = {
    company: 'Test',
    rep: { participant: 'ann', name: 'Ann' },
    manager: { participant: 'mo', name: 'Mo' },
  };
  beforeEach(() => start({ demo }, { module: PipelineModule, providers: [{ provide: UPLOAD_LIMIT, useValue: 1000 }] }));

  it('is refused before it is read if it states its length', async () => {
    const finance = await as('finance');
    await finance.post('/sources').send({ document: crm }).expect(200);
    const { body } = await finance
      .post('/imports/crm')
      .set('Content-Type', 'text/csv')
      .send(csv + 'x'.repeat(1000))
      .expect(413);
    expect(body).toMatchObject({ code: 'TOO_LARGE', detail: expect.stringContaining('at most 1000 bytes') });
  });

  it('is refused when it turns out to be, and the answer arrives', async () => {
    const finance = await as('finance');
    await finance.post('/sources').send({ document: crm }).expect(200);
    const { body } = await agentOf(served.url).post('/session/demo').send({ as: 'finance', give: 'token' });
    const status = await new Promise((resolve, reject) => {
      const headers = {
        Authorization: `Bearer ${body.token as string}`,
        'Content-Type': 'text/csv',
        'Transfer-Encoding': 'chunked',
      };
      const upload = request(`${served.url}/imports/crm`, { method: 'POST', headers }, (answer) => {
        resolve(answer.statusCode);
        answer.resume();
      });
      upload.on('error', reject);
      upload.write(csv);
      upload.end('x'.repeat(5000));
    });
    expect(status).toBe(413);
  });
});

describe('Own pay', () => {
  beforeEach(() =>
    start({
      demo: { company: 'Test', rep: { participant: 'ann', name: 'Ann' }, manager: { participant: 'mo', name: 'Mo' } },
    }),
  );
  const paidAs = (participant: string) => being({ roles: ['finance'], participant });
  const won = { closed: '2025-02-01', fields: { owner: 'ann', amount: '100' } };

  it('is not changed by a command of the owner of a deal, before or after', async () => {
    const finance = await as('finance');
    await finance.post('/deals/crm/D1/win').send(won).expect(200);
    await finance
      .post('/deals/crm/D1/reverse')
      .send({ reversal: 'r1', kind: 'refunded', date: '2025-02-10', amount: '10' })
      .expect(200);
    await finance
      .post('/deals/crm/D2/win')
      .send({ ...won, fields: { owner: 'bob', amount: '50' } })
      .expect(200);
    const ann = await paidAs('ann');
    const attempts: [string, object][] = [
      ['D9/open', { fields: { owner: 'ann', amount: '5' } }],
      ['D9/win', won],
      ['D9/lose', { fields: { owner: 'ann' } }],
      ['D1/win', { closed: '2025-01-31' }],
      ['D1/lose', { closed: '2025-02-01' }],
      ['D1/change', { fields: { amount: '1000' } }],
      ['D1/change', { fields: { stage: 'Negotiation' } }],
      ['D1/change', { fields: { owner: 'bob' } }],
      ['D2/change', { fields: { owner: 'ann' } }],
      ['D2/split', { revenue: { bob: '50%', ann: '50%' } }],
      ['D2/split', { revenue: {}, overlay: { ann: '100%' } }],
      ['D1/split', { revenue: { bob: '100%' } }],
      ['D1/reverse', { kind: 'refunded', date: '2025-02-20', amount: '1' }],
      ['D1/retract-reversal', { reversal: 'r1' }],
      ['D1/reopen', {}],
      ['D1/retract', {}],
    ];
    for (const [path, body] of attempts) {
      const answer = await ann.post(`/deals/crm/${path}`).send(body);
      expect({ path, status: answer.status, code: (answer.body as { code?: string }).code }).toEqual({
        path,
        status: 409,
        code: 'OWN_PAY',
      });
    }
    await ann
      .post('/deals/crm/D2/change')
      .send({ fields: { amount: '60' } })
      .expect(200);
    await finance
      .post('/deals/crm/D2/split')
      .send({ revenue: { bob: '50%', ann: '50%' } })
      .expect(200);
    expect(
      (
        await ann
          .post('/deals/crm/D2/change')
          .send({ fields: { amount: '70' } })
          .expect(409)
      ).body.code,
    ).toBe('OWN_PAY');
  });

  it('waits in quarantine if the importer is paid for it, until somebody else reads it again', async () => {
    const finance = await as('finance');
    await finance.post('/sources').send({ document: crm }).expect(200);
    const ann = await paidAs('ann');
    const { body } = await ann
      .post('/imports/crm?name=export.csv')
      .set('Content-Type', 'text/csv')
      .send(csv)
      .expect(202);
    const job = await over(finance, body.job.id);
    expect(job).toMatchObject({ state: 'finished', result: { rows: 4, opened: 1, quarantined: 3 } });
    const { body: waiting } = await finance.get('/quarantine').set('Attain-Position', job.result.position).expect(200);
    expect(
      waiting.rows
        .map((row: { raw: { id: string }; expected: string }) => [row.raw.id, row.expected.includes('own pay')])
        .sort(),
    ).toEqual([
      ['D1', true],
      ['D3', true],
      ['D4', false],
    ]);
    expect((await ann.post('/imports/crm/replay').expect(200)).body).toMatchObject({ opened: 0, quarantined: 3 });
    expect((await finance.post('/imports/crm/replay').expect(200)).body).toMatchObject({ opened: 2, quarantined: 1 });
  });

  it('is not retracted by a complete export of the paid participant', async () => {
    const finance = await as('finance');
    await finance.post('/sources').send({ document: crm }).expect(200);
    await finance.post('/deals/crm/D1/win').send(won).expect(200);
    const ann = await paidAs('ann');
    const { body } = await ann
      .post('/imports/crm?complete=yes')
      .set('Content-Type', 'text/csv')
      .send('id,agent,value,closed,stage\nD2,bob,50,,Engaging\n')
      .expect(202);
    expect(await over(finance, body.job.id)).toMatchObject({
      state: 'finished',
      result: { opened: 1, retracted: 0, notRetracted: expect.stringContaining('own pay') },
    });
  });
});

describe('An integration with other roles', () => {
  beforeEach(() =>
    start({
      demo: { company: 'Test', rep: { participant: 'ann', name: 'Ann' }, manager: { participant: 'mo', name: 'Mo' } },
    }),
  );
  const document = { ...crm, source: 'erp' };

  it('keeps its one source', async () => {
    const finance = await as('finance');
    for (const mapped of [crm, document]) await finance.post('/sources').send({ document: mapped }).expect(200);
    const { body: upload } = await finance.post('/imports/erp').set('Content-Type', 'text/csv').send(csv).expect(202);
    const job = await over(finance, upload.job.id);
    const { body: waiting } = await finance.get('/quarantine').set('Attain-Position', job.result.position).expect(200);
    const [{ quarantine }] = waiting.rows as [{ quarantine: string }];

    for (const roles of [['integration'], ['integration', 'finance'], ['finance', 'integration']] as const) {
      const crmOnly = await being({ roles: [...roles], source: 'crm' });
      await crmOnly.post('/imports/erp').set('Content-Type', 'text/csv').send(csv).expect(404);
      await crmOnly.post('/imports/erp/replay').expect(404);
      await crmOnly.get(`/imports/${job.result.import}`).expect(404);
      expect((await crmOnly.get('/imports').expect(200)).body.rows).toEqual([]);
      expect((await crmOnly.get('/quarantine').expect(200)).body).toMatchObject({ rows: [], total: 0 });
      expect((await crmOnly.get('/quarantine?source=erp').expect(200)).body.rows).toEqual([]);
      await crmOnly.post(`/quarantine/${quarantine}/dismiss`).send({ reason: 'x' }).expect(404);
      await crmOnly.get(`/jobs/${job.id}`).expect(404);
      expect((await crmOnly.get('/jobs').expect(200)).body.rows).toEqual([]);
      await crmOnly.post(`/jobs/${job.id}/resume`).expect(404);
    }
    const both = await being({ roles: ['integration', 'finance'], source: 'crm' });
    await both.post('/imports/crm').set('Content-Type', 'text/csv').send(csv).expect(202);
    await both.post('/sources').send({ document }).expect(404);
    await both
      .post('/sources')
      .send({ document: { source: 'crm', files: 'splits.csv', as: 'splits', deal: { of: 'erp' } } })
      .expect(404);
    await both
      .post('/deals/erp/D7/open')
      .send({ fields: { owner: 'bob', amount: '1' } })
      .expect(404);
    await both
      .post('/accounts/erp/A1')
      .send({ fields: { name: 'A' } })
      .expect(404);
    await both.post('/accounts/erp/A1/retract').send({}).expect(404);
    await both
      .post('/deals/crm/D7/open')
      .send({ fields: { owner: 'bob', amount: '1' } })
      .expect(200);
    const none = await being({ roles: ['integration', 'finance'] });
    await none.post('/imports/crm').set('Content-Type', 'text/csv').send(csv).expect(404);
  });
});

describe('Records beside deals over HTTP', () => {
  beforeEach(() =>
    start({
      demo: { company: 'Test', rep: { participant: 'ann', name: 'Ann' }, manager: { participant: 'mo', name: 'Mo' } },
    }),
  );

  it('are recorded, read back, taken back and retracted', async () => {
    const client = await as('finance');
    await client
      .post('/records/payments/erp/P1')
      .send({ deal: { source: 'crm', id: 'D1' }, fields: { paid: '2025-02-10', amount: '50.00' } })
      .expect(200);
    await client
      .post('/records/invoices/erp/I1')
      .send({ fields: { date: '2025-02-01', amount: '100', owner: 'ann' } })
      .expect(200);
    const { body: reversed } = await client
      .post('/records/invoices/erp/I1/reverse')
      .send({ kind: 'credited', date: '2025-02-20', amount: '40' })
      .expect(200);
    const { body } = await client.get('/records/payments').set('Attain-Position', reversed.position).expect(200);
    expect(body.rows).toEqual([
      expect.objectContaining({ of: 'payments', id: 'P1', deal: 'crm:D1', date: '2025-02-10' }),
    ]);
    const { body: invoice } = await client.get('/records/invoices/erp/I1').expect(200);
    expect(invoice.reversals).toEqual({ 1: { kind: 'credited', date: '2025-02-20', amount: '40' } });
    const { body: gone } = await client.post('/records/invoices/erp/I1/retract').send({}).expect(200);
    await client.get('/records/invoices/erp/I1').set('Attain-Position', gone.position).expect(404);
    await client
      .post('/records/payments/erp/P2')
      .send({ fields: { amount: '5' } })
      .expect(409);
    await client.post('/records/parcels/erp/P2').send({ fields: {} }).expect(422);
  });
});
