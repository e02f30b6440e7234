import { z } from 'zod';
import { historySchema } from './history.js';
import {
  amount,
  bound,
  count,
  currency,
  date,
  duration,
  expected,
  expression,
  formatVersion,
  keys,
  list,
  name,
  named,
  oneOrMore,
  percentage,
  positiveAmount,
  shareOrAmount,
  text,
  word,
  yesNo,
} from './scalars.js';

export const windows = ['deal', 'month', 'quarter', 'half', 'year', 'plan'] as const;
export const capWindows = ['deal', 'month', 'quarter', 'half', 'year'] as const;
export const payPeriods = ['monthly', 'quarterly', 'yearly'] as const;

const creditText = z
  .string(expected('sales, overlay, reports, all, or `through` and a relation'))
  .regex(
    /^(sales|overlay|reports|all|through \S.*)$/,
    expected('sales, overlay, reports, all, or `through` and a relation'),
  );
const creditRule = z.union([creditText, keys('a credit', { all: expression })]);
/** One or a list; always a list in the result. */
export const creditSchema = z
  .union([creditRule, z.array(creditRule).min(1, 'expected at least one credit')])
  .transform((rules) => (Array.isArray(rules) ? rules : [rules]));

export const roundingSchema = z.union([
  word(['half-up', 'half-even']),
  keys('a rounding', {
    mode: word(['half-up', 'half-even']).optional(),
    to: positiveAmount.optional(),
    per: word(['line', 'total']).optional(),
  }),
]);

const tierSchema = keys('a tier', {
  from: bound,
  rate: expression.optional(),
  each: expression.optional(),
  times: expression.optional(),
  pays: percentage.optional(),
  retroactive: z.union([yesNo, bound]).optional(),
  when: expression.optional(),
});

const pointSchema = keys('a point of a curve', {
  at: bound,
  earns: amount.optional(),
  rate: percentage.optional(),
  pays: percentage.optional(),
});

export const capSchema = keys('a cap', {
  count: count.optional(),
  amount: amount.optional(),
  share: percentage.optional(),
  per: word(capWindows).optional(),
  excess: word(['forfeited', 'carried']).optional(),
});

/** Without a `rank` it is a pool that is divided. */
const contestSchema = keys('a contest', {
  rank: expression.optional(),
  pot: text.optional(),
  prizes: list('shares or amounts', shareOrAmount).optional(),
  winners: shareOrAmount.optional(),
  prize: shareOrAmount.optional(),
  among: text.optional(),
  divide: name.optional(),
  requires: z.union([expression, named('conditions', expression)]).optional(),
  ties: word(['share', 'all']).optional(),
  final: yesNo.optional(),
});

const releaseSchema = z.union([
  name,
  keys('a release', { after: duration }),
  list(
    'releases',
    keys('a part of a release', { share: percentage, on: z.union([name, keys('a release', { after: duration })]) }),
  ),
]);

export const componentSchema = keys('a component', {
  name,
  measure: name.optional(),
  credit: creditSchema.optional(),
  where: expression.optional(),
  per: word(windows).optional(),
  by: name.optional(),
  rate: expression.optional(),
  each: expression.optional(),
  tiers: list('tiers', tierSchema).min(1, 'expected at least one tier').optional(),
  crossing: word(['split', 'higher', 'lower']).optional(),
  curve: list('points', pointSchema).min(1, 'expected at least one point').optional(),
  beyond: word(['flat', 'continue']).optional(),
  target: expression.optional(),
  objectives: z.union([word(['assigned']), named('weights', percentage)]).optional(),
  contest: contestSchema.optional(),
  unit: name.optional(),
  multiplier: expression.optional(),
  cap: capSchema.optional(),
  clawback: keys('a clawback', {
    take: z.union([word(['as paid', 'pro rata']), percentage]).optional(),
    within: duration.optional(),
    instalments: count.optional(),
    over: duration.optional(),
  }).optional(),
  release: releaseSchema.optional(),
  eligible: keys('an eligibility', {
    on: word(['credit date', 'pay date', 'both']).optional(),
    signed: yesNo.optional(),
    leave: word(['excluded', 'included']).optional(),
  }).optional(),
  pays: word(payPeriods).optional(),
  currency: currency.optional(),
  rounding: roundingSchema.optional(),
});

const drawSchema = keys('a draw', {
  amount: z.union([amount, list('amounts', amount)]),
  periods: z
    .string(expected('periods such as 1-6'))
    .regex(/^[1-9]\d{0,3}(-[1-9]\d{0,3})?$/, expected('periods such as 1-6'))
    .optional(),
  recoverable: yesNo.optional(),
  recovers: keys('a recovery', { from: count.optional(), share: percentage.optional() }).optional(),
  forgive: word(['at end']).optional(),
});

const conversion = word(['on credit date', 'on pay date', 'at plan rate']);

export const exampleSchema = keys('an example', {
  name,
  quota: z.union([amount, named('quotas by measure', amount)]).optional(),
  deals: list('amounts, or deals as mappings of fields', z.union([amount, named('fields', text)])).optional(),
  history: historySchema.optional(),
  component: name.optional(),
  lines: list('amounts', amount).optional(),
  total: amount.optional(),
});

/** One version of one plan. Expressions, money, shares and dates stay the text that was written; parsing a document again gives the same. */
export const planSchema = keys('a plan', {
  attain: formatVersion,
  plan: name,
  version: name,
  effective: keys('the effective dates', { from: date, to: date.optional() }).refine(
    ({ from, to }) => to === undefined || from <= to,
    {
      path: ['to'],
      message: 'ends before it begins',
    },
  ),
  assignedTo: keys('an assignment', {
    roles: oneOrMore(name).optional(),
    teams: oneOrMore(name).optional(),
    people: oneOrMore(name).optional(),
    except: oneOrMore(name).optional(),
  }).refine(({ roles, teams, people }) => (roles ?? teams ?? people) !== undefined, 'expected roles, teams or people'),
  currency: currency.optional(),
  pays: word(payPeriods),
  convert: keys('a conversion', { credits: conversion.optional(), pay: conversion.optional() }).optional(),
  planRates: z.unknown().optional(),
  rounding: roundingSchema.optional(),
  draw: z.union([drawSchema, list('draws', drawSchema)]).optional(),
  negative: word(['due', 'carried']).optional(),
  cap: capSchema.optional(),
  corrections: keys('the corrections', { within: duration.optional(), later: word(['review']).optional() }).optional(),
  components: list('components', componentSchema).min(1, 'expected at least one component'),
  examples: list('examples', exampleSchema).optional(),
});

export type PlanDocument = z.output<typeof planSchema>;
export type PlanComponent = z.output<typeof componentSchema>;
export type PlanTier = z.output<typeof tierSchema>;
export type PlanPoint = z.output<typeof pointSchema>;
export type PlanExample = z.output<typeof exampleSchema>;
export type PlanRounding = z.output<typeof roundingSchema>;
export type PlanCap = z.output<typeof capSchema>;
/** `sales`, `overlay`, `reports`, `all`, `through <relation>`, or every record for which a condition holds. */
export type CreditDefinition = z.output<typeof creditRule>;
