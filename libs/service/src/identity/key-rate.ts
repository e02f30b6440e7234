import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { TooMany } from '../problem.js';

/** Requests of an API key in a minute, in each process. */
const MOST = 600;
const SECONDS = 60;

interface Answering {
  set(headers: Record<string, string>): unknown;
}

/** Reports the remaining requests of an API key in headers of each answer (draft-ietf-httpapi-ratelimit-headers). */
@Injectable()
export class KeyRate {
  private readonly limiter = new RateLimiterMemory({ points: MOST, duration: SECONDS });

  /** Throws TooMany (429) if the key has none left. */
  async take(key: string, response: Answering): Promise<void> {
    const taken = await this.limiter.consume(key).catch((error: unknown) => {
      if (error instanceof RateLimiterRes) return error;
      throw error;
    });
    const seconds = Math.max(1, Math.ceil(taken.msBeforeNext / 1000));
    response.set({
      'RateLimit-Policy': `"key";q=${MOST};w=${SECONDS}`,
      RateLimit: `"key";r=${taken.remainingPoints};t=${seconds}`,
    });
    if (taken.consumedPoints > MOST)
      throw new TooMany(`The key may ask ${MOST} times a minute. Ask again in ${seconds} seconds.`, seconds);
  }
}
