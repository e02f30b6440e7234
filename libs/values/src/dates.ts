import { IANAZone } from 'luxon';

/** A day of the proleptic Gregorian calendar, `YYYY-MM-DD`, from 0001-01-01 to 9999-12-31; ordered as text. */
export type LocalDate = string;

/** A moment in UTC, `YYYY-MM-DDTHH:MM:SS.mmmZ`; ordered as text. */
export type Instant = string;

const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d{2}):?(\d{2}))$/;
const DAY = 86_400_000;
const MINUTE = 60_000;
const FIRST_DAY = dayNumberOf(1, 1, 1);
const LAST_DAY = dayNumberOf(9999, 12, 31);
const LONGEST_MEMORY = 100_000;
/** The days that a company may record: no sale or payment is outside them, but many typing errors are. */
export const FIRST_RECORDABLE: LocalDate = '1900-01-01';
export const LAST_RECORDABLE: LocalDate = '2199-12-31';

/** Whether `text` is a day that exists, written `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  return partsOf(text) !== undefined;
}

/** Whether `text` is a day that exists, from 1900 to 2199. */
export function isRecordable(text: string): boolean {
  return isDate(text) && text >= FIRST_RECORDABLE && text <= LAST_RECORDABLE;
}

/** The date `days` days later, or earlier when negative; throws RangeError on an invalid date and outside the years 1 to 9999. */
export function addDays(date: LocalDate, days: number): LocalDate {
  const { year, month, day } = parts(date);
  const then = day + days;
  // Most results are in the same month as the given day.
  if (then >= 1 && then <= 28 && Number.isInteger(then)) return `${date.slice(0, 8)}${then < 10 ? '0' : ''}${then}`;
  return dateOfDay(dayNumberOf(year, month, day) + days);
}

/** The days from `a` to `b`: 1 from a day to the next, negative when `b` is earlier; throws RangeError on an invalid date. */
export function daysBetween(a: LocalDate, b: LocalDate): number {
  return dayNumber(b) - dayNumber(a);
}

/**
 * The whole months from `a` to `b`, negative when `b` is earlier: the m-th is complete on the same day of the month, or
 * on the last day of a month that is too short. Throws RangeError on an invalid date.
 */
export function completedMonths(a: LocalDate, b: LocalDate): number {
  if (b < a) return 0 - completedMonths(b, a);
  const [from, to] = [parts(a), parts(b)];
  const months = (to.year - from.year) * 12 + to.month - from.month;
  const due = Math.min(from.day, daysInMonth(to.year, to.month));
  return to.day < due ? months - 1 : months;
}

/**
 * The same day of the month `months` months later, or the last day of a month that is too short; throws RangeError on an invalid date
 * and outside the years 1 to 9999.
 */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const { year, month, day } = parts(date);
  const count = year * 12 + month - 1 + months;
  const [y, m] = [Math.floor(count / 12), (count % 12) + 1];
  if (!Number.isInteger(count) || y < 1 || y > 9999)
    throw new RangeError(`No such month: ${months} months after ${date}`);
  return dateOfDay(dayNumberOf(y, m, Math.min(day, daysInMonth(y, m))));
}

/** Throws RangeError on an invalid date. */
export function dayBefore(date: LocalDate): LocalDate {
  return addDays(date, -1);
}

/** Throws RangeError on an invalid date. */
export function dayAfter(date: LocalDate): LocalDate {
  return addDays(date, 1);
}

/**
 * Reads an ISO 8601 moment with `Z` or an offset, cut to the millisecond; throws RangeError on anything else, also on
 * a moment without an offset.
 */
export function instant(text: string): Instant {
  return instantOf(timeOf(text));
}

/** The first millisecond of a day in a time zone (`America/Chicago`); throws RangeError on an invalid date or zone. */
export function startOfDay(date: LocalDate, zone: string): Instant {
  return instantOf(startOf(dayNumber(date), zone));
}

/** The last millisecond of a day in a time zone; throws RangeError on an invalid date or zone. */
export function endOfDay(date: LocalDate, zone: string): Instant {
  return instantOf(startOf(dayNumber(date) + 1, zone) - 1);
}

