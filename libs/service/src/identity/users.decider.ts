import type { EventOf, IdentityEvent, userChanged } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { roles } from './roles.js';

export type Account = Readonly<NonNullable<EventOf<typeof userChanged>['data']['after']>>;
interface Known extends Account {
  /** The id under which the password is stored. */
  readonly credential: string | null;
  /** Whether somebody else knows the password. */
  readonly passwordDue: boolean;
}
export interface Proposal {
  readonly change: string;
  readonly user: string;
  readonly before: Account | null;
  readonly after: Account | null;
  readonly credential: string | null;
  /** The actor who proposed it. */
  readonly proposed: string;
  readonly at: string;
}
export interface Directory {
  readonly users: Readonly<Record<string, Known>>;
  readonly proposals: Readonly<Record<string, Proposal>>;
}
export type UserCommand =
  /**
   * By the person who starts the server: the first user, a user of a version without events, or an admin if no admin
   * can sign in any more.
   */
  | {
      readonly do: 'start';
      readonly user: string;
      readonly after: Account;
      readonly credential: string;
      readonly unless: 'anybody' | 'known' | 'never';
    }
  | {
      readonly do: 'put';
      readonly user: string;
      readonly after: Account | null;
      readonly credential: string | null;
      readonly change: string;
      readonly by: string;
      readonly at: string;
    }
  /**
   * `credential`: the id of the approved password, if it changes. The objection period is over for proposals at `aged`
   * or before.
   */
  | {
      readonly do: 'approve';
      readonly change: string;
      readonly credential: string | null;
      readonly by: string;
      readonly aged: string;
    }
  | { readonly do: 'reject'; readonly change: string; readonly by: string }
  | { readonly do: 'password'; readonly user: string; readonly credential: string };

export const userDecider: Decider<Directory, UserCommand, IdentityEvent> = {
  category: 'user',
  initial: { users: {}, proposals: {} },
  decide,
  evolve,
};

function decide(command: UserCommand, directory: Directory): readonly IdentityEvent[] {
  switch (command.do) {
    case 'start': {
      const { user, after, credential, unless } = command;
      const known = directory.users[user];
      if ((known && unless !== 'never') || (unless === 'anybody' && Object.keys(directory.users).length > 0)) return [];
      return [
        {
          type: 'UserChanged',
          data: {
            user,
            before: known ? fieldsOf(known) : null,
            after: fieldsOf(after),
            credential,
            oversight: 'start',
            change: null,
            proposed: null,
          },
        },
      ];
    }
    case 'put':
      return put(command, directory);
    case 'approve':
      return [approved(command, directory)];
    case 'reject':
      return [rejected(command, directory)];
    case 'password':
      if (!directory.users[command.user]) throw new Refused('USER_UNKNOWN', `There is no user ${command.user}.`);
      return [{ type: 'UserPasswordChanged', data: { user: command.user, credential: command.credential } }];
  }
}

function put(
  { user, after, credential, change, by, at }: Extract<UserCommand, { do: 'put' }>,
  directory: Directory,
): IdentityEvent[] {
  if (by === actorOf(user))
    throw new Refused(
      'OWN_ROLES',
      'Nobody changes the own roles, participant or source, or removes the own user; another admin does.',
    );
  const known = directory.users[user];
  const before = known ? fieldsOf(known) : null;
  if (!known && after === null) return [];
  if (!known && credential === null) throw new Refused('PASSWORD_MISSING', `${user} is new and needs a password.`);
  if (credential === null && same(before, after)) return [];
  const alone = admins(directory).every((name) => actorOf(name) === by);
  const data = { user, before, after: after && fieldsOf(after), credential, change: null, proposed: null };
  if (onlyTakes(before, after) && credential === null && !takesAdmin(before, after))
    return [{ type: 'UserChanged', data: { ...data, oversight: 'one admin' } }];
  if (alone) return [{ type: 'UserChanged', data: { ...data, oversight: 'single admin' } }];
  return [
    { type: 'UserChangeProposed', data: { user, before, after: data.after, credential, change, proposed: by, at } },
  ];
}

