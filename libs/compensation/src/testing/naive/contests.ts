import { Exact } from '@attain/values';
import { isNamed, rowOn, sumOf } from './company.js';
import { creditsOf, person, sumIn } from './credits.js';
import { isMet } from './expressions.js';
import { attainedIn, type Window } from './quotas.js';
import { endedWindows } from './targets.js';
import {
  currencyOf,
  isEligible,
  type Line,
  minorOf,
  moneyOf,
  paidIn,
  round,
  roundingOf,
  rulesOf,
  scaleOf,
  spread,
  type Terms,
  windowAsked,
} from './terms.js';

interface Entrant {
  readonly id: string;
  readonly value: Exact;
  meets(place: number): boolean;
}
const PLACES: Readonly<Record<string, number>> = { first: 1, second: 2, third: 3 };

/** One line at the end of each ended window, for those whom the plan names on its last day. */
export function contestLines(terms: Terms): Line[] {
  return endedWindows(terms).flatMap((window): Line[] => {
    const { state, me, life, component } = terms;
    const version = life.versions.find(({ from, to }) => from <= window.to && window.to <= to);
    const named = [...state.people.keys()]
      .sort()
      .filter((one) => version !== undefined && isNamed(state, version, one, window.to));
    if (!named.includes(me) || !isEligible(terms, window.to)) return [];
    const field = component.contest!.among?.replace('my.', '') ?? null;
    const shared = (one: string) => (field === null ? '' : (rowOn(state, one, window.to)?.fields[field] ?? ''));
    const among = named.filter((one) => shared(one) === shared(me));
    const entrants = among.map((id): Entrant => ({
      id,
      value: valueIn(terms, id, window),
      meets: (place) => isMetBy(terms, id, window, place),
    }));
    const pot = potIn(terms, among, window);
    const { amount, unrounded } =
      component.contest!.rank === undefined ? poolShare(terms, entrants, pot) : prize(terms, entrants, pot);
    return [
      { terms, kind: 'earning', credit: null, window: window.from, date: window.to, causedBy: '', amount, unrounded },
    ];
  });
}

function creditedIn(terms: Terms, id: string, measure: string, { from, to }: Window): Exact {
  return sumIn(creditsOf(terms.state, person(id), measure, rulesOf(terms.component), moneyOf(terms)), from, to);
}

/** The value that ranks a participant, or by which a pool is divided; a value of 0 or less takes no place. */
function valueIn(terms: Terms, id: string, window: Window): Exact {
  const { rank, divide } = terms.component.contest!;
  const attained = /^attainment\((.*)\)$/.exec(rank ?? '')?.[1];
  if (attained !== undefined) return attainedIn(terms.state, person(id), attained, window, window.to) ?? Exact.zero;
  const measure = rank ?? divide ?? 'equally';
  return measure === 'equally' ? Exact.one : creditedIn(terms, id, measure, window);
}

function isMetBy(terms: Terms, id: string, window: Window, place: number): boolean {
  const { requires } = terms.component.contest!;
  const condition =
    typeof requires === 'object'
      ? Object.entries(requires).find(([name]) => (PLACES[name] ?? Number(name)) === place)?.[1]
      : requires;
  if (condition === undefined) return true;
  const own = { ...terms, me: id };
  return isMet(condition, {
    state: terms.state,
    record: null,
    date: window.to,
    me: id,
    currency: currencyOf(terms),
    window: windowAsked(own, window, window.to),
  });
}

function potIn(terms: Terms, among: readonly string[], window: Window): Exact {
  const { pot } = terms.component.contest!;
  if (pot === undefined) return Exact.zero;
  const [share, measure] = pot.split(' of ');
  if (measure === undefined) return Exact.parse(pot).times(minorOf(paidIn(terms)));
  return sumOf(among.map((id) => creditedIn(terms, id, measure, window)))
    .times(Exact.parse(share!))
    .times(scaleOf(terms));
}

/** Tied participants share as many places as there are participants, and the prizes of these places. */
function prize(terms: Terms, entrants: readonly Entrant[], pot: Exact): { amount: bigint; unrounded: Exact } {
  const {
    me,
    component: { contest },
  } = terms;
  const { prizes, winners, prize: each, ties = 'share' } = contest!;
  const rule = roundingOf(terms);
  const worth = (text: string) =>
    /[%/]/.test(text) ? Exact.parse(text).times(pot) : Exact.parse(text).times(minorOf(paidIn(terms)));
  const count =
    winners === undefined
      ? prizes!.length
      : /[%/]/.test(winners)
        ? Number(Exact.parse(winners).times(Exact.of(entrants.length)).round('half-up'))
        : Number(winners);
  const prizeOf = (place: number) =>
    place > count ? Exact.zero : winners === undefined ? worth(prizes![place - 1]!) : worth(each!);
  const own = entrants.find(({ id }) => id === me)!;
  if (own.value.sign() <= 0) return { amount: 0n, unrounded: Exact.zero };
  const first = entrants.filter(({ value }) => value.compare(own.value) > 0).length + 1;
  const tied = entrants.filter(({ value }) => value.equals(own.value)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const places = tied.map((_, index) => first + index);
  const won = tied.map((one) =>
    ties === 'all'
      ? one.meets(first)
        ? prizeOf(first)
        : Exact.zero
      : sumOf(places.map((place) => (one.meets(place) ? prizeOf(place) : Exact.zero))).over(Exact.of(tied.length)),
  );
  const index = tied.indexOf(own);
  return { amount: ties === 'all' ? round(won[index]!, rule) : spread(won, rule)[index]!, unrounded: won[index]! };
}

/** A pot in equal parts, or in proportion to a measure. */
function poolShare(terms: Terms, entrants: readonly Entrant[], pot: Exact): { amount: bigint; unrounded: Exact } {
  const sharing = entrants.filter((one) => one.meets(1) && one.value.sign() > 0).sort((a, b) => (a.id < b.id ? -1 : 1));
  const index = sharing.findIndex(({ id }) => id === terms.me);
  if (index < 0) return { amount: 0n, unrounded: Exact.zero };
  const whole = sumOf(sharing.map(({ value }) => value));
  const shares = sharing.map(({ value }) => pot.times(value).over(whole));
  return { amount: spread(shares, roundingOf(terms))[index]!, unrounded: shares[index]! };
}
