import { createRequire } from 'node:module';
import type { Document } from '@attain/eventsourcing';
import type { IRateLimiterOptions, RateLimiterRes as Answer, RateLimiterStoreAbstract } from 'rate-limiter-flexible';
import type { KeptTable } from '../kept-table.js';

// The package's entry declares this class and does not export it.
const require = createRequire(import.meta.url);
const Store = require('rate-limiter-flexible/lib/RateLimiterStoreAbstract.js') as new (
  options: Options,
) => RateLimiterStoreAbstract;
const RateLimiterRes = require('rate-limiter-flexible/lib/RateLimiterRes.js') as new () => Answer;

type Options = IRateLimiterOptions & { inMemoryBlockOnConsumed?: number };

export interface Counted extends Document {
  readonly key: string;
  readonly points: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Counts in a table, so that all processes of a company count together and a restart keeps the counts. */
export class KeptLimiter extends Store {
  constructor(
    private readonly table: KeptTable<Counted>,
    options: Options,
  ) {
    super(options);
  }

  async _upsert(key: string, points: number, milliseconds: number, force: boolean): Promise<Counted> {
    let counted: Counted = { key, points, until: 0 };
    await this.table.change([key], (known) => {
      const now = Date.now();
      const running = !force && known !== undefined && known.until > now;
      counted = running ? { ...known, points: known.points + points } : { key, points, until: now + milliseconds };
      return counted;
    });
    return counted;
  }

  async _get(key: string): Promise<Counted | null> {
    const known = await this.table.get(key);
    return known && known.until > Date.now() ? known : null;
  }

  async _delete(key: string): Promise<boolean> {
    let was = false;
    await this.table.change([key], (known) => {
      was = known !== undefined;
      return undefined;
    });
    return was;
  }

  _getRateLimiterRes(_key: string, changed: number, { points, until }: Counted): Answer {
    return Object.assign(new RateLimiterRes(), {
      consumedPoints: points,
      remainingPoints: Math.max(this.points - points, 0),
      msBeforeNext: Math.max(until - Date.now(), 0),
      isFirstInDuration: points === changed,
    });
  }
}
