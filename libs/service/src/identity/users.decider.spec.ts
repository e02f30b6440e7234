import type { IdentityEvent } from '@attain/contracts';
import { Refused } from '@attain/eventsourcing';
import { describe, expect, it } from '@jest/globals';
import { type Account, type Directory, type UserCommand, userDecider } from './users.decider.js';

const NOW = '2025-03-01T12:00:00.000Z';
const account = (...roles: string[]): Account => ({ roles, participant: null, source: null });
const before = (user: string, after: Account): IdentityEvent => ({
  type: 'UserChanged',
  data: { user, before: null, after, credential: `of ${user}`, oversight: 'start', change: null, proposed: null },
});
const directory = (...events: IdentityEvent[]): Directory => events.reduce(userDecider.evolve, userDecider.initial);
const alone = directory(before('alice', account('admin')), before('fred', account('finance')));
const two = directory(
  before('alice', account('admin')),
  before('bob', account('admin')),
  before('fred', account('finance')),
  before('rita', { ...account('rep'), participant: 'rita' }),
);

const put = (user: string, after: Account | null, by = 'alice', credential: string | null = null): UserCommand => ({
  do: 'put',
  user,
  after,
  credential,
  change: 'c1',
  by: `user:${by}`,
  at: NOW,
});
const approve = (by: string, aged = '2025-02-22T12:00:00.000Z'): UserCommand => ({
  do: 'approve',
  change: 'c1',
  credential: null,
  by: `user:${by}`,
  aged,
});
function outcome(command: UserCommand, state: Directory): string {
  try {
    const [event] = userDecider.decide(command, state);
    return event === undefined ? 'nothing' : event.type === 'UserChanged' ? event.data.oversight : event.type;
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
}
const after = (command: UserCommand, state: Directory): Directory =>
  userDecider.decide(command, state).reduce(userDecider.evolve, state);

describe('A change of a user', () => {
  it('is never of oneself: neither roles nor participant nor source, added or removed, and nobody removes oneself', () => {
    for (const own of [
      account('admin', 'finance'),
      account('finance'),
      account(),
      { ...account('admin'), participant: 'ann' },
      { ...account('admin'), source: 'crm' },
      account('admin'),
      null,
    ]) {
      expect(outcome(put('alice', own), two)).toBe('OWN_ROLES');
      expect(outcome(put('alice', own), alone)).toBe('OWN_ROLES');
    }
    expect(outcome(put('alice', account('admin'), 'alice', 'new'), two)).toBe('OWN_ROLES');
  });

  it.each([
    ['a new user of any role', put('eve', account('finance'), 'alice', 'p')],
    ['a new user without roles, who may get some', put('eve', account(), 'alice', 'p')],
    ['a second admin, who could approve', put('eve', account('admin'), 'alice', 'p')],
    [
      'an integration, which writes what pay follows from',
      put('eve', { ...account('integration'), source: 'crm' }, 'alice', 'p'),
    ],
    ['one more role', put('fred', account('finance', 'auditor'))],
    ['another role', put('fred', account('rep'))],
    ['a participant', put('fred', { ...account('finance'), participant: 'zoe' })],
    ['another participant', put('rita', { ...account('rep'), participant: 'zoe' })],
    ['no participant, whose own pay is guarded', put('rita', account('rep'))],
    ['a password, which the admin then knows', put('fred', account('finance'), 'alice', 'p')],
    ['the password of an admin', put('bob', account('admin'), 'alice', 'p')],
    ['the admin role taken', put('bob', account())],
    ['an admin removed, so that none is left to approve', put('bob', null)],
  ])('waits for a second admin: %s', (_, command) => {
    expect(outcome(command, two)).toBe('UserChangeProposed');
    const waiting = after(command, two);
    expect(outcome(approve('alice'), waiting)).toBe('SECOND_ADMIN');
    expect(outcome(approve('fred'), waiting)).toBe('NOT_AN_ADMIN');
  });

  it('takes effect where there is only one admin, and its event states this', () => {
    for (const command of [
      put('eve', account('finance'), 'alice', 'p'),
      put('eve', account('admin'), 'alice', 'p'),
      put('fred', account('finance', 'auditor')),
      put('fred', account('finance'), 'alice', 'p'),
    ]) {
      expect(outcome(command, alone)).toBe('single admin');
    }
  });

  it('that only removes access needs no second admin', () => {
    expect(outcome(put('fred', account()), two)).toBe('one admin');
    expect(outcome(put('fred', null), two)).toBe('one admin');
    expect(outcome(put('nobody', null), two)).toBe('nothing');
    expect(outcome(put('fred', account('finance')), two)).toBe('nothing');
  });

  it('of an integration with other roles leaves its one source', () => {
    const hub = directory(
      before('alice', account('admin')),
      before('bob', account('admin')),
      before('hub', { ...account('integration', 'finance'), source: 'crm' }),
    );
    expect(outcome(put('hub', { ...account('finance'), source: 'crm' }), hub)).toBe('UserChangeProposed');
    expect(outcome(put('hub', { ...account('integration', 'finance'), source: 'erp' }), hub)).toBe(
      'UserChangeProposed',
    );
    expect(outcome(put('hub', { ...account('integration'), source: 'crm' }), hub)).toBe('one admin');
  });

  it('is approved by another admin than its proposer and its beneficiary', () => {
    const eve = after(put('eve', account('finance'), 'alice', 'p'), two);
    expect(outcome(approve('bob'), eve)).toBe('two admins');
    const bob = after(put('bob', account('admin', 'finance')), two);
    expect(outcome(approve('bob'), bob)).toBe('OWN_ROLES');
    expect(outcome(approve('bob'), after(put('bob', account('admin'), 'alice', 'p'), two))).toBe('OWN_ROLES');
    expect(outcome(approve('bob'), after(put('bob', account()), two))).toBe('two admins');
    expect(outcome(approve('bob'), two)).toBe('CHANGE_UNKNOWN');
    expect(outcome(approve('bob'), after(approve('bob'), eve))).toBe('CHANGE_UNKNOWN');
  });

  it('is approved only as it was proposed', () => {
    const waiting = after(put('fred', account('finance', 'auditor')), two);
    expect(outcome(approve('bob'), after({ ...put('fred', null), change: 'c2' } as UserCommand, waiting))).toBe(
      'CHANGE_STALE',
    );
    expect(outcome(approve('bob'), after({ do: 'reject', change: 'c1', by: 'user:alice' }, waiting))).toBe(
      'CHANGE_UNKNOWN',
    );
  });

  it('that removes the role of an absent admin needs seven days without an objection; no other change passes by waiting', () => {
    const gone = after(put('bob', null), two);
    expect(outcome(approve('alice', '2025-03-01T11:59:59.999Z'), gone)).toBe('SECOND_ADMIN');
    expect(outcome(approve('alice', NOW), gone)).toBe('unopposed');
    for (const command of [
      put('eve', account('finance'), 'alice', 'p'),
      put('bob', account('admin'), 'alice', 'p'),
      put('fred', account('finance', 'auditor')),
    ]) {
      expect(outcome(approve('alice', '2026-01-01T00:00:00.000Z'), after(command, two))).toBe('SECOND_ADMIN');
    }
  });

  it('that removes an admin is not rejected by that admin, but by a third one or by finance', () => {
    const reject = (by: string): UserCommand => ({ do: 'reject', change: 'c1', by: `user:${by}` });
    const three = [before('carl', account('admin'))].reduce(userDecider.evolve, two);
    for (const gone of [null, account(), account('finance'), { ...account('rep'), participant: 'bob' }]) {
      expect(outcome(reject('bob'), after(put('bob', gone), two))).toBe('OWN_ROLES');
      expect(outcome(reject('bob'), after(put('bob', gone), three))).toBe('OWN_ROLES');
      for (const by of ['fred', 'alice'])
        expect(outcome(reject(by), after(put('bob', gone), two))).toBe('UserChangeRejected');
      expect(outcome(reject('carl'), after(put('bob', gone), three))).toBe('UserChangeRejected');
      for (const by of ['rita', 'nobody'])
        expect(outcome(reject(by), after(put('bob', gone), two))).toBe('NOT_AN_ADMIN');
    }
    // Admins decide about giving access, and the user may decline it.
    const given = after(put('bob', account('admin', 'auditor')), two);
    expect(outcome(reject('fred'), given)).toBe('NOT_AN_ADMIN');
    expect(outcome(reject('bob'), given)).toBe('UserChangeRejected');
  });

  it('leaves one admin, even if two remove each other', () => {
    const both = [put('bob', null), { ...put('alice', null, 'bob'), change: 'c2' } as UserCommand].reduce(
      (state, command) => after(command, state),
      two,
    );
    const alone = after(approve('alice', NOW), both);
    for (const by of ['alice', 'bob'])
      expect(outcome({ ...approve(by, NOW), change: 'c2' } as UserCommand, alone)).toMatch(
        /^(LAST_ADMIN|NOT_AN_ADMIN)$/,
      );
    expect(outcome({ ...approve('alice', NOW), change: 'c2' } as UserCommand, alone)).toBe('LAST_ADMIN');
  });

  it('leaves a password due that somebody else set, until its user chooses one', () => {
    const made = after(put('eve', account('rep'), 'alice', 'p'), alone);
    expect(made.users['eve']).toMatchObject({ credential: 'p', passwordDue: true });
    const changed = after(put('eve', account()), made);
    expect(changed.users['eve']).toMatchObject({ credential: 'p', passwordDue: true });
    const own = after({ do: 'password', user: 'eve', credential: 'q' }, made);
    expect(own.users['eve']).toMatchObject({ credential: 'q', passwordDue: false });
    expect(outcome({ do: 'password', user: 'nobody', credential: 'q' }, own)).toBe('USER_UNKNOWN');
    expect(outcome(put('new', account('rep')), alone)).toBe('PASSWORD_MISSING');
  });
});
