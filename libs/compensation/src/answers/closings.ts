import type { Statement } from '@attain/contracts';
import { comparePeriods, type Instant, type LocalDate, type Period } from '@attain/values';
import type { Facts } from '../facts/facts.js';
import { OPEN } from '../facts/view.js';
import type { ResolvedCut } from '../paid/candidates.js';
import { closingOrder, Unanswerable, payPeriodsUpTo, periodNamed } from '../paid/closings.rules.js';
import { withPay } from '../paid/pay-days.rules.js';
import type { World } from '../plans/world.js';
import type { Closing, LateChange } from './api.js';
import { type Chains, lastClosed, lastOfKinds } from './chains.js';
import { runHashInSteps } from './earned.js';
import { lastPayDay } from './rows.js';

/** The parts of a history that closing uses. */
interface Closable {
  readonly facts: Facts;
  closed(known?: Instant): { period: string }[];
  participants(): readonly string[];
  world(cut: ResolvedCut): World;
}

/** The periods that were closed up to a position. */
export function closedPeriods(
  { closings }: Pick<Facts, 'closings'>,
  position: number,
): { period: string; known: Instant; participants: number }[] {
  return closings
    .filter(({ at }) => at <= position)
    .map(({ fact: { data } }) => ({ period: data.period, known: data.known, participants: data.participants }));
}

/** The statements that closing a period, and the open periods before it, would issue. */
export function* closingsInSteps(
  history: Closable,
  chains: Chains,
  period: string,
  known: Instant,
): Generator<undefined, Closing[]> {
  const position = history.facts.positionAt(known);
  const world = history.world({ effective: OPEN, position });
  const target = periodNamed(world, period);
  const closed = new Set(history.closed(known).map(({ period: name }) => name));
  const last = lastClosed(history.facts, world, position);
  const isPassed = (next: Period) => closed.has(next.name) || (last !== null && comparePeriods(next, last) < 0);
  if (isPassed(target))
    throw new Unanswerable(
      'PERIOD_CLOSED',
      closed.has(period) ? `${period} is closed` : `${period} comes before ${last?.name}, which is closed`,
    );
  const closings: Closing[] = [];
  const participants = history.participants();
  for (const next of closingOrder(world, target).filter((one) => !isPassed(one))) {
    const chain = chains.of(next, position, known);
    const cut = chains.behind(chain, { effective: next.to, position, known });
    const statements: Statement[] = [];
    for (const statement of chains.statements(next, cut, chain, participants, { empty: false })) {
      if (statement !== undefined) statements.push(statement);
      yield;
    }
    const runHash = yield* runHashInSteps(() => history.world(cut), participants, next);
    closings.push({ period: next, cut: { effective: next.to, known }, runHash, statements });
  }
  return closings;
}

/** The closed periods, and the later periods up to a day that pay somebody. */
export function* payPeriodsInSteps(
  history: Closable,
  position: number,
  asOf: LocalDate | undefined,
): Generator<undefined, Period[]> {
  const to = asOf ?? (yield* lastPayDay(() => history.world({ effective: OPEN, position }), history.participants()));
  if (to === null) return [];
  const world = history.world({ effective: OPEN, position });
  const closed = new Set(history.facts.closings.filter(({ at }) => at <= position).map(({ fact }) => fact.data.period));
  const last = lastClosed(history.facts, world, position);
  const periods = payPeriodsUpTo(world, to).filter(
    (period) => closed.has(period.name) || last === null || comparePeriods(period, last) > 0,
  );
  const paying = new Set(
    withPay(
      world,
      history.participants(),
      periods.filter(({ name }) => !closed.has(name)),
    ),
  );
  return periods.filter((period) => closed.has(period.name) || paying.has(period));
}

/** Late changes of closed periods that the next statements would show as waiting for a review. */
export function lateChanges(
  history: Closable,
  chains: Chains,
  { effective, position, known }: ResolvedCut & { known: Instant },
  participants: readonly string[],
): LateChange[] {
  const world = history.world({ effective: OPEN, position });
  const found: LateChange[] = [];
  for (const last of lastOfKinds(history.facts, world, position)) {
    const next = world.company().calendar.next(last);
    const cut = { effective: next.to, position, known };
    const chain = chains.of(next, position, known);
    for (const statement of chains.statements(next, cut, chain, participants, { empty: true })) {
      for (const change of statement?.waiting ?? [])
        if (periodNamed(world, change.for).to <= effective)
          found.push({ participant: statement!.participant, ...change });
    }
  }
  return found;
}
