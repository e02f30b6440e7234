import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from './caller.js';

export interface Session {
  readonly caller: Caller;
  /** Sent back in `X-CSRF-Token` by whoever may read the page, which another site may not. */
  readonly csrf: string;
  /** Milliseconds since 1970. */
  readonly begun: number;
  seen: number;
}

const HOUR = 3_600_000;
const LONGEST = 12 * HOUR;
const IDLE = 2 * HOUR;
const MOST = 10_000;

/** Who is signed in, in the memory of the one process that the embedded mode has; a restart signs everybody out. */
@Injectable()
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** The token is the only way to the session; its hash is kept, so that a dump of the memory isn't a bunch of keys. */
  begin(caller: Caller, now = Date.now()): { token: string; session: Session } {
    this.#forget(now);
    const token = randomBytes(32).toString('base64url');
    const session: Session = { caller, csrf: randomBytes(32).toString('base64url'), begun: now, seen: now };
    this.#sessions.set(keyOf(token), session);
    return { token, session };
  }

  find(token: string, now = Date.now()): Session | undefined {
    const key = keyOf(token);
    const session = this.#sessions.get(key);
    if (!session) return undefined;
    if (over(session, now)) {
      this.#sessions.delete(key);
      return undefined;
    }
    session.seen = now;
    return session;
  }

  end(session: Session): void {
    for (const [key, known] of this.#sessions) if (known === session) this.#sessions.delete(key);
  }

  /** After a change of what a user may do or knows. */
  endAllOf(actor: string): void {
    for (const [key, { caller }] of this.#sessions) if (caller.actor === actor) this.#sessions.delete(key);
  }

  #forget(now: number): void {
    for (const [key, session] of this.#sessions) if (over(session, now)) this.#sessions.delete(key);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= MOST && oldest !== undefined) this.#sessions.delete(oldest);
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
