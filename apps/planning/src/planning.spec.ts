import type { PersonRow } from '@attain/contracts';
import { createInstance, EVENT_STORE, type Instance, Scopes } from '@attain/service';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CompanyCommands } from './company/company.commands.js';
import { ParticipantCommands } from './participants/participant.commands.js';
import { ParticipantQueries } from './participants/participant.queries.js';
import { PlanningModule } from './planning.module.js';
import { PlanningRows } from './planning-rows.js';
import { QuotaCommands } from './quotas/quota.commands.js';
import { RateCommands } from './rates/rate.commands.js';
import { LeaveCommands } from './leaves/leave.commands.js';
import { RelationCommands } from './relations/relation.commands.js';

const context = { actor: 'test', correlation: 'test' };
const complete = { complete: true };
const partial = { complete: false };

let at: Instance;
beforeEach(async () => {
  at = await createInstance([PlanningModule], { clock: () => '2025-06-01T12:00:00.000Z' });
});
afterEach(() => at.close());

const stored = async (categories: readonly string[]) => {
  const events: { type: string; reason: string | undefined; effective: string | undefined }[] = [];
  for await (const page of at.get(EVENT_STORE).readAll({ categories }))
    events.push(...page.map(({ type, meta }) => ({ type, reason: meta.reason, effective: meta.effective })));
  return events;
};
const types = async (...categories: string[]) => (await stored(categories)).map(({ type }) => type);

describe('The people of a file', () => {
  const people: PersonRow[] = [
    { id: 'mo', name: 'Mo', role: 'Manager', from: '2025-01-01' },
    { id: 'ann', name: 'Ann', role: 'AE', manager: 'mo', from: '2025-01-01', badge: '0012' },
    { id: 'ann', role: 'Senior AE', manager: 'mo', from: '2025-04-01' },
  ];
  it('are recorded once, with the company’s own columns, and gone when the file no longer has them', async () => {
    const participants = at.get(ParticipantCommands);
    expect(await participants.sync(people, complete, context)).toMatchObject({ changed: 2, unchanged: 0, refused: [] });
    expect(await participants.sync(people, complete, context)).toMatchObject({
      changed: 0,
      unchanged: 2,
      position: '0',
    });
    await at.caughtUp();
    expect(await at.get(ParticipantQueries).one(at.scope, 'ann')).toMatchObject({
      name: 'Ann',
      rows: [
        { from: '2025-01-01', to: '2025-03-31', role: 'AE', fields: { badge: '0012' } },
        { from: '2025-04-01', to: null, role: 'Senior AE' },
      ],
    });
    expect(await participants.sync(people.slice(0, 1), partial, context)).toMatchObject({ changed: 0, retracted: 0 });
    expect(await participants.sync(people.slice(0, 1), complete, context)).toMatchObject({ changed: 0, retracted: 1 });
    await at.caughtUp();
    expect((await at.get(ParticipantQueries).on(at.scope)).map(({ id }) => id)).toEqual(['mo']);
  });

  it('without a beginning are valid from the first possible day', async () => {
    await at.get(ParticipantCommands).sync([{ id: 'ann' }], complete, context);
    await at.caughtUp();
    expect(await at.get(ParticipantQueries).one(at.scope, 'ann')).toMatchObject({
      rows: [{ from: '0001-01-01', to: null }],
    });
  });

  it('that manage one another are refused, the others are not', async () => {
    const synced = await at.get(ParticipantCommands).sync(
      [
        { id: 'a', manager: 'b' },
        { id: 'b', manager: 'a' },
        { id: 'c', manager: 'a' },
      ],
      complete,
      context,
    );
    expect(synced.refused.map(({ at: row, error }) => [row, (error as { code?: string }).code])).toEqual([
      [0, 'HIERARCHY_CYCLE'],
      [1, 'HIERARCHY_CYCLE'],
    ]);
    expect(synced.changed).toBe(1);
  });

  it('are a tree on each day', async () => {
    const participants = at.get(ParticipantCommands);
    await participants.sync([...people, { id: 'zoe', manager: 'ann', from: '2025-05-01' }], complete, context);
    await at.caughtUp();
    const tree = await at.get(ParticipantQueries).hierarchy(at.scope);
    expect(tree).toMatchObject([{ id: 'mo', reports: [{ id: 'ann', role: 'Senior AE', reports: [{ id: 'zoe' }] }] }]);
    const mo = { actor: 'user:mo', name: 'Mo', roles: ['manager'] as const, participant: 'mo' };
    const team = at.get(Scopes).scopeOf(mo);
    expect((await at.get(ParticipantQueries).on(team, '2025-04-15')).map(({ id }) => id)).toEqual(['ann', 'mo']);
    expect((await at.get(ParticipantQueries).on(team)).map(({ id }) => id)).toEqual(['ann', 'mo', 'zoe']);
  });

  it('cannot be put below their own reports', async () => {
    const participants = at.get(ParticipantCommands);
    await participants.sync(people, complete, context);
    await at.caughtUp();
    await expect(participants.assign('mo', { from: '2025-05-01', manager: 'ann' }, context)).rejects.toMatchObject({
      code: 'HIERARCHY_CYCLE',
      detail: { date: '2025-05-01', cycle: ['mo', 'ann', 'mo'] },
    });
    await participants.change('ann', { from: '2025-05-01', manager: null }, context);
    await at.caughtUp();
    await participants.assign('mo', { from: '2025-05-01', manager: 'ann' }, context);
  });
});

