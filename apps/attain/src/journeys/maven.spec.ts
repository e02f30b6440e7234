import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LineExplanation, type StatementAnswer } from '@attain/incentives';
import { Exact } from '@attain/values';
import { runCli } from '../cli/program.js';
import { boot, type Booted, demoFolder, scratch } from './booted.fixture.js';
import { agentOf } from '@attain/service/testing';

let place: Awaited<ReturnType<typeof scratch>>;
let maven: Booted;
beforeAll(async () => {
  place = await scratch();
  maven = await boot(demoFolder, place.path);
});
afterAll(async () => {
  await maven?.close();
  await place?.gone();
});

const sum = (amounts: readonly string[]) =>
  amounts.reduce((all, amount) => all.plus(Exact.parse(amount)), Exact.zero).toString();

describe('The Maven export over HTTP', () => {
  const sales = async (by: string) => {
    const { body } = await (await maven.as('finance')).get('/sales').query({ by }).expect(200);
    return Object.fromEntries(
      (body as { rows: { key: string; amount: string }[] }).rows.map(({ key, amount }) => [key, amount]),
    );
  };

  it('gives its totals back', async () => {
    expect(await sales('company')).toEqual({ company: '10005534.00' });
    expect(await sales('region')).toEqual({ West: '3568647.00', Central: '3346293.00', East: '3090594.00' });
    expect(await sales('quarter')).toEqual({
      '2017-Q1': '1134672.00',
      '2017-Q2': '3086111.00',
      '2017-Q3': '2982255.00',
      '2017-Q4': '2802496.00',
    });
    expect((await sales('rep'))['darcel-schlecht']).toBe('1153214.00');
  });

  it('has 4,238 won and 2,473 lost deals, a win rate of 63.15 %', async () => {
    const { body } = await (await maven.as('auditor')).get('/sales?by=company').expect(200);
    const [{ won, lost, winRate }] = (body as { rows: [{ won: number; lost: number; winRate: string }] }).rows;
    expect([won, lost, winRate]).toEqual([4238, 2473, '0.631501']);
  });
});

describe('A visitor of the demo', () => {
  const listed = async (role: 'rep' | 'manager' | 'finance' | 'auditor') => {
    const { body } = await (await maven.as(role)).get('/statements/2017-06').expect(200);
    return (body as { rows: { participant: string }[] }).rows.map(({ participant }) => participant);
  };

  it('sees as a rep the own statement, as a manager those of the team too, as finance and auditor everybody’s', async () => {
    expect(await listed('rep')).toEqual(['darcel-schlecht']);
    expect(await listed('manager')).toEqual([
      'darcel-schlecht',
      'gladys-colclough',
      'jonathan-berthelot',
      'marty-freudenburg',
      'mei-mei-johns',
      'melvin-marxen',
      'niesha-huffines',
    ]);
    expect(await listed('finance')).toHaveLength(42);
    expect(await listed('auditor')).toHaveLength(42);
  });

  it('changes nothing as an auditor', async () => {
    await (await maven.as('auditor')).post('/periods/2017-10/close').send({}).expect(403);
    await (
      await maven.as('rep')
    )
      .post('/deals/crm/1C1I7A6R/change')
      .send({ fields: { amount: '1' } })
      .expect(403);
  });

  it('is asked to sign in first', async () => {
    await agentOf(maven.url).get('/statements/2017-06').expect(401);
  });
});

describe('A line of a statement', () => {
  const statement = async (participant: string, period: string) =>
    (await (await maven.as('finance')).get(`/statements/${period}/${participant}`).expect(200)).body as StatementAnswer;

  it.each([
    ['darcel-schlecht', '2017-09'],
    ['melvin-marxen', '2017-08'],
    ['moses-frase', '2017-07'],
  ])('of %s for %s sums up to the statement and explains itself down to the events', async (participant, period) => {
    const { lines, payable, earned } = await statement(participant, period);
    expect(lines.length).toBeGreaterThan(10);
    expect(sum(lines.map((line) => line.payable))).toBe(Exact.parse(payable).toString());
    expect(sum(lines.map((line) => line.earned))).toBe(Exact.parse(earned).toString());
    const finance = await maven.as('finance');
    // A manager has hundreds of lines, and each is explained by all deals of the quarter: thirty of them, spread over the statement.
    const every = Math.ceil(lines.length / 30);
    for (const { id } of lines.filter((_, index) => index % every === 0)) {
      const { body } = await finance.get(`/statements/${period}/${participant}/lines/${id}`).expect(200);
      const { line, inputs } = body as LineExplanation;
      const trace = line.trace!;
      expect(sum(trace.slices.map(({ amount }) => amount))).toBe(Exact.parse(trace.unrounded).toString());
      expect(Exact.parse(trace.unrounded).toDecimal(2, 'half-up')).toBe(line.earned);
      expect(inputs.length).toBeGreaterThan(0);
      expect(inputs.map(({ fact, event }) => fact?.event === event)).not.toContain(false);
    }
  });

  it('pays the part above the quota at the higher rate', async () => {
    const { lines } = await statement('darcel-schlecht', '2017-09');
    const crossing = lines.find(({ trace }) => trace?.slices.length === 2);
    expect(crossing?.trace?.slices.map(({ rate }) => rate)).toEqual(['6%', '9%']);
  });
});

