import { compareBytes, Exact, type LocalDate, minorDigits, type Period } from '@attain/values';
import type { AttainmentRow, LineRow } from './api.js';
import { attainmentOf } from '../credits/attainment.js';
import { componentNames } from '../earned/components.js';
import { creditsFor, lastCreditDay } from '../earned/earning.js';
import { causeOf, creditedBy, isHeld, type Line } from '../earned/lines.js';
import { payPeriodsUpTo } from '../paid/closings.rules.js';
import { paidLines } from '../paid/held.rules.js';
import { type Paid, paidAs, payCurrency } from '../paid/conversion.js';
import { type Balances, hasBalances, NO_BALANCES, settled } from '../paid/settlements.js';
import { countedDecimal, moneyText } from '../plans/text.js';
import { OPEN } from '../facts/view.js';
import { statementPeriodOf } from '../plans/pay-periods.js';
import { periodOf, periodsBetween } from '../plans/windows.js';
import type { PlanLife, World } from '../plans/world.js';

type WorldAt = (effective: LocalDate) => World;

/**
 * The lines of a run of the whole company without closing anything: all lines that are not 0, by participant. Yields
 * undefined after a step that produces no line.
 */
export function* lineRows(
  worldAt: WorldAt,
  participants: readonly string[],
  asOf: LocalDate | undefined,
): Generator<LineRow | undefined> {
  const effective = asOf ?? (yield* lastPayDay(() => worldAt(OPEN), participants));
  if (effective === null) return;
  const periods = hasBalances(worldAt(effective)) ? payPeriodsUpTo(worldAt(effective), effective) : [];
  for (const participant of participants) {
    // Rows of a participant are made in one step, because the world may follow other facts after it.
    const world = worldAt(effective);
    const rows: LineRow[] = [];
    for (const life of world.plans()) {
      const due = new Map<string, bigint>();
      for (const name of componentNames(life)) {
        for (const line of paidLines(world, participant, life, name).between()) {
          if (line.amount === 0n || isLater(line, effective)) continue;
          const { row, paid, period } = rowOf(world, line);
          rows.push(row);
          if (line.component.isMoney) due.set(period.name, (due.get(period.name) ?? 0n) + paid.amount);
        }
      }
      for (const row of settlementRows(world, participant, life, periods, due)) rows.push(row);
    }
    yield;
    yield* rows;
  }
}

/**
 * Whether a line is held or released only after the cut. The world includes such lines because it reaches beyond all
 * facts.
 */
function isLater({ kind, date }: Line, effective: LocalDate): boolean {
  return (kind === 'hold' || kind === 'release') && date > effective;
}

/** The lines of draws and carried negatives for the amounts due of a plan, by period. */
function settlementRows(
  world: World,
  participant: string,
  life: PlanLife,
  periods: readonly Period[],
  due: ReadonlyMap<string, bigint>,
): LineRow[] {
  const rows: LineRow[] = [];
  let balances: Balances = NO_BALANCES;
  for (const period of periods) {
    const currency = payCurrency(world, participant, period.to);
    const result = settled(world, participant, life, period, currency, due.get(period.name) ?? 0n, balances);
    if (result === null) continue;
    balances = new Map([[life.plan, { ...result.balances, currency }]]);
    const { plan, version } = result.version;
    for (const { kind, amount } of result.lines) {
      rows.push({
        plan,
        version,
        period: period.name,
        participant,
        component: '',
        source: '',
        record: '',
        kind,
        for: '',
        date: period.to,
        causedBy: '',
        credited: '',
        earned: moneyText(0n, currency),
        earnedCurrency: currency,
        payable: moneyText(amount, currency),
        payableCurrency: currency,
        cause: '',
      });
    }
  }
  return rows;
}

