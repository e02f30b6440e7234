import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Document, ReadModels } from '@attain/eventsourcing';
import { READ_MODELS } from '../tokens.js';
import type { Caller } from './caller.js';
import { KeptTable } from './kept-table.js';

export interface Session extends Document {
  /** Hash of the token, so that a copy of the table isn't a bunch of keys. */
  readonly key: string;
  readonly actor: string;
  readonly caller: Caller;
  /** Sent back in `X-CSRF-Token` by whoever may read the page, which another site may not. */
  readonly csrf: string;
  /** Milliseconds since 1970. */
  readonly begun: number;
  readonly seen: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LONGEST = 12 * HOUR;
const IDLE = 2 * HOUR;
const MOST = 10_000;

/** Who is signed in, for every process that shares the read models. */
@Injectable()
export class Sessions {
  readonly #table: KeptTable<Session>;

  constructor(@Inject(READ_MODELS) models: ReadModels) {
    this.#table = new KeptTable(models, 'local-sessions');
  }

  /** The token is the only way to the session. */
  async begin(caller: Caller, now = Date.now()): Promise<{ token: string; session: Session }> {
    await this.#forget(now);
    const token = randomBytes(32).toString('base64url');
    const csrf = randomBytes(32).toString('base64url');
    const session: Session = { key: keyOf(token), actor: caller.actor, caller, csrf, begun: now, seen: now };
    await this.#table.change([session.key], () => session);
    return { token, session };
  }

  async find(token: string, now = Date.now()): Promise<Session | undefined> {
    const session = await this.#table.get(keyOf(token));
    if (!session) return undefined;
    if (over(session, now)) {
      await this.end(session);
      return undefined;
    }
    // Noted now and then, since a write for each request would make reading as dear as changing.
    if (now - session.seen > 5 * MINUTE) await this.#table.change([session.key], (known) => known && { ...known, seen: now });
    return session;
  }

  async end({ key }: Session): Promise<void> {
    await this.#table.change([key], () => undefined);
  }

  /** After a change of what a user may do or knows. */
  async endAllOf(actor: string): Promise<void> {
    await this.#endAll(await this.#table.find({ filter: { actor } }));
  }

  async #forget(now: number): Promise<void> {
    const known = await this.#table.find({ sort: [{ field: 'begun', order: 'descending' }] });
    await this.#endAll(known.filter((session, n) => n >= MOST - 1 || over(session, now)));
  }

  async #endAll(sessions: readonly Session[]): Promise<void> {
    await this.#table.change(
      sessions.map(({ key }) => key),
      () => undefined,
    );
  }
}

export function sameSecret(told: unknown, known: string): boolean {
  if (typeof told !== 'string') return false;
  return timingSafeEqual(digest(told), digest(known));
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
