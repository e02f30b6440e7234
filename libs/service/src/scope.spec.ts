import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { anyOf, type NewEvent } from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import type { Caller } from './identity/caller.js';
import type { Role } from './identity/roles.js';
import { createInstance, type Instance } from './instance.js';
import { OutOfScope } from './problem.js';
import { Scopes } from './scope.js';
import type { Days } from './spans.rules.js';
import { DealsModule } from './testing/deals.fixture.js';
import { starting } from './testing/started.fixture.js';
import { EVENT_STORE } from './tokens.js';

type Row = [participant: string, from: string, to: string | null, manager: string | null];

/** vera leads max and zoe; max leads ann until June, zoe from then on; bob left max's team at the end of March. */
const rows: Row[] = [
  ['vera', '2025-01-01', null, null],
  ['max', '2025-01-01', null, 'vera'],
  ['zoe', '2025-01-01', null, 'vera'],
  ['ann', '2025-01-01', null, 'max'],
  ['ann', '2025-06-01', null, 'zoe'],
  ['bob', '2025-01-01', '2025-03-31', 'max'],
];

function append(instance: Pick<Instance, 'get'>, people: readonly Row[]) {
  return instance.get(EVENT_STORE).appendMany(
    people.map(([participant, from, to, manager]) => ({
      stream: `participant-${participant}`,
      expected: 'any' as const,
      events: [
        {
          id: newUuid(),
          type: 'ParticipantAssigned',
          version: 1,
          data: { participant, from, to, role: null, manager, team: null, region: null, currency: null, fields: {} },
          meta: { actor: 'test', correlation: 'test', recorded: '2025-01-01T00:00:00.000Z' },
        } satisfies NewEvent,
      ],
    })),
  );
}

const as = (participant: string | undefined, ...roles: Role[]): Caller => ({
  actor: 'test',
  name: 'test',
  roles,
  ...(participant !== undefined && { participant }),
});

async function scopes(people = rows, today = '2025-05-15') {
  const instance = await createInstance([DealsModule], { clock: () => `${today}T12:00:00.000Z` });
  await append(instance, people);
  await instance.caughtUp();
  const scope = (caller: Caller) => instance.get(Scopes).scopeOf(caller);
  const of = (caller: Caller, when: string | Days) => [...(scope(caller).covered(when) ?? [])].sort();
  return { instance, scope, of, end: () => instance.close() };
}
const march = { from: '2025-03-01', to: '2025-03-31' };
const june = { from: '2025-06-01', to: '2025-06-30' };

