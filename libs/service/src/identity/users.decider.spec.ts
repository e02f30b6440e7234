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
function said(command: UserCommand, state: Directory): string {
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
      expect(said(put('alice', own), two)).toBe('OWN_ROLES');
      expect(said(put('alice', own), alone)).toBe('OWN_ROLES');
    }
    expect(said(put('alice', account('admin'), 'alice', 'new'), two)).toBe('OWN_ROLES');
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
    expect(said(command, two)).toBe('UserChangeProposed');
    const waiting = after(command, two);
    expect(said(approve('alice'), waiting)).toBe('SECOND_ADMIN');
    expect(said(approve('fred'), waiting)).toBe('NOT_AN_ADMIN');
  });

  it('takes effect where only one admin is, and says so', () => {
    for (const command of [
      put('eve', account('finance'), 'alice', 'p'),
      put('eve', account('admin'), 'alice', 'p'),
      put('fred', account('finance', 'auditor')),
      put('fred', account('finance'), 'alice', 'p'),
    ]) {
      expect(said(command, alone)).toBe('single admin');
    }
  });

  it('that only takes needs nobody else', () => {
    expect(said(put('fred', account()), two)).toBe('one admin');
    expect(said(put('fred', null), two)).toBe('one admin');
    expect(said(put('nobody', null), two)).toBe('nothing');
    expect(said(put('fred', account('finance')), two)).toBe('nothing');
  });

  it('of an integration with other roles takes not its one source from it', () => {
    const hub = directory(
      before('alice', account('admin')),
      before('bob', account('admin')),
      before('hub', { ...account('integration', 'finance'), source: 'crm' }),
    );
    expect(said(put('hub', { ...account('finance'), source: 'crm' }), hub)).toBe('UserChangeProposed');
    expect(said(put('hub', { ...account('integration', 'finance'), source: 'erp' }), hub)).toBe('UserChangeProposed');
    expect(said(put('hub', { ...account('integration'), source: 'crm' }), hub)).toBe('one admin');
  });

  it('is approved by another admin than the one who proposed it and the one whom it gives something', () => {
    const eve = after(put('eve', account('finance'), 'alice', 'p'), two);
    expect(said(approve('bob'), eve)).toBe('two admins');
    const bob = after(put('bob', account('admin', 'finance')), two);
    expect(said(approve('bob'), bob)).toBe('OWN_ROLES');
    expect(said(approve('bob'), after(put('bob', account('admin'), 'alice', 'p'), two))).toBe('OWN_ROLES');
    expect(said(approve('bob'), after(put('bob', account()), two))).toBe('two admins');
    expect(said(approve('bob'), two)).toBe('CHANGE_UNKNOWN');
    expect(said(approve('bob'), after(approve('bob'), eve))).toBe('CHANGE_UNKNOWN');
  });

  it('is approved only as it was proposed', () => {
    const waiting = after(put('fred', account('finance', 'auditor')), two);
    expect(said(approve('bob'), after({ ...put('fred', null), change: 'c2' } as UserCommand, waiting))).toBe(
      'CHANGE_STALE',
    );
    expect(said(approve('bob'), after({ do: 'reject', change: 'c1', by: 'user:alice' }, waiting))).toBe(
      'CHANGE_UNKNOWN',
    );
  });

  it('that takes the admin role from one who is gone needs seven days without an objection, and nothing else becomes possible by waiting', () => {
    const gone = after(put('bob', null), two);
    expect(said(approve('alice', '2025-03-01T11:59:59.999Z'), gone)).toBe('SECOND_ADMIN');
    expect(said(approve('alice', NOW), gone)).toBe('unopposed');
    for (const command of [
      put('eve', account('finance'), 'alice', 'p'),
      put('bob', account('admin'), 'alice', 'p'),
      put('fred', account('finance', 'auditor')),
    ]) {
      expect(said(approve('alice', '2026-01-01T00:00:00.000Z'), after(command, two))).toBe('SECOND_ADMIN');
    }
  });

  it('that removes an admin is not rejected by that admin, but by a third one or by finance', () => {
    const reject = (by: string): UserCommand => ({ do: 'reject', change: 'c1', by: `user:${by}` });
    const three = [before('carl', account('admin'))].reduce(userDecider.evolve, two);
    for (const gone of [null, account(), account('finance'), { ...account('rep'), participant: 'bob' }]) {
      expect(said(reject('bob'), after(put('bob', gone), two))).toBe('OWN_ROLES');
      expect(said(reject('bob'), after(put('bob', gone), three))).toBe('OWN_ROLES');
      for (const by of ['fred', 'alice'])
        expect(said(reject(by), after(put('bob', gone), two))).toBe('UserChangeRejected');
      expect(said(reject('carl'), after(put('bob', gone), three))).toBe('UserChangeRejected');
      for (const by of ['rita', 'nobody']) expect(said(reject(by), after(put('bob', gone), two))).toBe('NOT_AN_ADMIN');
    }
    // Admins decide about giving access, and the user may decline it.
    const given = after(put('bob', account('admin', 'auditor')), two);
    expect(said(reject('fred'), given)).toBe('NOT_AN_ADMIN');
    expect(said(reject('bob'), given)).toBe('UserChangeRejected');
  });

  it('leaves an admin, whoever of two is faster', () => {
    const both = [put('bob', null), { ...put('alice', null, 'bob'), change: 'c2' } as UserCommand].reduce(
      (state, command) => after(command, state),
      two,
    );
    const alone = after(approve('alice', NOW), both);
    for (const by of ['alice', 'bob'])
      expect(said({ ...approve(by, NOW), change: 'c2' } as UserCommand, alone)).toMatch(/^(LAST_ADMIN|NOT_AN_ADMIN)$/);
    expect(said({ ...approve('alice', NOW), change: 'c2' } as UserCommand, alone)).toBe('LAST_ADMIN');
  });

  it('leaves a password due that somebody else set, until its user chooses one', () => {
    const made = after(put('eve', account('rep'), 'alice', 'p'), alone);
    expect(made.users['eve']).toMatchObject({ credential: 'p', passwordDue: true });
    const changed = after(put('eve', account()), made);
    expect(changed.users['eve']).toMatchObject({ credential: 'p', passwordDue: true });
    const own = after({ do: 'password', user: 'eve', credential: 'q' }, made);
    expect(own.users['eve']).toMatchObject({ credential: 'q', passwordDue: false });
    expect(said({ do: 'password', user: 'nobody', credential: 'q' }, own)).toBe('USER_UNKNOWN');
    expect(said(put('new', account('rep')), alone)).toBe('PASSWORD_MISSING');
  });
});
