import type { Warning } from '@attain/contracts';
import { comparePeriods, Exact, type FiscalCalendar, type Period, type PeriodKind } from '@attain/values';
import { payCurrency } from '../paid/conversion.js';
import type { Quota } from '../plans/quotas.rules.js';
import type { World } from '../plans/world.js';
import { windowQuota } from '../plans/windows.js';
import { published } from './published.js';
import { overlap, presences, warning } from './warning.js';
import { wonDeals } from './won-deals.js';
import { listed, moneyWords, numberWords } from './words.js';

/** Quotas of somebody for one measure, by period. */
interface Assigned {
  readonly name: string;
  readonly measure: string;
  readonly isMoney: boolean;
  readonly quotas: ReadonlyMap<string, Quota>;
}

function assigned(world: World): Assigned[] {
  const { measures } = world.company();
  return [...world.facts.quotas.keys()].flatMap((key) => {
    const [name, measure] = key.split('\u0000') as [string, string];
    const quotas = world.quotas(name, measure);
    const known = measures.get(measure);
    return quotas.size === 0 || known === undefined ? [] : [{ name, measure, isMoney: known.unit === 'money', quotas }];
  });
}

function about({ name, measure }: Pick<Assigned, 'name' | 'measure'>, period: string) {
  return { kind: 'quota' as const, for: name, measure, period };
}

/** The people that a quota shows: one person, or the whole company. */
function shown(world: World, name: string): string[] | null {
  return world.facts.people.has(name) ? [name] : null;
}

function words(world: World, amount: Exact, currency: string | null, isMoney: boolean): string {
  return isMoney ? moneyWords(amount, currency ?? world.company().currency) : numberWords(amount);
}

const PIECES: Readonly<Record<PeriodKind, readonly PeriodKind[]>> = {
  year: ['half', 'quarter', 'month'],
  half: ['quarter', 'month'],
  quarter: ['month'],
  month: [],
};

/** Quotas whose months, quarters or halves are all assigned and sum to something else. */
export function sumsOfPeriods(world: World): Warning[] {
  const { calendar } = world.company();
  return assigned(world).flatMap((one) =>
    [...one.quotas.values()].flatMap((whole): Warning[] => {
      const period = periodNamed(calendar, whole.period);
      if (period === undefined) return [];
      for (const kind of PIECES[period.kind]) {
        const pieces = calendar.pieces(period, kind);
        const parts = pieces.map(({ name }) => one.quotas.get(name));
        const given = parts.filter((part) => part !== undefined);
        if (given.length === 0 || given.some(({ currency }) => currency !== whole.currency)) continue;
        const sum = given.reduce((all, { amount }) => all.plus(amount), Exact.zero);
        const order = sum.compare(whole.amount);
        if (order === 0 || (order < 0 && given.length < pieces.length)) continue;
        const amounts = `the ${kind === 'half' ? 'halves' : `${kind}s`} of ${period.name} sum to ${words(world, sum, whole.currency, one.isMoney)}, and ${period.name} is ${words(world, whole.amount, whole.currency, one.isMoney)}`;
        return [
          warning(
            'QUOTA_SUM',
            about(one, whole.period),
            `the quotas of ${one.measure} of ${one.name} do not add up: ${amounts}; correct one of them, or leave the whole out`,
            shown(world, one.name),
          ),
        ];
      }
      return [];
    }),
  );
}

function periodNamed(calendar: FiscalCalendar, name: string): Period | undefined {
  try {
    return calendar.period(name);
  } catch {
    return undefined; // The calendar has changed since.
  }
}

/** A sum above this multiple of the whole is probably a mistake. */
const COVER = Exact.parse('1.5');

/** Quotas of teams, regions, the company, and of managers for their reports, whose people have less in sum. */
export function* sumsOfPeople(world: World): Generator<undefined, Warning[]> {
  const managers = new Set(presences(world).flatMap(({ row }) => (row.manager === null ? [] : [row.manager])));
  const warnings: Warning[] = [];
  for (const one of assigned(world)) {
    for (const whole of one.quotas.values()) {
      const warned = yield* sumOfPeople(world, one, whole, managers);
      if (warned !== null) warnings.push(warned);
    }
    yield;
  }
  return warnings;
}

/** People of a step that sums their quotas. */
const SUMMED = 50;

function* sumOfPeople(
  world: World,
  one: Assigned,
  whole: Quota,
  managers: ReadonlySet<string>,
): Generator<undefined, Warning | null> {
  const company = world.company();
  const period = periodNamed(company.calendar, whole.period);
  if (period === undefined || whole.amount.isZero()) return null;
  const isPerson = world.facts.people.has(one.name);
  if (isPerson && (!whole.credit.includes('reports') || whole.credit.includes('sales'))) return null;
  const members = membersOf(world, one.name, isPerson, period).filter((person) => !managers.has(person));
  if (members.length === 0) return null;
  const currency = whole.currency ?? company.currency;
  const window = { from: period.from, to: period.to, period };
  let sum = Exact.zero;
  for (const [index, person] of members.entries()) {
    const { amount } = windowQuota(world, person, one.measure, window, company, one.isMoney ? currency : null);
    // Somebody may have no quota for a reason; then the total of the parts is unknown.
    if (amount === null) return null;
    sum = sum.plus(amount);
    if (index % SUMMED === SUMMED - 1) yield;
  }
  const wanted = one.isMoney
    ? windowQuota(world, one.name, one.measure, window, company, currency).amount
    : whole.amount;
  if (wanted === null || (sum.compare(wanted) >= 0 && sum.compare(wanted.times(COVER)) <= 0)) return null;
  const scale = wanted.isZero() ? Exact.one : whole.amount.over(wanted);
  const amounts = `${one.name} has ${words(world, whole.amount, whole.currency, one.isMoney)}, and ${listed(members)} together ${words(world, sum.times(scale), whole.currency, one.isMoney)}`;
  return warning(
    'QUOTA_SUM',
    about(one, whole.period),
    `the quotas of ${one.measure} in ${period.name} do not add up: ${amounts}`,
    isPerson ? [one.name, ...members] : null,
  );
}

