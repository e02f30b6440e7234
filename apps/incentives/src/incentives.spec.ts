import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OtherServices } from './verify/other-services.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHistory } from '@attain/compensation';
import { type AttainEvent, decodeEvent, eventTypes } from '@attain/contracts';
import { type Context, type EventStore, type Executor } from '@attain/eventsourcing';
import {
  type Caller,
  createInstance,
  EVENT_STORE,
  EventTransport,
  EXECUTOR,
  type Instance,
  OutOfScope,
  Scopes,
} from '@attain/service';
import { endOfDay, Exact, newUuid, startOfDay } from '@attain/values';
import {
  ClosingQueries,
  DifferenceQueries,
  EarnedQueries,
  ExceptionQueries,
  IncentivesModule,
  partsOf,
  PeriodCommands,
  PeriodQueries,
  PlanCommands,
  PlanQueries,
  RowQueries,
  StatementQueries,
  Verification,
} from './index.js';
import type { CloseControls } from './periods/closing.rules.js';
import { periodDecider } from './periods/period.decider.js';
import { Anchors } from './verify/anchors.js';

const zone = 'UTC';
const context: Context = { actor: 'user:fay', correlation: 'c' };
const plan = {
  plan: 'AE',
  version: '1',
  effective: { from: '2025-01-01' },
  assignedTo: { roles: ['AE'] },
  pays: 'monthly',
  components: [
    {
      name: 'Commission',
      measure: 'revenue',
      per: 'month',
      tiers: [
        { from: '0%', rate: '10%' },
        { from: '100%', rate: '15%' },
      ],
    },
  ],
};

/** AT-32 with the real commands, store, projections and engine. */
class January {
  now = startOfDay('2025-01-01', zone);
  private constructor(
    readonly instance: Instance,
    private readonly clock: { now: string },
  ) {}

  static async begin(urls?: { events: string; models: string }): Promise<January> {
    const clock = { now: startOfDay('2025-01-01', zone) };
    const january = new January(
      await createInstance([IncentivesModule], { clock: () => clock.now, ...(urls && { urls }) }),
      clock,
    );
    await january.record('2025-01-01', 'company-main', {
      type: 'CompanyConfigured',
      data: { document: { currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } } } },
    });
    await january.person('ann', 'max');
    await january.person('bob', 'max');
    await january.person('max', null);
    await january.instance.get(PlanCommands).publish(plan, context);
    await january.quota('2025-01-02', 'ann', '100000');
    await january.won('2025-01-20', 'D1', 'ann', '75000', '2025-01-15');
    await january.won('2025-01-25', 'D2', 'ann', '15000', '2025-01-24');
    await january.won('2025-01-25', 'D3', 'bob', '1000', '2025-01-24');
    await january.instance.caughtUp();
    return january;
  }

  async record(at: string, stream: string, ...events: AttainEvent[]): Promise<void> {
    this.clock.now = startOfDay(at, zone);
    const meta = { actor: 'test', correlation: 'c', recorded: this.clock.now, reason: `recorded on ${at}` };
    await this.instance.get(EVENT_STORE).append({
      stream,
      expected: 'any',
      events: events.map((event) => ({
        ...event,
        id: newUuid(),
        version: eventTypes.get(event.type)!.version,
        meta,
      })),
    });
  }
  person(participant: string, manager: string | null): Promise<void> {
    return this.record('2025-01-01', `participant-${participant}`, {
      type: 'ParticipantAssigned',
      data: {
        participant,
        from: '2025-01-01',
        to: null,
        role: manager === null ? null : 'AE',
        manager,
        team: null,
        region: null,
        currency: null,
        fields: {},
      },
    });
  }
  quota(at: string, whom: string, amount: string): Promise<void> {
    return this.record(at, `quota-${whom}~revenue`, {
      type: 'QuotaAssigned',
      data: {
        for: whom,
        measure: 'revenue',
        period: '2025-01',
        amount,
        target: null,
        credit: ['sales'],
        currency: null,
      },
    });
  }
  /** The day goes to its end. */
  pass(date: string): void {
    this.clock.now = endOfDay(date, zone);
  }
  won(at: string, id: string, owner: string, amount: string, closed: string, currency?: string): Promise<void> {
    return this.record(
      at,
      `deal-crm:${id}`,
      { type: 'DealOpened', data: { source: 'crm', id, fields: { owner, amount, ...(currency && { currency }) } } },
      { type: 'DealWon', data: { closed } },
    );
  }
  close(period: string, at: string, given: Partial<Context> = {}, how: Parameters<PeriodCommands['close']>[2] = {}) {
    this.clock.now = endOfDay(at, zone);
    return this.instance.get(PeriodCommands).close(period, { ...context, ...given }, how);
  }
  async corrected(): Promise<void> {
    await this.close('2025-02', '2025-02-28');
    await this.quota('2025-03-10', 'ann', '80000');
    await this.close('2025-03', '2025-03-31');
    await this.record('2025-04-12', 'deal-crm:D2', {
      type: 'DealReversed',
      data: { reversal: 'r1', kind: 'cancelled', date: '2025-04-11', amount: null },
    });
    await this.close('2025-04', '2025-04-30');
  }
  statement(participant: string, period: string, scope = this.instance.scope, cut?: { known: string }) {
    return this.instance.get(StatementQueries).one(scope, participant, period, cut);
  }
  scope(caller: Partial<Caller>) {
    return this.instance.get(Scopes).scopeOf({ actor: 'user:x', name: 'x', roles: ['rep'], ...caller });
  }
}

