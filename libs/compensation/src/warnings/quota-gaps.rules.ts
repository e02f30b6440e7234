import type { Warning } from '@attain/contracts';
import { Exact } from '@attain/values';
import { creditsFor, payableOf, spansOf } from '../earned/earning.js';
import { major } from '../facts/money.rules.js';
import type { Component } from '../plans/component.js';
import type { Window } from '../plans/quotas.rules.js';
import type { World } from '../plans/world.js';
import { periodsBetween, windowQuota } from '../plans/windows.js';
import { planName, type Published, published } from './published.js';
import { overlap, presences, warning } from './warning.js';
import { wonDeals } from './won-deals.js';
import { counted, listed, moneyWords, numberWords } from './words.js';

/** People of one component that have a warning each; more of them have one together. */
const MOST_SINGLY = 10;

interface Lacking {
  readonly person: string;
  readonly windows: string[];
  readonly amount: Exact;
  readonly first: string;
}

/** People with credits in windows whose tiers need a quota that they do not have. */
export function* missingQuotas(world: World): Generator<undefined, Warning[]> {
  const won = wonDeals(world);
  if (won.length === 0) return [];
  const days = won.reduce(
    ({ from, to }, { closed }) => ({ from: closed < from ? closed : from, to: closed > to ? closed : to }),
    { from: won[0]!.closed, to: won[0]!.closed },
  );
  const warnings: Warning[] = [];
  for (const plan of published(world)) {
    for (const component of plan.inForce.version.components) {
      if (component.needsQuota && component.axis.ratio === null && component.per !== null && component.per !== 'deal')
        warnings.push(...(yield* ofComponent(world, plan, component, days)));
    }
  }
  return warnings;
}

function* ofComponent(
  world: World,
  plan: Published,
  component: Component,
  days: { from: string; to: string },
): Generator<undefined, Warning[]> {
  const { version, from, to } = plan.inForce;
  const span = { from: from > days.from ? from : days.from, to: to < days.to ? to : days.to };
  if (span.from > span.to) return [];
  const people = new Set(
    presences(world)
      .filter((presence) => overlap(presence, span) && version.names(presence.person, presence.row))
      .map(({ person }) => person),
  );
  const windows: Window[] =
    component.per === 'plan'
      ? [{ from: plan.life.from, to: plan.life.to, period: null }]
      : periodsBetween(version.calendar, span.from, span.to, component.per as 'month').map((period) => ({
          from: period.from,
          to: period.to,
          period,
        }));
  const found: Lacking[] = [];
  for (const person of people) {
    yield;
    if (!windows.some((window) => isWithout(world, person, plan, component, window))) continue;
    const lacking = lackingOf(world, person, plan, component);
    if (lacking !== undefined) found.push(lacking);
  }
  return warningsOf(world, plan, component, found);
}

function isWithout(
  world: World,
  person: string,
  { inForce: { version } }: Published,
  component: Component,
  window: Window,
): boolean {
  const { amount, missing } = windowQuota(
    world,
    person,
    component.axisName,
    window,
    version,
    component.axis.unit === 'money' ? version.currency : null,
  );
  return missing === null && (amount === null || amount.isZero());
}

function lackingOf(world: World, participant: string, plan: Published, component: Component): Lacking | undefined {
  const { version } = plan.inForce;
  const terms = { world, participant, version, component };
  const { paid } = creditsFor(terms);
  const payable = payableOf(terms, plan.inForce, paid);
  const windows: string[] = [];
  let amount = Exact.zero;
  let first = '';
  for (const { window, first: begin, after } of spansOf(terms, plan.life, component.per as 'month', paid)) {
    if (!isWithout(world, participant, plan, component, window)) continue;
    let has = false;
    for (let i = begin; i < after; i += 1) {
      if (payable[i] !== 1) continue;
      const credit = paid.list[i]!;
      if (credit.blocked !== null || credit.left.isZero()) continue;
      has = true;
      amount = amount.plus(credit.left);
      if (first === '') first = credit.date;
    }
    if (has) windows.push(window.period?.name ?? `the whole of ${version.plan}`);
  }
  return windows.length === 0 ? undefined : { person: participant, windows, amount, first };
}

function warningsOf(world: World, { inForce }: Published, component: Component, found: readonly Lacking[]): Warning[] {
  const { version } = inForce;
  const begins = component.tiers[0];
  const rest =
    begins === undefined
      ? 'is paid nothing, because it follows from attainment'
      : 'is paid nothing, because the first tier begins above 0';
  const effect = begins?.from.isZero() === true ? 'is paid at the first tier' : rest;
  const part = begins !== undefined ? 'the tiers' : component.target === null ? 'the curve' : 'the target';
  const which = `“${component.name}” of ${planName(inForce)}`;
  const money = (amount: Exact) =>
    component.measure.unit === 'money'
      ? moneyWords(major(amount, version.currency), version.currency)
      : `${numberWords(amount)} of ${component.measureName}`;
  if (found.length > MOST_SINGLY) {
    const people = found.map(({ person }) => person);
    const total = found.reduce((sum, { amount }) => sum.plus(amount), Exact.zero);
    const message = `${counted(found.length, 'person has', 'people have')} credits (${money(total)}) and no quota of ${component.axisName}, on which ${part} of ${which} stand${begins === undefined ? 's' : ''}: ${listed(people)}; all of it ${effect}; add their quotas`;
    return [
      warning(
        'QUOTA_MISSING',
        { kind: 'plan', plan: version.plan, version: version.version, path: ['components', component.index, 'tiers'] },
        message,
        people,
      ),
    ];
  }
  return found.map(({ person, windows, amount, first }) => {
    const others = [...world.quotas(person, component.axisName).values()].filter((quota) => !quota.amount.isZero());
    const has =
      others.length > 0 ? ` (${person} has quotas of it for ${listed(others.map(({ period }) => period))})` : '';
    const zero = [...world.quotas(person, component.axisName).values()].some((quota) => quota.amount.isZero())
      ? ' above 0'
      : '';
    const message = `${person} has credits (${money(amount)}) in ${listed(windows)} and no quota${zero} of ${component.axisName}${has}: all of it ${effect} of ${which}; add a quota for ${person}, ${component.axisName}, ${windows[0]}`;
    return warning('QUOTA_MISSING', { kind: 'person', person, from: world.row(person, first)?.from ?? null }, message, [
      person,
    ]);
  });
}