/** The day of an instant in a time zone; throws RangeError on an invalid instant or zone. */
export function dateOf(moment: Instant, zone: string): LocalDate {
  const time = timeOf(moment);
  let day = Math.floor(time / DAY) + 1;
  while (startOf(day, zone) > time) day -= 1;
  return dateOfDay(day);
}

/** The days from 1970-01-01 to a date; throws RangeError on an invalid date. */
export function dayNumber(date: LocalDate): number {
  const { year, month, day } = parts(date);
  return dayNumberOf(year, month, day);
}

/** Like `dayNumber`, for a valid date. */
export function dayNumberOf(year: number, month: number, day: number): number {
  // Counted from 1 March, so that a leap day is the last of its year.
  const y = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
}

/** The date that is `day` days after 1970-01-01; throws RangeError outside the years 1 to 9999. */
export function dateOfDay(day: number): LocalDate {
  if (!Number.isInteger(day) || day < FIRST_DAY || day > LAST_DAY) throw new RangeError(`No such day: ${day}`);
  // Counted in eras of 400 years from 0000-03-01, so that a leap day is the last of its year.
  const sinceMarch = day + 719_468;
  const era = Math.floor(sinceMarch / 146_097);
  const dayOfEra = sinceMarch - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  return `${year < 1000 ? String(year).padStart(4, '0') : year}-${month < 10 ? '0' : ''}${month}-${dayOfMonth < 10 ? '0' : ''}${dayOfMonth}`;
}

function partsOf(text: string): { year: number; month: number; day: number } | undefined {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return undefined;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  // A character that is not a digit gives NaN, which fails every comparison.
  const exists = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  return exists ? { year, month, day } : undefined;
}

function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let i = from; i < to; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return NaN;
    number = number * 10 + digit;
  }
  return number;
}

function parts(date: LocalDate): { year: number; month: number; day: number } {
  const found = partsOf(date);
  if (found === undefined) throw new RangeError(`Not a date: ${JSON.stringify(date)}`);
  return found;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function timeOf(text: string): number {
  const match = INSTANT.exec(text);
  if (match === null) throw notAnInstant(text);
  const [, date = '', hour, minute, second = '0', fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = match;
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  const [oh, om] = [Number(offsetHours), Number(offsetMinutes)];
  const day = partsOf(date);
  if (day === undefined || h > 23 || m > 59 || s > 59 || oh > 23 || om > 59) throw notAnInstant(text);
  const offset = (sign === '-' ? -1 : 1) * (oh * 60 + om) * MINUTE;
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  return dayNumberOf(day.year, day.month, day.day) * DAY + (h * 60 + m) * MINUTE + s * 1000 + milliseconds - offset;
}

function notAnInstant(text: string): RangeError {
  return new RangeError(`Not an instant: ${JSON.stringify(text)} (write 2025-03-31T17:00:00Z)`);
}

function instantOf(time: number): Instant {
  if (time < FIRST_DAY * DAY || time >= (LAST_DAY + 1) * DAY)
    throw new RangeError('An instant outside the years 1 to 9999');
  return new Date(time).toISOString();
}

const memory = new Map<string, Map<number, number>>();

function startOf(day: number, zone: string): number {
  let days = memory.get(zone);
  if (days === undefined) {
    if (!IANAZone.isValidZone(zone)) throw new RangeError(`Not a time zone: ${JSON.stringify(zone)}`);
    days = new Map();
    memory.set(zone, days);
  }
  let start = days.get(day);
  if (start === undefined) {
    if (days.size >= LONGEST_MEMORY) days.clear();
    start = firstMillisecond(day * DAY, IANAZone.create(zone));
    days.set(day, start);
  }
  return start;
}

function firstMillisecond(midnight: number, zone: IANAZone): number {
  const offset = (time: number) => Math.round(zone.offset(time) * MINUTE);
  const [before, after] = [offset(midnight - DAY), offset(midnight + DAY)];
  if (offset(midnight - before) === before) return midnight - before;
  if (offset(midnight - after) === after) return midnight - after;
  // The clocks skip this midnight: the day begins when they jump.
  let [skipped, jumped] = [midnight - after, midnight - before];
  while (jumped - skipped > 1) {
    const middle = Math.floor((skipped + jumped) / 2);
    if (offset(middle) === after) jumped = middle;
    else skipped = middle;
  }
  return jumped;
}
