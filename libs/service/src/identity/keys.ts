import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { decodeEvent, type KeyEvent } from '@attain/contracts';
import type { Clock, Context, Document, EventStore, Executor, ReadModels } from '@attain/eventsourcing';
import { KeptTable } from '../kept-table.js';
import { OutOfScope } from '../problem.js';
import { CLOCK, EVENT_STORE, EXECUTOR, READ_MODELS } from '../tokens.js';
import type { Caller } from './caller.js';
import { counts, type Key, type KeyCommand, keyDecider, type Keys as Folded, opens } from './keys.decider.js';
import { isReportsIssuer, type Permission, permissionsOfKeys, type Role } from './roles.js';
import { COUNTING, type Counting } from './sessions.js';
import { actorOf } from './users.decider.js';
import { Users } from './users.js';
import type { KeyRow } from './identity.answers.js';

export type { KeyRow } from './identity.answers.js';

const DAY = 86_400_000;
const MINUTE = 60_000;
/** Milliseconds for which the old secret stays valid after a rotation. */
const OVERLAP = 7 * DAY;
const STREAM = 'keys';
const token = /^atn_([0-9a-f]{16})_([\w-]{43})$/;

export interface KeyRequest {
  name: string;
  roles: readonly Role[];
  permissions: readonly Permission[] | null;
  days: number;
}
interface Use extends Document {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly used: number;
}

/** API keys: bearer tokens of programs with an expiry, recorded as events. */
@Injectable()
export class Keys {
  private readonly uses: KeptTable<Use>;
  private folded: { keys: Folded; next: number } = { keys: keyDecider.initial, next: 0 };

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODELS) models: ReadModels,
    @Inject(Users) private readonly users: Users,
    @Inject(CLOCK) private readonly clock: Clock,
    @Optional() @Inject(COUNTING) private readonly counting: Counting = () => true,
  ) {
    this.uses = new KeptTable(models, 'local-key-uses', true);
  }

  /** The keys of one actor, or of everybody; the latest created last. */
  async list(of?: string): Promise<KeyRow[]> {
    const uses = new Map((await this.uses.find()).map(({ key, used }) => [key, used]));
    const keys = Object.values(await this.keys()).filter((key) => of === undefined || key.of === of);
    return keys.map((key) => this.shown(key, uses.get(key.key)));
  }

  async create(
    caller: Caller,
    { name, roles, permissions, days }: KeyRequest,
    context: Context,
  ): Promise<KeyRow & { secret: string }> {
    const id = randomBytes(8).toString('hex');
    const secret = randomBytes(32).toString('base64url');
    const personal = roles.some((role) => caller.roles.includes(role));
    const at = this.clock();
    const key = {
      key: id,
      name,
      of: caller.actor,
      roles: [...roles],
      permissions: permissions && [...permissions],
      participant: personal ? (caller.participant ?? null) : null,
      source: personal ? (caller.source ?? null) : null,
      hash: hashOf(secret),
      expires: after(at, days * DAY),
    };
    await this.execute({ do: 'create', key, at }, context);
    return { ...(await this.row(id)), secret: `atn_${id}_${secret}` };
  }

  async rotate(id: string, days: number, context: Context): Promise<KeyRow & { secret: string }> {
    const secret = randomBytes(32).toString('base64url');
    const at = this.clock();
    await this.execute(
      { do: 'rotate', key: id, hash: hashOf(secret), expires: after(at, days * DAY), overlap: after(at, OVERLAP), at },
      context,
    );
    return { ...(await this.row(id)), secret: `atn_${id}_${secret}` };
  }

  async revoke(id: string, context: Context): Promise<void> {
    await this.execute({ do: 'revoke', key: id }, context);
  }

  /** The caller of a bearer token; undefined if no valid key has it. */
  async callerOf(bearer: string): Promise<Caller | undefined> {
    const [, id, secret] = token.exec(bearer) ?? [];
    const key = id === undefined ? undefined : (await this.keys())[id];
    if (!key || !opens(key, hashOf(secret ?? ''), this.clock()) || !this.counting(key.of)) return undefined;
    const roles = await this.rolesOf(key);
    if (roles.length === 0) return undefined;
    await this.note(key.key);
    const { participant, source } = key;
    return {
      actor: key.of,
      name: key.name,
      roles,
      key: key.key,
      permissions: permissionsOfKeys(roles, key.permissions),
      ...(participant !== null && { participant }),
      ...(source !== null && { source }),
    };
  }

  /** The roles of the key that its creator may still give; only an identity provider knows those of its own users. */
  private async rolesOf(key: Key): Promise<Role[]> {
    const granted = key.roles as Role[];
    if (!key.of.startsWith(actorOf(''))) return granted;
    const user = (await this.users.list()).find(({ name }) => actorOf(name) === key.of);
    if (!user) return [];
    const personal = granted.some((role) => role !== 'reports' || user.roles.includes(role));
    if (personal && (user.participant !== key.participant || user.source !== key.source)) return [];
    return granted.filter((role) => user.roles.includes(role) || (role === 'reports' && isReportsIssuer(user.roles)));
  }

  /** Stored only now and then, because a write for each request would make reading as expensive as writing. */
  private async note(key: string): Promise<void> {
    const now = Date.parse(this.clock());
    const known = await this.uses.get(key);
    if (known && now - known.used < 5 * MINUTE) return;
    await this.uses.change([key], () => ({ key, used: now }));
  }

  private async row(id: string): Promise<KeyRow> {
    const key = (await this.keys())[id];
    if (!key) throw new OutOfScope();
    return this.shown(key, (await this.uses.get(id))?.used);
  }

  private shown(key: Key, used: number | undefined): KeyRow {
    const { name, of, roles, expires, previous } = key;
    const now = this.clock();
    return {
      key: key.key,
      name,
      of,
      roles,
      permissions: permissionsOfKeys(roles as Role[], key.permissions),
      expires,
      previousUntil: previous && previous.until > now ? previous.until : null,
      lastUsed: used === undefined ? null : new Date(used).toISOString(),
      state: key.revoked ? 'revoked' : counts(key, now) ? 'active' : 'expired',
    };
  }

  /** Without the key of the request, because each attempt creates another secret. */
  private execute(command: KeyCommand, { actor, correlation, reason }: Context) {
    return this.executor.execute(keyDecider, STREAM, command, {
      actor,
      correlation,
      ...(reason !== undefined && { reason }),
    });
  }

  /** The keys as the log records them now, whichever process wrote it. */
  private async keys(): Promise<Folded> {
    let { keys, next } = this.folded;
    for await (const page of this.store.readStream(`${keyDecider.category}-${STREAM}`, next)) {
      for (const { type, version, data, revision } of page) {
        keys = keyDecider.evolve(keys, decodeEvent(type, version, data) as KeyEvent);
        next = revision + 1;
      }
    }
    if (next > this.folded.next) this.folded = { keys, next };
    return keys;
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The instant some milliseconds later. */
function after(at: string, milliseconds: number): string {
  return new Date(Date.parse(at) + milliseconds).toISOString();
}
