import {
  Exact,
  explainedFault,
  FIRST_RECORDABLE,
  idFault,
  instant,
  isCurrency,
  isDate,
  isRecordable,
  isSummable,
  LAST_RECORDABLE,
} from '@attain/values';
import { z } from 'zod';
import { suggestion } from './nearest.js';

/** The form of a value in a message: short, and never a whole document. */
export function shown(value: unknown): string {
  if (value === undefined || value === '') return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  const text = String(value);
  return `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``;
}

export function expected(what: string): { error: (issue: { input?: unknown }) => string } {
  return {
    error: ({ input }) =>
      input === undefined ? `missing: expected ${what}` : `expected ${what}, found ${shown(input)}`,
  };
}

function form(what: string, pattern: RegExp, holds: (text: string) => boolean = () => true) {
  return z
    .string(expected(what))
    .regex(pattern, { ...expected(what), abort: true })
    .refine(holds, expected(what));
}

/** One of some words; the message for a mistyped word suggests the nearest. */
export function word<const Words extends readonly [string, ...string[]]>(words: Words) {
  const list = words.length === 1 ? words[0] : `one of ${words.join(' | ')}`;
  return z.enum(words, {
    error: ({ input }) => {
      if (input === undefined) return `missing: expected ${list}`;
      const near = typeof input === 'string' && input !== '' ? suggestion(input, words) : '';
      return `expected ${list}, found ${shown(input)}${near.startsWith(' (did') ? near : ''}`;
    },
  });
}

/** A mapping of exactly these keys; the message for an unknown key suggests the nearest known one. */
export function keys<Shape extends z.core.$ZodLooseShape>(what: string, shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') {
        const unknown = issue.keys as string[];
        return unknown
          .map((key) => `unknown key ${JSON.stringify(key)} in ${what}${suggestion(key, known)}`)
          .join('\n');
      }
      return issue.input === undefined
        ? `missing: expected ${what}, a mapping`
        : `expected ${what}, a mapping, found ${shown(issue.input)}`;
    },
  });
}

export function list<Item extends z.core.SomeType>(what: string, item: Item) {
  return z.array(item, expected(`a list of ${what}`));
}

/** Names that people give, with their values. */
export function named<Value extends z.core.SomeType>(what: string, value: Value) {
  return z.record(name, value, expected(`a mapping of names to ${what}`));
}

/** One or a list, always a list in the result. */
export function oneOrMore<Item extends z.ZodType<string>>(item: Item) {
  return z
    .union([item, z.array(item).min(1, 'expected at least one')])
    .transform((value): z.output<Item>[] => (Array.isArray(value) ? value : [value]));
}

/** A name exactly as in a file or a header: other spellings of the same characters are other names. */
export const literalName = z
  .string(expected('a name'))
  .min(1, expected('a name'))
  .max(400, 'a name of at most 400 characters');
/** A name or an id, in the one spelling that ids have. */
export const name = literalName
  .refine((value) => idFault(value)?.kind !== 'character', {
    error: ({ input }) => {
      const fault = idFault(String(input));
      return fault === undefined ? 'expected a name' : explainedFault(fault);
    },
  })
  .normalize('NFC');
export const text = z.string(expected('a text')).max(4000, 'a text of at most 4000 characters');
/** An expression, of which a number is the smallest; the language checks its syntax. */
export const expression = z
  .string(expected('an expression'))
  .min(1, expected('an expression'))
  .max(4000, 'an expression of at most 4000 characters');

const decimal = /^-?\d{1,30}(\.\d{1,20})?$/;
const share = /^-?\d{1,12}(\.\d{1,12})?%$|^\d{1,12}\/0*[1-9]\d{0,11}$/;

// Sums of larger amounts would not be exact in every report.
const tooLarge = expected('an amount below 9007199254740.992, which is 2^53 thousandths');
const isBounded = (value: string) => !decimal.test(value) || isSummable(value);

export const amount = form('a plain decimal such as 1054.50', decimal).refine(isBounded, tooLarge);
export const positiveAmount = form(
  'a plain decimal above 0 such as 1054.50',
  decimal,
  (value) => Exact.parse(value).sign() > 0,
).refine(isBounded, tooLarge);
export const percentage = form('a share such as 50% or 1/3', share);
export const amountOrNone = form('a plain decimal such as 1054.50, or none', /^-?\d{1,30}(\.\d{1,20})?$|^none$/).refine(
  isBounded,
  tooLarge,
);
export const count = form('a whole number above 0', /^0*[1-9]\d{0,8}$/);
const dateForm = 'a date that exists, such as 2025-03-31';
const years = `a date from ${FIRST_RECORDABLE} to ${LAST_RECORDABLE}`;
export const date = form(dateForm, /^\d{4}-\d{2}-\d{2}$/, isDate).refine(
  (value) => !isDate(value) || isRecordable(value),
  expected(years),
);
export const moment = form(
  'a date such as 2025-03-31, or an instant such as 2025-03-31T17:00:00Z',
  /^\d{4}-\d{2}-\d{2}(T.{4,40})?$/,
  isDateOrInstant,
).refine((value) => !isDateOrInstant(value) || isRecordable(value.slice(0, 10)), expected(years));
export const period = form(
  'a period such as 2025, 2025-H1, 2025-Q1, 2025-03 or 2026-P01',
  /^\d{4}(-(H[12]|Q[1-4]|P?(0[1-9]|1[0-2])))?$/,
);
export const currency = form('a currency by its ISO 4217 code, such as USD', /^[A-Z]{3}$/, isCurrency);
export const duration = form('a time such as 90 days, 6 months or 1 year', /^[1-9]\d{0,4} (days?|months?|years?)$/);
/** A number of the measure, or a share of its quota. */
export const bound = form('an attainment such as 50%, or a number such as 10000', /^-?\d{1,30}(\.\d{1,20})?%?$/);
export const shareOrAmount = form(
  'a share such as 50%, or an amount such as 500',
  /^-?\d{1,30}(\.\d{1,20})?%?$|^\d{1,12}\/0*[1-9]\d{0,11}$/,
);

/** Also accepts `true` and `false`, which other writers of YAML and JSON use; always yes or no in the result. */
export const yesNo = z
  .enum(['yes', 'no', 'true', 'false'], expected('yes or no'))
  .transform((value): 'yes' | 'no' => (value === 'yes' || value === 'true' ? 'yes' : 'no'));
export const formatVersion = form('the format version 1', /^1$/).optional();

function isDateOrInstant(value: string): boolean {
  if (!value.includes('T')) return isDate(value);
  try {
    return instant(value) !== '';
  } catch {
    return false;
  }
}
