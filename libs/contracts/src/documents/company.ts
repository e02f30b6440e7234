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

/** The type of a deal's own field. */
export const fieldTypes = ['money', 'number', 'rate', 'date', 'text', 'yes/no'] as const;
export const recordKinds = ['deals', 'items', 'invoices', 'payments', 'activities'] as const;
export type RecordKind = (typeof recordKinds)[number];
export const reversalPolicies = ['undone', 'dated', 'kept'] as const;
export const forecastCategories = ['pipeline', 'best case', 'most likely', 'commit', 'closed', 'omitted'] as const;
/** What people see of others on a leaderboard: only their rank, or also whole percents. */
export const leaderboardShows = ['rank', 'percent'] as const;
/** Whether a former manager keeps access to the rows of the time as manager. */
export const formerManagers = ['keep', 'none'] as const;
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** The measures of quotas, plans and reports: `counts` of records, or `is`: measures summed, or one ratio of two. */
export const measureSchema = keys('a measure', {
  counts: expression
    .optional()
    .describe('What a record adds to the measure: a field such as amount, a number, or an expression.'),
  of: word(recordKinds).optional().describe('Which records the measure counts.'),
  where: expression.optional().describe('Which of these records count.'),
  date: name.optional().describe('The date field on which a record counts; for deals closed, unless stated.'),
  reversals: word(reversalPolicies)
    .optional()
    .describe('What a cancellation or refund does to attainment: undone (default), dated or kept.'),
  is: expression.optional().describe('A sum of other measures, or a ratio of two.'),
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
    .optional()
    .describe('The month and day on which the fiscal year begins; 01-01, unless stated.'),
  calendar: word(['months', '4-4-5', '4-5-4', '5-4-4'])
    .optional()
    .describe('Calendar months (default), or weeks: how many of them each month of a quarter has.'),
  week: word(weekdays).optional().describe('The first day of a week, in a calendar of weeks.'),
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
  attain: formatVersion.describe('The version of the format: 1, also when the key is absent.'),
  company: name.optional().describe('The name of the company.'),
  currency: currency.describe('The currency of the company, by its ISO 4217 code.'),
  timeZone: z
    .string(expected('a time zone such as America/Chicago'))
    .refine(isTimeZone, expected('a time zone such as America/Chicago'))
    .optional()
    .describe('The time zone whose midnight begins a day of the company; UTC, unless stated.'),
  fiscalYear: fiscalYearSchema
    .optional()
    .describe('When the fiscal year begins, and whether its months are calendar months or weeks.'),
  measures: named('measures', measureSchema).optional().describe('What quotas, plans and reports count, by name.'),
  seasons: list('shares', percentage)
    .superRefine((value, context) =>
      seasons(value, (path, message) => context.addIssue({ code: 'custom', path, message })),
    )
    .optional()
    .describe('The share of a yearly quota in each quarter (4 shares) or month (12 shares).'),
  ramp: named('lists of shares', list('shares', percentage).min(1, 'expected at least one share'))
    .optional()
    .describe('The share of the quota in the first months of a role, by role; 100 % afterwards.'),
  prorate: word(['no', 'by days', 'by months'])
    .optional()
    .describe('Whether quotas and targets shrink for people who were there for a part of the window.'),
  payDay: z
    .string(expected('last day, or e.g. `15 of the next month`'))
    .regex(/^last day$|^([1-9]|[12]\d|3[01]) of the next month$/, expected('last day, or e.g. `15 of the next month`'))
    .optional()
    .describe('The pay date of a pay period: its last day (default), or a day of the next month.'),
  stages: list(
    'stages',
    keys('a stage', {
      name: name.describe('The name of the stage, as the exports write it.'),
      probability: percentage.optional().describe('The chance that an open deal in the stage is won.'),
      category: word(forecastCategories).optional().describe('Where a forecast puts the deals of the stage.'),
    }),
  )
    .optional()
    .describe('The stages of a deal, in their order.'),
  fields: named('types', word(fieldTypes))
    .optional()
    .describe('Fields of deals beyond the standard ones, each with its type.'),
  leaderboards: keys('the leaderboards', {
    shows: word(leaderboardShows)
      .optional()
      .describe('Whether people see only the ranks of others, or whole percents beside them.'),
  })
    .optional()
    .describe('What people see of others on a leaderboard.'),
  access: keys('access', {
    formerManagers: word(formerManagers)
      .optional()
      .describe('Whether a former manager still sees the rows of the own time (keep, default), or none.'),
  })
    .optional()
    .describe('Who may see which rows.'),
};

/** company.yaml. Money, shares and dates stay text as written, so a parsed document parses to the same document again. */
export const companySchema = keys('a company', companyShape);
export type CompanyDocument = z.output<typeof companySchema>;
export type MeasureDefinition = z.output<typeof measureSchema>;
export type FieldType = (typeof fieldTypes)[number];

/** Zones that exist, cached because each query of Intl takes longer than the rest of a company. */
const zones = new Set<string>();

function isTimeZone(zone: string): boolean {
  if (zones.has(zone)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    zones.add(zone);
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
