import { Inject, Injectable, UnauthorizedException } from '@nestjs/common';
import { parseCookie } from 'cookie';
import type { Request } from 'express';
import { CONFIG, type Config } from '../config.js';
import { LOG, type Log } from '../log.js';
import type { Caller } from './caller.js';
import { Keys } from './keys.js';
import { BadToken, Oidc } from './oidc.js';
import { type Session, Sessions } from './sessions.js';

export interface Identified {
  caller: Caller;
  /** The session of a token or cookie of ours; API keys and tokens of an identity provider have none. */
  session?: Session;
  byCookie?: boolean;
}

/** Identifies the caller: by an API key, by a bearer token of the issuer, else by a session's token or cookie. */
@Injectable()
export class Authentication {
  private readonly oidc: Oidc | undefined;
  readonly cookie: string;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Keys) private readonly keys: Keys,
    @Inject(LOG) private readonly log: Log,
  ) {
    const { OIDC_ISSUER, OIDC_AUDIENCE } = config;
    this.oidc = OIDC_ISSUER && OIDC_AUDIENCE ? new Oidc({ ...config, OIDC_ISSUER, OIDC_AUDIENCE }) : undefined;
    // The prefix makes browsers reject the cookie of a neighbouring subdomain; it needs https.
    this.cookie = config.PUBLIC_URL?.startsWith('https:') ? '__Host-attain-session' : 'attain-session';
  }

  /** Undefined for a request without credentials; throws 401 for invalid ones. */
  async identify(request: Request): Promise<Identified | undefined> {
    const bearer = /^Bearer ([\w.~+/=-]+)$/i.exec(request.get('Authorization') ?? '')?.[1];
    if (bearer !== undefined) return this.bearing(bearer);
    if (request.get('Authorization') !== undefined) throw refused();
    const token = parseCookie(request.get('Cookie') ?? '')[this.cookie];
    const session = token === undefined ? undefined : await this.sessions.find(token);
    return session && { caller: session.caller, session, byCookie: true };
  }

  private async bearing(token: string): Promise<Identified> {
    if (token.startsWith('atn_')) {
      const caller = await this.keys.callerOf(token);
      if (!caller) throw refused();
      return { caller };
    }
    if (!this.oidc) {
      const session = await this.sessions.find(token);
      if (!session) throw refused();
      return { caller: session.caller, session };
    }
    try {
      return { caller: await this.oidc.callerOf(token) };
    } catch (error) {
      if (!(error instanceof BadToken)) throw error;
      this.log.info('A token was not believed', { reason: error.message });
      throw refused();
    }
  }
}

function refused(): UnauthorizedException {
  return new UnauthorizedException('The token is not valid, or no longer.');
}
