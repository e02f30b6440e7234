import type { Board, Forecasts } from '@attain/forecasting';
import type { AttainmentReport, Leaderboard, SalesReport } from '@attain/reporting';
import { addDays, type LocalDate } from '@attain/values';
import { type Equation, leastSquares } from './least-squares.fixture.js';

/** The answer of a path to a caller; undefined for a refusal. */
export type Read = <Body>(path: string) => Promise<Body | undefined>;

/** What everybody may know of a company: who is where, and who is above whom. */
export interface Organisation {
  people: readonly string[];
  teams: ReadonlyMap<string, readonly string[]>;
  regions: ReadonlyMap<string, readonly string[]>;
  /** Everybody below, at any depth. */
  below: ReadonlyMap<string, readonly string[]>;
}
export interface SoldDeal {
  owner: string;
  amount: number;
  closed: LocalDate;
  product: string;
  account: string;
}
/** What only those who see everybody know. */
export interface Truth {
  quotas: ReadonlyMap<string, number>;
  sold: readonly SoldDeal[];
}
export interface Attacker {
  read: Read;
  /** Whose amounts the attacker may see. */
  scope: ReadonlySet<string>;
}

const groupings = ['team', 'region', 'company'] as const;

function membersOf(organisation: Organisation, by: string, key: string | null): readonly string[] {
  if (by === 'team') return organisation.teams.get(key ?? '') ?? [];
  if (by === 'region') return organisation.regions.get(key ?? '') ?? [];
  return by === 'rep' || by === 'participant' || by === 'owner' ? [key ?? ''] : organisation.people;
}

/** As the attacker, but for the paths of a weakness, which answer as to those who see everybody. */
export function weakened({ read, scope }: Attacker, finance: Read, weakness: (path: string) => boolean): Attacker {
  return { read: <Body>(path: string) => (weakness(path) ? finance<Body>(path) : read<Body>(path)), scope };
}

export function isNear(guess: number, truth: number): boolean {
  return truth !== 0 && Math.abs(guess - truth) <= 0.2 * Math.abs(truth);
}

/** What a day shows of attainment in a period: fractions, and sums that hold others. */
interface Sight {
  fractions: Map<string, number>;
  sums: { from: Source; of: readonly string[]; amount: number }[];
}
/** The place of a sum. */
type Source = 'attainment' | 'sales';

/** Every answer about the attainment of a person or group in a period up to a day. */
export async function sightOf(
  { read }: Attacker,
  organisation: Organisation,
  period: { name: string; from: LocalDate },
  day: LocalDate,
): Promise<Sight> {
  const sight: Sight = { fractions: new Map(), sums: [] };
  for (const by of ['participant', 'team', 'region'] as const) {
    const path = `/leaderboards?period=${period.name}&by=${by}&measure=revenue`;
    const board = (await read<Leaderboard>(`${path}&effective=${day}`)) ?? (await read<Leaderboard>(path));
    const rows = board?.rows ?? [];
    for (const [index, row] of rows.entries()) {
      const fraction = row.attained === null ? between(rows, index) : Number(row.attained);
      if (fraction !== undefined) sight.fractions.set(row.for, fraction);
    }
  }
  for (const by of ['participant', ...groupings] as const) {
    const report = await read<AttainmentReport>(
      `/attainment?period=${period.name}&by=${by}&measure=revenue&effective=${day}`,
    );
    for (const row of report?.rows ?? []) {
      if (row.attained !== null) sight.fractions.set(row.for, Number(row.attained));
      if (by !== 'participant')
        sight.sums.push({ from: 'attainment', of: membersOf(organisation, by, row.for), amount: Number(row.credited) });
    }
  }
  for (const by of groupings) {
    const sales = await read<SalesReport>(`/sales?by=${by}&from=${period.from}&to=${day}`);
    for (const row of sales?.rows ?? [])
      sight.sums.push({ from: 'sales', of: membersOf(organisation, by, row.key), amount: Number(row.net) });
  }
  return sight;
}

export interface Seen {
  sight: Sight;
  /** What the attacker's own people sold by then. */
  own: ReadonlyMap<string, number>;
}

/** A rank alone lies between the fractions of those around it. */
function between(rows: Leaderboard['rows'], index: number): number | undefined {
  const above = rows.slice(0, index).findLast(({ attained }) => attained !== null)?.attained;
  const under = rows.slice(index + 1).find(({ attained }) => attained !== null)?.attained;
  return above === undefined || above === null || under === undefined || under === null
    ? undefined
    : (Number(above) + Number(under)) / 2;
}

