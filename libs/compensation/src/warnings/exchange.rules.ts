import type { Warning } from '@attain/contracts';
import { daysBetween, type LocalDate } from '@attain/values';
import { pair } from '../facts/streams.js';
import { ratesOf } from '../facts/rates.rules.js';
import { STEP } from '../facts/steps.js';
import { payCurrency } from '../paid/conversion.js';
import { payFactor, rateText } from '../plans/conversions.rules.js';
import type { World } from '../plans/world.js';
import type { PlanVersion } from '../plans/plans.js';
import { payDate } from '../plans/pay-day.rules.js';
import { periodOf } from '../plans/windows.js';
import { aboutPlan, planName, type Published, published } from './published.js';
import { aboutDeal, overlap, presences, warning } from './warning.js';
import { dealName, type WonDeal, wonDeals } from './won-deals.js';
import { counted, listed, Sums } from './words.js';

interface Converted {
  readonly from: string;
  readonly to: string;
  readonly deals: WonDeal[];
  oldest: number;
  date: LocalDate;
}

/** Amounts that no rate converts, and rates that are much older than their days. */
export function* exchange(world: World): Generator<undefined, Warning[]> {
  const missing = new Map<string, Converted>();
  const old = new Map<string, Converted>();
  const patience = new Map<string, number>();
  const plans = published(world);
  const foreign = new Set(plans.flatMap(({ inForce }) => currenciesOf(inForce.version)));
  for (const [index, deal] of wonDeals(world).entries()) {
    if (index % STEP === STEP - 1) yield;
    if (deal.amount === null || (foreign.size === 1 && foreign.has(deal.currency))) continue;
    for (const to of foreign) {
      if (to === deal.currency) continue;
      const key = pair(deal.currency, to);
      const rate = world.rate(deal.currency, to, deal.closed);
      const age = rate === undefined ? 0 : daysBetween(rate.date, deal.closed);
      if (rate !== undefined && age <= patienceOf(world, key, patience)) continue;
      if (!plans.some((plan) => convertsInto(plan.inForce.version, to) && pays(world, plan, deal))) continue;
      const found = rate === undefined ? missing : old;
      const known = found.get(key) ?? { from: deal.currency, to, deals: [], oldest: 0, date: '' };
      known.deals.push(deal);
      if (rate !== undefined && age > known.oldest) [known.oldest, known.date] = [age, rate.date];
      found.set(key, known);
    }
  }
  return [
    ...[...missing.values()].map((converted) => withoutRate(converted, world)),
    ...[...old.values()].map(withOldRate),
    ...unpayable(world, plans),
  ];
}

/** Whether a plan converts credits into a currency by the rates of a day. */
function convertsInto(version: PlanVersion, currency: string): boolean {
  return version.convert.credits !== 'plan rate' && currenciesOf(version).includes(currency);
}

function currenciesOf({ components }: PlanVersion): readonly string[] {
  return [...new Set(components.map(({ currency }) => currency))];
}

/** Whether a plan may credit somebody with a deal. */
function pays(
  world: World,
  { inForce: { version, from, to } }: Published,
  { closed, holders, overlay }: WonDeal,
): boolean {
  if (closed < from || closed > to) return false;
  if (
    version.components.some(
      ({ credit }) => credit.reports || credit.all || credit.through.length > 0 || credit.where.length > 0,
    )
  )
    return true;
  return [...holders, ...overlay].some((person) => {
    const row = world.row(person, closed);
    return row !== undefined && version.names(person, row);
  });
}

const SINGLE = 92;
const SHORTEST = 45;

/** Days that a rate of a pair may be old: twice the usual time from one to the next. */
function patienceOf(world: World, key: string, known: Map<string, number>): number {
  let patience = known.get(key);
  if (patience === undefined) {
    const rates = ratesOf(world.facts.rates.get(key) ?? [], world.view);
    const steps = rates
      .slice(1)
      .map(({ date }, index) => daysBetween(rates[index]!.date, date))
      .sort((a, b) => a - b);
    patience = steps.length === 0 ? SINGLE : Math.max(SHORTEST, 2 * steps[steps.length >> 1]!);
    known.set(key, patience);
  }
  return patience;
}

function withoutRate({ from, to, deals }: Converted, world: World): Warning {
  const sums = new Sums();
  for (const { amount, currency } of deals) sums.add(amount, currency);
  const first = deals.reduce((least, { closed }) => (closed < least ? closed : least), deals[0]!.closed);
  const later = world.facts.rates.has(pair(from, to))
    ? `no rate from ${from} to ${to} holds on ${first}`
    : `there is no rate from ${from} to ${to}`;
  const inverse = world.facts.rates.has(pair(to, from)) ? `; a rate from ${to} to ${from} is never inverted` : '';
  const message = `${later}: ${counted(deals.length, 'won deal')} (${sums.words()}) cannot be converted and ${deals.length === 1 ? 'earns' : 'earn'} nothing in ${to} (${listed(deals.map(dealName))})${inverse}; add a row ${from},${to},${first} to the rates`;
  return warning(
    'RATE_MISSING',
    aboutDeal(deals[0]!),
    message,
    deals.flatMap(({ holders }) => holders),
  );
}

function withOldRate({ from, to, deals, oldest, date }: Converted): Warning {
  const sums = new Sums();
  for (const { amount, currency } of deals) sums.add(amount, currency);
  const message = `the rate from ${from} to ${to} of ${date} is up to ${oldest} days old where it is used: ${counted(deals.length, 'won deal')} (${sums.words()}); record a later rate`;
  return warning(
    'RATE_OLD',
    { kind: 'rate', from, to, date },
    message,
    deals.flatMap(({ holders }) => holders),
  );
}

/** Plans in a currency that cannot be paid out in that of their people. */
function unpayable(world: World, plans: readonly Published[]): Warning[] {
  const last = wonDeals(world).reduce((latest, { closed }) => (closed > latest ? closed : latest), '');
  if (last === '') return [];
  return plans.flatMap((plan) => {
    const { version, from, to } = plan.inForce;
    const day = to < last ? to : last < from ? from : last;
    const paid = payDate(version, periodOf(version.calendar, day, version.pays));
    const people = new Map<string, Set<string>>();
    for (const presence of presences(world)) {
      if (!overlap(presence, { from, to: day }) || !version.names(presence.person, presence.row)) continue;
      const currency = payCurrency(world, presence.person, paid);
      if (payFactor(world, version, version.currency, currency, paid) !== null) continue;
      people.set(currency, (people.get(currency) ?? new Set()).add(presence.person));
    }
    return [...people].map(([currency, who]) => {
      const persons = [...who];
      const message = `the plan ${planName(plan.inForce)} is in ${version.currency} and pays ${listed(persons)} in ${currency}, but there is no rate from ${version.currency} to ${currency} ${rateText(version, paid)}: nothing is payable; add the rate or correct the currency`;
      return warning('RATE_MISSING', aboutPlan(plan.inForce, ['currency']), message, persons);
    });
  });
}
