import { FIRST_RECORDABLE, isDate, isRecordable, LAST_RECORDABLE } from '@attain/values';
import { literally } from './pattern.rules.js';

/** A cell as a date, or its error. */
type DateReading = { readonly date: string } | { readonly expected: string };
export type DateReader = (text: string) => DateReading;

/** The pattern is unknown or ambiguous. */
export class BadPattern extends Error {
  override readonly name = 'BadPattern';
}

type Part = 'year' | 'month' | 'day';
interface Pattern {
  readonly pattern: string;
  readonly regex: RegExp;
  readonly order: readonly Part[];
}

const TOKENS = /yyyy|MMMM|MMM|MM|M|dd|d|HH|H|hh|h|mm|ss|SSS|a|'([^']*)'|[A-Za-z]+|[^A-Za-z']/g;
const DIGITS: Readonly<Record<string, string>> = {
  HH: '\\d{2}',
  H: '\\d{1,2}',
  hh: '\\d{2}',
  h: '\\d{1,2}',
  mm: '\\d{2}',
  ss: '\\d{2}',
  SSS: '\\d{3}',
  a: '[AaPp][Mm]',
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const LONG_MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const ISO = /^\d{4}-\d{2}-\d{2}$/;
const REMEMBERED = 20_000;

/**
 * Compiles forms such as `yyyy-MM-dd`, `M/d/yyyy` or `dd.MM.yyyy HH:mm` into one reader of the day. A text that two forms read as
 * different days is not read at all. Throws BadPattern on a form that it does not know, also on years of two digits.
 */
export function dateReader(patterns: readonly string[]): DateReader {
  const compiled = patterns.map(compile);
  const onlyIso = patterns.length === 1 && patterns[0] === 'yyyy-MM-dd';
  const read = onlyIso ? isoReading : (text: string) => reading(text, compiled);
  // Days repeat: a year of deals has 365 of them.
  const known = new Map<string, DateReading>();
  return (text) => {
    let found = known.get(text);
    if (found === undefined) {
      found = read(text);
      if (known.size >= REMEMBERED) known.clear();
      known.set(text, found);
    }
    return found;
  };
}

/** The form with its day and its month in each other's places; undefined where one of them is written in letters. */
export function swappedForm(pattern: string): string | undefined {
  if (/MMM/.test(pattern)) return undefined;
  const other: Readonly<Record<string, string>> = { MM: 'dd', M: 'd', dd: 'MM', d: 'M' };
  return pattern.replace(TOKENS, (token) => other[token] ?? token);
}

function isoReading(text: string): DateReading {
  if (isDate(text)) return recordable(text);
  return { expected: ISO.test(text) ? 'a date that exists' : 'a date written as yyyy-MM-dd' };
}

function reading(text: string, patterns: readonly Pattern[]): DateReading {
  let found: { date: string; pattern: string } | undefined;
  let matched = false;
  for (const { regex, order, pattern } of patterns) {
    const match = regex.exec(text);
    if (match === null) continue;
    matched = true;
    const parts = { year: '', month: '', day: '' };
    order.forEach((part, index) => (parts[part] = match[index + 1]!));
    const date = `${parts.year}-${monthNumber(parts.month)}-${parts.day.padStart(2, '0')}`;
    if (!isDate(date)) continue;
    if (found && found.date !== date) {
      return { expected: `one date, but it is ${found.date} as ${found.pattern} and ${date} as ${pattern}` };
    }
    found ??= { date, pattern };
  }
  if (found) return recordable(found.date);
  return {
    expected: matched
      ? 'a date that exists'
      : `a date written as ${patterns.map(({ pattern }) => pattern).join(' or ')}`,
  };
}

function recordable(date: string): DateReading {
  return isRecordable(date) ? { date } : { expected: `a date from ${FIRST_RECORDABLE} to ${LAST_RECORDABLE}` };
}

function monthNumber(text: string): string {
  if (/^\d+$/.test(text)) return text.padStart(2, '0');
  const name = text.toLowerCase();
  const index = LONG_MONTHS.indexOf(name);
  return String((index >= 0 ? index : MONTHS.indexOf(name)) + 1).padStart(2, '0');
}

function compile(pattern: string): Pattern {
  const order: Part[] = [];
  const bad = (why: string) =>
    new BadPattern(`${JSON.stringify(pattern)}: ${why} (write e.g. yyyy-MM-dd, M/d/yyyy or dd.MM.yyyy HH:mm)`);
  const take = (part: Part, source: string) => {
    if (order.includes(part)) throw bad(`the ${part} appears twice`);
    order.push(part);
    return source;
  };
  const source = pattern.replace(TOKENS, (token, quoted: string | undefined) => {
    if (quoted !== undefined) return literally(quoted === '' ? "'" : quoted);
    switch (token) {
      case 'yyyy':
        return take('year', '(\\d{4})');
      case 'MMMM':
        return take('month', `(${LONG_MONTHS.join('|')})`);
      case 'MMM':
        return take('month', `(${MONTHS.join('|')})`);
      case 'MM':
        return take('month', '(\\d{2})');
      case 'M':
        return take('month', '(\\d{1,2})');
      case 'dd':
        return take('day', '(\\d{2})');
      case 'd':
        return take('day', '(\\d{1,2})');
    }
    if (DIGITS[token] !== undefined) return DIGITS[token];
    if (/^y+$/.test(token)) throw bad('a year has four digits, yyyy, since two could mean any century');
    if (/^[A-Za-z]/.test(token)) throw bad(`${JSON.stringify(token)} is no part of a date`);
    return literally(token);
  });
  for (const part of ['year', 'month', 'day'] as const) if (!order.includes(part)) throw bad(`it has no ${part}`);
  return { pattern, regex: new RegExp(`^${source}$`, 'i'), order };
}