describe('Pay by the plans of the demo', () => {
  type Tree = NonNullable<LineExplanation['explanation']>;
  const leaves = (tree: Tree): string[] => (tree.parts.length === 0 ? [tree.amount] : tree.parts.flatMap(leaves));

  it.each([
    ['an accelerator', 'darcel-schlecht', '2017-09', 'Commission', 'earning', 1, /the quota 363000 in 2017-Q3$/],
    [
      'a quarterly bonus',
      'darcel-schlecht',
      '2017-09',
      'Quarterly bonus',
      'earning',
      1,
      /^100% of the target 1500 USD for 2017-Q3; revenue reached 373218 of the quota 363000$/,
    ],
    [
      'a contest',
      'jonathan-berthelot',
      '2017-Q3',
      'Podium',
      'earning',
      1,
      /jonathan-berthelot has 118501, place 1; ranking 1\. jonathan-berthelot, 2\. kami-bicknell, 3\. anna-snelling,/,
    ],
    [
      'a draw',
      'violet-mclelland',
      '2017-04',
      '',
      'draw',
      1,
      /is filled up to the draw of 1000\.00 USD: the balance goes from 634\.65 USD to 1519\.10 USD$/,
    ],
    [
      'its recovery',
      'violet-mclelland',
      '2017-07',
      '',
      'recovery',
      1,
      /is paid back: the balance goes from 1272\.19 USD to 1046\.19 USD$/,
    ],
    [
      'a clawback',
      'jonathan-berthelot',
      '2017-07',
      'Commission',
      'clawback',
      1,
      /^299\.55 USD is clawed back: 100% of what crm:8BY9YRL9 had earned by then, cancelled on 2017-07-18$/,
    ],
    [
      'a multiplier of an override',
      'melvin-marxen',
      '2017-09',
      'Override',
      'multiplier',
      200,
      /= 120% on 2017-09-30, because attainment\(revenue\) = about 107\.6794%$/,
    ],
  ])(
    'has %s, whose parts sum to it and name its reason',
    async (_, participant, period, component, kind, atLeast, reason) => {
      const finance = await maven.as('finance');
      const { lines } = (await finance.get(`/statements/${period}/${participant}`).expect(200)).body as StatementAnswer;
      const meant = lines.filter((line) => line.component === component && line.kind === kind);
      expect(meant.length).toBeGreaterThanOrEqual(atLeast);
      for (const { id, payable } of meant.slice(-5)) {
        const { explanation } = (await finance.get(`/statements/${period}/${participant}/lines/${id}`).expect(200))
          .body as LineExplanation;
        expect(explanation!.sentence).toMatch(reason);
        expect(sum(leaves(explanation!))).toBe(Exact.parse(payable).toString());
      }
    },
  );

  const examples = readFileSync(join(demoFolder, 'README.md'), 'utf8').matchAll(
    /^```\n\$ npx attain (explain .*)\n([\s\S]*?)^```$/gm,
  );
  it.each([...examples].map(([, command, printed]) => [command!, printed!] as const))(
    'is explained as in its README: %s',
    async (command, printed) => {
      let out = '';
      const code = await runCli(
        [...command.split(' '), '--server', maven.url, '--token', await maven.token('finance')],
        { out: (text) => void (out += text), err: () => undefined, watched: false },
      );
      expect(code).toBe(0);
      const lines = new Set(out.split('\n'));
      expect(
        printed
          .trimEnd()
          .split('\n')
          .filter((line) => !lines.has(line)),
      ).toEqual([]);
    },
  );
});