/**
 * Quotas outside the attacker's scope, from fractions of many days: a sum is Σ fraction · quota of its members, known or as the
 * fraction of a quota itself; what the attacker's own people sold is known to the cent and gives the scale. Each guess of any
 * mixture of sources counts.
 */
export function quotasBySquares(seen: readonly Seen[], organisation: Organisation): [name: string, guess: number][] {
  const mixtures: Source[][] = [[], ['attainment'], ['sales'], ['attainment', 'sales']];
  return mixtures.flatMap((sources) =>
    [true, false].flatMap((fractions) => [...leastSquares(equationsOf(seen, organisation, { sources, fractions }))]),
  );
}

function equationsOf(
  seen: readonly Seen[],
  organisation: Organisation,
  use: { sources: readonly Source[]; fractions: boolean },
): Equation[] {
  const equations: Equation[] = [];
  const composites = new Map<string, readonly string[]>([
    ...organisation.teams,
    ...organisation.regions,
    ...organisation.below,
    ['company', organisation.people],
  ]);
  for (const { sight, own } of seen) {
    const parts = (members: readonly string[]) => {
      // Managers sell nothing themselves.
      const sellers = members.filter((person) => !organisation.below.has(person));
      const terms = new Map(
        sellers
          .filter((person) => !own.has(person))
          .map((person) => [person, sight.fractions.get(person) ?? Number.NaN]),
      );
      const known = sellers.reduce((sum, person) => sum + (own.get(person) ?? 0), 0);
      return [...terms.values()].some(Number.isNaN) || terms.size === 0 ? undefined : { terms, known };
    };
    for (const { from, of, amount } of sight.sums) {
      const found = use.sources.includes(from) ? parts(of) : undefined;
      if (found) equations.push({ terms: found.terms, is: amount - found.known });
    }
    for (const [name, members] of use.fractions ? composites : []) {
      const fraction = sight.fractions.get(name);
      const found = fraction === undefined || own.has(name) ? undefined : parts(members);
      if (found) equations.push({ terms: new Map([...found.terms, [name, -fraction!]]), is: -found.known });
    }
  }
  return equations;
}

/** A shown sum, and its stated members. */
export interface Claim {
  /** What is summed: sums of one kind may be subtracted. */
  kind: string;
  /** Of which deals. */
  holds(deal: SoldDeal): boolean;
  unit: 'amount' | 'deals';
  people: readonly string[];
  from: LocalDate;
  to: LocalDate;
  value: number;
  path: string;
}

const EVER = '0001-01-01';

/** Every sum that the attacker is shown of what was won, with the people and days that it seems to hold. */
export async function claimsOf(
  { read }: Attacker,
  organisation: Organisation,
  asked: { periods: readonly { name: string; from: LocalDate; to: LocalDate }[]; day: LocalDate },
): Promise<Claim[]> {
  const { periods, day } = asked;
  const claims: Claim[] = [];
  const anything = { kind: 'sold', holds: () => true };
  for (const { name, from, to } of periods) {
    const end = day < to ? day : to;
    for (const by of groupings) {
      const path = `/attainment?period=${name}&by=${by}&measure=revenue&effective=${day}`;
      for (const row of (await read<AttainmentReport>(path))?.rows ?? []) {
        claims.push({
          ...anything,
          unit: 'amount',
          people: membersOf(organisation, by, row.for),
          from,
          to: end,
          value: Number(row.credited),
          path,
        });
      }
    }
    claims.push(...(await salesClaims(read, organisation, { from, to: end })));
    const board = await read<Board>(`/forecast/board?by=company&period=${name}`);
    const closed = board?.rollUps.find((rollUp) => rollUp.name === 'closed only');
    if (closed)
      claims.push({
        ...anything,
        unit: 'amount',
        people: organisation.people,
        from,
        to: end,
        value: Number(closed.amount),
        path: `/forecast/board?period=${name}`,
      });
  }
  claims.push(...(await assumptionClaims(read, organisation, day)));
  return claims;
}

