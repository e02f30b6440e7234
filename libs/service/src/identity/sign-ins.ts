import { Inject, Injectable } from '@nestjs/common';
import { Refused } from '@attain/eventsourcing';
import type { Request, Response } from 'express';
import { stateOf } from '../request.js';
import { Authentication } from './authentication.js';
import type { Caller } from './caller.js';
import { LONGEST, type Session, Sessions } from './sessions.js';
import type { SessionView } from './identity.answers.js';

export type { SessionView } from './identity.answers.js';

/** Begins and ends the sessions of requests. */
@Injectable()
export class SignIns {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Authentication) private readonly authentication: Authentication,
  ) {}

  /**
   * A sign-in always begins a new session, so a planted token never becomes valid. A form is redirected to the home
   * page.
   */
  async begin(
    caller: Caller,
    request: Request,
    response: Response,
    give: 'cookie' | 'token' = 'cookie',
  ): Promise<SessionView | undefined> {
    const { session: before, byCookie } = stateOf(request);
    if (before && byCookie) await this.sessions.end(before);
    const { token, session } = await this.sessions.begin(caller, give);
    if (give === 'token') return { ...this.view(caller, undefined), token };
    this.give(response, token, LONGEST);
    if (request.is('application/x-www-form-urlencoded')) return this.home(response, '/');
    return this.view(caller, session);
  }

  async end(request: Request, response: Response): Promise<void> {
    const { session } = stateOf(request);
    if (!session)
      throw new Refused('SESSION_ELSEWHERE', 'This token is the identity provider’s, which alone can end it.');
    await this.sessions.end(session);
    this.give(response, '', 0);
  }

  async endAllOf(actor: string): Promise<void> {
    await this.sessions.endAllOf(actor);
  }

  home(response: Response, to: string): undefined {
    response.status(303).set('Location', to);
  }

  view({ actor, name, roles, participant, passwordDue }: Caller, session: Session | undefined): SessionView {
    return {
      actor,
      name,
      roles,
      participant: participant ?? null,
      csrf: session?.csrf ?? null,
      ...(passwordDue && { passwordDue }),
    };
  }

  private give(response: Response, token: string, maxAge: number): void {
    const { cookie } = this.authentication;
    response.cookie(cookie, token, {
      maxAge,
      httpOnly: true,
      sameSite: 'strict',
      secure: cookie.startsWith('__Host-'),
    });
  }
}
