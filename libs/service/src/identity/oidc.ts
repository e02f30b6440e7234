import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Config } from '../config.js';
import { NotReady } from '../problem.js';
import type { Caller } from './caller.js';
import { type Role, roles } from './roles.js';

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/** The reason that a token is invalid, for the log and not for its sender. */
export class BadToken extends Error {
  override readonly name = 'BadToken';
}

/**
 * Callers by the tokens of one issuer. Algorithms, issuer and audience are fixed, and keys come only from the issuer.
 */
export class Oidc {
  private keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(private readonly config: Config & { OIDC_ISSUER: string; OIDC_AUDIENCE: string }) {}

  /** Throws BadToken for an invalid token, NotReady if the issuer does not answer. */
  async callerOf(token: string): Promise<Caller> {
    const { OIDC_ALGORITHMS, OIDC_ISSUER, OIDC_AUDIENCE, OIDC_CLOCK_TOLERANCE } = this.config;
    const keys = await this.issuerKeys();
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: OIDC_ALGORITHMS,
        issuer: OIDC_ISSUER,
        audience: OIDC_AUDIENCE,
        clockTolerance: OIDC_CLOCK_TOLERANCE,
        requiredClaims: ['exp', 'sub'],
      });
      return this.caller(payload);
    } catch (error) {
      if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) throw away(OIDC_ISSUER);
      throw new BadToken(error.code);
    }
  }

  private caller(payload: JWTPayload): Caller {
    const { OIDC_ROLES_CLAIM, OIDC_PARTICIPANT_CLAIM, OIDC_SOURCE_CLAIM, OIDC_ROLE_MAP } = this.config;
    const claimed = claim(payload, OIDC_ROLES_CLAIM);
    const names = (Array.isArray(claimed) ? claimed : typeof claimed === 'string' ? claimed.split(' ') : []).filter(
      (name) => typeof name === 'string',
    );
    const held = names
      .map((name) => (OIDC_ROLE_MAP ? OIDC_ROLE_MAP[name] : roles.find((role) => role === name)))
      .filter((role): role is Role => role !== undefined);
    const participant = claim(payload, OIDC_PARTICIPANT_CLAIM);
    const source = claim(payload, OIDC_SOURCE_CLAIM);
    const name = claim(payload, 'name');
    return {
      actor: `oidc:${payload.sub}`,
      name: typeof name === 'string' ? name : String(payload.sub),
      roles: [...new Set(held)],
      ...(typeof participant === 'string' && participant !== '' && { participant }),
      ...(typeof source === 'string' && source !== '' && { source }),
    };
  }

  private issuerKeys(): Promise<JWTVerifyGetKey> {
    this.keys ??= discover(this.config.OIDC_ISSUER).catch((error: unknown) => {
      // The next request asks again, because an issuer that starts late must not lock everybody out.
      this.keys = undefined;
      throw error;
    });
    return this.keys;
  }
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(address, { signal: AbortSignal.timeout(5_000), redirect: 'error' })
    .then((response) => (response.ok ? response.json() : undefined))
    .catch(() => undefined);
  const parsed = discovery.safeParse(answer);
  if (!parsed.success || parsed.data.issuer !== issuer) throw away(issuer);
  return createRemoteJWKSet(new URL(parsed.data.jwks_uri), { timeoutDuration: 5_000 });
}

function away(issuer: string): NotReady {
  return new NotReady(`The identity provider ${issuer} doesn't answer as one.`, 5);
}

/** A claim by its name, or by a path such as `realm_access.roles`. */
function claim(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let found: unknown = payload;
  for (const step of name.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return found;
}
