import { z } from 'zod';
import { capSchema, componentSchema, payPeriods, roundingSchema } from './component.js';
import { historySchema } from './history.js';
import {
  amount,
  count,
  currency,
  date,
  duration,
  expected,
  formatVersion,
  keys,
  list,
  name,
  named,
  oneOrMore,
  percentage,
  positiveAmount,
  text,
  word,
  yesNo,
} from './scalars.js';

const drawSchema = keys('a draw', {
  amount: z
    .union([amount, list('amounts', amount)])
    .describe('The least that a pay period pays; a list names one amount for each period.'),
  periods: z
    .string(expected('periods such as 1-6'))
    .regex(/^[1-9]\d{0,3}(-[1-9]\d{0,3})?$/, expected('periods such as 1-6'))
    .optional()
    .describe('The pay periods of the draw, counted from the first one of the participant in the plan, such as 1-6.'),
  recoverable: yesNo.optional().describe('yes lends the shortfall (default); no gives it, as a guarantee.'),
  recovers: keys('a recovery', {
    from: count.optional().describe('The pay period in which recovery begins; the first, unless stated.'),
    share: percentage.optional().describe('The share of the pay above the draw that pays back; 100%, unless stated.'),
  })
    .optional()
    .describe('How a recoverable draw is paid back.'),
  forgive: word(['at end']).optional().describe('at end cancels what is still owed after the last period of the draw.'),
});

const conversion = word(['on credit date', 'on pay date', 'at plan rate']);

export const exampleSchema = keys('an example', {
  name: name.describe('What the example shows, as a sentence.'),
  quota: z
    .union([amount, named('quotas by measure', amount)])
    .optional()
    .describe('The quota of the window, of the first component’s measure; or a mapping by measure.'),
  deals: list('amounts, or deals as mappings of fields', z.union([amount, named('fields', text)]))
    .optional()
    .describe(
      'Deals of the participant, won on consecutive days from the first day of the version: amounts, or mappings of fields.',
    ),
  history: historySchema.optional().describe('What happens, step by step, as in a scenario; the participant is `me`.'),
  component: name.optional().describe('The component whose lines are expected, when the plan has several.'),
  lines: list('amounts', amount).optional().describe('The amounts expected, line by line; lines of 0 may be left out.'),
  total: amount.optional().describe('The sum expected, over all components.'),
});

/** One version of one plan. Expressions, money, shares and dates stay text as written, so a parsed document parses to the same document again. */
export const planSchema = keys('a plan', {
  attain: formatVersion.describe('The version of the format: 1, also when the key is absent.'),
  plan: name.describe('The name of the plan; all its versions share it.'),
  version: name.describe('The name of this version, such as 2025.1.'),
  effective: keys('the effective dates', {
    from: date.describe('The first day on which this version holds.'),
    to: date.optional().describe('The last day of the plan; without it, the version holds until the next one begins.'),
  })
    .refine(({ from, to }) => to === undefined || from <= to, {
      path: ['to'],
      message: 'ends before it begins',
    })
    .describe('The days on which this version holds.'),
  assignedTo: keys('an assignment', {
    roles: oneOrMore(name).optional().describe('Everybody who has one of these roles.'),
    teams: oneOrMore(name).optional().describe('Everybody in one of these teams.'),
    people: oneOrMore(name).optional().describe('These people, by their ids.'),
    except: oneOrMore(name)
      .optional()
      .describe('People whom the plan does not pay, although a role or a team names them.'),
  })
    .refine(({ roles, teams, people }) => (roles ?? teams ?? people) !== undefined, 'expected roles, teams or people')
    .describe('The roles, teams or people that the plan pays.'),
  currency: currency.optional().describe('The currency of the plan; the company’s, unless stated.'),
  pays: word(payPeriods).describe('How often the plan pays: monthly, quarterly or yearly.'),
  convert: keys('a conversion', {
    credits: conversion
      .optional()
      .describe('The exchange rate of credits: on credit date (default), on pay date, or at plan rate.'),
    pay: conversion
      .optional()
      .describe('The exchange rate of pay: on pay date (default), on credit date, or at plan rate.'),
  })
    .optional()
    .describe('Which exchange rates convert credits and pay.'),
  planRates: named('rates by currency', positiveAmount)
    .optional()
    .describe('What one unit of each other currency is in the currency of the plan, for `at plan rate`.'),
  rounding: roundingSchema.optional().describe('How lines are rounded: half-up (default), half-even, or a mapping.'),
  draw: z
    .union([drawSchema, list('draws', drawSchema)])
    .optional()
    .describe('A minimum pay in the first pay periods, lent or given; the draws of a list run one after the other.'),
  negative: word(['due', 'carried'])
    .optional()
    .describe('What happens to a payout below 0: it is due back (default), or carried to the next period.'),
  cap: capSchema.optional().describe('The most that all components of the plan together pay somebody in a window.'),
  corrections: keys('the corrections', {
    within: duration
      .optional()
      .describe('How long after the pay date changes of a closed period are paid without a review.'),
    later: word(['review']).optional().describe('review keeps later changes on a list until somebody approves them.'),
  })
    .optional()
    .describe('What happens to changes of closed periods that become known late.'),
  components: list('components', componentSchema)
    .min(1, 'expected at least one component')
    .describe('What the plan pays for; each component pays in one way.'),
  examples: list('examples', exampleSchema)
    .optional()
    .describe('Cases with the amounts expected of them; publishing is refused while one fails.'),
});

export type PlanDocument = z.output<typeof planSchema>;
export type PlanExample = z.output<typeof exampleSchema>;
