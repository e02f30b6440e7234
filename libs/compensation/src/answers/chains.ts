import type { Statement } from '@attain/contracts';
import { comparePeriods, type Instant, type Period } from '@attain/values';
import { hasFinalContest } from '../earned/contests.js';
import type { Facts } from '../facts/facts.js';
import { LIVE, OPEN } from '../facts/view.js';
import type { Candidates, ResolvedCut } from '../paid/candidates.js';
import { closingOrder, periodNamed } from '../paid/closings.rules.js';
import { reviewsLateChanges } from '../paid/corrections.rules.js';
import { hasBalances, NO_BALANCES } from '../paid/settlements.js';
import type { World } from '../plans/world.js';
import type { Before } from './changes-before.js';
import { type Drafted, hasPlan, type Left, statementOf } from './statements.js';

/** The largest number of carried balances (of a participant after a period) that are kept. */
const MOST_LEFT = 100_000;
const NOTHING_LEFT: Left = { balances: NO_BALANCES, waiting: [] };

/** A closing: recorded in the log, or one that would come first. */
export interface Chained {
  readonly period: Period;
  /** True if the log has no closing of this period yet. */
  readonly pending?: true;
  readonly cut: ResolvedCut & { readonly known: Instant };
}

/** The cut of a period that was never closed by itself, so that nothing of it was ever paid. */
const NOTHING: Chained['cut'] = { effective: '0001-01-01', position: 0, known: '' };

/** The parts of a history that chains of statements use. */
interface Cutting {
  readonly facts: Facts;
  world(cut: ResolvedCut): World;
  candidatesBetween(older: ResolvedCut, newer: ResolvedCut): Candidates;
}

/** The statements of periods, each computed after those of the periods before it. */
export class Chains {
  private readonly left = new Map<string, Left>();

  constructor(private readonly history: Cutting) {}

  /**
   * The earlier periods of the same kind whose changes are differences: the closed ones, those that were skipped
   * because they could have no line when a later one closed, and those that closing this period would close first.
   */
  of(period: Period, asOf: number, known: Instant): Chained[] {
    const { facts } = this.history;
    let position = asOf;
    const own = facts.closings.find(({ at, fact }) => at <= position && fact.data.period === period.name);
    const before = own?.at ?? Infinity;
    // Which periods were skipped follows from the facts known when the later period closed.
    if (own !== undefined) position = Number(own.fact.data.position);
    const world = this.history.world({ effective: OPEN, position });
    const chain: Chained[] = [];
    const names = new Set([period.name]);
    let last: Period | null = null;
    for (const { at, fact } of facts.closings) {
      if (at >= before || (own === undefined && at > position)) break;
      const closed = periodNamed(world, fact.data.period);
      if (last === null || comparePeriods(closed, last) > 0) last = closed;
      if (closed.kind !== period.kind || comparePeriods(closed, period) > 0) continue;
      names.add(closed.name);
      chain.push({
        period: closed,
        cut: { effective: fact.data.effective, position: Number(fact.data.position), known: fact.data.known },
      });
    }
    const passed: Chained[] = [];
    for (const earlier of closingOrder(world, period)) {
      if (earlier.kind !== period.kind || names.has(earlier.name)) continue;
      if (last !== null && comparePeriods(earlier, last) < 0) passed.push({ period: earlier, cut: NOTHING });
      else chain.push({ period: earlier, cut: { effective: earlier.to, position, known }, pending: true });
    }
    return [...passed, ...chain];
  }

  /** The cut extended by the closings that the chain brings first, because such a closing may decide a contest. */
  behind<Cut extends ResolvedCut>(chain: readonly Chained[], cut: Cut): Cut {
    const pending = chain.flatMap(({ period, cut: { position, effective }, pending: waits }) =>
      waits ? [[period.name, { position, effective }] as const] : [],
    );
    return pending.length === 0 || !hasFinalContest(this.history.world(cut))
      ? cut
      : { ...cut, closing: new Map(pending) };
  }