function approved(
  { change, credential, by, aged }: Extract<UserCommand, { do: 'approve' }>,
  directory: Directory,
): IdentityEvent {
  const proposal = waiting(change, directory);
  const { user, before, after, proposed } = proposal;
  const known = directory.users[user];
  if (!same(before, known ? fieldsOf(known) : null))
    throw new Refused('CHANGE_STALE', `${user} has changed since this was proposed; propose it again.`, { user });
  if (!admins(directory).some((name) => actorOf(name) === by))
    throw new Refused('NOT_AN_ADMIN', 'Only an admin approves.');
  const takes = onlyTakes(before, after) && proposal.credential === null;
  if (by === actorOf(user) && !takes)
    throw new Refused('OWN_ROLES', 'Nobody approves a change of the own roles or password; a third admin does.');
  if (takesAdmin(before, after) && admins(directory).every((name) => name === user))
    throw new Refused('LAST_ADMIN', `${user} is the last admin; appoint another admin first.`, { user });
  const data = { user, before, after, credential: credential ?? proposal.credential, change, proposed };
  if (by !== proposed) return { type: 'UserChanged', data: { ...data, oversight: 'two admins' } };
  const mayObject = takes && takesAdmin(before, after);
  if (!mayObject || proposal.at > aged) {
    throw new Refused(
      'SECOND_ADMIN',
      mayObject
        ? 'Another admin approves this; without an objection its proposer may after seven days.'
        : 'Another admin approves this than the one who proposed it.',
    );
  }
  return { type: 'UserChanged', data: { ...data, oversight: 'unopposed' } };
}

/**
 * By an admin, or by finance for a removal. Neither of two admins decides about their own removal, because both would
 * then stay for ever.
 */
function rejected({ change, by }: Extract<UserCommand, { do: 'reject' }>, directory: Directory): IdentityEvent {
  const { user, before, after } = waiting(change, directory);
  const removes = takesAdmin(before, after);
  if (removes && by === actorOf(user))
    throw new Refused(
      'OWN_ROLES',
      'Nobody rejects the own removal as an admin; a third admin or somebody in finance does.',
    );
  const may = Object.entries(directory.users).some(
    ([name, { roles: held }]) =>
      actorOf(name) === by && (held.includes('admin') || (removes && held.includes('finance'))),
  );
  if (!may)
    throw new Refused('NOT_AN_ADMIN', 'Only an admin rejects this; finance rejects the removal of an admin alone.');
  return { type: 'UserChangeRejected', data: { user, change } };
}

function evolve(directory: Directory, event: IdentityEvent): Directory {
  const { user } = event.data;
  switch (event.type) {
    case 'UserChanged': {
      const { after, credential, change, oversight } = event.data;
      const { [user]: known, ...others } = directory.users;
      const password =
        credential === null
          ? { credential: known?.credential ?? null, passwordDue: known?.passwordDue ?? true }
          : { credential, passwordDue: oversight !== 'start' };
      const users = after === null ? others : { ...others, [user]: { ...after, ...password } };
      return { users, proposals: change === null ? directory.proposals : without(directory.proposals, change) };
    }
    case 'UserChangeProposed':
      return { ...directory, proposals: { ...directory.proposals, [event.data.change]: event.data } };
    case 'UserChangeRejected':
      return { ...directory, proposals: without(directory.proposals, event.data.change) };
    case 'UserPasswordChanged': {
      const known = directory.users[user];
      if (!known) return directory;
      return {
        ...directory,
        users: { ...directory.users, [user]: { ...known, credential: event.data.credential, passwordDue: false } },
      };
    }
  }
}

export function actorOf(user: string): string {
  return `user:${user}`;
}

export function admins({ users }: Directory): string[] {
  return Object.entries(users).flatMap(([name, { roles: held }]) => (held.includes('admin') ? [name] : []));
}

/**
 * Whether a change only removes access: nobody else, and no other source, becomes visible, and nothing else becomes
 * possible.
 */
function onlyTakes(before: Account | null, after: Account | null): boolean {
  if (after === null) return true;
  if (before === null || before.participant !== after.participant || before.source !== after.source) return false;
  // An integration is limited to one source, and a user with other roles is not.
  if (before.roles.includes('integration') && !after.roles.includes('integration') && after.roles.length > 0)
    return false;
  return after.roles.every((role) => before.roles.includes(role));
}

function takesAdmin(before: Account | null, after: Account | null): boolean {
  return before?.roles.includes('admin') === true && after?.roles.includes('admin') !== true;
}

function fieldsOf({ roles: held, participant, source }: Account): Account {
  return { roles: roles.filter((role) => held.includes(role)), participant, source };
}

function same(a: Account | null, b: Account | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.participant === b.participant &&
    a.source === b.source &&
    [...a.roles].sort().join() === [...b.roles].sort().join()
  );
}

function waiting(change: string, { proposals }: Directory): Proposal {
  const proposal = proposals[change];
  if (!proposal) throw new Refused('CHANGE_UNKNOWN', 'No such change waits for approval.', { change });
  return proposal;
}

function without<T>(all: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  const { [key]: _, ...others } = all;
  return others;
}
