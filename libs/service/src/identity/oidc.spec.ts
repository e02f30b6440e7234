import 'reflect-metadata';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import type { Setting } from '../config.js';
import { starting } from '../testing/started.fixture.js';
import { Sessions } from './sessions.js';

/** An identity provider on loopback, with one key. */
let provider: Server;
let issuer: string;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;

beforeAll(async () => {
  keys = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  provider = createServer((request, response) => {
    const answers: Record<string, unknown> = {
      '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/keys` },
      '/keys': { keys: [jwk] },
    };
    const answer = answers[request.url ?? ''];
    response.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});
afterAll(async () => {
  provider.closeAllConnections();
  await new Promise((resolve) => provider.close(resolve));
});

interface Token {
  claims?: JWTPayload;
  audience?: string;
  from?: string;
  /** Seconds from now. */
  expires?: number;
  key?: CryptoKey | Uint8Array;
  algorithm?: string;
}
function token({
  claims = {},
  audience = 'attain',
  from = issuer,
  expires = 60,
  key = keys.privateKey,
  algorithm = 'RS256',
}: Token = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ roles: ['finance'], ...claims })
    .setProtectedHeader({ alg: algorithm, kid: 'one' })
    .setSubject('ann-7')
    .setIssuer(from)
    .setAudience(audience)
    .setIssuedAt(now - 3600)
    .setExpirationTime(now + expires)
    .sign(key);
}

describe('a token of the identity provider', () => {
  const start = starting();
  const settings = (more: Partial<Record<Setting, string>> = {}) => ({
    OIDC_ISSUER: issuer,
    OIDC_AUDIENCE: 'attain',
    ...more,
  });

  async function who(text: string, more: Partial<Record<Setting, string>> = {}) {
    const { anonymous } = await start({ demo: false, settings: settings(more) });
    return anonymous.get('/session').set('Authorization', `Bearer ${text}`);
  }

  it('is ended by the identity provider alone, beside which sessions of local users are invalid', async () => {
    const { anonymous, app } = await start({ demo: false, settings: settings() });
    const { body } = await anonymous
      .delete('/session')
      .set('Authorization', `Bearer ${await token()}`)
      .expect(409);
    expect(body).toMatchObject({ code: 'SESSION_ELSEWHERE' });
    const local = await app
      .get(Sessions, { strict: false })
      .begin({ actor: 'user:ann', name: 'ann', roles: ['finance'] }, 'cookie');
    await anonymous.get('/session').set('Cookie', `attain-session=${local.token}`).expect(401);
  });

  it('identifies its user', async () => {
    const { status, body } = await who(
      await token({ claims: { roles: ['manager', 'something else'], participant: 'max', name: 'Max' } }),
    );
    expect(status).toBe(200);
    expect(body).toEqual({ actor: 'oidc:ann-7', name: 'Max', roles: ['manager'], participant: 'max', csrf: null });
  });

  it('may name roles and participant in the provider’s own words', async () => {
    const more = {
      OIDC_ROLES_CLAIM: 'realm_access.roles',
      OIDC_ROLE_MAP: 'sales-lead=manager, controller=finance',
      OIDC_PARTICIPANT_CLAIM: 'https://company/employee',
    };
    const claims = { realm_access: { roles: ['sales-lead', 'admin'] }, 'https://company/employee': 'max' };
    const { body } = await who(await token({ claims }), more);
    expect(body).toMatchObject({ roles: ['manager'], participant: 'max' });
  });

  it('without a role opens nothing', async () => {
    const { status, body } = await who(await token({ claims: { roles: [] } }));
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('may be as many seconds off as the setting allows', async () => {
    const ended = await token({ expires: -60 });
    expect((await who(ended, { OIDC_CLOCK_TOLERANCE: '300' })).status).toBe(200);
  });

  const wrong: [string, () => Promise<string>][] = [
    ['that is over', () => token({ expires: -60 })],
    ['for somebody else', () => token({ audience: 'another application' })],
    ['of another issuer', () => token({ from: 'http://127.0.0.1:1' })],
    ['signed with another key', async () => token({ key: (await generateKeyPair('RS256')).privateKey })],
    [
      'signed with an algorithm that isn’t pinned',
      async () => token({ key: (await generateKeyPair('RS512')).privateKey, algorithm: 'RS512' }),
    ],
    [
      'signed with the public key as if it were a secret',
      async () => token({ key: new TextEncoder().encode(await exportSPKI(keys.publicKey)), algorithm: 'HS256' }),
    ],
    [
      'not signed at all',
      async () =>
        new UnsecuredJWT({ roles: ['finance'] })
          .setSubject('ann-7')
          .setIssuer(issuer)
          .setAudience('attain')
          .setExpirationTime('1h')
          .encode(),
    ],
    [
      'that never ends',
      () =>
        new SignJWT({ roles: ['finance'] })
          .setProtectedHeader({ alg: 'RS256', kid: 'one' })
          .setSubject('x')
          .setIssuer(issuer)
          .setAudience('attain')
          .sign(keys.privateKey),
    ],
    [
      'that names nobody',
      () =>
        new SignJWT({ roles: ['finance'] })
          .setProtectedHeader({ alg: 'RS256', kid: 'one' })
          .setExpirationTime('1h')
          .setIssuer(issuer)
          .setAudience('attain')
          .sign(keys.privateKey),
    ],
    [
      'that was changed on the way',
      async () => {
        const [head, , signature] = (await token()).split('.');
        return `${head}.${Buffer.from(JSON.stringify({ roles: ['finance'], sub: 'x', iss: issuer, aud: 'attain', exp: 9_999_999_999 })).toString('base64url')}.${signature}`;
      },
    ],
    ['that is none', async () => 'abc'],
  ];
  it.each(wrong)('%s isn’t believed', async (_, made) => {
    const { status, body } = await who(await made());
    expect(status).toBe(401);
    expect(body).toMatchObject({ code: 'NOT_SIGNED_IN', detail: 'The token is not valid, or no longer.' });
  });

  it('is neither accepted nor rejected while the provider is away', async () => {
    const { status, headers } = await who(await token(), { OIDC_ISSUER: 'http://127.0.0.1:1' });
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('5');
  });

  it('is the only way in: nobody has a local password', async () => {
    const { anonymous, printed } = await start({ demo: false, settings: settings() });
    await anonymous.post('/session').send({ name: 'admin', password: 'x' }).expect(404);
    await anonymous
      .get('/users')
      .set('Authorization', `Bearer ${await token({ claims: { roles: ['admin'] } })}`)
      .expect(404);
    expect(printed).toEqual([]);
  });
});