async function salesClaims(
  read: Read,
  organisation: Organisation,
  { from, to }: { from: LocalDate; to: LocalDate },
): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const by of ['rep', 'team', 'region', 'company', 'product', 'account']) {
    const path = `/sales?by=${by}&from=${from}&to=${to}`;
    for (const { key, net, won } of (await read<SalesReport>(path))?.rows ?? []) {
      const field = by === 'product' || by === 'account' ? by : undefined;
      const kind = field === undefined ? 'sold' : `sold ${field} ${key}`;
      const claim = {
        kind,
        holds: (deal: SoldDeal) => field === undefined || deal[field] === key,
        people: membersOf(organisation, by, key),
        from,
        to,
        path,
      };
      claims.push({ ...claim, unit: 'amount', value: Number(net) }, { ...claim, unit: 'deals', value: won });
    }
  }
  return claims;
}

/** A forecast states the sum of its history. */
export async function forecastClaims({ read }: Attacker, organisation: Organisation, day: LocalDate): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const by of groupings) {
    for (const path of [
      `/forecast?by=${by}&every=month&effective=${day}`,
      `/forecast?by=${by}&every=week&effective=${day}`,
    ]) {
      for (const { for: name, history } of (await read<Forecasts>(path))?.rows ?? []) {
        if (history.from === null || history.to === null) continue;
        claims.push({
          kind: 'sold',
          holds: () => true,
          unit: 'amount',
          people: membersOf(organisation, by, name),
          from: history.from,
          to: history.to,
          value: Number(history.total),
          path,
        });
      }
    }
  }
  return claims;
}

/** An average times the number behind it is a sum. */
async function assumptionClaims(read: Read, organisation: Organisation, day: LocalDate): Promise<Claim[]> {
  const path = '/forecast/board?by=product';
  return ((await read<Board>(path))?.assumptions ?? []).flatMap(({ product, each, won, basis }) => {
    const own = basis === 'won deals of the product';
    const claim = {
      kind: own ? `sold product ${product}` : 'sold',
      holds: (deal: SoldDeal) => !own || deal.product === product,
      people: organisation.people,
      from: EVER,
      to: day,
      path,
    };
    return [
      { ...claim, unit: 'amount' as const, value: Number(each) * won },
      { ...claim, unit: 'deals' as const, value: won },
    ];
  });
}

export interface Isolated {
  who: string;
  from: LocalDate;
  to: LocalDate;
  guess: number;
  truth: number;
  by: string;
}

/**
 * The amounts of one person outside the scope that sums, or differences of two sums, reveal within 20 %. Sales of the
 * attacker's own people are subtracted.
 */
export function isolatedBy(claims: readonly Claim[], { scope }: Attacker, { sold }: Truth): Isolated[] {
  const found: Isolated[] = [];
  const judge = ({ kind: _, holds, unit, people, from, to, value, path }: Claim) => {
    const members = new Set(people);
    const deals = sold.filter(
      (deal) => members.has(deal.owner) && from <= deal.closed && deal.closed <= to && holds(deal),
    );
    const sum = (some: readonly SoldDeal[]) =>
      unit === 'deals' ? some.length : some.reduce((total, { amount }) => total + amount, 0);
    const others = deals.filter(({ owner }) => !scope.has(owner));
    const [first] = others;
    if (!first || others.some(({ owner }) => owner !== first.owner)) return;
    const guess = value - sum(deals.filter(({ owner }) => scope.has(owner)));
    if (isNear(guess, sum(others))) found.push({ who: first.owner, from, to, guess, truth: sum(others), by: path });
  };
  const ofKind = Map.groupBy(claims, ({ kind, unit }) => `${kind} ${unit}`);
  for (const same of ofKind.values()) {
    for (const a of same) {
      judge(a);
      for (const b of same) for (const less of differences(a, b)) judge(less);
    }
  }
  return found;
}

function differences(a: Claim, b: Claim): Claim[] {
  const less = { ...a, value: a.value - b.value, path: `${a.path} − ${b.path}` };
  const members = new Set(b.people);
  if (a.from === b.from && a.to === b.to) {
    const rest = a.people.filter((person) => !members.has(person));
    return rest.length + members.size === a.people.length && rest.length > 0 ? [{ ...less, people: rest }] : [];
  }
  if (members.size !== a.people.length || !a.people.every((person) => members.has(person))) return [];
  if (a.from === b.from && b.to < a.to) return [{ ...less, from: addDays(b.to, 1) }];
  if (a.to === b.to && a.from < b.from) return [{ ...less, to: addDays(b.from, -1) }];
  return [];
}
