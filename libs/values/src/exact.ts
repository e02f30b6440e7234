import { decimalText } from './decimal-text.js';

/** How a half is rounded: away from zero, or to the even neighbour. */
export type Rounding = 'half-up' | 'half-even';

interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(%?)$/;
const QUOTIENT = /^(-?\d+)\/(\d+)$/;
const UNWIELDY = 2n ** 512n;
const LARGEST_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

const isSafe = Number.isSafeInteger;

/**
 * A rational number of any size, without a unit. Values are always reduced, so that equal values are also equal in a
 * deep comparison. If both parts are below 2^53, `n` and `d` contain them; otherwise `big` does (then `d` is 0).
 */
export class Exact {
  static readonly zero: Exact = new Exact(0, 1, undefined);
  static readonly one: Exact = new Exact(1, 1, undefined);

  // `declare`, because a field that begins as undefined makes the hot path lose its unboxed numbers.
  declare private readonly n: number;
  declare private readonly d: number;
  declare private readonly big: Fraction | undefined;

  private constructor(n: number, d: number, big: Fraction | undefined) {
    // A sum with 0 turns -0 into 0, because deep comparisons distinguish the two.
    this.n = n + 0;
    this.d = d;
    this.big = big;
  }

  /** `numerator / denominator`; throws RangeError on a number that is not a safe integer and on a denominator of 0. */
  static of(numerator: number | bigint, denominator: number | bigint = 1): Exact {
    if (typeof numerator === 'number' && typeof denominator === 'number') {
      if (!isSafe(numerator) || !isSafe(denominator)) throw notWhole(isSafe(numerator) ? denominator : numerator);
      if (denominator === 0) throw new RangeError('A denominator of 0');
      return denominator > 0 ? Exact.reduced(numerator, denominator) : Exact.reduced(-numerator, -denominator);
    }
    const n = whole(numerator);
    const d = whole(denominator);
    if (d === 0n) throw new RangeError('A denominator of 0');
    return d > 0n ? Exact.reducedBig(n, d) : Exact.reducedBig(-n, -d);
  }

  /** Reads `9999.99`, `6%` or `1/3`, with or without a minus; throws RangeError on anything else. */
  static parse(text: string): Exact {
    const decimal = DECIMAL.exec(text);
    if (decimal !== null) {
      const [, minus = '', integer = '', fraction = '', percent] = decimal;
      const digits = fraction.length + (percent === '%' ? 2 : 0);
      const written = minus + integer + fraction;
      if (written.length <= 15 && digits <= 15) return Exact.reduced(Number(written), 10 ** digits);
      return Exact.reducedBig(BigInt(written), 10n ** BigInt(digits));
    }
    const quotient = QUOTIENT.exec(text);
    if (quotient !== null) return Exact.of(BigInt(quotient[1] ?? ''), BigInt(quotient[2] ?? ''));
    throw new RangeError(`Not a number: ${JSON.stringify(text)} (write 9999.99, 6% or 1/3)`);
  }

  plus(other: Exact): Exact {
    if (this.d === 1 && other.d === 1) {
      const sum = this.n + other.n;
      if (isSafe(sum)) return new Exact(sum, 1, undefined);
    } else if (this.d !== 0 && other.d !== 0) {
      const common = this.d === other.d ? this.d : divisor(this.d, other.d);
      const mine = this.n * (other.d / common);
      const theirs = other.n * (this.d / common);
      const n = mine + theirs;
      const d = this.d * (other.d / common);
      if (isSafe(mine) && isSafe(theirs) && isSafe(n) && isSafe(d)) {
        const rest = common === 1 ? 1 : divisor(n, common);
        return new Exact(n / rest, d / rest, undefined);
      }
    }
    const a = this.fraction();
    const b = other.fraction();
    return Exact.reducedBig(a.n * b.d + b.n * a.d, a.d * b.d);
  }

  minus(other: Exact): Exact {
    return this.plus(other.negated());
  }

