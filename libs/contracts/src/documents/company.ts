import { FiscalCalendar } from '@attain/values';
import { z } from 'zod';
import {
  amount,
  currency,
  date,
  expected,
  expression,
  formatVersion,
  keys,
  list,
  name,
  named,
  percentage,
  text,
  word,
  yesNo,
} from './scalars.js';
import { sumOfShares, type Check } from './checks.js';

/** What a deal's own field holds. */
export const fieldTypes = ['money', 'number', 'rate', 'date', 'text', 'yes/no'] as const;
export const recordKinds = ['deals', 'items', 'invoices', 'payments', 'activities'] as const;
export type RecordKind = (typeof recordKinds)[number];
export const reversalPolicies = ['undone', 'dated', 'kept'] as const;
export const forecastCategories = ['pipeline', 'best case', 'most likely', 'commit', 'closed', 'omitted'] as const;
/** What people see of others on a leaderboard: their rank alone, or whole percents beside it. */
export const leaderboardShows = ['rank', 'percent'] as const;
/** Whether a manager who is not above somebody any more keeps the rows of the own time. */
export const formerManagers = ['keep', 'none'] as const;
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** What quotas, plans and reports count: `counts` of records, or `is`: measures summed, or one ratio of two. */
export const measureSchema = keys('a measure', {
  counts: expression.optional(),
  of: word(recordKinds).optional(),
  where: expression.optional(),
  date: name.optional(),
  reversals: word(reversalPolicies).optional(),
  is: expression.optional(),
}).superRefine((measure, context) => {
  const problem = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  if (measure.is === undefined) {
    if (measure.counts === undefined)
      problem([], 'missing: a measure has `counts` (an expression) and `of`, or `is` (measures)');
    else if (measure.of === undefined) problem([], `missing: \`of\`, expected one of ${recordKinds.join(' | ')}`);
    return;
  }
  for (const key of ['counts', 'of', 'where', 'date', 'reversals'] as const) {
    if (measure[key] !== undefined)
      problem([key], `a measure with \`is\` has no \`${key}\`: it takes that of its measures`);
  }
});

export const fiscalYearSchema = keys('a fiscal year', {
  starts: z
    .string(expected('a start of the year such as 02-01'))
    .regex(/^\d{2}-\d{2}$/, expected('a start of the year such as 02-01'))
    .optional(),
  calendar: word(['months', '4-4-5', '4-5-4', '5-4-4']).optional(),
  week: word(weekdays).optional(),
}).superRefine((year, context) => {
  try {
    new FiscalCalendar({ starts: year.starts ?? '01-01', calendar: year.calendar ?? 'months', week: year.week });
  } catch (error) {
    context.addIssue({ code: 'custom', path: [], message: (error as Error).message });
  }
});

const seasons: Check<string[]> = (shares, problem) => {
  if (shares.length !== 4 && shares.length !== 12)
    problem([], `expected 4 shares (quarters) or 12 (months), found ${shares.length}`);
  else sumOfShares(shares, (message) => problem([], message));
};

export const companyShape = {
  attain: formatVersion,
  company: name.optional(),
  currency,
  timeZone: z
    .string(expected('a time zone such as America/Chicago'))
    .refine(isTimeZone, expected('a time zone such as America/Chicago'))
    .optional(),
  fiscalYear: fiscalYearSchema.optional(),
  measures: named('measures', measureSchema).optional(),
  seasons: list('shares', percentage)
    .superRefine((value, context) =>
      seasons(value, (path, message) => context.addIssue({ code: 'custom', path, message })),
    )
    .optional(),
  ramp: named('lists of shares', list('shares', percentage).min(1, 'expected at least one share')).optional(),
  prorate: word(['no', 'by days', 'by months']).optional(),
  payDay: z
    .string(expected('last day, or e.g. `15 of the next month`'))
    .regex(/^last day$|^([1-9]|[12]\d|3[01]) of the next month$/, expected('last day, or e.g. `15 of the next month`'))
    .optional(),
  stages: list(
    'stages',
    keys('a stage', { name, probability: percentage.optional(), category: word(forecastCategories).optional() }),
  ).optional(),
  fields: named('types', word(fieldTypes)).optional(),
  leaderboards: keys('the leaderboards', { shows: word(leaderboardShows).optional() }).optional(),
  access: keys('access', { formerManagers: word(formerManagers).optional() }).optional(),
};

/** company.yaml. Money, shares and dates stay the text that was written; parsing a document again gives the same. */
export const companySchema = keys('a company', companyShape);
export type CompanyDocument = z.output<typeof companySchema>;
export type MeasureDefinition = z.output<typeof measureSchema>;
export type FieldType = (typeof fieldTypes)[number];

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const forms: Readonly<Record<FieldType, { what: string; schema: z.ZodType<string> }>> = {
  money: { what: 'a plain decimal such as 1054.50', schema: amount },
  number: { what: 'a plain decimal such as 12', schema: amount },
  rate: { what: 'a share such as 50%, or a decimal', schema: z.union([amount, percentage]) },
  date: { what: 'a date that exists, such as 2025-03-31', schema: date },
  text: { what: 'a text', schema: text },
  'yes/no': { what: 'yes or no', schema: yesNo },
};

/** The form in which a field of a type is written. */
export function fieldForm(type: string): { what: string; holds(text: string): boolean } {
  const { what, schema } = forms[type as FieldType];
  return { what, holds: (written) => schema.safeParse(written).success };
}
