const CONFLICT = 1;
const MANY = 2;
const TAKEN = 4;
const SEED_LOW = 0xdeadbeef;
const SEED_HIGH = 0x41c6ce57;

/** The stored data of a key: its last row, whether there are several rows, and whether these differ. */
export interface KeyEntry {
  readonly slot: number;
  readonly last: number;
  readonly many: boolean;
  readonly conflict: boolean;
}

/**
 * The keys of a file by 64-bit hash, 21 bytes each and as much again free, so that duplicates, lines of one deal and records that are gone are found
 * without holding a million ids. Two different keys with one hash are treated as one until their texts are compared.
 */
export class KeyTable {
  size = 0;
  private mask: number;
  private low: Int32Array;
  private high: Int32Array;
  private bodyLow: Int32Array;
  private bodyHigh: Int32Array;
  private lasts: Uint32Array;
  private flags: Uint8Array;

  constructor(capacity = 1 << 12) {
    this.mask = capacity - 1;
    this.low = new Int32Array(capacity);
    this.high = new Int32Array(capacity);
    this.bodyLow = new Int32Array(capacity);
    this.bodyHigh = new Int32Array(capacity);
    this.lasts = new Uint32Array(capacity);
    this.flags = new Uint8Array(capacity);
  }

  /** A row of this key with these cells; rows are numbered from 1. */
  add(key: string, cells: readonly string[], columns: readonly number[], row: number): void {
    if (this.size > this.mask * 0.6) this.grow();
    bodyHash(cells, columns);
    const slot = this.slotOf(key);
    if (this.lasts[slot] === 0) {
      this.size += 1;
      this.low[slot] = hash.low;
      this.high[slot] = hash.high;
      this.bodyLow[slot] = body.low;
      this.bodyHigh[slot] = body.high;
    } else
      this.flags[slot]! |=
        this.bodyLow[slot] === body.low && this.bodyHigh[slot] === body.high ? MANY : MANY | CONFLICT;
    this.lasts[slot] = row;
  }

  has(key: string): boolean {
    return this.lasts[this.slotOf(key)] !== 0;
  }

  /** The key must have been added. */
  entry(key: string): KeyEntry {
    const slot = this.slotOf(key);
    const flags = this.flags[slot]!;
    return { slot, last: this.lasts[slot]!, many: (flags & MANY) !== 0, conflict: (flags & CONFLICT) !== 0 };
  }

  /** True at the first call for a key. */
  take({ slot }: KeyEntry): boolean {
    if ((this.flags[slot]! & TAKEN) !== 0) return false;
    this.flags[slot]! |= TAKEN;
    return true;
  }

  private slotOf(key: string): number {
    hashOf(key);
    const { low, high } = hash;
    let slot = low & this.mask;
    while (this.lasts[slot] !== 0 && (this.low[slot] !== low || this.high[slot] !== high))
      slot = (slot + 1) & this.mask;
    return slot;
  }

  private grow(): void {
    const { low, high, bodyLow, bodyHigh, lasts, flags } = this;
    const capacity = (this.mask + 1) * 2;
    this.mask = capacity - 1;
    this.low = new Int32Array(capacity);
    this.high = new Int32Array(capacity);
    this.bodyLow = new Int32Array(capacity);
    this.bodyHigh = new Int32Array(capacity);
    this.lasts = new Uint32Array(capacity);
    this.flags = new Uint8Array(capacity);
    for (let old = 0; old < lasts.length; old += 1) {
      if (lasts[old] === 0) continue;
      let slot = low[old]! & this.mask;
      while (this.lasts[slot] !== 0) slot = (slot + 1) & this.mask;
      this.low[slot] = low[old]!;
      this.high[slot] = high[old]!;
      this.bodyLow[slot] = bodyLow[old]!;
      this.bodyHigh[slot] = bodyHigh[old]!;
      this.lasts[slot] = lasts[old]!;
      this.flags[slot] = flags[old]!;
    }
  }
}

// Reused instead of returned, because this runs for every row.
const hash = { low: 0, high: 0 };
const body = { low: 0, high: 0 };

function hashOf(text: string): void {
  let a = SEED_LOW;
  let b = SEED_HIGH;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  mixInto(hash, a, b);
}

function bodyHash(cells: readonly string[], columns: readonly number[]): void {
  let a = SEED_LOW;
  let b = SEED_HIGH;
  for (const column of columns) {
    const cell = cells[column]!;
    for (let at = 0; at < cell.length; at += 1) {
      const code = cell.charCodeAt(at);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
    // No character has this code, so cells cannot be confused.
    a = Math.imul(a ^ 0x110000, 2654435761);
    b = Math.imul(b ^ 0x110000, 1597334677);
  }
  mixInto(body, a, b);
}

/** cyrb53's mixing, with all 64 bits kept. */
function mixInto(into: { low: number; high: number }, first: number, second: number): void {
  const a = Math.imul(first ^ (first >>> 16), 2246822507) ^ Math.imul(second ^ (second >>> 13), 3266489909);
  into.low = a;
  into.high = Math.imul(second ^ (second >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
}