  times(other: Exact): Exact {
    if (this.d !== 0 && other.d !== 0) {
      const mine = other.d === 1 ? 1 : divisor(this.n, other.d);
      const theirs = this.d === 1 ? 1 : divisor(other.n, this.d);
      const n = (this.n / mine) * (other.n / theirs);
      const d = (this.d / theirs) * (other.d / mine);
      if (isSafe(n) && isSafe(d)) return new Exact(n, d, undefined);
    }
    const a = this.fraction();
    const b = other.fraction();
    return Exact.reducedBig(a.n * b.n, a.d * b.d);
  }

  /** The quotient; throws RangeError when `other` is 0. */
  over(other: Exact): Exact {
    return this.times(other.reciprocal());
  }

  negated(): Exact {
    if (this.big === undefined) return new Exact(-this.n, this.d, undefined);
    return new Exact(0, 0, { n: -this.big.n, d: this.big.d });
  }

  abs(): Exact {
    return this.sign() < 0 ? this.negated() : this;
  }

  compare(other: Exact): -1 | 0 | 1 {
    if (this.d !== 0 && other.d !== 0) {
      if (this.d === other.d) return this.n < other.n ? -1 : this.n > other.n ? 1 : 0;
      const mine = this.n * other.d;
      const theirs = other.n * this.d;
      if (isSafe(mine) && isSafe(theirs)) return mine < theirs ? -1 : mine > theirs ? 1 : 0;
    }
    const a = this.fraction();
    const b = other.fraction();
    const mine = a.n * b.d;
    const theirs = b.n * a.d;
    return mine < theirs ? -1 : mine > theirs ? 1 : 0;
  }

  equals(other: Exact): boolean {
    if (this.big === undefined || other.big === undefined) return this.n === other.n && this.d === other.d;
    return this.big.n === other.big.n && this.big.d === other.big.d;
  }

  /** Numerator and denominator if both are below 2^53, for arithmetic on plain numbers; the denominator of a whole number is 1. */
  ratio(): readonly [numerator: number, denominator: number] | undefined {
    return this.big === undefined ? [this.n, this.d] : undefined;
  }

  /** The value as a number if it is whole and below 2^53. */
  wholeNumber(): number | undefined {
    return this.d === 1 ? this.n : undefined;
  }

  isZero(): boolean {
    return this.n === 0 && this.d === 1;
  }

  /** Whether numerator or denominator has more than 512 bits: no real amount does, and each step would cost more than the last. */
  isUnwieldy(): boolean {
    return this.big !== undefined && (this.big.d > UNWIELDY || this.big.n > UNWIELDY || this.big.n < -UNWIELDY);
  }

  sign(): -1 | 0 | 1 {
    const n = this.big === undefined ? this.n : this.big.n;
    return n < 0 ? -1 : n > 0 ? 1 : 0;
  }

  /** The greatest integer that is not above the value. */
  floor(): bigint {
    if (this.big === undefined) {
      const rest = this.n % this.d;
      const towardsZero = (this.n - rest) / this.d;
      return BigInt(rest < 0 ? towardsZero - 1 : towardsZero);
    }
    const { n, d } = this.big;
    return n < 0n && n % d !== 0n ? n / d - 1n : n / d;
  }

  /** The nearest integer, symmetric in sign: the rounding of −x is the opposite of that of x. */
  round(mode: Rounding): bigint {
    if (this.big === undefined) {
      const size = Math.abs(this.n);
      const rest = size % this.d;
      const below = (size - rest) / this.d;
      const up = 2 * rest === this.d ? mode === 'half-up' || below % 2 === 1 : 2 * rest > this.d;
      const rounded = up ? below + 1 : below;
      return BigInt(this.n < 0 ? -rounded : rounded);
    }
    const { n, d } = this.big;
    const size = n < 0n ? -n : n;
    const rest = size % d;
    const below = size / d;
    const up = 2n * rest === d ? mode === 'half-up' || below % 2n === 1n : 2n * rest > d;
    const rounded = up ? below + 1n : below;
    return n < 0n ? -rounded : rounded;
  }

