import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { Document, ReadModels } from '@attain/eventsourcing';
import { TooMany } from '../problem.js';
import { READ_MODELS } from '../tokens.js';
import { type Counted, KeptLimiter } from './counted.js';
import { KeptTable } from '../kept-table.js';
import type { Session } from './sessions.js';

const WINDOW = 300;
/**
 * The allowed attempts in a window of seconds: of one name from one address, of one address, and of one name from
 * unknown addresses.
 */
const PAIR = { points: 10, duration: WINDOW };
const ADDRESS = { points: 50, duration: WINDOW };
const NAME = { points: 20, duration: 60 };
const DAY = 86_400_000;
/** The time for which an address stays known after a sign-in of a name. */
const KNOWN = 30 * DAY;
/** The number of counters after which expired ones are removed. */
const TRIM = 500;

interface Place extends Document {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/**
 * Slows down guessing of passwords. An attempt counts before its password is hashed, so parallel guesses gain nothing,
 * and success gives it back. A user who signed in from an address before is limited only by the counter of name and
 * address, so guesses from elsewhere keep nobody out.
 */
@Injectable()
export class SignInBrake {
  private readonly counters: KeptTable<Counted>;
  private readonly places: KeptTable<Place>;
  private readonly pair: KeptLimiter;
  private readonly address: KeptLimiter;
  private readonly name: KeptLimiter;
  private counted = 0;

  constructor(@Inject(READ_MODELS) models: ReadModels) {
    this.counters = new KeptTable(models, 'sign-in-attempts', true);
    this.places = new KeptTable(models, 'sign-in-places', true);
    const limiter = (keyPrefix: string, { points, duration }: typeof PAIR) =>
      new KeptLimiter(this.counters, { keyPrefix, points, duration, inMemoryBlockOnConsumed: points + 1 });
    this.pair = limiter('pair', PAIR);
    this.address = limiter('address', ADDRESS);
    this.name = limiter('name', NAME);
  }

  /**
   * Throws TooMany while the name has to wait. A session of the name counts only its own attempts, even if others share
   * its address.
   */
  async attempt(name: string, address: string | undefined, session?: Session): Promise<void> {
    await this.trim();
    const keys = keysOf(name, address, session);
    await counted(this.pair, keys.pair);
    if (session) return;
    const place = await this.places.get(keys.pair);
    if (place && place.until > Date.now()) return;
    await counted(this.address, keys.address);
    await counted(this.name, keys.name);
  }

  async succeeded(name: string, address: string | undefined, session?: Session): Promise<void> {
    const keys = keysOf(name, address, session);
    await this.pair.delete(keys.pair);
    if (session) return;
    const now = Date.now();
    const place = await this.places.get(keys.pair);
    if (!place || place.until <= now) {
      await this.address.reward(keys.address);
      await this.name.reward(keys.name);
    }
    if (!place || place.until < now + KNOWN - DAY)
      await this.places.change([keys.pair], (_, key) => ({ key, until: now + KNOWN }));
  }

  private async trim(): Promise<void> {
    this.counted += 1;
    if (this.counted % TRIM !== 1) return;
    await trimmed(this.counters);
    await trimmed(this.places);
  }
}

async function trimmed<D extends Counted | Place>(table: KeptTable<D>): Promise<void> {
  const now = Date.now();
  const over = await table.find({ filter: { until: { to: now } }, limit: 10 * TRIM });
  await table.change(
    over.map(({ key }) => key),
    (known) => (known && known.until > now ? known : undefined),
  );
}

async function counted(limiter: KeptLimiter, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (error instanceof Error) throw error;
    const { msBeforeNext } = error as { msBeforeNext: number };
    const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
    throw new TooMany(`Too many attempts to sign in; try again in ${seconds} seconds.`, seconds);
  }
}

/** Hashed, because people may type a password into the field of the name. */
function keysOf(
  name: string,
  address: string | undefined,
  session: Session | undefined,
): { pair: string; address: string; name: string } {
  const network = networkOf(address ?? '');
  return {
    pair: digest(session ? `session\n${session.key}` : `${name}\n${network}`),
    address: digest(network),
    name: digest(name),
  };
}

/** The owner of one IPv6 address has the 2^64 addresses of its network. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const groups = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  const whole =
    tail === undefined
      ? groups
      : [...groups, ...Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0'), ...after];
  return whole
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
