import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

// OWASP's second choice for scrypt: 32 MB and three rounds, so that a few sign-ins at once don't exhaust memory.
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const LENGTH = 32;

/** What is kept of a password: the parameters, the salt and the hash, from which it doesn't follow. */
export async function kept(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt);
  return `scrypt$${COST.N}$${COST.r}$${COST.p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** Takes as long when there is nothing to compare with, so that the answer doesn't tell which users exist. */
export async function matches(password: string, from: string | undefined): Promise<boolean> {
  const [, , , , salt = '', hash = ''] = (from ?? '').split('$');
  const derived = await derive(password, Buffer.from(salt, 'base64url'));
  const known = Buffer.from(hash, 'base64url');
  return known.length === derived.length && timingSafeEqual(known, derived);
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, LENGTH, { ...COST, maxmem: 64 * 1024 * 1024 }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
