import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import type { NewEvent } from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import type { Caller } from './identity/caller.js';
import type { Role } from './identity/roles.js';
import { createInstance, type Instance } from './instance.js';
import { OutOfScope } from './problem.js';
import { Scopes } from './scope.js';
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

function append(instance: Pick<Instance, 'get'>, told: readonly Row[]) {
  return instance.get(EVENT_STORE).appendMany(
    told.map(([participant, from, to, manager]) => ({
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

async function scopes(told = rows) {
  const instance = await createInstance([DealsModule]);
  await append(instance, told);
  await instance.caughtUp();
  const of = (caller: Caller, date: string) => [...instance.get(Scopes).scopeOf(caller, date).participants].sort();
  return { instance, of, end: () => instance.close() };
}

describe('what somebody sees', () => {
  it('is the own rows for a rep', async () => {
    const { of, end } = await scopes();
    expect(of(as('ann', 'rep'), '2025-02-01')).toEqual(['ann']);
    await end();
  });

  it('is the own rows and those of everybody below for a manager, at any depth', async () => {
    const { of, end } = await scopes();
    expect(of(as('vera', 'manager'), '2025-02-01')).toEqual(['ann', 'bob', 'max', 'vera', 'zoe']);
    expect(of(as('zoe', 'manager'), '2025-02-01')).toEqual(['zoe']);
    await end();
  });

  it('follows the hierarchy of the date of the data: not before ann came, not after bob left', async () => {
    const { of, end } = await scopes();
    expect(of(as('max', 'manager'), '2025-03-31')).toEqual(['ann', 'bob', 'max']);
    expect(of(as('max', 'manager'), '2025-04-01')).toEqual(['ann', 'max']);
    expect(of(as('max', 'manager'), '2025-06-01')).toEqual(['max']);
    expect(of(as('zoe', 'manager'), '2025-06-01')).toEqual(['ann', 'zoe']);
    await end();
  });

  it('moves with what becomes known', async () => {
    const { instance, of, end } = await scopes();
    expect(of(as('zoe', 'manager'), '2025-02-01')).toEqual(['zoe']);
    await append(instance, [['bob', '2025-01-01', null, 'zoe']]);
    await instance.caughtUp();
    expect(of(as('zoe', 'manager'), '2025-02-01')).toEqual(['bob', 'zoe']);
    await end();
  });

  it('ends where a hierarchy runs in a circle', async () => {
    const { of, end } = await scopes([
      ['a', '2025-01-01', null, 'b'],
      ['b', '2025-01-01', null, 'a'],
    ]);
    expect(of(as('a', 'manager'), '2025-02-01')).toEqual(['a', 'b']);
    await end();
  });

  it('is everything for finance, auditors and approvers', async () => {
    const { instance, end } = await scopes();
    for (const role of ['finance', 'auditor', 'approver'] as const) {
      const scope = instance.get(Scopes).scopeOf(as(undefined, role), '2025-02-01');
      expect(scope.everyone).toBe(true);
      expect(scope.filter('owner')).toEqual({});
      expect(scope.covers('whoever')).toBe(true);
    }
    await end();
  });

  it.each([
    [as(undefined, 'rep')],
    [as(undefined, 'manager')],
    [as('ann', 'admin')],
    [as('ann', 'integration')],
    [as('ann')],
  ])('is never an empty list: %j is told that there is nothing', async (caller) => {
    const { instance, end } = await scopes();
    expect(() => instance.get(Scopes).scopeOf(caller, '2025-02-01')).toThrow(OutOfScope);
    await end();
  });

  it('keeps a filter inside and refuses a name outside', async () => {
    const { instance, end } = await scopes();
    const scope = instance.get(Scopes).scopeOf(as('max', 'manager'), '2025-06-01');
    expect(scope.filter('owner')).toEqual({ owner: { in: ['max'] } });
    expect(() => scope.require('max')).not.toThrow();
    expect(() => scope.require('ann')).toThrow(OutOfScope);
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
