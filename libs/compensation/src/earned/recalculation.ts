import { sha256 } from '@attain/values';
import { ColumnLines } from './column-lines.js';
import { componentLines, componentNames, linesAnew } from './components.js';
import type { Lines } from './lines.js';
import type { World } from '../plans/world.js';

/** The result of a calculation for some participants. */
export interface Recalculation {
  /** Lines by participant, plan and component, in that order, including those of 0. */
  readonly lines: readonly Lines[];
  readonly count: number;
  /** Sum of all lines in minor units of their plans' currencies. */
  readonly minor: bigint;
}

/**
 * All lines of some participants, computed again without remembered lines; credits and their order are kept up to date
 * as facts arrive.
 */
export function recalculated(world: World, participants: readonly string[]): Recalculation {
  return gathered(world, participants, linesAnew);
}

/** All lines of some participants. Only lines that a fact may have changed since the last call are computed. */
export function upToDate(world: World, participants: readonly string[]): Recalculation {
  return gathered(world, participants, (_, participant, life) =>
    componentNames(life).map((name) => componentLines(world, participant, life, name)),
  );
}

function gathered(world: World, participants: readonly string[], compute: typeof linesAnew): Recalculation {
  const lines: Lines[] = [];
  let count = 0;
  let minor = 0n;
  for (const participant of participants) {
    for (const life of world.plans()) {
      for (const own of compute(world, participant, life)) {
        const { count: size } = own;
        if (size === 0) continue;
        lines.push(own);
        count += size;
        minor += own.total();
      }
    }
  }
  return { lines, count, minor };
}

/**
 * SHA-256 over the amounts of a calculation in their order; the same facts give the same hash in whatever order they
 * arrived.
 */
export function fingerprint({ lines }: Recalculation): string {
  return sha256(
    lines
      .map((own) =>
        sha256(
          own instanceof ColumnLines
            ? own.amounts()
            : own
                .between()
                .map(({ amount }) => amount)
                .join(),
        ),
      )
      .join(),
  );
}