describe('the visible rows', () => {
  it('are the own rows of every date for a rep', async () => {
    const { of, end } = await scopes();
    expect(of(as('ann', 'rep'), '2025-02-01')).toEqual(['ann']);
    expect(of(as('ann', 'rep'), '1999-01-01')).toEqual(['ann']);
    await end();
  });

  it('are the own rows and those of everybody below for a manager, at any depth', async () => {
    const { of, end } = await scopes();
    expect(of(as('vera', 'manager'), '2025-02-01')).toEqual(['ann', 'bob', 'max', 'vera', 'zoe']);
    expect(of(as('zoe', 'manager'), '2025-02-01')).toEqual(['zoe']);
    await end();
  });

  it('follow the hierarchy of the date of the row: not before ann came, not after bob left', async () => {
    const { of, end } = await scopes();
    expect(of(as('max', 'manager'), '2025-03-31')).toEqual(['ann', 'bob', 'max']);
    expect(of(as('max', 'manager'), '2025-04-01')).toEqual(['ann', 'max']);
    expect(of(as('max', 'manager'), '2025-06-01')).toEqual(['max']);
    expect(of(as('zoe', 'manager'), '2025-06-01')).toEqual(['ann', 'zoe']);
    await end();
  });

  it('are the same on every day: a former manager keeps the own time, a future one has nothing before it', async () => {
    for (const today of ['2025-01-01', '2025-06-01', '2030-01-01']) {
      const { scope, end } = await scopes(rows, today);
      expect(scope(as('max', 'manager')).spans('ann')).toEqual([{ from: '2025-01-01', to: '2025-05-31' }]);
      expect(scope(as('zoe', 'manager')).spans('ann')).toEqual([{ from: '2025-06-01', to: '9999-12-31' }]);
      expect(scope(as('vera', 'manager')).spans('ann')).toEqual([{ from: '2025-01-01', to: '9999-12-31' }]);
      await end();
    }
  });

  it('end with the time as a manager if the company chooses so', async () => {
    const { instance, scope, end } = await scopes(rows, '2025-06-15');
    const company = { currency: 'USD', access: { formerManagers: 'none' } };
    const meta = { actor: 'test', correlation: 'test', recorded: '2025-01-02T00:00:00.000Z' };
    await instance.get(EVENT_STORE).append({
      stream: 'company-main',
      expected: 'any',
      events: [{ id: newUuid(), type: 'CompanyConfigured', version: 1, data: { document: company }, meta }],
    });
    await append(instance, [
      ['ann', '2026-01-01', null, 'max'],
      ['bob', '2025-07-01', null, 'max'],
    ]);
    await instance.caughtUp();
    const max = scope(as('max', 'manager'));
    // Bob has left max's team and will join it again.
    expect(max.spans('bob')).toEqual([{ from: '2025-07-01', to: '9999-12-31' }]);
    expect(max.spans('ann')).toEqual([{ from: '2026-01-01', to: '9999-12-31' }]);
    expect(max.covers('ann', '2025-05-01')).toBe(false);
    expect(scope(as('zoe', 'manager')).spans('ann')).toEqual([{ from: '2025-06-01', to: '2025-12-31' }]);
    expect(scope(as('vera', 'manager')).covers('ann', '2025-02-01')).toBe(true);
    expect(scope(as('ann', 'rep')).covers('ann', '2025-02-01')).toBe(true);
    await end();
  });

  it('include a period if each of its days with a row is visible', async () => {
    const { of, end } = await scopes();
    expect(of(as('max', 'manager'), march)).toEqual(['ann', 'bob', 'max']);
    expect(of(as('max', 'manager'), { from: '2025-03-15', to: '2025-04-15' })).toEqual(['ann', 'bob', 'max']);
    expect(of(as('max', 'manager'), { from: '2025-04-01', to: '2025-04-30' })).toEqual(['ann', 'max']);
    expect(of(as('max', 'manager'), { from: '2025-05-01', to: '2025-06-30' })).toEqual(['max']);
    expect(of(as('zoe', 'manager'), { from: '2025-05-01', to: '2025-06-30' })).toEqual(['zoe']);
    expect(of(as('zoe', 'manager'), june)).toEqual(['ann', 'zoe']);
    expect(of(as('vera', 'manager'), { from: '2025-05-01', to: '2025-06-30' })).toEqual(['ann', 'max', 'vera', 'zoe']);
    await end();
  });

  it('change with new facts', async () => {
    const { instance, of, end } = await scopes();
    expect(of(as('zoe', 'manager'), '2025-02-01')).toEqual(['zoe']);
    await append(instance, [['bob', '2025-01-01', null, 'zoe']]);
    await instance.caughtUp();
    expect(of(as('zoe', 'manager'), '2025-02-01')).toEqual(['bob', 'zoe']);
    await end();
  });

  it('are found even where a hierarchy runs in a circle', async () => {
    const { of, end } = await scopes([
      ['a', '2025-01-01', null, 'b'],
      ['b', '2025-01-01', null, 'a'],
    ]);
    expect(of(as('a', 'manager'), '2025-02-01')).toEqual(['a', 'b']);
    await end();
  });

  it('are all rows for finance, auditors and approvers', async () => {
    const { scope, end } = await scopes();
    for (const role of ['finance', 'auditor', 'approver'] as const) {
      const all = scope(as(undefined, role));
      expect(all.everyone).toBe(true);
      expect(all.filter('owner', { field: 'closed' })).toEqual({});
      expect(all.covers('whoever', '2025-02-01')).toBe(true);
    }
    await end();
  });

  it.each([
    [as(undefined, 'rep')],
    [as(undefined, 'manager')],
    [as('ann', 'admin')],
    [as('ann', 'integration')],
    [as('ann')],
  ])('are never an empty list: %j gets 404', async (caller) => {
    const { scope, end } = await scopes();
    expect(() => scope(caller)).toThrow(OutOfScope);
    await end();
  });

  it('restrict a filter by the date of the row, and exclude a name outside', async () => {
    const { scope, end } = await scopes();
    const max = scope(as('max', 'manager'));
    expect(max.filter('owner', { on: '2025-06-01' })).toEqual({ [anyOf]: [{ owner: 'max' }] });
    expect(max.filter('owner', { on: march, where: { status: 'open' } })).toEqual({
      [anyOf]: [{ owner: 'max' }, { owner: { in: ['ann', 'bob'] }, status: 'open' }],
    });
    expect(max.filter('owner', { field: 'closed' })).toEqual({
      [anyOf]: [
        { owner: 'max' },
        { owner: { in: ['ann'] }, closed: { from: '2025-01-01', to: '2025-05-31' } },
        { owner: { in: ['bob'] }, closed: { from: '2025-01-01', to: '2025-03-31' } },
      ],
    });
    expect(() => max.require('max', '2025-06-01')).not.toThrow();
    expect(() => max.require('ann', '2025-05-31')).not.toThrow();
    expect(() => max.require('ann', '2025-06-01')).toThrow(OutOfScope);
    expect(() => max.require('ann', june)).toThrow(OutOfScope);
    await end();
  });
});

describe('a query over HTTP', () => {
  const start = starting();

  it('shows a rep the own deals, a manager the team’s, an auditor all', async () => {
    const served = await start();
    await append(served, rows);
    const finance = await served.as('finance');
    for (const owner of ['ann', 'bob', 'max', 'zoe'])
      await finance.post(`/deals/crm/${owner}`).send({ owner, amount: '777123.45' }).expect(200);
    await served.caughtUp();
    const seen = async (role: 'rep' | 'manager' | 'auditor', on: string) => {
      const { body } = await (await served.as(role)).get(`/deals?on=${on}`).expect(200);
      return (body as { rows: { owner: string }[] }).rows.map(({ owner }) => owner).sort();
    };
    expect(await seen('rep', '2025-02-01')).toEqual(['ann']);
    expect(await seen('manager', '2025-02-01')).toEqual(['ann', 'bob', 'max']);
    expect(await seen('manager', '2025-06-01')).toEqual(['max']);
    expect(await seen('auditor', '2025-02-01')).toEqual(['ann', 'bob', 'max', 'zoe']);
    expect(served.logged()).not.toContain('777123');
  });
});
