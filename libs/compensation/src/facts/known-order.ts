import type { Entry } from './entries.js';
import { RecordEntry, type StoredFacts } from './stored-facts.js';

/** Facts in memory, or rows of stored columns. `from` is the number of facts before them. */
type Part =
  | { readonly from: number; readonly entries: Entry[] }
  | { readonly from: number; readonly stored: StoredFacts; readonly row: number; count: number };

/** All facts in the order in which they became known. A fact in columns gets an entry when someone asks for the entry. */
export class KnownOrder {
  length = 0;
  private readonly parts: Part[] = [];

  push(entry: Entry): void {
    const last = this.parts.at(-1);
    const place = entry instanceof RecordEntry ? entry.place : null;
    if (place !== null) {
      if (last !== undefined && 'stored' in last && last.stored === place.facts && last.row + last.count === place.row)
        last.count += 1;
      else this.parts.push({ from: this.length, stored: place.facts, row: place.row, count: 1 });
    } else if (last !== undefined && 'entries' in last) last.entries.push(entry);
    else this.parts.push({ from: this.length, entries: [entry] });
    this.length += 1;
  }

  at(nth: number): Entry {
    const part = this.partOf(nth);
    return 'entries' in part ? part.entries[nth - part.from]! : part.stored.entry(part.row + nth - part.from);
  }

  position(nth: number): number {
    const part = this.partOf(nth);
    return 'entries' in part ? part.entries[nth - part.from]!.at : part.stored.position(part.row + nth - part.from);
  }

  id(nth: number): string {
    const part = this.partOf(nth);
    if ('stored' in part) return part.stored.id(part.row + nth - part.from);
    const entry = part.entries[nth - part.from]!;
    return entry instanceof RecordEntry ? entry.id() : entry.fact.id;
  }

  /** The number of facts up to a position. */
  upTo(position: number): number {
    return firstNot(this.length, (nth) => this.position(nth) <= position);
  }

  private partOf(nth: number): Part {
    return this.parts[firstNot(this.parts.length, (part) => this.parts[part]!.from <= nth) - 1]!;
  }
}

/** The first number from 0 on for which `holds` is false; it must be true only for first numbers. */
export function firstNot(count: number, holds: (nth: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
