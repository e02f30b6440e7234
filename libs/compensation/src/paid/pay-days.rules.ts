import {
  addMonths,
  dayAfter,
  FIRST_RECORDABLE,
  LAST_RECORDABLE,
  type LocalDate,
  type Period,
  type PeriodKind,
} from '@attain/values';
import type { Facts } from '../facts/facts.js';
import { OPEN } from '../facts/view.js';
import { dayAfterTime } from '../plans/durations.rules.js';
import { type Component } from '../plans/component.js';
import { planVersion, type PlanVersion } from '../plans/plans.js';
import { presentSpans } from '../plans/presence.rules.js';
import { periodOf } from '../plans/windows.js';
import type { World } from '../plans/world.js';

interface Days {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

const KINDS: readonly PeriodKind[] = ['month', 'quarter', 'half', 'year'];
const MONTHS: Readonly<Record<PeriodKind, number>> = { month: 1, quarter: 3, half: 6, year: 12 };

/**
 * The pay periods whose statements can have a line; for open periods in the order of closing. Between days on which a
 * fact counts nothing changes, so a period without such a day has no line, unless a plan pays by itself: a draw, a
 * target, a contest or a held amount. The first period of each kind has the differences of those that closed before it.
 */
export function withPay(world: World, participants: readonly string[], open: readonly Period[]): Period[] {
  const days = [...payDays(world, participants)].sort();
  const spans = merged([...steadySpans(world, participants), ...heldSpans(world)]);
  const seen = new Set<PeriodKind>();
  return open.filter((period) => {
    const isFirst = !seen.has(period.kind);
    seen.add(period.kind);
    return isFirst || hasDay(days, period) || spans.some(({ from, to }) => from <= period.to && to >= period.from);
  });
}

/**
 * The days on which a fact counts, and the last days of the periods that contain one, because a component may pay less
 * often than its plan.
 */
function payDays(world: World, participants: readonly string[]): Set<LocalDate> {
  const { calendar } = world.company();
  const days = new Set([...factDays(world), ...boundaries(world, participants)]);
  for (const person of participants)
    for (const { proposal } of world.adjustments(person)) days.add(calendar.period(proposal.data.period).to);
  const calendars = new Set([calendar, ...versionsOf(world.facts).map((version) => version.calendar)]);
  for (const day of [...days]) {
    if (day < FIRST_RECORDABLE || day > LAST_RECORDABLE) continue;
    for (const own of calendars) for (const kind of KINDS) days.add(periodOf(own, day, kind).to);
  }
  return days;
}

function factDays({ facts, view }: World): LocalDate[] {
  return facts.days.upTo(view.position);
}

/** The first and last days of plans and people. */
function* boundaries(world: World, participants: readonly string[]): Generator<LocalDate> {
  const ends = [
    ...world.plans().flatMap(({ versions }) => versions),
    ...participants.flatMap((person) => presentSpans(world.rows(person))),
  ];
  for (const { from, to } of ends) {
    yield from;
    yield to;
    if (to < LAST_RECORDABLE) yield dayAfter(to);
  }
}

/** The days on which a plan that pays by itself names somebody. */
function steadySpans(world: World, participants: readonly string[]): Days[] {
  const spans: Days[] = [];
  for (const life of world.plans()) {
    for (const { version, from, to } of life.versions) {
      if (!paysByItself(version)) continue;
      const tail = tailOf(version);
      const isWhole = version.components.some(({ per }) => per === 'plan');
      for (const person of participants) {
        for (const span of presentSpans(world.rows(person))) {
          if (!version.names(person, span.row)) continue;
          const [first, last] = [from > span.from ? from : span.from, to < span.to ? to : span.to];
          // A window is paid at its end, even to somebody who left before.
          const end = isWhole ? life.to : last <= LAST_RECORDABLE ? periodOf(version.calendar, last, 'year').to : last;
          if (first <= last) spans.push({ from: first, to: carries(version) ? OPEN : tail(end) });
        }
      }
    }
  }
  return spans;
}

function paysByItself({ draws, components, cap }: PlanVersion): boolean {
  return (
    draws.length > 0 ||
    cap?.isCarried === true ||
    components.some(
      ({ contest, target, asksOwn, cap: own }) =>
        contest !== null || target !== null || asksOwn || own?.isCarried === true,
    )
  );
}

/** Carried excess is paid whenever a later period has room. */
function carries({ cap, components }: PlanVersion): boolean {
  return (
    cap?.isCarried === true ||
    components.some((component) => component.cap?.isCarried === true || component.capShare?.isCarried === true)
  );
}

/** The days from each day on which a fact counts to the day by which the amounts held then are paid. */
function heldSpans(world: World): Days[] {
  const tails = versionsOf(world.facts)
    .filter(({ components }) => components.some(isPaidLater))
    .map(tailOf);
  return factDays(world).flatMap((from) => tails.map((tail) => ({ from, to: tail(from) })));
}

function isPaidLater({ release, clawback }: Component): boolean {
  return release.some(({ on }) => on.kind === 'after') || (clawback?.instalments ?? 1) > 1;
}

/** The time after a day during which a version may still pay amounts of that day. */
function tailOf({ components }: PlanVersion): (day: LocalDate) => LocalDate {
  return (day) => {
    let last = day;
    const reach = (end: () => LocalDate) => {
      const date = withinYears(end);
      if (date > last) last = date;
    };
    for (const { release, clawback, pays } of components) {
      for (const { on } of release) if (on.kind === 'after') reach(() => dayAfterTime(day, on.time));
      // A period of weeks may end some days after its months.
      if ((clawback?.instalments ?? 1) > 1) reach(() => addMonths(day, MONTHS[pays] * (clawback!.instalments + 1)));
    }
    return last;
  };
}

function withinYears(day: () => LocalDate): LocalDate {
  try {
    return day();
  } catch (error) {
    if (error instanceof RangeError) return OPEN;
    throw error;
  }
}

/** Every version that was ever published, because its held amounts may be released after it is retracted. */
function versionsOf({ plans }: Facts): PlanVersion[] {
  return [...plans.values()].flat().flatMap(({ fact }) => (fact.type === 'PlanPublished' ? [planVersion(fact)] : []));
}

/** Sorted spans; those with a common day are joined. */
function merged(spans: Days[]): Days[] {
  const joined: { from: LocalDate; to: LocalDate }[] = [];
  for (const { from, to } of spans.sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = joined.at(-1);
    if (last === undefined || from > last.to) joined.push({ from, to });
    else if (to > last.to) last.to = to;
  }
  return joined;
}

function hasDay(days: readonly LocalDate[], { from, to }: Period): boolean {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (days[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low < days.length && days[low]! <= to;
}
