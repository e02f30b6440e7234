import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { stateOf } from '../request.js';
import { Authentication } from './authentication.js';
import type { Caller } from './caller.js';
import type { Role } from './roles.js';
import { type Session, Sessions } from './sessions.js';

export interface SessionView {
  actor: string;
  name: string;
  roles: readonly Role[];
  participant: string | null;
  /** For `X-CSRF-Token` of unsafe requests; null where a token, not a cookie, says who it is. */
  csrf: string | null;
  /** Only when a token was asked for; said once. */
  token?: string;
}

/** Begins and ends sessions on answers to requests. */
@Injectable()
export class SignIns {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Authentication) private readonly authentication: Authentication,
  ) {}

  /** A session is always a new one, so that a planted token never becomes somebody's. A form is led home. */
  async begin(
    caller: Caller,
    request: Request,
    response: Response,
    give: 'cookie' | 'token' = 'cookie',
  ): Promise<SessionView | undefined> {
    const before = stateOf(request).session;
    if (before) await this.sessions.end(before);
    const { token, session } = await this.sessions.begin(caller);
    if (give === 'token') return { ...this.view(caller, undefined), token };
    response.append('Set-Cookie', this.#cookie(token, 12 * 3600));
    if (request.is('application/x-www-form-urlencoded')) return this.home(response, '/');
    return this.view(caller, session);
  }

  async end(request: Request, response: Response): Promise<void> {
    const { session } = stateOf(request);
    if (session) await this.sessions.end(session);
    response.append('Set-Cookie', this.#cookie('', 0));
  }

  async endAllOf(actor: string): Promise<void> {
    await this.sessions.endAllOf(actor);
  }

  home(response: Response, to: string): undefined {
    response.status(303).set('Location', to);
  }

  view({ actor, name, roles, participant }: Caller, session: Session | undefined): SessionView {
    return { actor, name, roles, participant: participant ?? null, csrf: session?.csrf ?? null };
  }

  #cookie(token: string, seconds: number): string {
    const { cookie } = this.authentication;
    return `${cookie}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${cookie.startsWith('__Host-') ? '; Secure' : ''}`;
  }
}
