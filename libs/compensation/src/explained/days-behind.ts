import { isDate, type LocalDate } from '@attain/values';
import { type Credit, creditsOf, firstAfter, firstFrom } from '../credits/credits.js';
import { participant as subject, stampOf } from '../credits/subjects.js';
import { creditMoney } from '../earned/earning.js';
import type { Line, Why } from '../earned/lines.js';
import type { Change } from '../paid/changes.js';
import type { Measure } from '../plans/measures.js';
import type { WindowKind } from '../plans/component.js';
import { periodOf } from '../plans/windows.js';
import type { World } from '../plans/world.js';

interface Days {
  readonly from: LocalDate;
  readonly to: LocalDate;
}
/**
 * The days and windows of a participant that the explanation of a line depends on. A caller who may not see all of them
 * may not see the explanation.
 */
export type DaysBehind = readonly (LocalDate | Days)[];

const BEGINNING: LocalDate = '0001-01-01';

/**
 * The days of everything that a line depends on: its record, its window and the credits in it, and the other lines that
 * it changes.
 */
export function daysBehind(world: World, line: Line): DaysBehind {
  const { why } = line.explain();
  const { credit, cause, version } = line;
  const records = [credit, cause, ...(why.records ?? []), ...(why.target?.records ?? [])].filter((one) => one !== null);
  const window = why.window ?? why.multiplied?.window ?? null;
  return [
    line.date,
    ...records.flatMap((one) => daysOfRecord(world, line, one)),
    ...(window === null ? [] : [{ from: window.from, to: window.to }, ...creditDays(world, line, window)]),
    ...(line.for === undefined ? [] : [version.calendar.period(line.for)]),
    ...daysOfLines(world, line, why),
  ];
}

/** All days up to a day, because draws, recoveries and carried negatives depend on all earlier amounts due. */
export function daysBehindSettlement(to: LocalDate): DaysBehind {
  return [{ from: BEGINNING, to }];
}

/** The days of a closed period's lines with a fact and without it. */
export function daysBehindChange({ after, before }: Change): DaysBehind {
  return [after, before].flatMap(({ world, whole }) => whole().lines.flatMap((line) => daysBehind(world, line)));
}

/** A reversal takes back an amount that was credited earlier. */
function daysOfRecord(world: World, { component: { measure } }: Line, { record, date, nth }: Credit): LocalDate[] {
  const state = nth === 0 ? undefined : world.record(record);
  if (state === undefined) return [date];
  const counted = measure.counts(state, world).map((one) => one.date);
  return [
    date,
    ...(counted.length > 0 ? counted : ['closed', 'date', 'paid'].flatMap((field) => state.fields[field] || [])),
  ];
}

/** The days of other lines, and of earlier pay periods of the same record. */
function daysOfLines(world: World, line: Line, { taken, multiplied, cut, counted, held }: Why): DaysBehind {
  const { component, date } = line;
  const days: (LocalDate | Days)[] = [];
  if (taken !== undefined) days.push(...taken.of.flatMap((one) => daysBehind(world, one)));
  if (multiplied !== undefined) days.push(...multiplied.of.map((one) => one.date));
  if (cut !== undefined) days.push(...cut.of.map((one) => one.line.date), ...windowOfCap(line, cut.per));
  if (counted !== undefined)
    days.push(...counted.of.map((one) => one.date), ...windowOfCap(line, component.count!.per));
  if ((taken ?? multiplied ?? held) !== undefined) days.push({ from: firstDayOf(line), to: date });
  return days;
}

/** The first day of the record or of the window; for a cap that carries excess, the first day of its first window. */
function firstDayOf({ credit, window = '', date }: Line): LocalDate {
  const first = credit?.date ?? (isDate(window) ? window : BEGINNING);
  return first < date ? first : date;
}

function windowOfCap({ version, date }: Line, per: WindowKind): Days[] {
  if (per === 'deal') return [];
  return [per === 'plan' ? { from: BEGINNING, to: date } : periodOf(version.calendar, date, per)];
}

/** The days with an own credit of the participant in a window, because somebody may sell on days without a row. */
function creditDays(world: World, { version, component, participant }: Line, { from, to }: Days): readonly LocalDate[] {
  if (component.credit.all || component.credit.where.length > 0) return [];
  const who = subject(participant);
  return world.remember(
    `days ${component.key} ${participant} ${from} ${to}`,
    stampOf(world, who, component.credit),
    () => {
      const days = new Set<LocalDate>();
      for (const measure of [component.measure, component.axis, ...component.asks].flatMap(sidesOf)) {
        const { list } = creditsOf(world, who, measure, component.credit, creditMoney(version, component));
        for (const { date } of list.slice(firstFrom(list, from), firstAfter(list, to))) days.add(date);
      }
      return [...days];
    },
  );
}

function sidesOf(measure: Measure): Measure[] {
  return measure.ratio === null ? [measure] : [measure.ratio.dividend, measure.ratio.divisor].flatMap(sidesOf);
}