  /**
   * The statements one by one. A statement is empty if it has no line and no plan of its kind names the participant;
   * undefined is yielded in its place, and after steps without a statement.
   */
  *statements(
    period: Period,
    asked: ResolvedCut & { known: Instant },
    chain: readonly Chained[],
    participants: readonly string[],
    keep: { empty: boolean },
  ): Generator<Statement | undefined> {
    const cut = this.behind(chain, asked);
    const before = this.before(chain, cut);
    if (before !== null) yield* before.candidates.prepare();
    for (const participant of participants) {
      const left = this.leftAfter(chain, participant);
      const world = this.history.world(cut);
      const { statement } = statementOf({ world, participant, period, cut, before, left });
      yield keep.empty ||
      statement.lines.length + statement.exceptions.length + (statement.waiting?.length ?? 0) > 0 ||
      hasPlan(world, participant, period)
        ? statement
        : undefined;
    }
  }

  /** One statement whose lines can be explained. */
  explained(
    period: Period,
    asked: ResolvedCut & { known: Instant },
    chain: readonly Chained[],
    participant: string,
  ): Pick<Drafted, 'statement' | 'explain' | 'behind'> {
    const cut = this.behind(chain, asked);
    const world = this.history.world(cut);
    return statementOf({
      world,
      participant,
      period,
      cut,
      before: this.before(chain, cut),
      left: this.leftAfter(chain, participant),
    });
  }

  private before(chain: readonly Chained[], cut: ResolvedCut): Before | null {
    const last = chain.at(-1);
    if (last === undefined) return null;
    const periods = new Map(chain.map((closed) => [closed.period.name, closed.period]));
    const older = this.behind(chain.slice(0, -1), last.cut);
    return {
      cut: older,
      last: last.period,
      periods,
      candidates: this.history.candidatesBetween(older, cut),
      world: this.history.world(older),
    };
  }

  /** The balances that the statements of a chain leave for a participant. Those of closed periods never change. */
  private leftAfter(chain: readonly Chained[], participant: string): Left {
    const last = chain.at(-1);
    if (last === undefined || last.cut === NOTHING) return NOTHING_LEFT;
    const world = this.history.world(last.cut);
    if (!hasBalances(world) && !reviewsLateChanges(world)) return NOTHING_LEFT;
    const key = JSON.stringify([
      participant,
      ...chain.map(({ period, cut }) => [period.name, cut.position, cut.effective]),
      last.cut.position === LIVE ? String(this.history.facts.head) : '',
    ]);
    const known = this.left.get(key);
    if (known !== undefined) return known;
    const earlier = chain.slice(0, -1);
    const { period } = last;
    const cut = this.behind(earlier, last.cut);
    const { left } = statementOf({
      world: this.history.world(cut),
      participant,
      period,
      cut,
      before: this.before(earlier, cut),
      left: this.leftAfter(earlier, participant),
    });
    if (this.left.size >= MOST_LEFT) this.left.clear();
    this.left.set(key, left);
    return left;
  }
}

/** The closed period that is latest in the order of closing. */
export function lastClosed(facts: Facts, world: World, position: number): Period | null {
  return facts.closings
    .filter(({ at }) => at <= position)
    .map(({ fact }) => periodNamed(world, fact.data.period))
    .reduce<Period | null>((last, closed) => (last === null || comparePeriods(closed, last) > 0 ? closed : last), null);
}

/** The latest closed period of each kind. */
export function lastOfKinds(facts: Facts, world: World, position: number): Iterable<Period> {
  const last = new Map<string, Period>();
  for (const { at, fact } of facts.closings) {
    if (at > position) break;
    const closed = periodNamed(world, fact.data.period);
    const known = last.get(closed.kind);
    if (known === undefined || comparePeriods(closed, known) > 0) last.set(closed.kind, closed);
  }
  return last.values();
}
