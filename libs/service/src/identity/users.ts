import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { decodeEvent, type IdentityEvent } from '@attain/contracts';
import {
  type Clock,
  type Context,
  type Document,
  type EventStore,
  type Executor,
  type ReadModels,
  type StoredEvent,
} from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import { CLOCK, EVENT_STORE, EXECUTOR, READ_MODELS } from '../tokens.js';
import type { Caller } from './caller.js';
import { Credentials } from './credentials.js';
import { KeptTable } from '../kept-table.js';
import { refuseGuessable } from './password-strength.js';
import { roles } from './roles.js';
import {
  type Account,
  actorOf,
  admins,
  type Directory,
  type Proposal,
  type UserCommand,
  userDecider,
} from './users.decider.js';
import type { PendingChange, SettledChange as Changed, User, UserChange } from './identity.answers.js';

export type { PendingChange, SettledChange as Changed, User, UserChange } from './identity.answers.js';

/** The time in which another admin may object, if only that admin could have agreed: seven days. */
const OBJECTION = 7 * 86_400_000;
const DIRECTORY = 'directory';
const STREAM = `${userDecider.category}-${DIRECTORY}`;
export const userName = /^[\w.@+-]{1,200}$/;

/** Local users follow from events. Hashes of passwords are stored beside the log, because the log is kept for ever. */
@Injectable()
export class Users {
  private folded: { directory: Directory; next: number } = { directory: userDecider.initial, next: 0 };

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODELS) private readonly models: ReadModels,
    @Inject(Credentials) private readonly credentials: Credentials,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(): Promise<User[]> {
    const { users } = await this.directory();
    return Object.entries(users)
      .map(([name, account]) => shown(name, account))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async pending(): Promise<PendingChange[]> {
    return Object.values((await this.directory()).proposals).map(waits);
  }

  /** All changes of a user, the latest first. */
  async changesOf(user: string): Promise<UserChange[]> {
    const changes: UserChange[] = [];
    for await (const page of this.store.readStream(STREAM)) {
      for (const stored of page) {
        const event = eventOf(stored);
        if (event.data.user === user) changes.push(changeOf(event, stored));
      }
    }
    return changes.reverse();
  }

  /** Adds the user, or replaces the user's access; without a password the present one stays. */
  async put({ name, ...after }: User, password: string | undefined, context: Context): Promise<Changed> {
    const credential = password === undefined ? null : await this.credentials.keep(name, password);
    return this.record(name, { ...after, roles: [...after.roles] }, credential, context);
  }

  remove(name: string, context: Context): Promise<Changed> {
    return this.record(name, null, null, context);
  }

  async approve(change: string, context: Context): Promise<Changed> {
    const proposal = (await this.directory()).proposals[change];
    const second = proposal?.credential ? await this.credentials.withCode(proposal.credential) : undefined;
    const aged = new Date(Date.parse(this.clock()) - OBJECTION).toISOString();
    await this.execute({ do: 'approve', change, credential: second?.id ?? null, by: context.actor, aged }, context);
    const user = await this.after(proposal?.user ?? '');
    return { user, waits: null, ...(second && { code: second.code }) };
  }

  async reject(change: string, context: Context): Promise<void> {
    await this.execute({ do: 'reject', change, by: context.actor }, context);
  }

  /** Changes the password by the user. */
  async changePassword(user: string, password: string, context: Context): Promise<void> {
    const credential = await this.credentials.keep(user, password);
    await this.execute({ do: 'password', user, credential }, context);
    await this.after(user);
  }

  /** The caller with a name and a password; undefined if they do not match. */
  async verified(name: string, password: string): Promise<Caller | undefined> {
    const known = userName.test(name) ? (await this.directory()).users[name] : undefined;
    const fits = await this.credentials.fits(known?.credential, password);
    if (!known || !fits) return undefined;
    const { participant, source } = known;
    return {
      actor: actorOf(name),
      name,
      roles: shown(name, known).roles,
      ...(participant !== null && { participant }),
      ...(source !== null && { source }),
      ...(known.passwordDue && { passwordDue: true }),
    };
  }

  /**
   * At the first start, creates an `admin` with the configured secret, or with a random one that is returned once and
   * not stored. An admin is created in the same way if the table of passwords was lost. Undefined if nothing was
   * created.
   */
  async first(secret: string | undefined): Promise<{ name: string; password: string } | undefined> {
    await this.adopt();
    const directory = await this.directory();
    const those = admins(directory);
    if (await this.credentials.hold(those.map((name) => directory.users[name]?.credential ?? ''))) return undefined;
    const name = those[0] ?? 'admin';
    const password = secret ?? randomBytes(18).toString('base64url');
    if (secret !== undefined) await refuseGuessable('ADMIN_SECRET', secret, ['admin']);
    const credential = await this.credentials.keep(name, password);
    const {
      roles: held,
      participant,
      source,
    } = directory.users[name] ?? { roles: [], participant: null, source: null };
    const after = { roles: [...new Set([...held, 'admin'])], participant, source };
    const unless = Object.keys(directory.users).length === 0 ? 'anybody' : 'never';
    const { events } = await this.execute({ do: 'start', user: name, after, credential, unless }, starting);
    return secret === undefined && events > 0 ? { name, password } : undefined;
  }

  /** Records the missing event for users of versions that stored them in a table. */
  private async adopt(): Promise<void> {
    const table = new KeptTable<Document & User & { password: string }>(this.models, 'local-users');
    for (const { name, password, roles: held, participant, source } of await table.find()) {
      const credential = await this.credentials.adopt(name, password);
      await this.execute(
        { do: 'start', user: name, after: { roles: [...held], participant, source }, credential, unless: 'known' },
        starting,
      );
      await table.change([name], () => undefined);
    }
  }

  /** The time of each user's last change by somebody else, in milliseconds since 1970. */
  async changed(): Promise<Map<string, number>> {
    const changed = new Map<string, number>();
    for await (const page of this.store.readStream(STREAM)) {
      for (const { type, data, meta } of page)
        if (type === 'UserChanged') changed.set((data as { user: string }).user, Date.parse(meta.recorded));
    }
    return changed;
  }

  private async record(
    name: string,
    after: Account | null,
    credential: string | null,
    context: Context,
  ): Promise<Changed> {
    const change = newUuid();
    await this.execute(
      { do: 'put', user: name, after, credential, change, by: context.actor, at: this.clock() },
      context,
    );
    const user = await this.after(name);
    const proposal = (await this.directory()).proposals[change];
    return { user, waits: proposal ? waits(proposal) : null };
  }

  /** Without the key of the request, because each attempt stores another credential. */
  private execute(command: UserCommand, { actor, correlation, reason }: Context) {
    return this.executor.execute(userDecider, DIRECTORY, command, {
      actor,
      correlation,
      ...(reason !== undefined && { reason }),
    });
  }

  private async after(name: string): Promise<User | null> {
    const { users, proposals } = await this.directory();
    const counted = [users[name], ...Object.values(proposals)].flatMap((one) =>
      one?.credential ? [one.credential] : [],
    );
    await this.credentials.tidy(name, new Set(counted));
    const known = users[name];
    return known ? shown(name, known) : null;
  }

  /** The users as the log records them now, whichever process wrote it. */
  private async directory(): Promise<Directory> {
    let { directory, next } = this.folded;
    for await (const page of this.store.readStream(STREAM, next)) {
      for (const stored of page) {
        directory = userDecider.evolve(directory, eventOf(stored));
        next = stored.revision + 1;
      }
    }
    if (next > this.folded.next) this.folded = { directory, next };
    return directory;
  }
}

const starting: Context = { actor: 'start', correlation: 'start' };

function eventOf({ type, version, data }: StoredEvent): IdentityEvent {
  return decodeEvent(type, version, data) as IdentityEvent;
}

function shown(name: string, { roles: held, participant, source }: Account): User {
  return { name, roles: roles.filter((role) => held.includes(role)), participant, source };
}

function waits({ credential, ...proposal }: Proposal): PendingChange {
  return { ...proposal, password: credential !== null };
}

function changeOf(event: IdentityEvent, { meta }: StoredEvent): UserChange {
  const about = { type: event.type, at: meta.recorded, by: meta.actor, reason: meta.reason ?? null };
  switch (event.type) {
    case 'UserPasswordChanged':
      return { ...about, password: true };
    case 'UserChangeRejected':
      return { ...about, change: event.data.change };
    default: {
      const { user: _, credential, ...data } = event.data;
      return { ...about, ...data, password: credential !== null };
    }
  }
}