describe('A command over HTTP', () => {
  const win = (key: string, amount: string) =>
    maven.as('finance').then((finance) =>
      finance
        .post('/deals/manual/J1/win')
        .set('Idempotency-Key', key)
        .send({ closed: '2017-11-02', fields: { owner: 'moses-frase', amount, name: 'Told by hand' } }),
    );

  it('sent twice with one key happens once, and has the same answer', async () => {
    const first = await win('journey-1', '1000');
    expect(first.status).toBe(200);
    const head = await maven.head();
    const again = await win('journey-1', '1000');
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await maven.head()).toBe(head);
    const other = await win('journey-1', '2000');
    expect([other.status, other.body.code]).toEqual([422, 'KEY_REUSED']);
    expect(await maven.head()).toBe(head);
  });

  it('returns its position, and a query that names it contains the effect', async () => {
    const won = await win('journey-2', '1250');
    const position = won.headers['attain-position'] as string;
    expect(won.body).toMatchObject({ stream: 'deal-manual:J1', position });
    const finance = await maven.as('finance');
    const { body } = await finance.get('/deals/manual/J1').set('Attain-Position', position).expect(200);
    expect(JSON.stringify(body)).toContain('1250');
    const waited = await finance.get('/deals/manual/J1').set('Attain-Position', String(BigInt(position) + 1_000_000n));
    expect([waited.status, waited.body.errors]).toEqual([422, [expect.objectContaining({ field: 'Attain-Position' })]]);
  });

  it.each([
    ['is not JSON', '{"closed": ', 400, 'BAD_JSON', 'body'],
    ['has an unknown field', { closed: '2017-11-02', price: '5' }, 422, 'MALFORMED', 'price'],
    ['names a day that does not exist', { closed: '2017-02-30' }, 422, 'MALFORMED', 'closed'],
    ['sends a number where a text belongs', { closed: 20171102 }, 422, 'MALFORMED', 'closed'],
  ])('that %s is refused at its place', async (_, body, status, code, field) => {
    const head = await maven.head();
    const answer = await (
      await maven.as('finance')
    )
      .post('/deals/manual/J9/win')
      .set('Content-Type', 'application/json')
      .send(body as string);
    expect([answer.status, answer.body.code, answer.body.errors.map((one: { field: string }) => one.field)]).toEqual([
      status,
      code,
      [field],
    ]);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(await maven.head()).toBe(head);
  });

  it.each(['1.234,56', '1e400', '12,5', '٣', ' 5'])(
    'with the amount %s is refused, and nothing is guessed',
    async (amount) => {
      const answer = await win(`journey-${amount.codePointAt(0)}-${amount.length}`, amount);
      expect([answer.status >= 400 && answer.status < 500, JSON.stringify(answer.body)]).toEqual([
        true,
        expect.stringContaining('amount'),
      ]);
    },
  );
});

describe('A closed month', () => {
  it('stays as it was paid, and later facts become a difference in the next close, with its cause', async () => {
    const finance = await maven.as('finance');
    const june = (await finance.get('/statements/2017-06/darcel-schlecht').expect(200)).body as StatementAnswer;
    const deal = june.lines[0]!.record!;
    await finance
      .post(`/deals/${deal.source}/${deal.id}/change`)
      .send({ fields: { amount: '407' }, reason: 'a zero too many' })
      .expect(200);
    // A close that is answered 503 may have happened, so that only its key makes the repetition the same request.
    const closed = await finance
      .post('/periods/2017-10/close')
      .set('Idempotency-Key', 'journey-close')
      .send({})
      .expect(200);
    const october = (
      await finance.get('/statements/2017-10/darcel-schlecht').set('Attain-Position', closed.body.position).expect(200)
    ).body as StatementAnswer;
    const differences = october.lines.filter(({ kind }) => kind === 'difference');
    expect(differences).toMatchObject([
      { for: '2017-06', record: deal, payable: '-240.00', cause: { kind: 'changed' } },
    ]);
    const { body } = await finance.get(`/statements/2017-10/darcel-schlecht/lines/${differences[0]!.id}`).expect(200);
    expect((body as LineExplanation).cause).toMatchObject({
      type: 'DealRepriced',
      stream: `deal-crm:${deal.id}`,
      actor: maven.actorOf('finance'),
      reason: 'a zero too many',
    });
    expect((await finance.get('/statements/2017-06/darcel-schlecht').expect(200)).body).toEqual(june);
    await finance.post('/periods/2017-10/close').send({}).expect(409);
  });

  it('is recomputed from the log by an auditor, and all hashes agree', async () => {
    const auditor = await maven.as('auditor');
    const { body: job } = await auditor.post('/verification').send({}).expect(202);
    // The whole stream of its progress, which ends with it.
    await auditor.get(`/jobs/${(job as { id: string }).id}/events`).expect(200);
    const { body } = await auditor.get('/verification').expect(200);
    expect(body).toMatchObject({ agrees: true, discrepancies: [] });
  });
});

describe('A restart', () => {
  it('is warm: nothing is imported again, and everything is as it was', async () => {
    const asked = async () => {
      const finance = await maven.as('finance');
      const statements = (await finance.get('/statements/2017-10').expect(200)).body as unknown;
      const sales = (await finance.get('/sales?by=rep').expect(200)).body as unknown;
      return { statements, sales, head: await maven.head() };
    };
    const before = await asked();
    await maven.close();
    maven = await boot(demoFolder, place.path);
    expect(maven.imported).toBe(false);
    const { head, ...after } = await asked();
    expect(withoutPositions(after)).toEqual(withoutPositions({ statements: before.statements, sales: before.sales }));
    // Users are events, and a deployment that is asked from elsewhere makes them again.
    if (process.env['JOURNEYS'] === undefined) expect(head).toBe(before.head);
  });
});

function withoutPositions(answers: unknown): unknown {
  return JSON.parse(JSON.stringify(answers, (key, value: unknown) => (key === 'position' ? undefined : value)));
}
