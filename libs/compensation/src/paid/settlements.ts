import { type Exact, type Period } from '@attain/values';
import type { PlanVersion } from '../plans/plans.js';
import { payFactor, rateText } from '../plans/conversions.rules.js';
import { presentSpans } from '../plans/presence.rules.js';
import { payDate } from '../plans/pay-day.rules.js';
import type { PlanLife, World } from '../plans/world.js';
import { NOTHING_OWED, type PlanBalances, type Settled, settle } from './draw-and-negative.rules.js';

/** The balances of a participant by plan, each in a pay currency. */
export type Balances = ReadonlyMap<string, PlanBalances & { readonly currency: string }>;

export const NO_BALANCES: Balances = new Map();

/** Whether any plan of a world has a draw or carries negatives. */
export function hasBalances(world: World): boolean {
  return world
    .plans()
    .some(({ versions }) => versions.some(({ version }) => version.draws.length > 0 || version.negative === 'carried'));
}

export interface PlanSettled extends Settled {
  readonly version: PlanVersion;
  /** The missing rate for a draw or a balance. */
  readonly missing: string | null;
}

/** Whether a plan that pays by a kind of period names a participant on one of its days in the period. */
export function isNamedIn(world: World, participant: string, { versions }: PlanLife, period: Period): boolean {
  const spans = presentSpans(world.rows(participant));
  return versions.some(
    ({ version, from, to }) =>
      version.pays === period.kind &&
      spans.some(
        (span) =>
          latest(from, span.from, period.from) <= earliest(to, span.to, period.to) &&
          version.names(participant, span.row),
      ),
  );
}

/**
 * The amounts that draws and carried negatives of a plan add to its amount due in a pay period; null if it has neither.
 */
export function settled(
  world: World,
  participant: string,
  life: PlanLife,
  period: Period,
  currency: string,
  due: bigint,
  balances: Balances,
): PlanSettled | null {
  const before = balances.get(life.plan);
  const isNamed = isNamedIn(world, participant, life, period);
  const version = settlingVersion(world, life, period, isNamed);
  if (version.pays !== period.kind) return null;
  if (before === undefined && version.draws.length === 0 && version.negative === 'due') return null;
  const date = payDate(version, period);
  let missing: string | null = null;
  const inPayCurrency = (amount: Exact, from: string): bigint | null => {
    const factor = payFactor(world, version, from, currency, date);
    if (factor === null) missing = `no rate from ${from} to ${currency} ${rateText(version, date)}`;
    return factor === null ? null : amount.times(factor).round(version.rounding);
  };
  const terms = {
    draws: version.draws,
    negative: version.negative,
    number: periodsNamed(world, participant, life, period),
    isNamed,
    convert: (amount: Exact) => inPayCurrency(amount, version.currency),
  };
  const result = settle(terms, before ?? NOTHING_OWED, due);
  return { ...result, version, missing };
}

/** The version in force in a period; for a participant who has left the plan, the last version in the cut. */
function settlingVersion({ view }: World, { versions }: PlanLife, period: Period, isNamed: boolean): PlanVersion {
  const reached = isNamed
    ? []
    : versions.filter(({ version, from }) => version.pays === period.kind && from <= latest(view.before, view.after));
  const inForce = versions.filter(
    ({ version, from, to }) => version.pays === period.kind && from <= period.to && to >= period.from,
  );
  return (reached.at(-1) ?? inForce.at(-1) ?? versions.at(-1)!).version;
}

/** The pay periods of a plan that name a participant, counted up to each period that somebody asked for. */
interface Counted {
  next: Period;
  count: number;
  readonly upTo: Map<string, number>;
}

/** The number of pay periods of a plan, up to a period, that name a participant. */
function periodsNamed(world: World, participant: string, life: PlanLife, period: Period): number {
  const { calendar } = world.company();
  const [first] = world.rows(participant);
  const start = first === undefined ? period.from : earliest(latest(first.from, life.from), period.from);
  const key = `periods named ${JSON.stringify([participant, life.plan, period.kind, start])}`;
  const counted = world.remember<Counted>(key, world.touched.settings, () => ({
    next: calendar.periodOf(start, period.kind),
    count: 0,
    upTo: new Map(),
  }));
  while (counted.next.from <= period.to) {
    if (isNamedIn(world, participant, life, counted.next)) counted.count += 1;
    counted.upTo.set(counted.next.name, counted.count);
    counted.next = calendar.next(counted.next);
  }
  return counted.upTo.get(period.name) ?? 0;
}

function latest(...dates: readonly string[]): string {
  return dates.reduce((a, b) => (a > b ? a : b));
}

function earliest(...dates: readonly string[]): string {
  return dates.reduce((a, b) => (a < b ? a : b));
}
