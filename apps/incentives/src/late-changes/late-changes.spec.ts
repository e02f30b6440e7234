import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttainEvent } from '@attain/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import { createInstance, EVENT_STORE, HISTORY, type Instance, Scopes } from '@attain/service';
import { endOfDay, newUuid, startOfDay } from '@attain/values';
import {
  ClosingQueries,
  ExceptionQueries,
  IncentivesModule,
  LateChangeCommands,
  LateChangeQueries,
  PeriodCommands,
  PlanCommands,
  RowQueries,
  StatementQueries,
  Verification,
} from '../index.js';
import { IssueStatements } from '../statements/issue-statements.policy.js';

const boss = { actor: 'user:boss', correlation: 'c', reason: 'support was late' };
const plan = {
  plan: 'AE',
  version: '1',
  effective: { from: '2025-01-01' },
  assignedTo: { roles: ['AE'] },
  pays: 'monthly',
  corrections: { within: '1 month', later: 'review' },
  components: [{ name: 'Commission', measure: 'revenue', rate: '10%' }],
};

describe('The review list', () => {
  let instance: Instance;
  let now = startOfDay('2025-01-01', 'UTC');
  async function record(at: string, stream: string, ...events: AttainEvent[]): Promise<void> {
    now = startOfDay(at, 'UTC');
    const meta = { actor: 'user:fay', correlation: 'c', recorded: now };
    await instance.get(EVENT_STORE).append({
      stream,
      expected: 'any',
      events: events.map((event) => ({ ...event, id: newUuid(), version: 1, meta })),
    });
    await instance.caughtUp();
  }
  const close = (period: string, on: string, controls = {}) => (
    (now = endOfDay(on, 'UTC')),
    instance.get(PeriodCommands).close(period, boss, controls)
  );
  const scope = (participant: string, role: 'rep' | 'manager' = 'rep') =>
    instance.get(Scopes).scopeOf({ actor: 'user:x', name: 'x', roles: [role], participant });
  const list = (of = instance.scope) => instance.get(LateChangeQueries).list(of);
  const statement = (period: string) => instance.get(StatementQueries).one(instance.scope, 'ann', period);

  beforeAll(async () => {
    instance = await createInstance([IncentivesModule], { clock: () => now });
    await record('2025-01-01', 'company-main', {
      type: 'CompanyConfigured',
      data: { document: { currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } } } },
    });
    const row = { to: null, team: null, region: null, currency: null, fields: {} };
    await record('2025-01-01', 'participant-max', {
      type: 'ParticipantAssigned',
      data: { participant: 'max', from: '2025-01-01', role: null, manager: null, ...row },
    });
    await record('2025-01-01', 'participant-ann', {
      type: 'ParticipantAssigned',
      data: { participant: 'ann', from: '2025-01-01', role: 'AE', manager: null, ...row, to: '2025-02-28' },
    });
    await record('2025-01-01', 'participant-ann', {
      type: 'ParticipantAssigned',
      data: { participant: 'ann', from: '2025-03-01', role: 'AE', manager: 'max', ...row },
    });
    await instance.get(PlanCommands).publish(plan, boss);
    for (const [id, amount] of [
      ['D1', '1000'],
      ['D2', '500'],
    ] as const) {
      await record(
        '2025-01-15',
        `deal-crm:${id}`,
        { type: 'DealOpened', data: { source: 'crm', id, fields: { owner: 'ann', amount } } },
        { type: 'DealWon', data: { closed: '2025-01-15' } },
      );
    }
    await close('2025-02', '2025-02-28');
    for (const id of ['D1', 'D2'])
      await record('2025-03-20', `deal-crm:${id}`, {
        type: 'DealReversed',
        data: { reversal: 'r1', kind: 'cancelled', date: '2025-01-20', amount: null },
      });
  });
  afterAll(() => instance.close());

  it('contains late changes, which are in no number and keep no period from closing', async () => {
    now = endOfDay('2025-03-31', 'UTC');
    const { waiting } = await list();
    expect(waiting).toMatchObject([
      { participant: 'ann', for: '2025-01', record: { id: 'D1' }, known: '2025-03-20', payable: '-100.00' },
      { record: { id: 'D2' }, payable: '-50.00' },
    ]);
    const would = await instance.get(ClosingQueries).wouldClose('2025-03');
    expect(would).toMatchObject({
      differences: [],
      exceptions: [],
      totals: [{ payable: '0.00' }],
      waiting: [{ participant: 'ann', period: '2025-03', for: '2025-01' }, {}],
    });
    expect(
      (await instance.get(ExceptionQueries).list(instance.scope)).rows.map(({ code, record }) => [code, record?.id]),
    ).toEqual([
      ['LATE_CHANGE_REVIEW', 'D1'],
      ['LATE_CHANGE_REVIEW', 'D2'],
    ]);
    await close('2025-03', '2025-03-31', { controls: {} });
    expect(await statement('2025-03')).toMatchObject({
      payable: '0.00',
      lines: [],
      waiting: [{ record: { id: 'D1' } }, { record: { id: 'D2' } }],
    });
    expect(await instance.get(StatementQueries).list(instance.scope, '2025-03')).toMatchObject([
      { participant: 'ann', waiting: 2 },
    ]);
  });

  it('is shown to the participant, and to a manager only for the own time', async () => {
    expect((await list(scope('ann'))).waiting).toHaveLength(2);
    expect((await list(scope('max', 'manager'))).waiting).toEqual([]);
    const seen = await instance.get(StatementQueries).one(scope('max', 'manager'), 'ann', '2025-03');
    expect(seen).toMatchObject({ hash: null, withheld: { lines: 2 } });
    expect(seen.waiting).toBeUndefined();
    expect((await instance.get(ExceptionQueries).list(scope('max', 'manager'))).rows).toEqual([]);
  });

  it('is decided once, not by the recorder of the fact, and not for the own pay', async () => {
    const commands = instance.get(LateChangeCommands);
    const [first, second] = (await list()).waiting.map(({ participant, for: period, cause: { event } }) => ({
      participant,
      period,
      event,
    }));
    await expect(commands.approve(first!, { ...boss, actor: 'user:fay' })).rejects.toMatchObject({
      code: 'SAME_PERSON',
    });
    await expect(commands.approve(first!, { ...boss, self: ['ann'] })).rejects.toMatchObject({ code: 'OWN_PAY' });
    await expect(commands.approve({ ...first!, period: '2025-02' }, boss)).rejects.toMatchObject({
      code: 'LATE_CHANGE_UNKNOWN',
    });
    now = startOfDay('2025-04-02', 'UTC');
    await commands.approve(first!, boss);
    expect(await commands.approve(first!, boss)).toMatchObject({ events: 0 });
    await expect(commands.dismiss(first!, boss)).rejects.toMatchObject({ code: 'LATE_CHANGE_DECIDED' });
    await commands.dismiss(second!, boss);
    await instance.caughtUp();
    expect(await list()).toMatchObject({
      waiting: [],
      decided: expect.arrayContaining([
        expect.objectContaining({ ...first, state: 'approved', by: 'user:boss', reason: 'support was late' }),
        expect.objectContaining({ ...second, state: 'dismissed' }),
      ]),
    });
  });

  it('is followed by no part of a period whose statements are being issued', async () => {
    const { react } = IssueStatements.prototype;
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    IssueStatements.prototype.react = async function (event) {
      await held;
      return react.call(this, event);
    };
    const closing = close('2025-04', '2025-04-30');
    while (
      !instance
        .get(HISTORY)
        .closed()
        .some(({ period }) => period === '2025-04')
    )
      await pause(5);
    for (const asked of [
      () => instance.get(RowQueries).statements(instance.scope, '2025-04-30'),
      () => instance.get(StatementQueries).list(instance.scope, '2025-04'),
      () => statement('2025-04'),
    ]) {
      await expect(asked()).rejects.toThrow('2025-04 is closed, and 0 of 1 statements are issued');
    }
    release();
    await closing;
    IssueStatements.prototype.react = react;
    expect(await instance.get(RowQueries).statements(instance.scope, '2025-04-30')).toContain(
      ',2025-04,ann,Commission,crm,D1,difference,2025-01,',
    );
  });

  it('pays an approved change in the next statement, which a verification computes again', async () => {
    await close('2025-05', '2025-05-31');
    expect(await statement('2025-04')).toMatchObject({
      payable: '-100.00',
      lines: [{ kind: 'difference', for: '2025-01', record: { id: 'D1' } }],
    });
    expect(await statement('2025-05')).toMatchObject({ payable: '0.00', lines: [] });
    expect(await instance.get(Verification).run()).toMatchObject({ agrees: true, discrepancies: [] });
  });
});