describe('Quotas', () => {
  const quota = { for: 'ann', measure: 'revenue', period: '2025-01', amount: '100000' };
  beforeEach(async () => {
    await at
      .get(CompanyCommands)
      .configure({ currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } } }, context);
  });
  it('are each an event with its reason and effective date', async () => {
    const quotas = at.get(QuotaCommands);
    await quotas.assign(quota, context);
    await quotas.assign({ ...quota, amount: '80000' }, { ...context, reason: 'corrected', effective: '2025-03-10' });
    await quotas.assign({ ...quota, amount: 'none' }, { ...context, reason: 'left' });
    expect(await stored(['quota'])).toEqual([
      { type: 'QuotaAssigned', reason: undefined, effective: '2025-01-01' },
      { type: 'QuotaChanged', reason: 'corrected', effective: '2025-03-10' },
      { type: 'QuotaWithdrawn', reason: 'left', effective: '2025-01-01' },
    ]);
  });
  it('follow the calendar and the measures of the company at this moment', async () => {
    const quotas = at.get(QuotaCommands);
    await expect(quotas.assign({ ...quota, period: '2025-P01' }, context)).rejects.toMatchObject({
      code: 'UNKNOWN_PERIOD',
    });
    await expect(quotas.assign({ ...quota, measure: 'calls' }, context)).rejects.toMatchObject({
      code: 'UNKNOWN_MEASURE',
    });
    await at
      .get(CompanyCommands)
      .configure({ currency: 'USD', fiscalYear: { starts: '02-01', calendar: '4-4-5', week: 'Monday' } }, context);
    await quotas.assign({ ...quota, period: '2025-P01', measure: 'calls' }, context);
    await expect(quotas.assign(quota, context)).rejects.toMatchObject({ code: 'UNKNOWN_PERIOD' });
  });
  it('of a file replace one another, each with its own reason', async () => {
    const quotas = at.get(QuotaCommands);
    const file = [
      quota,
      { ...quota, period: '2025-02', reason: 'new territory' },
      { ...quota, for: 'bob', reason: 'joined' },
    ];
    expect(await quotas.sync(file, complete, context)).toMatchObject({ changed: 2, refused: [] });
    expect(await quotas.sync(file, complete, context)).toMatchObject({ changed: 0, unchanged: 2, position: '0' });
    expect(await quotas.sync([{ ...quota, amount: 'none' }], partial, context)).toMatchObject({ changed: 1 });
    expect(await quotas.sync([], complete, context)).toMatchObject({ retracted: 2 });
    expect(await stored(['quota'])).toMatchObject([
      { type: 'QuotaAssigned', reason: 'new territory' },
      { type: 'QuotaAssigned', reason: 'new territory' },
      { type: 'QuotaAssigned', reason: 'joined' },
      { type: 'QuotaWithdrawn' },
      { type: 'QuotaWithdrawn' },
      { type: 'QuotaWithdrawn' },
    ]);
  });
});

