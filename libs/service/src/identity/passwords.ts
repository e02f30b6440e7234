import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

interface Cost {
  N: number;
  r: number;
  p: number;
}
// OWASP's second choice for scrypt: 32 MB and three rounds, so that a few sign-ins at once do not exhaust memory. Tests
// sign in some hundred times.
const COST: Cost = { N: 2 ** (process.env['NODE_ENV'] === 'test' ? 8 : 15), r: 8, p: 3 };
const LENGTH = 32;

/** The stored form of a password: the parameters, the salt and the hash, from which the password cannot be derived. */
export async function kept(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, COST);
  return `scrypt$${COST.N}$${COST.r}$${COST.p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** Takes equally long without a stored password, so that the time does not reveal which users exist. */
export async function matches(password: string, from: string | undefined): Promise<boolean> {
  const [, N, r, p, salt = '', hash = ''] = (from ?? '').split('$');
  const cost = from === undefined ? COST : { N: Number(N), r: Number(r), p: Number(p) };
  const derived = await derive(password, Buffer.from(salt, 'base64url'), cost);
  const known = Buffer.from(hash, 'base64url');
  return known.length === derived.length && timingSafeEqual(known, derived);
}

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, LENGTH, { ...cost, maxmem: 64 * 1024 * 1024 }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