function rowOf(world: World, line: Line): { row: LineRow; paid: Paid; period: Period } {
  const { version, component, credit, kind, date, amount, participant } = line;
  const credited = creditedBy(line);
  const period = statementPeriodOf(line, date);
  const paid = paidAs(world, amount, line, period, payCurrency(world, participant, period.to));
  const row: LineRow = {
    plan: version.plan,
    version: version.version,
    period: period.name,
    participant,
    component: component.name,
    source: credit?.source ?? '',
    record: credit?.id ?? '',
    kind,
    for: line.for ?? '',
    date,
    causedBy: causeOf(world.facts, line)?.id ?? '',
    credited: credited === null ? '' : countedDecimal(credited, component.measure.unit, component.currency),
    earned: moneyText(isHeld(line) ? 0n : amount, component.paidIn),
    earnedCurrency: component.paidIn,
    payable: moneyText(paid.amount, paid.currency),
    payableCurrency: paid.currency,
    cause: '',
  };
  return { row, paid, period };
}

/** The latest end of a plan's pay period that holds a credit; null without any. */
export function* lastPayDay(
  worldNow: () => World,
  participants: readonly string[],
): Generator<undefined, LocalDate | null> {
  let last: LocalDate | null = null;
  for (const participant of participants) {
    const world = worldNow();
    for (const { versions } of world.plans()) {
      for (const inForce of versions) {
        const { version } = inForce;
        if (!world.rows(participant).some((row) => version.names(participant, row))) continue;
        for (const component of version.components) {
          const terms = { world, participant, version, component };
          const day = lastCreditDay(terms, inForce, creditsFor(terms).paid);
          if (day === null) continue;
          const { to } = periodOf(version.calendar, day, version.pays);
          if (last === null || to > last) last = to;
        }
      }
    }
    yield;
  }
  return last;
}

/** The attainment of everybody who has a quota, for each month, quarter and year that has begun by the cut. */
export function* attainmentRows(
  worldAt: WorldAt,
  participants: readonly string[],
  asOf: LocalDate | undefined,
): Generator<AttainmentRow | undefined> {
  const effective = asOf ?? (yield* lastPayDay(() => worldAt(OPEN), participants)) ?? OPEN;
  const people = new Set(participants);
  for (const key of [...worldAt(effective).facts.quotas.keys()]) {
    const world = worldAt(effective);
    const rows: AttainmentRow[] = [];
    const [name, measure] = key.split('\u0000') as [string, string];
    for (const period of windowsOf(world, name, measure)) {
      if (period.from > effective) continue;
      const { amount, quota, attained, currency } = attainmentOf(world, {
        for: whoseQuota(world, name, people),
        measure,
        period: period.name,
      });
      if (quota === null) continue;
      rows.push({
        period: period.name,
        for: name,
        measure,
        quota: countText(quota, currency),
        credited: countText(amount, currency),
        attainment: attained === null ? '' : attained.toDecimal(6, 'half-up'),
        currency: currency ?? '',
      });
    }
    yield;
    yield* rows;
  }
}

// Every month, quarter and year of the fiscal years that have an assignment.
function windowsOf(world: World, name: string, measure: string): Period[] {
  const { calendar } = world.company();
  const years = new Map<string, Period>();
  for (const { period } of world.quotas(name, measure).values()) {
    const year = calendar.enclosing(calendar.period(period), 'year');
    years.set(year.name, year);
  }
  return [...years.values()].flatMap(({ from, to }) =>
    (['month', 'quarter', 'year'] as const).flatMap((kind) => periodsBetween(calendar, from, to, kind)),
  );
}

/** A quota names a person, a team, a region or the company. */
function whoseQuota(world: World, name: string, people: ReadonlySet<string>) {
  if (people.has(name)) return { participant: name };
  if (name === 'company') return { company: true } as const;
  for (const person of people) for (const row of world.rows(person)) if (row.team === name) return { team: name };
  return { region: name };
}

// Money has the digits of its minor unit; a plain number has as few digits as it needs, at most six.
function countText(amount: Exact, currency: string | null): string {
  if (currency !== null) return amount.toDecimal(minorDigits(currency), 'half-up');
  const text = amount.toDecimal(6, 'half-up');
  return text.replace(/\.?0+$/, '');
}

/** The rows sorted by all columns in byte order. */
export function sorted<Row extends object>(rows: Row[]): Row[] {
  return rows.sort((a, b) => {
    for (const column of Object.keys(a) as (keyof Row)[]) {
      const order = compareBytes(a[column] as string, b[column] as string);
      if (order !== 0) return order;
    }
    return 0;
  });
}
