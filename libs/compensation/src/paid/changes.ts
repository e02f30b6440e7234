import type { Line } from '../earned/lines.js';
import type { Entry } from '../facts/entries.js';
import type { World } from '../plans/world.js';

/** What a record amounted to, and the world in which it did. */
export interface Side {
  readonly world: World;
  readonly lines: readonly Line[];
  readonly amount: bigint;
}

/** What one fact changes in what one record earns in one period by one component, in minor units of the plan's currency. */
export interface Change {
  readonly plan: string;
  readonly component: string;
  readonly period: string;
  /** A line of the record: with the fact, or without it where it has none any more. */
  readonly line: Line;
  readonly before: Side;
  readonly after: Side;
  readonly amount: bigint;
  readonly cause: Entry;
}
