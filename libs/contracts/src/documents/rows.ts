import { z } from 'zod';
import {
  amount,
  amountOrNone,
  currency,
  date,
  expected,
  keys,
  name,
  percentage,
  period,
  positiveAmount,
  text,
} from './scalars.js';

/** A cell that may be blank, which is the same as absent. */
function cell<Value extends z.ZodType<string>>(value: Value) {
  return z
    .union([z.literal(''), value])
    .transform((written): string | undefined => (written === '' ? undefined : written))
    .optional();
}

const fromTo = {
  from: cell(date).describe('The first day on which the row is true.'),
  to: cell(date).describe('The last day on which the row is true; open when blank.'),
};
const order = ({ from, to }: { from?: string | undefined; to?: string | undefined }) =>
  from === undefined || to === undefined || from <= to;
const ordered = { path: ['to'], message: 'ends before it begins' };

const personShape = {
  id: name.describe('The id of the person, which never changes.'),
  name: cell(text).describe('The name that reports show and exports are matched by.'),
  role: cell(name).describe('The role in these days; plans and ramps name roles.'),
  manager: cell(name).describe('The id of the manager in these days.'),
  team: cell(name).describe('The team in these days.'),
  region: cell(name).describe('The region in these days.'),
  currency: cell(currency).describe('The currency in which the person is paid.'),
  ...fromTo,
};
/** A row of people.csv; every other column is an own text field. */
export const personRow = z.object(personShape, expected('a person, a mapping')).catchall(text).refine(order, ordered);
export const personColumns = Object.keys(personShape);

/** A row of quotas.csv; `credit` is one rule or several by spaces, `amount` may be `none`. */
export const quotaRow = keys('a quota', {
  for: name.describe('A person, a team, a region or company.'),
  measure: name.describe('The measure that the quota is for.'),
  period: period.describe('The period, such as 2025, 2025-Q1 or 2025-03.'),
  amount: amountOrNone.describe('The amount, or none to withdraw the quota.'),
  target: cell(amount).describe('The incentive that is paid at 100 % attainment, for a plan with `target: assigned`.'),
  credit: cell(
    z
      .string(expected('credits such as `sales` or `reports overlay`'))
      .regex(
        /^(sales|overlay|reports|all|through \S+)( (sales|overlay|reports|all|through \S+))*$/,
        expected('credits such as `sales` or `reports overlay`'),
      ),
  ).describe('Whose records attain the quota: sales (default), or a list such as `reports overlay`.'),
  currency: cell(currency).describe('The currency of the amount; the company’s, unless stated.'),
  reason: cell(text).describe('Why the quota is as it is.'),
});
export const relationRow = keys('a relation', {
  person: name.describe('The id of the person.'),
  relation: name.describe('The name of the relation, such as mentor.'),
  other: name.describe('The id of the other person: the mentor of the person, for example.'),
  ...fromTo,
}).refine(order, ordered);
/** A leave: days of absence, from the first to the last; open without an end. */
export const leaveRow = keys('a leave', {
  participant: name.describe('The id of the person who is absent.'),
  from: date.describe('The first day of absence.'),
  to: cell(date).describe('The last day of absence; open when blank.'),
}).refine(order, ordered);
export const rateRow = keys('a rate', {
  from: currency.describe('The currency that is converted.'),
  to: currency.describe('The currency that comes out.'),
  date: date.describe('The day from which the rate holds, until the next row of the pair.'),
  rate: positiveAmount.describe('How much of the second currency one unit of the first is.'),
});
export const objectiveRow = keys('an objective', {
  for: name.describe('A person, a team, a region or company.'),
  component: name.describe('The component that pays for the objective.'),
  period: period.describe('The window of the objective.'),
  name: name.describe('The name of the objective.'),
  weight: percentage.describe('Its share of the target.'),
});
/** A row of a rate table: any columns; `from` and `to` limit it in time, the last column is the result. */
export const tableRow = z.record(name, text, expected('a row of a table, a mapping of columns to cells'));

export type PersonRow = z.output<typeof personRow>;
export type QuotaRow = z.output<typeof quotaRow>;
export type RelationRow = z.output<typeof relationRow>;
/** A row of an export of scores: how far a participant reached an objective in a period. */
export const scoreRow = keys('a score', {
  participant: name.describe('The id of the person.'),
  period: period.describe('The period, such as 2025-03.'),
  objective: name.describe('The objective.'),
  score: percentage.describe('How far it is reached.'),
});
export type ScoreRow = z.output<typeof scoreRow>;
export type LeaveRow = z.output<typeof leaveRow>;
export type RateRow = z.output<typeof rateRow>;
export type ObjectiveRow = z.output<typeof objectiveRow>;

/** The rules of a `credit` cell: `reports through mentor` are two. */
export function creditRules(written: string): string[] {
  return written.match(/through \S+|\S+/g) ?? [];
}

const tableCell = z.string(expected('a text')).max(4000);

/** A file of tables/: its name without the extension, its header, and rows with as many cells. */
export const tableRows = z
  .strictObject({
    table: z.string(expected('the name of a table')).min(1).max(400),
    columns: z.array(tableCell).min(2).max(50),
    rows: z.array(z.array(tableCell)).max(100_000),
  })
  .superRefine(({ columns, rows }, context) => {
    const wrong = rows.findIndex((row) => row.length !== columns.length);
    if (wrong >= 0)
      context.addIssue({
        code: 'custom',
        path: ['rows', wrong],
        message: `expected ${columns.length} cells, as many as there are columns, found ${rows[wrong]!.length}`,
      });
  });
