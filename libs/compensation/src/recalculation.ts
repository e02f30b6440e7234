import { sha256 } from '@attain/values';
import { ColumnLines } from './columns.js';
import { componentNames, computeLines } from './components.js';
import type { Lines } from './lines.js';
import type { World } from './world.js';

/** What a full recalculation leaves behind. */
export interface Recalculation {
  /** Lines by participant, plan and component, in that order; those of 0 are among them. */
  readonly lines: readonly Lines[];
  readonly count: number;
  /** Sum of all lines in minor units of their plans' currencies. */
  readonly minor: bigint;
}

/** Computes every line of everybody anew, whatever lines are remembered; credits and their order are kept up to date as facts arrive. */
export function recalculated(world: World, participants: readonly string[]): Recalculation {
  const lines: Lines[] = [];
  let count = 0;
  let minor = 0n;
  for (const participant of participants) {
    for (const life of world.plans()) {
      for (const name of componentNames(life)) {
        const own = computeLines(world, participant, life, name);
        if (own.count === 0 && own.exceptions.length === 0) continue;
        lines.push(own);
        count += own.count;
        minor += own.total();
      }
    }
  }
  return { lines, count, minor };
}

/** SHA-256 over the amounts of a recalculation in their order. */
export function fingerprint({ lines }: Recalculation): string {
  return sha256(lines.map((own) => sha256(own instanceof ColumnLines ? [...own.earned].join() : own.between().map(({ amount }) => amount).join())).join());
}