function membersOf(world: World, name: string, isPerson: boolean, period: Period): string[] {
  const there = presences(world).filter((presence) => overlap(presence, period));
  const people = isPerson
    ? there.filter(({ person }) => world.managers(person, period.to).includes(name))
    : name === 'company'
      ? there
      : there.filter(({ row }) => row.team === name || row.region === name);
  return [...new Set(people.map(({ person }) => person))];
}

/** Managers who sell nothing themselves and whose quotas are attained by own sales alone. */
export function salesOfManagers(world: World): Warning[] {
  const { calendar } = world.company();
  const sellers = new Set(wonDeals(world).flatMap(({ holders }) => holders));
  return assigned(world).flatMap((one) => {
    if (sellers.has(one.name) || !world.facts.people.has(one.name)) return [];
    const periods = [...one.quotas.values()]
      .filter(({ credit }) => credit.length === 0 || (credit.length === 1 && credit[0] === 'sales'))
      .flatMap(({ period }) => periodNamed(calendar, period) ?? []);
    const reports = new Set(
      periods.flatMap((period) =>
        presences(world)
          .filter((presence) => presence.row.manager === one.name && overlap(presence, period))
          .map(({ person }) => person),
      ),
    );
    if (![...reports].some((person) => sellers.has(person))) return [];
    const [first] = periods.sort(comparePeriods);
    const message = `${one.name} manages ${listed([...reports])} and sells nothing, but the quota of ${one.measure} for ${listed(periods.map(({ name }) => name))} counts own sales (credit \`sales\`): it stays at 0%; write \`reports\` as its credit`;
    return [warning('QUOTA_CREDIT', about(one, first!.name), message, [one.name, ...reports])];
  });
}

/** Quotas of periods in which their person is absent, or that lie before or after everything. */
export function outsideQuotas(world: World): Warning[] {
  const { calendar } = world.company();
  const there = presences(world);
  const byPerson = Map.groupBy(there, ({ person }) => person);
  const won = wonDeals(world);
  const first = there.reduce((least, { from }) => (from < least ? from : least), '9999');
  const last = won.reduce(
    (latest, { closed }) => (closed > latest ? closed : latest),
    there.reduce((latest, { from }) => (from > latest ? from : latest), ''),
  );
  if (first === '9999') return [];
  const end = `${Number(last.slice(0, 4)) + 3}`;
  return assigned(world).flatMap((one) => {
    const own = byPerson.get(one.name) ?? [];
    const outside = [...one.quotas.values()].flatMap((quota) => {
      const period = periodNamed(calendar, quota.period);
      if (period === undefined) return [];
      const absent = own.length > 0 && !own.some((presence) => overlap(presence, period));
      if (!absent && period.to >= first && period.from < end) return [];
      return [
        {
          name: period.name,
          why: absent
            ? `${one.name} has no row then`
            : period.to < first
              ? 'nobody is there yet'
              : `the last won deal closed on ${last}`,
        },
      ];
    });
    return [...Map.groupBy(outside, ({ why }) => why)].map(([why, periods]) => {
      const names = periods.map(({ name }) => name);
      return warning(
        'QUOTA_OUTSIDE',
        about(one, names[0]!),
        `the quota of ${one.measure} of ${one.name} for ${listed(names)} counts for nothing, because ${why}: check its period`,
        shown(world, one.name),
      );
    });
  });
}

/** Quotas in a currency in which their person is neither paid nor planned. */
export function currenciesOfQuotas(world: World): Warning[] {
  const company = world.company();
  const plans = published(world);
  return assigned(world).flatMap((one) => {
    const named = [...one.quotas.values()].filter(({ currency }) => currency !== null);
    if (!one.isMoney) {
      const [first] = named;
      if (first === undefined) return [];
      return [
        warning(
          'QUOTA_CURRENCY',
          about(one, first.period),
          `the quota of ${one.measure} of ${one.name} for ${first.period} is in ${first.currency}, but ${one.measure} counts a number: leave its currency out`,
          shown(world, one.name),
        ),
      ];
    }
    if (!world.facts.people.has(one.name)) return [];
    return named.flatMap(({ currency, period: name }): Warning[] => {
      const period = periodNamed(company.calendar, name);
      if (period === undefined || currency === company.currency) return [];
      const pay = payCurrency(world, one.name, period.to);
      const planned = new Set(
        plans
          .filter(
            ({ inForce }) =>
              overlap(inForce, period) && world.rows(one.name).some((row) => inForce.version.names(one.name, row)),
          )
          .map(({ inForce }) => inForce.version.currency),
      );
      if (currency === pay || planned.has(currency!)) return [];
      const message = `the quota of ${one.measure} of ${one.name} for ${name} is in ${currency}, but ${one.name} is paid in ${pay}${planned.size > 0 ? ` by plans in ${listed([...planned])}` : ''}: check its currency`;
      return [warning('QUOTA_CURRENCY', about(one, name), message, [one.name])];
    });
  });
}
