import { compareBytes, Exact, type LocalDate } from '@attain/values';
import { type Credit, creditsOf, firstFrom } from '../credits/credits.js';
import { standingOf } from '../credits/standings.js';
import { participant as subject } from '../credits/subjects.js';
import { type Contest, measuresOfContest, type NamedMeasure, type Prize } from '../plans/contests.js';
import { ownReader } from '../plans/formulas.js';
import type { Component } from '../plans/component.js';
import type { PlanVersion } from '../plans/plans.js';
import type { Window } from '../plans/quotas.rules.js';
import { exactMoney } from '../plans/text.js';
import { type Paying, statementPeriodOf } from '../plans/pay-periods.js';
import { unitScale } from '../plans/units.rules.js';
import { type PlanInForce, type PlanLife, World } from '../plans/world.js';
import { creditMoney } from './earning.js';
import { isEligible } from './eligibility.rules.js';
import { endedWindows } from './ended-windows.js';
import { type ContestOutcome, type Exceptional, type Line, NO_REASON } from './lines.js';
import { type Award, type Entrant, places, poolShares, prizesWon } from './ranking.rules.js';
import { SoFar } from './so-far.js';

/** A component of a version that is a contest, and the life of its plan. */
interface Terms {
  readonly world: World;
  readonly life: PlanLife;
  readonly version: PlanVersion;
  readonly component: Component;
  readonly contest: Contest;
}
/** The result of a contest for the participants who compete with one another. */
interface Outcome {
  readonly awards: readonly Award[];
  readonly entrants: readonly Entrant[];
  /** Minor units; null without a pot. */
  readonly pot: Exact | null;
}

/**
 * The lines of a participant for each ended window of a contest: one line, by the version at the start of the window,
 * if the plan names the participant on its last day.
 */
export function contestLines(
  world: World,
  participant: string,
  life: PlanLife,
  inForce: PlanInForce,
  component: Component,
): { lines: readonly Line[]; exceptions: readonly Exceptional[] } {
  const { version } = inForce;
  const { contest, per } = component;
  const lines: Line[] = [];
  const exceptions: Exceptional[] = [];
  if (contest === null || per === null || per === 'deal') return { lines, exceptions };
  for (const window of endedWindows(world, life, inForce, per)) {
    const terms: Terms = {
      world: contest.final ? decidedIn(world, { version, component }, window) : world,
      life,
      version,
      component,
      contest,
    };
    const outcome = outcomesOf(terms, window).get(participant);
    const award = outcome?.awards.find((one) => one.participant === participant);
    if (outcome === undefined || award === undefined) continue;
    exceptions.push(...lacking(terms, participant, window, award));
    if (!isEligible({ world: terms.world, participant, version, component }, window.to)) continue;
    lines.push({
      kind: 'earning',
      participant,
      version,
      component,
      credit: null,
      window: window.from,
      cause: null,
      date: window.to,
      amount: award.amount,
      explain: () => ({
        unrounded: award.unrounded,
        why: {
          ...NO_REASON,
          limit: textOf(terms, window, outcome, award),
          records: ownCredits(terms, participant, window),
          contest: outcomeFor(contest, outcome, award),
        },
      }),
    });
  }
  return { lines, exceptions };
}

/** The outcome of a window by participant, computed once for all. */
function outcomesOf(terms: Terms, window: Window): ReadonlyMap<string, Outcome> {
  const { world, component, contest } = terms;
  const { touched } = world;
  return world.remember(
    `contest ${component.key} ${window.from} ${window.to}`,
    Math.max(touched.settings, touched.anyRecord, touched.anyQuota),
    () => {
      const outcomes = new Map<string, Outcome>();
      for (const among of competing(terms, window.to).values()) {
        const entrants = among.map((participant) => entrantOf(terms, participant, window));
        const pot = potOf(terms, among, window);
        const outcome = { entrants, pot, awards: awardsOf(contest, component, entrants, pot) };
        for (const participant of among) outcomes.set(participant, outcome);
      }
      return outcomes;
    },
    'facts',
  );
}