describe('The further files of a company’s folder', () => {
  it('rates, relations and tables follow their files', async () => {
    const rates = at.get(RateCommands);
    await rates.sync(
      [
        { from: 'EUR', to: 'USD', date: '2025-01-01', rate: '1.09' },
        { from: 'EUR', to: 'USD', date: '2025-02-01', rate: '1.10' },
      ],
      complete,
      context,
    );
    expect(
      await rates.sync([{ from: 'EUR', to: 'USD', date: '2025-02-01', rate: '1.10' }], complete, context),
    ).toMatchObject({ changed: 1 });
    expect(await rates.sync([], complete, context)).toMatchObject({ retracted: 1 });
    const relations = at.get(RelationCommands);
    await relations.sync([{ person: 'ann', relation: 'mentor', other: 'zoe' }], complete, context);
    expect(await relations.sync([], complete, context)).toMatchObject({ retracted: 1 });
    const company = at.get(CompanyCommands);
    await company.syncTables(
      [{ table: 'line rates', columns: ['line', 'rate'], rows: [['a', '1%']] }],
      complete,
      context,
    );
    expect(await company.syncTables([], complete, context)).toMatchObject({ retracted: 1 });
    expect(await types('rate', 'relation', 'table')).toEqual([
      'ExchangeRateRecorded',
      'ExchangeRateRecorded',
      'ExchangeRateRetracted',
      'ExchangeRateRetracted',
      'RelationRecorded',
      'RelationRetracted',
      'TableDefined',
      'TableRetracted',
    ]);
  });
  it('leaves follow the export of their source, and those of a person or another source stay', async () => {
    const leaves = at.get(LeaveCommands);
    await leaves.record({ participant: 'ann', source: null, from: '2025-01-02', to: null }, context);
    await leaves.sync('payroll', [{ participant: 'ann', from: '2025-03-01' }], complete, context);
    expect(
      await leaves.sync(
        'hr',
        [
          { participant: 'ann', from: '2025-02-01', to: '2025-02-10' },
          { participant: 'bob', from: '2025-02-01' },
        ],
        complete,
        context,
      ),
    ).toMatchObject({ changed: 2 });
    expect(
      await leaves.sync('hr', [{ participant: 'ann', from: '2025-02-01', to: '2025-02-10' }], complete, context),
    ).toMatchObject({ unchanged: 1, retracted: 1 });
    expect(
      await leaves.sync('hr', [{ participant: 'ann', from: '2025-04-01' }], { complete: false }, context),
    ).toMatchObject({ changed: 1 });
    expect(await types('leave')).toEqual([
      'LeaveRecorded',
      'LeaveRecorded',
      'LeaveRecorded',
      'LeaveRecorded',
      'LeaveRetracted',
      'LeaveRecorded',
    ]);
  });
  it('with an invalid company is refused with every error', async () => {
    await expect(at.get(CompanyCommands).configure({ currency: 'USX', mesures: {} }, context)).rejects.toMatchObject({
      errors: [
        { field: 'currency', message: expect.stringContaining('ISO 4217') },
        { field: 'mesures', message: expect.stringContaining('did you mean "measures"') },
      ],
    });
  });
});

describe('Rows that an import hands over', () => {
  it('are judged one by one', async () => {
    const synced = await at.get(PlanningRows).people(
      [
        { id: 'ann', from: '2025-01-01' },
        { id: 'bob', from: 'soon' },
        { id: 'cid', manager: 'cid' },
      ],
      complete,
      context,
    );
    expect(synced).toMatchObject({ changed: 1, refused: [{ at: 1 }, { at: 2 }] });
    expect(synced.refused[0]!.error.message).toContain('from: ');
    const quotas = await at.get(PlanningRows).quotaRows(
      [
        { for: 'ann', measure: 'revenue', period: '2025-01', amount: '5', credit: 'sales reports' },
        { for: 'ann', measure: 'revenue', period: 'soon', amount: '5' },
      ],
      complete,
      context,
    );
    expect(quotas).toMatchObject({ changed: 1, refused: [{ at: 1 }] });
  });
});
