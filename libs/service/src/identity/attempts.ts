import { HttpException, Injectable } from '@nestjs/common';

const FREE = 5;
const LONGEST = 15 * 60_000;
const MOST = 10_000;

/** Slows down whoever guesses passwords: after five failures each further one of a name doubles the wait. */
@Injectable()
export class Attempts {
  readonly #failures = new Map<string, { count: number; until: number }>();

  /** Throws 429 while the name has to wait. */
  check(name: string, now = Date.now()): void {
    const known = this.#failures.get(name);
    if (known && known.until > now) throw new HttpException('Too many attempts to sign in; wait a while.', 429);
  }

  failed(name: string, now = Date.now()): void {
    const count = (this.#failures.get(name)?.count ?? 0) + 1;
    const wait = count < FREE ? 0 : Math.min(LONGEST, 1_000 * 2 ** (count - FREE));
    this.#failures.delete(name);
    this.#failures.set(name, { count, until: now + wait });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MOST && oldest !== undefined) this.#failures.delete(oldest);
  }

  succeeded(name: string): void {
    this.#failures.delete(name);
  }
}