/** The participants whom the plan names on a day, grouped by the property that they compete within. */
function competing({ world, life, contest }: Terms, day: LocalDate): ReadonlyMap<string, readonly string[]> {
  const version = life.versions.find(({ from, to }) => from <= day && day <= to)?.version;
  const named = [...world.facts.people.keys()].sort(compareBytes).filter((person) => {
    const row = world.row(person, day);
    return row !== undefined && version?.names(person, row) === true;
  });
  const field = contest.among === null ? null : ownReader(contest.among, 'text');
  return Map.groupBy(named, (me) => (field === null ? '' : String(field({ world, me, date: day }) ?? '')));
}

function entrantOf(terms: Terms, participant: string, window: Window): Entrant {
  const { requires } = terms.contest;
  const { world, version, component } = terms;
  const { scope } = new SoFar({ world, participant, version, component }, window, window.to);
  const met = new Map<number, boolean>();
  return {
    participant,
    value: valueOf(terms, participant, window),
    meets: (place) => {
      const condition = requires.all ?? requires.places.get(place);
      if (condition === undefined) return true;
      let holds = met.get(place);
      if (holds === undefined) met.set(place, (holds = condition.value(scope) === true));
      return holds;
    },
  };
}

/** The value that ranks a participant, or by which a pool is divided. */
function valueOf(terms: Terms, participant: string, window: Window): Exact | null {
  const {
    world,
    version,
    contest: { rank, divide },
  } = terms;
  if (rank?.by === 'attainment')
    return standingOf(world, subject(participant), rank.name, window, window.to, version).attained;
  const measured = rank ?? divide;
  return measured === null ? Exact.one : sumOf(creditsIn(terms, participant, window, measured));
}

/** The stated amount, or a share of the credits of all competitors. */
function potOf(terms: Terms, among: readonly string[], window: Window): Exact | null {
  const { pot } = terms.contest;
  if (pot === null) return null;
  if ('amount' in pot) return pot.amount;
  return among
    .reduce((sum, participant) => sum.plus(sumOf(creditsIn(terms, participant, window, pot.of))), Exact.zero)
    .times(pot.share)
    .times(unitScale(terms.component));
}

function awardsOf(
  contest: Contest,
  { rounding }: Component,
  entrants: readonly Entrant[],
  pot: Exact | null,
): readonly Award[] {
  if (contest.rank === null)
    return poolShares(entrants, pot ?? Exact.zero, contest.divide === null ? 'equally' : 'value', rounding);
  const worth = ({ share, amount }: Prize) => (share === null ? amount : share.times(pot ?? Exact.zero));
  return prizesWon(entrants, prizesByPlace(contest, entrants.length, worth), contest.ties, rounding);
}

function prizesByPlace(
  { prizes, winners }: Contest,
  entrants: number,
  worth: (prize: Prize) => Exact,
): (place: number) => Exact {
  const count =
    winners === null
      ? prizes.length
      : 'count' in winners
        ? winners.count
        : Number(winners.share.times(Exact.of(entrants)).round('half-up'));
  return (place) => {
    const prize = place > count ? undefined : winners === null ? prizes[place - 1] : prizes[0];
    return prize === undefined ? Exact.zero : worth(prize);
  };
}

/** A participant's credits of a window for a measure, in the component's currency. */
function creditsIn(
  { world, version, component }: Terms,
  participant: string,
  window: Window,
  { measure }: NamedMeasure,
): readonly Credit[] {
  const money = creditMoney(version, component);
  const { list } = creditsOf(world, subject(participant), measure, component.credit, money);
  const found: Credit[] = [];
  for (let i = firstFrom(list, window.from); i < list.length && list[i]!.date <= window.to; i += 1)
    found.push(list[i]!);
  return found;
}

/** The credits that an explanation names: those of the ranking value, else those of the divided value or the pot. */
function ownCredits(terms: Terms, participant: string, window: Window): readonly Credit[] {
  const [counted] = measuresOfContest(terms.contest);
  return counted === undefined
    ? []
    : creditsIn(terms, participant, window, counted).filter(({ blocked }) => blocked === null);
}

function sumOf(credits: readonly Credit[]): Exact {
  return credits.reduce((sum, { left, blocked }) => (blocked === null ? sum.plus(left) : sum), Exact.zero);
}

