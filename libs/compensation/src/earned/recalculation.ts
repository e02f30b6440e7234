import { sha256 } from '@attain/values';
import { ColumnLines } from './column-lines.js';
import { componentLines, componentNames, linesAnew } from './components.js';
import type { Lines } from './lines.js';
import type { World } from '../plans/world.js';

/** What a calculation of some participants leaves behind. */
export interface Recalculation {
  /** Lines by participant, plan and component, in that order; those of 0 are among them. */
  readonly lines: readonly Lines[];
  readonly count: number;
  /** Sum of all lines in minor units of their plans' currencies. */
  readonly minor: bigint;
}

/** Every line of everybody computed anew, whatever lines are remembered; credits and their order are kept up to date as facts arrive. */
export function recalculated(world: World, participants: readonly string[]): Recalculation {
  return gathered(world, participants, linesAnew);
}

/** Every line of some participants; computed are only those that a fact may have touched since they were last asked for. */
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

/** SHA-256 over the amounts of a calculation in their order; the same facts give the same, in whatever order they arrived. */
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
