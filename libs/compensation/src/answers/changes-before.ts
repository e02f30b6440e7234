import { compareBytes, type Period } from '@attain/values';
import { type Line, placeOf } from '../earned/lines.js';
import type { Candidates, ResolvedCut } from '../paid/candidates.js';
import type { Change } from '../paid/changes.js';
import { paidChange, payCurrency } from '../paid/conversion.js';
import { reviewed, type Reviewed, type Waiting } from '../paid/corrections.rules.js';
import { changesBetween } from '../paid/differences.js';
import { paidLines } from '../paid/held.rules.js';
import { statementPeriodOf } from '../plans/pay-periods.js';
import type { PlanLife, World } from '../plans/world.js';

/** The periods closed before, with which differences compare. */
export interface Before {
  readonly cut: ResolvedCut;
  /** The closed periods of the kind by name, in order. */
  readonly periods: ReadonlyMap<string, Period>;
  readonly last: Period;
  readonly candidates: Candidates;
  readonly world: World;
}
/**
 * The changes in closed periods since their closing: those that are lines of this period, and those that wait for a
 * review.
 */
export function changesIn(
  world: World,
  participant: string,
  period: Period,
  cut: ResolvedCut,
  { cut: older, last, periods, candidates, world: then }: Before,
  waiting: readonly Waiting[],
): Reviewed {
  const currency = payCurrency(world, participant, period.to);
  const select = (line: Line) =>
    line.version.pays === period.kind ? (periods.get(statementPeriodOf(line, line.date).name)?.name ?? null) : null;
  const moved = (change: Change) => paidChange(change, periods.get(change.period)!, currency).amount !== 0n;
  // The lines that a plan pays by another kind of period are in other statements.
  const paysBy = ({ versions }: PlanLife) => versions.some(({ version }) => version.pays === period.kind);
  const changes = changesBetween(
    { facts: world.facts, candidates, worlds: [then, world], older, newer: cut, paysBy },
    participant,
    select,
    last.to,
    moved,
    paidLines,
  );
  const reviews = world.facts.reviews.get(participant) ?? [];
  const result = reviewed(changes, waiting, {
    before: older.position,
    position: cut.position,
    periods,
    decisions: reviews,
    timeZone: world.company().timeZone,
  });
  if (result.posted.length === 0) return result;
  const order = new Map([...periods.keys()].map((name, index) => [name, index]));
  const causes = new Map<unknown, number>();
  for (const { cause } of result.posted) if (!causes.has(cause)) causes.set(cause, causes.size);
  const posted = [...result.posted].sort(
    (a, b) =>
      order.get(a.period)! - order.get(b.period)! ||
      compareRecords(a.line, b.line) ||
      causes.get(a.cause)! - causes.get(b.cause)!,
  );
  return { posted, waiting: result.waiting };
}

function compareRecords(one: Line, other: Line): number {
  if (one.credit === null && other.credit === null) return compareBytes(one.window ?? '', other.window ?? '');
  const [a, b] = [placeOf(one), placeOf(other)];
  if (a.source === b.source && a.id === b.id) return 0;
  return (
    compareBytes(a.date, b.date) ||
    compareBytes(a.time, b.time) ||
    compareBytes(a.source, b.source) ||
    compareBytes(a.id, b.id)
  );
}