  /** The value rounded to exactly `digits` digits after the point; throws RangeError if `digits` is not a whole number from 0. */
  toDecimal(digits: number, mode: Rounding): string {
    if (!isSafe(digits) || digits < 0) throw new RangeError(`Not a number of digits: ${digits}`);
    const scale = digits <= 15 ? Exact.of(10 ** digits) : Exact.of(10n ** BigInt(digits));
    return decimalText(this.times(scale).round(mode).toString(), digits);
  }

  /** The shortest exact text, which `parse` reads back: a decimal if it is finite, otherwise `n/d`. */
  toString(): string {
    if (this.d === 1) return String(this.n);
    for (let digits = 1, ten = 10; digits <= 15 && this.d !== 0; digits += 1, ten *= 10) {
      const scaled = this.n * (ten / this.d);
      if (ten % this.d === 0 && isSafe(scaled)) return decimalText(String(scaled), digits);
    }
    const { n, d } = this.fraction();
    const [twos, fives] = [powersOf(2n, d), powersOf(5n, d)];
    if (d !== 2n ** BigInt(twos) * 5n ** BigInt(fives)) return `${n}/${d}`;
    const digits = Math.max(twos, fives);
    return decimalText(((n * 10n ** BigInt(digits)) / d).toString(), digits);
  }

  toJSON(): string {
    return this.toString();
  }

  // `a < b` would compare texts, and the type checker lets it pass.
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    throw new TypeError('An Exact is not a primitive: use plus, minus, times, over, compare or equals');
  }

  private static reduced(n: number, d: number): Exact {
    if (d === 1) return new Exact(n, 1, undefined);
    const common = divisor(n, d);
    return new Exact(n / common, d / common, undefined);
  }

  private static reducedBig(n: bigint, d: bigint): Exact {
    const common = d === 1n ? 1n : divisorBig(n, d);
    const reduced = { n: n / common, d: d / common };
    if (reduced.d <= LARGEST_SAFE && reduced.n <= LARGEST_SAFE && reduced.n >= -LARGEST_SAFE) {
      return new Exact(Number(reduced.n), Number(reduced.d), undefined);
    }
    return new Exact(0, 0, reduced);
  }

  private fraction(): Fraction {
    return this.big ?? { n: BigInt(this.n), d: BigInt(this.d) };
  }

  private reciprocal(): Exact {
    if (this.isZero()) throw new RangeError('A division by 0');
    if (this.big === undefined) {
      return this.n > 0 ? new Exact(this.d, this.n, undefined) : new Exact(-this.d, -this.n, undefined);
    }
    const { n, d } = this.big;
    return n > 0n ? Exact.reducedBig(d, n) : Exact.reducedBig(-d, -n);
  }
}

function divisor(a: number, b: number): number {
  let [x, y] = [Math.abs(a), b];
  while (y > 0x7fffffff) [x, y] = [y, x % y];
  if (y === 0) return x;
  // Below 2^31 a remainder is one machine instruction.
  let [i, j] = [y | 0, (x % y) | 0];
  while (j !== 0) [i, j] = [j, (i % j) | 0];
  return i;
}

function divisorBig(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y > LARGEST_SAFE) [x, y] = [y, x % y];
  if (y === 0n) return x;
  return BigInt(divisor(Number(y), Number(x % y)));
}

function powersOf(prime: bigint, number: bigint): number {
  let power = 0;
  for (let rest = number; rest % prime === 0n; rest /= prime) power += 1;
  return power;
}

function whole(number: number | bigint): bigint {
  if (typeof number === 'bigint') return number;
  if (!isSafe(number)) throw notWhole(number);
  return BigInt(number);
}

function notWhole(number: number): RangeError {
  return new RangeError(`Not a whole number below 2^53: ${number}`);
}
