import type { Line } from '../earned/lines.js';
import type { Fact } from '../facts/fact.js';
import type { Facts } from '../facts/facts.js';
import { major } from '../facts/money.rules.js';
import type { Candidates, ResolvedCut } from '../paid/candidates.js';
import { causeKind } from '../paid/causes.rules.js';
import { periodNamed } from '../paid/closings.rules.js';
import { changesBetween } from '../paid/differences.js';
import type { World } from '../plans/world.js';
import type { Difference } from './api.js';
import { earnedBy, isWithin } from './earned.js';

/** The parts of a history that differences use. */
interface Comparable {
  readonly facts: Facts;
  world(cut: ResolvedCut): World;
  candidatesBetween(older: ResolvedCut, newer: ResolvedCut): Candidates;
}

/** The change between two cuts in the amount that a participant earned in a period, with the facts that caused it. */
export function differenceOf(
  history: Comparable,
  { participant, period: name }: { participant: string; period: string },
  a: ResolvedCut,
  b: ResolvedCut,
): Difference {
  const [older, newer, sign] = a.position <= b.position ? [a, b, 1n] : [b, a, -1n];
  const world = history.world(newer);
  const period = periodNamed(world, name);
  // Points and days off are never added to money.
  const select = (line: Line) => (line.component.isMoney && isWithin(line, period) ? period.name : null);
  const changes = changesBetween(
    {
      facts: history.facts,
      candidates: history.candidatesBetween(older, newer),
      worlds: [history.world(older), world],
      older,
      newer,
    },
    participant,
    select,
    period.to,
  );
  const causes = new Map<Fact, bigint>();
  for (const { cause, amount } of changes) causes.set(cause.fact, (causes.get(cause.fact) ?? 0n) + amount * sign);
  const currency = changes[0]?.line.component.paidIn ?? earnedBy(world, { participant, period }).currency;
  const total = changes.reduce((sum, { amount }) => sum + amount * sign, 0n);
  return {
    total: major(total, currency),
    currency,
    causes: [...causes].flatMap(([fact, amount]) =>
      amount === 0n
        ? []
        : [
            {
              kind: causeKind({ at: 0, fact })!,
              event: fact.id,
              recorded: fact.recorded,
              amount: major(amount, currency),
            },
          ],
    ),
  };
}