/** Whether the result of a contest depends on the closing of its pay period. */
export function hasFinalContest(world: World): boolean {
  return world
    .plans()
    .some(({ versions }) =>
      versions.some(({ version }) => version.components.some(({ contest }) => contest?.final === true)),
    );
}

/** The plans that have a contest, each with the names of components that are a contest in any version. */
export function contestsOf(world: World): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { plan, versions } of world.plans())
    for (const { version } of versions)
      for (const { name, contest } of version.components)
        if (contest !== null) found.set(plan, (found.get(plan) ?? new Set()).add(name));
  return found;
}

/**
 * After the closing of its pay period, a final contest is computed as known then, for cuts that know at least as much.
 * Before the closing it is computed as everything else.
 */
function decidedIn(world: World, paying: Paying, window: Window): World {
  const { name } = statementPeriodOf(paying, window.to);
  const recorded = world.facts.closings.find(
    ({ fact }) => Number(fact.data.position) <= world.view.position && fact.data.period === name,
  )?.fact.data;
  const closing = recorded ?? world.view.closing?.get(name);
  if (closing === undefined) return world;
  const view = {
    position: Number(closing.position),
    before: closing.effective,
    after: closing.effective,
    applied: null,
  };
  return world.remember(`decided ${name}`, Number(closing.position), () => new World(world.facts, view));
}

function lacking(terms: Terms, participant: string, window: Window, { value }: Award): Exceptional[] {
  const {
    version,
    component,
    contest: { rank },
  } = terms;
  const found: Exceptional[] = [];
  const name = window.period?.name ?? version.plan;
  if (rank?.by === 'attainment' && value === null) {
    const exception = {
      code: 'NO_QUOTA' as const,
      plan: version.plan,
      component: component.name,
      participant,
      record: null,
      detail: `no quota for ${rank.name} in ${name}`,
    };
    found.push({ exception, version, component, date: window.to });
  }
  for (const measured of measuresOfContest(terms.contest)) {
    for (const { blocked, source, id, date } of creditsIn(terms, participant, window, measured)) {
      if (blocked === null) continue;
      const exception = {
        code: blocked,
        plan: version.plan,
        component: component.name,
        participant,
        record: { source, id },
        detail: `${measured.name} is not known`,
      };
      found.push({ exception, version, component, date });
    }
  }
  return found;
}

function outcomeFor({ rank }: Contest, { pot, entrants, awards }: Outcome, { place, last }: Award): ContestOutcome {
  if (rank === null) {
    const sharing = awards.filter(({ unrounded }) => !unrounded.isZero()).map(({ participant }) => participant);
    return {
      pot,
      isPool: true,
      place,
      last,
      ranking: sharing.length === 0 ? [] : [{ place: 1, last: sharing.length, participants: sharing }],
    };
  }
  const ranking = places(entrants).map(({ first, tied }) => ({
    place: first,
    last: first + tied.length - 1,
    participants: tied.map(({ participant }) => participant),
  }));
  return { pot, isPool: false, place, last, ranking };
}

/** The result of a contest as text, without the credits of the others. */
function textOf(
  { version, component, contest }: Terms,
  window: Window,
  { entrants, pot }: Outcome,
  { participant, value, place, last }: Award,
): string {
  const { currency, paidIn } = component;
  const potText = pot === null ? '' : `; pot ${exactMoney(pot, paidIn)} ${paidIn}`;
  const own =
    contest.rank === null || value === null
      ? ''
      : `; ${participant} has ${contest.rank.by === 'attainment' || contest.rank.measure.unit === 'number' ? value.toString() : exactMoney(value, currency)}`;
  const where =
    place === null
      ? contest.rank === null
        ? ''
        : ', no place'
      : last === place
        ? `, place ${place}`
        : `, tied for places ${place} to ${last}`;
  const ranking =
    contest.rank === null
      ? `; ${entrants.length} participants`
      : `; ranking ${
          places(entrants)
            .map(({ first, tied }) => `${first}. ${tied.map((one) => one.participant).join(' = ')}`)
            .join(', ') || 'empty'
        }`;
  return `${contest.text}${potText}${own}${where}${ranking} per ${component.per} (${window.period?.name ?? version.plan})`;
}
