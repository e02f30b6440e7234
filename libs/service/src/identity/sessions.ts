import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Document, ReadModels } from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import { READ_MODELS } from '../tokens.js';
import type { Caller } from './caller.js';
import { KeptTable } from '../kept-table.js';
import type { SessionRow } from './identity.answers.js';

export type { SessionRow } from './identity.answers.js';

export type SessionKind = 'cookie' | 'token';
export interface Session extends Document {
  /** A hash of the token, so that a copy of the table contains no usable tokens. */
  readonly key: string;
  /** The name of the session for its owner and for admins; absent in sessions of an earlier version. */
  readonly id?: string;
  readonly kind?: SessionKind;
  readonly actor: string;
  readonly caller: Caller;
  /** Sent back in `X-CSRF-Token` by scripts that can read the page, which another site cannot. */
  readonly csrf: string;
  /** Milliseconds since 1970. */
  readonly begun: number;
  readonly seen: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The longest duration of a session in milliseconds. */
export const LONGEST = 12 * HOUR;
const IDLE = 2 * HOUR;
const MOST = 10_000;

/** Whether an actor may have a session of ours in the present configuration of the process. */
export type Counting = (actor: string) => boolean;
export const COUNTING = Symbol('COUNTING');

/** The sessions of all processes that share the read models. */
@Injectable()
export class Sessions {
  private readonly table: KeptTable<Session>;

  constructor(
    @Inject(READ_MODELS) models: ReadModels,
    @Optional() @Inject(COUNTING) private readonly counts: Counting = () => true,
  ) {
    this.table = new KeptTable(models, 'local-sessions', true);
  }

  /** Returns the token, which is the only way to the session. */
  async begin(
    caller: Caller,
    kind: SessionKind = 'token',
    now = Date.now(),
  ): Promise<{ token: string; session: Session }> {
    await this.forget(now);
    const token = randomBytes(32).toString('base64url');
    const csrf = randomBytes(32).toString('base64url');
    const session: Session = {
      key: keyOf(token),
      id: newUuid(),
      kind,
      actor: caller.actor,
      caller,
      csrf,
      begun: now,
      seen: now,
    };
    await this.table.change([session.key], () => session);
    return { token, session };
  }

  async find(token: string, now = Date.now()): Promise<Session | undefined> {
    const session = await this.table.get(keyOf(token));
    if (!session) return undefined;
    if (over(session, now) || !this.counts(session.actor)) {
      await this.end(session);
      return undefined;
    }
    // Stored only now and then, because a write for each request would make reading as expensive as writing.
    if (now - session.seen > 5 * MINUTE)
      await this.table.change([session.key], (known) => known && { ...known, seen: now });
    return session;
  }

  /** Whether a session is valid; the question does not count as use, so that an unused session ends. */
  async holds({ key }: Session, now = Date.now()): Promise<boolean> {
    const session = await this.table.get(key);
    return session !== undefined && !over(session, now) && this.counts(session.actor);
  }

  async end({ key }: Session): Promise<void> {
    await this.table.change([key], () => undefined);
  }

  /** Called after a change of a user's access or password. */
  async endAllOf(actor: string): Promise<void> {
    await this.endAll(await this.table.find({ filter: { actor } }));
  }

  /** The latest first; `asking` is the session of the request, if there is one. */
  async of(actor: string, asking?: Session, now = Date.now()): Promise<SessionRow[]> {
    const known = await this.table.find({ filter: { actor }, sort: [{ field: 'begun', order: 'descending' }] });
    return known.filter((session) => !over(session, now)).map((session) => shown(session, asking));
  }

  /** Returns whether there was one. */
  async endOne(actor: string, id: string): Promise<boolean> {
    const session = (await this.table.find({ filter: { actor } })).find((one) => idOf(one) === id);
    if (session) await this.end(session);
    return session !== undefined;
  }

  /** Ends sessions begun before a change, in case a process stopped between both; `changed` is by actor. */
  async endThoseBefore(changed: ReadonlyMap<string, number>): Promise<void> {
    const known = await this.table.find();
    await this.endAll(known.filter(({ actor, begun }) => begun < (changed.get(actor) ?? 0)));
  }

  private async forget(now: number): Promise<void> {
    const known = await this.table.find({ sort: [{ field: 'begun', order: 'descending' }] });
    await this.endAll(known.filter((session, n) => n >= MOST - 1 || over(session, now)));
  }

  private async endAll(sessions: readonly Session[]): Promise<void> {
    await this.table.change(
      sessions.map(({ key }) => key),
      () => undefined,
    );
  }
}

export function sameSecret(given: unknown, known: string): boolean {
  if (typeof given !== 'string') return false;
  return timingSafeEqual(digest(given), digest(known));
}

function shown(session: Session, asking: Session | undefined): SessionRow {
  const { kind = 'cookie', begun, seen } = session;
  const [beganAt, seenAt, ends] = [begun, seen, Math.min(begun + LONGEST, seen + IDLE)].map((at) =>
    new Date(at).toISOString(),
  ) as [string, string, string];
  return { id: idOf(session), kind, begun: beganAt, seen: seenAt, ends, current: session.key === asking?.key };
}

/** For a session of an earlier version, the hash of its hash, because its hash is the key of the table. */
function idOf({ id, key }: Session): string {
  return id ?? keyOf(key);
}

function over({ begun, seen }: Session, now: number): boolean {
  return now - begun > LONGEST || now - seen > IDLE;
}

function keyOf(token: string): string {
  return digest(token).toString('base64url');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
