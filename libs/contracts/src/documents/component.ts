import { z } from 'zod';
import {
  amount,
  bound,
  count,
  currency,
  duration,
  expected,
  expression,
  keys,
  list,
  name,
  named,
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
const creditRule = z.union([
  creditText,
  keys('a credit', {
    all: expression.describe('Every record of the company for which the condition holds is credited.'),
  }),
]);
/** One or a list; always a list in the result. */
export const creditSchema = z
  .union([creditRule, z.array(creditRule).min(1, 'expected at least one credit')])
  .transform((rules) => (Array.isArray(rules) ? rules : [rules]));

export const roundingSchema = z.union([
  word(['half-up', 'half-even']),
  keys('a rounding', {
    mode: word(['half-up', 'half-even'])
      .optional()
      .describe('half-up rounds a half away from 0 (default); half-even rounds it to the even digit.'),
    to: positiveAmount
      .optional()
      .describe('The step to which amounts are rounded, such as 0.05; the minor unit of the currency, unless stated.'),
    per: word(['line', 'total'])
      .optional()
      .describe('Whether each line is rounded (default), or the total of the component in a pay period.'),
  }),
]);

const tierSchema = keys('a tier', {
  from: bound.describe(
    'Where the tier begins: a share of the quota such as 100%, or a number of the measure; the bound itself belongs to the tier.',
  ),
  rate: expression.optional().describe('The share of each record that the tier pays.'),
  each: expression.optional().describe('The amount that the tier pays for each unit of the measure.'),
  times: expression.optional().describe('How many times the base rate of the component the tier pays.'),
  pays: percentage.optional().describe('The share of the target that is paid when attainment has reached the tier.'),
  retroactive: z
    .union([yesNo, bound])
    .optional()
    .describe(
      'yes pays the rate of the tier for everything below the tier too; a bound such as 50% for everything from this bound on.',
    ),
  when: expression.optional().describe('A hurdle: while the condition is not met, the tier does not exist.'),
});

const pointSchema = keys('a point of a curve', {
  at: bound.describe('The attainment of the point: a share of the quota, or a number of the measure.'),
  earns: amount.optional().describe('The amount that the whole window earns at the point.'),
  rate: percentage
    .optional()
    .describe('The rate at the point; it moves on the line between two points and pays for the whole window.'),
  pays: percentage.optional().describe('The share of the target that is paid at the point.'),
});

export const capSchema = keys('a cap', {
  count: count.optional().describe('How many records are paid: the first in order.'),
  amount: amount.optional().describe('The most that the window pays.'),
  share: percentage.optional().describe('The most that the window pays, as a share of the target.'),
  per: word(capWindows).optional().describe('The window of the cap.'),
  excess: word(['forfeited', 'carried'])
    .optional()
    .describe('What happens to earnings above the cap: forfeited (default), or carried until a later window has room.'),
});

/** Without a `rank`, a pool to divide. */
const contestSchema = keys('a contest', {
  rank: expression
    .optional()
    .describe(
      'The number that ranks people: a measure, or attainment(measure); without it, the pot is divided as a pool.',
    ),
  pot: text
    .optional()
    .describe(
      'The money that is shared: an amount, or a share of what the competitors were credited, as `5% of revenue`.',
    ),
  prizes: list('shares or amounts', shareOrAmount)
    .optional()
    .describe('The prize of each place, the first place first: shares of the pot, or amounts.'),
  winners: shareOrAmount
    .optional()
    .describe('How many win the same prize: a number, or a share of the competitors such as 10%.'),
  prize: shareOrAmount.optional().describe('What each of the winners gets.'),
  among: text
    .optional()
    .describe('Who competes: everybody whom the plan names (default), or my.team, my.region and so on.'),
  divide: name.optional().describe('How a pool is divided: equally, or in proportion to a measure.'),
  requires: z
    .union([expression, named('conditions', expression)])
    .optional()
    .describe('A condition for every place, or one for each place; a place whose condition is not met lapses.'),
  ties: word(['share', 'all'])
    .optional()
    .describe('Whether people on one place share its prizes (default), or all get the prize in full.'),
  final: yesNo.optional().describe('yes decides the contest when its period closes; later facts do not change it.'),
});

const afterTime = keys('a release', {
  after: duration.describe('The time between the credit date and the release, such as 30 days.'),
});
const releaseSchema = z.union([
  name,
  afterTime,
  list(
    'releases',
    keys('a part of a release', {
      share: percentage.describe('The share of the earnings that this part releases.'),
      on: z
        .union([name, afterTime])
        .describe('What releases the part: payment, approval, a date field, or a time after the credit.'),
    }),
  ),
]);

export const componentSchema = keys('a component', {
  name: name.describe('The name of the component, as statements show it.'),
  measure: name.optional().describe('What the component pays for: a measure of the company.'),
  credit: creditSchema
    .optional()
    .describe(
      'Whose records count for a participant: sales (default), overlay, reports, all, a relation, or a list of these.',
    ),
  where: expression.optional().describe('The records that are paid; tiers count all records of the measure.'),
  per: word(windows).optional().describe('The window in which attainment starts from 0 again.'),
  by: name.optional().describe('The measure that decides the tier, when it is not the measure that is paid.'),
  rate: expression
    .optional()
    .describe('The share of each record that is paid, such as 10%; a number or an expression.'),
  each: expression.optional().describe('The amount that is paid for each unit of the measure.'),
  tiers: list('tiers', tierSchema)
    .min(1, 'expected at least one tier')
    .optional()
    .describe('Steps of the rate: each slice of a window is paid at the rate of its tier.'),
  crossing: word(['split', 'higher', 'lower'])
    .optional()
    .describe('How a deal that crosses a tier is paid: split (default), or whole at the higher or the lower tier.'),
  curve: list('points', pointSchema)
    .min(1, 'expected at least one point')
    .optional()
    .describe('Points with straight lines between them, instead of steps.'),
  beyond: word(['flat', 'continue'])
    .optional()
    .describe('What follows the last point of the curve: flat (default), or the line continues.'),
  target: expression
    .optional()
    .describe('The incentive that is paid at 100 % attainment, or assigned: the target of each person in quotas.csv.'),
  objectives: z
    .union([word(['assigned']), named('weights', percentage)])
    .optional()
    .describe(
      'Objectives with their weights, or assigned: those of each person in objectives.csv; scores decide what is paid.',
    ),
  contest: contestSchema.optional().describe('Prizes by rank, or a pool that is divided.'),
  unit: name
    .optional()
    .describe('The unit of earnings that are not money, such as day off; each unit has its own balance.'),
  multiplier: expression
    .optional()
    .describe('A factor on what the component pays: a gate, a decelerator or a modifier.'),
  cap: capSchema.optional().describe('The most that the component pays in a window.'),
  clawback: keys('a clawback', {
    take: z
      .union([word(['as paid', 'pro rata']), percentage])
      .optional()
      .describe(
        'What is taken back: what was paid (as paid, default), the part of the term that is left (pro rata), or a share.',
      ),
    within: duration.optional().describe('How long after the credit date a reversal takes pay back.'),
    instalments: count.optional().describe('In how many pay periods the amount is taken back.'),
    over: duration
      .optional()
      .describe('The term of which pro rata counts completed months; termMonths of the deal, unless stated.'),
  })
    .optional()
    .describe('The part of earned pay that a reversal takes back, and when.'),
  release: releaseSchema
    .optional()
    .describe(
      'When earnings are paid: after payment, approval, a date field, a time, or in parts; until then they are held.',
    ),
  eligible: keys('an eligibility', {
    on: word(['credit date', 'pay date', 'both'])
      .optional()
      .describe(
        'The day on which the plan must name the participant: the credit date (default), the pay date, or both.',
      ),
    signed: yesNo.optional().describe('yes pays only those who have signed this version of the plan.'),
    leave: word(['excluded', 'included'])
      .optional()
      .describe('Whether credits during a leave earn: included (default), or excluded.'),
  })
    .optional()
    .describe('Who earns by the component.'),
  pays: word(payPeriods).optional().describe('How often the component pays, when it pays less often than the plan.'),
  currency: currency.optional().describe('The currency in which the component earns; the plan’s, unless stated.'),
  rounding: roundingSchema.optional().describe('How the component rounds; the plan’s rounding, unless stated.'),
});

export type PlanComponent = z.output<typeof componentSchema>;
export type PlanTier = z.output<typeof tierSchema>;
export type PlanPoint = z.output<typeof pointSchema>;
export type PlanRounding = z.output<typeof roundingSchema>;
export type PlanCap = z.output<typeof capSchema>;
/** `sales`, `overlay`, `reports`, `all`, `through <relation>`, or every record for which a condition holds. */
export type CreditDefinition = z.output<typeof creditRule>;