describe('closing', () => {
  let january: January;
  beforeEach(async () => {
    january = await January.begin();
  });
  afterEach(() => january.instance.close());

  it('AT-32: pays 9,000 in January, a difference of +500 in March and −2,000 in April, each with its cause', async () => {
    await january.corrected();
    expect((await january.statement('ann', '2025-01')).payable).toBe('9000.00');
    expect((await january.statement('ann', '2025-02')).payable).toBe('0.00');
    const [march, april] = [await january.statement('ann', '2025-03'), await january.statement('ann', '2025-04')];
    expect([march.payable, march.lines.map((line) => [line.kind, line.for, line.cause?.kind, line.payable])]).toEqual([
      '500.00',
      [['difference', '2025-01', 'quota', '500.00']],
    ]);
    expect([april.payable, april.lines.map((line) => [line.for, line.cause?.kind])[0]]).toEqual([
      '-2000.00',
      ['2025-01', 'cancelled'],
    ]);
  });

  it('closes every earlier period first, and answers which, and how many statements it issued', async () => {
    const seen: number[][] = [];
    const { closed, statements } = await january.close(
      '2025-Q1',
      '2025-03-31',
      {},
      { progress: (done, total) => seen.push([done, total]) },
    );
    expect(closed).toEqual(['2025-01', '2025-02', '2025-03', '2025-Q1']);
    expect(statements).toBe(6);
    expect(seen.at(-1)).toEqual([6, 6]);
    const periods = await january.instance.get(PeriodQueries).list();
    expect(periods.map(({ name, closed: how }) => [name, how?.participants])).toEqual([
      ['2025-01', 2],
      ['2025-02', 2],
      ['2025-03', 2],
      ['2025-Q1', 0],
    ]);
  });

  it('knows every fact that the log holds, although an earlier event without effect on pay has a later instant', async () => {
    const store = january.instance.get(EVENT_STORE);
    await store.append({
      stream: 'user-directory',
      expected: 'any',
      events: [
        {
          type: 'UserPasswordChanged',
          id: newUuid(),
          version: eventTypes.get('UserPasswordChanged')!.version,
          data: { user: 'zoe', credential: 'k1' },
          meta: { actor: 'test', correlation: 'c', recorded: startOfDay('2025-01-25', zone) },
        },
      ],
    });
    // A log on EventStoreDB keeps the clock of each process: this is how it answers where that event has a clock of February.
    const [positionAt, before] = [store.positionAt.bind(store), (await store.head()) - 1n];
    store.positionAt = async (instant) => (instant < '2025-02-03' ? before : positionAt(instant));
    await january.won('2025-01-30', 'D9', 'ann', '2000', '2025-01-30');
    await january.instance.caughtUp();
    const preview = await january.statement('ann', '2025-01');
    await january.close('2025-01', '2025-01-31');
    const issued = await january.statement('ann', '2025-01');
    expect(issued.lines.map(({ record }) => record?.id)).toContain('D9');
    expect(issued.payable).toBe(preview.payable);
    expect((await january.instance.get(Verification).run()).agrees).toBe(true);
  });

  it('refuses a period that is closed, unknown or not over, and then closes nothing', async () => {
    await january.close('2025-01', '2025-01-31');
    await expect(january.close('2025-01', '2025-02-10')).rejects.toMatchObject({ code: 'PERIOD_CLOSED' });
    await expect(january.close('2025-13', '2025-02-10')).rejects.toMatchObject({ code: 'PERIOD_UNKNOWN' });
    await expect(january.close('2025-Q1', '2025-03-30')).rejects.toMatchObject({ code: 'PERIOD_NOT_OVER' });
    expect(
      (await january.instance.get(PeriodQueries).list()).filter(({ closed }) => closed).map(({ name }) => name),
    ).toEqual(['2025-01']);
  });

  it('closes more than one period only when all of them are named', async () => {
    const close = (closes?: string[]) =>
      january.close('2025-03', '2025-03-31', {}, { controls: closes === undefined ? {} : { closes } });
    const head = () => january.instance.get(EVENT_STORE).head();
    await january.instance.caughtUp();
    const before = await head();
    for (const closes of [
      undefined,
      [],
      ['2025-03'],
      ['2025-02', '2025-03'],
      ['2025-01', '2025-02'],
      ['2025-01', '2025-02', '2025-03', '2025-04'],
    ]) {
      await expect(close(closes)).rejects.toMatchObject({
        code: 'CLOSES_MORE',
        detail: { period: '2025-03', closes: ['2025-01', '2025-02', '2025-03'] },
      });
    }
    expect(await head()).toBe(before);
    expect((await close(['2025-03', '2025-01', '2025-02'])).closed).toEqual(['2025-01', '2025-02', '2025-03']);
    // Nobody is paid by the quarter, so that nobody has to name it.
    expect((await january.close('2025-04', '2025-04-30', {}, { controls: {} })).closed).toEqual(['2025-Q1', '2025-04']);
    await expect(
      january.close('2025-05', '2025-05-31', {}, { controls: { closes: ['2025-06'] } }),
    ).rejects.toMatchObject({ code: 'CLOSES_MORE' });
    expect((await january.close('2025-05', '2025-05-31', {}, { controls: { closes: ['2025-05'] } })).closed).toEqual([
      '2025-05',
    ]);
  });

  it('lists the periods that a close includes, and then closes them', async () => {
    await january.close('2025-01', '2025-01-31');
    await january.quota('2025-02-10', 'ann', '80000');
    await january.instance.caughtUp();
    const preview = () => january.instance.get(ClosingQueries).wouldClose('2025-02');
    await expect(preview()).rejects.toMatchObject({ code: 'PERIOD_NOT_OVER', detail: { ends: '2025-02-28' } });
    january.pass('2025-02-28');
    const store = january.instance.get(EVENT_STORE);
    const head = await store.head();
    const would = await preview();
    expect(await store.head()).toBe(head);
    expect(would).toMatchObject({
      period: '2025-02',
      closes: ['2025-02'],
      totals: [{ currency: 'USD', payable: '500.00', statements: 2 }],
      differences: [
        { participant: 'ann', period: '2025-02', for: '2025-01', payable: '500.00', cause: { kind: 'quota' } },
      ],
      exceptions: [],
    });
    await january.close('2025-02', '2025-02-28');
    for (const { participant, period, payable, lines } of would.statements) {
      const issued = await january.statement(participant, period);
      expect([payable, lines]).toEqual([issued.payable, issued.lines.length]);
    }
    await expect(preview()).rejects.toMatchObject({ code: 'PERIOD_CLOSED' });
  });

  it('is refused while an exception is open, until somebody accepts it with a reason, which the log keeps', async () => {
    await january.won('2025-01-28', 'D4', 'bob', '500', '2025-01-28', 'EUR');
    await january.won('2025-01-29', 'D5', 'ann', '500', '2025-01-29', 'EUR');
    const close = (accept?: CloseControls['accept']) =>
      january.close('2025-01', '2025-01-31', {}, { controls: accept ? { accept } : {} });
    const open = [
      { period: '2025-01', code: 'RATE_MISSING', participant: 'ann', record: { id: 'D5' } },
      { period: '2025-01', code: 'RATE_MISSING', participant: 'bob', record: { id: 'D4' } },
    ];
    await expect(close()).rejects.toMatchObject({ code: 'OPEN_EXCEPTIONS', detail: { count: 2, exceptions: open } });
    expect((await january.instance.get(ClosingQueries).wouldClose('2025-01')).exceptions).toMatchObject(open);
    await expect(close({ reason: 'EUR comes in March', exceptions: [{ participant: 'bob' }] })).rejects.toMatchObject({
      code: 'OPEN_EXCEPTIONS',
      detail: { count: 1, exceptions: [open[0]] },
    });
    await close({
      reason: 'EUR comes in March',
      exceptions: [
        { participant: 'bob', record: 'D4' },
        { code: 'RATE_MISSING', period: '2025-01', participant: 'ann' },
      ],
    });
    const taken: unknown[] = [];
    for await (const page of january.instance.get(EVENT_STORE).readStream('period-2025-01'))
      taken.push(...page.map(({ type, data, meta }) => ({ type, data, by: meta.actor })));
    expect(taken).toMatchObject([
      {
        type: 'ExceptionAccepted',
        by: 'user:fay',
        data: { participant: 'ann', record: { source: 'crm', id: 'D5' }, reason: 'EUR comes in March' },
      },
      {
        type: 'ExceptionAccepted',
        by: 'user:fay',
        data: { participant: 'bob', record: { source: 'crm', id: 'D4' }, reason: 'EUR comes in March' },
      },
      { type: 'PeriodClosed' },
    ]);
    await january.instance.caughtUp();
    const list = (scope = january.instance.scope) => january.instance.get(ExceptionQueries).accepted(scope, '2025-01');
    expect(await list()).toMatchObject([
      { participant: 'ann', code: 'RATE_MISSING', reason: 'EUR comes in March', by: 'user:fay' },
      { participant: 'bob' },
    ]);
    expect((await list(january.scope({ participant: 'bob' }))).map(({ participant }) => participant)).toEqual(['bob']);
    expect((await january.instance.get(Verification).run()).agrees).toBe(true);
  });

  it('sent twice with one key has the same answer, and closes once', async () => {
    const first = await january.close('2025-02', '2025-02-28', { key: 'k1' });
    const second = await january.close('2025-02', '2025-03-05', { key: 'k1' });
    expect(second).toEqual({ ...first, events: second.events, repeated: true });
    await expect(january.close('2025-03', '2025-03-31', { key: 'k1' })).rejects.toMatchObject({ code: 'KEY_REUSED' });
  });

  it('requested twice at once happens once', async () => {
    const both = await Promise.allSettled([
      january.close('2025-01', '2025-01-31'),
      january.close('2025-01', '2025-01-31'),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((await january.instance.get(Verification).run()).agrees).toBe(true);
  });

  it('leaves out events that were recorded while it closed', async () => {
    const store = january.instance.get(EVENT_STORE);
    const append = store.append.bind(store);
    // Between the engine's answer and the append another writer comes in, at the same instant.
    store.append = async (closing) => {
      store.append = append;
      const meta = { actor: 'test', correlation: 'c', recorded: endOfDay('2025-01-31', zone) };
      await store.append({
        stream: 'quota-ann~revenue',
        expected: 'any',
        events: [
          {
            id: newUuid(),
            type: 'QuotaChanged',
            version: 1,
            meta,
            data: {
              for: 'ann',
              measure: 'revenue',
              period: '2025-01',
              amount: '80000',
              target: null,
              credit: ['sales'],
              currency: null,
            },
          },
        ],
      });
      return append(closing);
    };
    await january.close('2025-01', '2025-01-31');
    expect((await january.statement('ann', '2025-01')).payable).toBe('9000.00');
    await january.close('2025-02', '2025-02-28');
    expect((await january.statement('ann', '2025-02')).payable).toBe('500.00');
    expect((await january.instance.get(Verification).run()).discrepancies).toEqual([]);
  });
});

describe('a statement', () => {
  let january: January;
  beforeEach(async () => {
    january = await January.begin();
  });
  afterEach(() => january.instance.close());

  it('of an open period is a preview, as of any instant', async () => {
    const preview = await january.statement('ann', '2025-01');
    expect([preview.payable, preview.issued]).toEqual(['9000.00', null]);
    expect(
      (await january.statement('ann', '2025-01', january.instance.scope, { known: '2025-01-21T00:00:00.000Z' }))
        .payable,
    ).toBe('7500.00');
    expect(await january.instance.get(StatementQueries).list(january.instance.scope, '2025-01')).toMatchObject([
      { participant: 'ann', payable: '9000.00', issued: null },
      { participant: 'bob', payable: '100.00', issued: null },
    ]);
  });

  it('is issued byte for byte as it was previewed at its cut, and listed', async () => {
    await january.close('2025-01', '2025-01-31');
    const [issued, list] = [
      await january.statement('ann', '2025-01'),
      await january.instance.get(StatementQueries).list(january.instance.scope, '2025-01'),
    ];
    expect(issued.issued).toBe(endOfDay('2025-01-31', zone));
    expect(list.map(({ participant, hash }) => [participant, hash])[0]).toEqual(['ann', issued.hash]);
    await january.quota('2025-02-10', 'ann', '1');
    expect(await january.statement('ann', '2025-01')).toEqual(issued);
  });

  it('explains each line: the slices sum to it, and every input names its event', async () => {
    await january.quota('2025-02-10', 'ann', '80000');
    await january.instance.caughtUp();
    const { lines } = await january.statement('ann', '2025-01');
    for (const { id } of lines) {
      const { line, inputs } = await january.instance
        .get(StatementQueries)
        .line(january.instance.scope, 'ann', '2025-01', id);
      const trace = line.trace!;
      expect(
        trace.slices
          .reduce((sum, { amount }) => sum.plus(Exact.parse(amount)), Exact.zero)
          .equals(Exact.parse(trace.unrounded)),
      ).toBe(true);
      expect(Exact.parse(trace.unrounded).toDecimal(2, 'half-up')).toBe(line.earned);
      expect(inputs.length).toBeGreaterThan(1);
      for (const { fact } of inputs)
        expect(fact).toMatchObject({
          type: expect.any(String),
          recorded: expect.any(String),
          actor: expect.any(String),
        });
    }
    const crossing = lines.find(({ record }) => record?.id === 'D2')!;
    expect(crossing.earned).toBe('2000.00');
    const { inputs } = await january.instance
      .get(StatementQueries)
      .line(january.instance.scope, 'ann', '2025-01', crossing.id);
    expect(inputs.flatMap(({ fact }) => (fact?.type === 'QuotaAssigned' ? [fact.reason, fact.recorded] : []))).toEqual([
      'recorded on 2025-02-10',
      '2025-02-10T00:00:00.000Z',
    ]);
  });

  it('names its lines the same before and after a change of their amounts', async () => {
    const before = (await january.statement('ann', '2025-01')).lines.map(({ id }) => id);
    await january.quota('2025-02-10', 'ann', '80000');
    await january.instance.caughtUp();
    expect((await january.statement('ann', '2025-01')).lines.map(({ id }) => id)).toEqual(before);
  });

  it('is seen by its participant, the manager of that time, finance, and nobody else', async () => {
    await january.close('2025-01', '2025-01-31');
    const [ann, bob, max] = [
      january.scope({ participant: 'ann' }),
      january.scope({ participant: 'bob' }),
      january.scope({ participant: 'max', roles: ['manager'] }),
    ];
    expect((await january.statement('ann', '2025-01', ann)).payable).toBe('9000.00');
    expect((await january.statement('ann', '2025-01', max)).payable).toBe('9000.00');
    await expect(january.statement('ann', '2025-01', bob)).rejects.toThrow(OutOfScope);
    const { lines } = await january.statement('ann', '2025-01');
    await expect(january.instance.get(StatementQueries).line(bob, 'ann', '2025-01', lines[0]!.id)).rejects.toThrow(
      OutOfScope,
    );
    await expect(
      january.instance.get(EarnedQueries).earned(bob, { participant: 'ann', period: '2025-01' }),
    ).rejects.toThrow(OutOfScope);
    expect(await january.instance.get(RowQueries).lines(bob)).not.toContain('ann');
    expect(() => january.scope({ roles: ['admin'] })).toThrow(OutOfScope);
    const seen = async (scope: typeof ann) =>
      (await january.instance.get(StatementQueries).list(scope, '2025-01')).map(({ participant }) => participant);
    expect([await seen(ann), await seen(bob), await seen(max)]).toEqual([['ann'], ['bob'], ['ann', 'bob']]);
  });
});

describe('the rows of pay', () => {
  const payable = (csv: string, participant: string, period: string) =>
    csv
      .split('\n')
      .slice(1)
      .map((row) => row.split(','))
      .filter((row) => row[2] === period && row[3] === participant)
      .map((row) => row[14]);

  it('are those of issued statements for closed periods, of previews for the rest, and sum to each', async () => {
    const january = await January.begin();
    const { instance } = january;
    const [rows, scope] = [instance.get(RowQueries), instance.scope];
    const before = await rows.statements(scope, '2025-04-30');
    await january.close('2025-02', '2025-02-28');
    expect(await rows.statements(scope, '2025-04-30')).toBe(before);
    await january.quota('2025-03-10', 'ann', '80000');
    await instance.caughtUp();
    const corrected = await rows.statements(scope, '2025-04-30');
    expect([payable(corrected, 'ann', '2025-01'), payable(corrected, 'ann', '2025-03')]).toEqual([
      ['7500.00', '1500.00'],
      ['500.00'],
    ]);
    expect(corrected).toContain(
      'AE,1,2025-03,ann,Commission,crm,D2,difference,2025-01,2025-03-31,,,500.00,USD,500.00,USD,ann\n',
    );
    expect((await rows.lines(scope, '2025-04-30')).includes('difference')).toBe(false);
    expect(payable(await rows.statements(scope, '2025-02-28'), 'ann', '2025-03')).toEqual([]);
    expect(await rows.statements(january.scope({ participant: 'bob' }), '2025-04-30')).not.toContain('ann');
    await instance.close();
  });

  it('are of no period before a closed one, because its changes are differences in the open one', async () => {
    const january = await January.begin();
    const { instance } = january;
    await january.close('2025-02', '2025-02-28');
    const early = { ...plan, plan: 'Early', effective: { from: '2024-12-01' } };
    await january.record('2025-03-01', 'participant-ann', {
      type: 'ParticipantAssigned',
      data: {
        participant: 'ann',
        from: '2024-12-01',
        to: null,
        role: 'AE',
        manager: 'max',
        team: null,
        region: null,
        currency: null,
        fields: {},
      },
    });
    await january.won('2025-03-02', 'D0', 'ann', '1000', '2024-12-20');
    await instance.get(PlanCommands).publish(early, context);
    await instance.caughtUp();
    const csv = await instance.get(RowQueries).statements(instance.scope, '2025-03-31');
    expect(payable(csv, 'ann', '2024-12')).toEqual([]);
    expect(csv).toMatch(/^Early,1,2025-03,ann,Commission,crm,D0,difference,2024-12,/m);
    await instance.close();
  });
});

describe('what was earned', () => {
  it('AT-32: moves from 9,000 to 7,500 by a quota (+500) and a cancellation (−2,000), in the order in which they became known', async () => {
    const january = await January.begin();
    await january.corrected();
    const { instance } = january;
    const of = { participant: 'ann', period: '2025-01' };
    const earned = async (known: string) =>
      (await instance.get(EarnedQueries).earned(instance.scope, of, { known })).amount;
    const [february, april] = [endOfDay('2025-02-01', zone), endOfDay('2025-04-30', zone)];
    expect([await earned(february), await earned(endOfDay('2025-03-31', zone)), await earned(april)]).toEqual([
      '9000.00',
      '9500.00',
      '7500.00',
    ]);
    const difference = await instance
      .get(DifferenceQueries)
      .between(instance.scope, of, { known: february }, { known: april });
    expect([difference.total, difference.causes.map(({ kind, amount, fact }) => [kind, amount, fact?.reason])]).toEqual(
      [
        '-1500.00',
        [
          ['quota', '500.00', 'recorded on 2025-03-10'],
          ['cancelled', '-2000.00', 'recorded on 2025-04-12'],
        ],
      ],
    );
    await instance.close();
  });
});

describe('plans', () => {
  it('are listed, compared, checked and frozen', async () => {
    const { instance } = await January.begin();
    const [plans, commands] = [instance.get(PlanQueries), instance.get(PlanCommands)];
    const next = {
      ...plan,
      version: 2,
      effective: { from: '2025-07-01' },
      components: [{ ...plan.components[0], per: 'quarter' }],
    };
    const published = await commands.publish(next, { ...context, reason: 'new year' });
    await instance.caughtUp();
    expect((await plans.check(next)).hash).toBe(published.hash);
    expect((await plans.list()).map(({ version, from, by }) => [version, from, by])).toEqual([
      ['1', '2025-01-01', 'user:fay'],
      ['2', '2025-07-01', 'user:fay'],
    ]);
    const { changes, sentences } = await plans.diff({ roles: ['finance'] }, 'AE', '1', '2');
    expect(sentences).toEqual(['From 2025-07-01 the window changes from month to quarter.']);
    expect(changes).toEqual([
      { path: ['components', 'Commission', 'per'], from: 'month', to: 'quarter' },
      { path: ['effective', 'from'], from: '2025-01-01', to: '2025-07-01' },
      { path: ['version'], from: '1', to: '2' },
    ]);
    await expect(commands.publish({ ...next, pays: 'yearly' }, context)).rejects.toMatchObject({
      code: 'VERSION_EXISTS',
    });
    expect((await commands.publish(next, context)).events).toBe(0);
    await expect(commands.publish('not a plan', context)).rejects.toMatchObject({ code: 'PLAN_INVALID' });
    expect((await plans.check({ ...next, pays: 'weekly' })).problems).toMatchObject([{ path: ['pays'] }]);
    await instance.close();
  });
});

describe('verification', () => {
  let january: January;
  beforeEach(async () => {
    january = await January.begin();
    await january.corrected();
  });
  afterEach(() => january.instance.close());

  it('recomputes every statement from the log and agrees', async () => {
    const { agrees, discrepancies, periods, statements } = await january.instance.get(Verification).run();
    expect({ agrees, discrepancies, periods, statements }).toEqual({
      agrees: true,
      discrepancies: [],
      periods: 5,
      statements: 8,
    });
  });

  it('reports its progress, which never decreases and ends at the whole', async () => {
    const shares: number[] = [];
    await january.instance.get(Verification).run((done, total) => shares.push(done / total));
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((one, other) => one - other));
    expect(new Set(shares).size).toBeGreaterThan(5);
  });

  it('ends when it is cancelled', async () => {
    const cancelling = new AbortController();
    const reports: number[] = [];
    const run = january.instance
      .get(Verification)
      .run((done) => reports.push(done) === 2 && cancelling.abort(new Error('cancelled')), [], cancelling.signal);
    await expect(run).rejects.toThrow('cancelled');
    expect(reports).toHaveLength(2);
  });

  it('finds a statement that the facts do not give, and a statement of a period that was never closed', async () => {
    const bare = await january.instance.get(StatementQueries).document(january.instance.scope, 'bob', '2025-01');
    for (const [participant, period] of [
      ['max', '2025-01'],
      ['ann', '2025-05'],
    ] as const) {
      await january.record(
        '2025-05-02',
        `statement-${participant}~${period}`,
        ...partsOf({ ...bare, participant, period }, '1'),
      );
    }
    const { discrepancies } = await january.instance.get(Verification).run();
    expect(discrepancies.map(({ code, participant }) => [code, participant])).toEqual([
      ['NOT_CLOSED', 'ann'],
      ['EXTRA', 'max'],
    ]);
  });

  it('finds a fact that was changed after its payment', async () => {
    const store = january.instance.get(EVENT_STORE);
    const tampered: EventStore = {
      ...store,
      head: () => store.head(),
      async *readAll(options) {
        for await (const page of store.readAll(options)) {
          yield page.map((event) =>
            event.stream === 'deal-crm:D3' && event.type === 'DealOpened'
              ? { ...event, data: { source: 'crm', id: 'D3', fields: { owner: 'bob', amount: '2000' } } }
              : event,
          );
        }
      },
    };
    const { discrepancies } = await new Verification(
      tampered,
      january.instance.get(EventTransport),
      january.instance.get(Anchors),
      { name: 'test', whole: true, embedded: true, guest: false },
      january.instance.get(OtherServices),
    ).run();
    expect(discrepancies.map(({ code, period, participant }) => [code, period, participant])).toEqual([
      ['RUN_HASH', '2025-01', null],
      ['DIFFERS', '2025-01', 'bob'],
    ]);
  });
});

describe('a kill between closing and the last statement', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'attain-incentives-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('is completed by the next start: missing statements are issued, and issued ones stay', async () => {
    const urls = { events: `sqlite:${join(directory, 'events.db')}`, models: `sqlite:${join(directory, 'models.db')}` };
    const before = await January.begin(urls);
    await before.close('2025-01', '2025-01-31');
    const paid = await before.statement('ann', '2025-01');
    await before.instance.close();

    // The process that died had closed February, and its policy had issued nothing yet.
    const dying = await createInstance([], { urls });
    const [store, executor] = [dying.get(EVENT_STORE), dying.get<typeof EXECUTOR>(EXECUTOR) as Executor];
    const history = createHistory();
    for await (const page of store.readAll()) {
      history.append(
        page.map(({ id, position, stream, type, version, data, meta }) => ({
          ...decodeEvent(type, version, data),
          id,
          position,
          stream,
          recorded: meta.recorded,
        })),
      );
    }
    const known = endOfDay('2025-02-28', zone);
    const [{ cut, runHash, statements }] = history.closings('2025-02', known) as [
      ReturnType<typeof history.closings>[number],
    ];
    const reckoning = {
      ...cut,
      runHash,
      participants: statements.length,
      position: String(await store.head()),
      on: '2025-02-28',
    };
    await executor.execute(
      periodDecider(() => reckoning),
      '2025-02',
      { do: 'close', period: '2025-02' },
      { ...context, recorded: known },
    );
    await dying.close();

    const after = await createInstance([IncentivesModule], { urls });
    await after.caughtUp();
    expect(await after.get(StatementQueries).list(after.scope, '2025-02')).toMatchObject([
      { participant: 'ann', payable: '0.00' },
      { participant: 'bob', payable: '0.00' },
    ]);
    expect(await after.get(StatementQueries).one(after.scope, 'ann', '2025-01')).toEqual(paid);
    expect(await after.get(Verification).run()).toMatchObject({ agrees: true, periods: 2, statements: 4 });
    await after.close();
  });
});
