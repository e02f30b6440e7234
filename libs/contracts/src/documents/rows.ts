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

const fromTo = { from: cell(date), to: cell(date) };
const order = ({ from, to }: { from?: string | undefined; to?: string | undefined }) =>
  from === undefined || to === undefined || from <= to;
const ordered = { path: ['to'], message: 'ends before it begins' };

const personShape = {
  id: name,
  name: cell(text),
  role: cell(name),
  manager: cell(name),
  team: cell(name),
  region: cell(name),
  currency: cell(currency),
  ...fromTo,
};
/** A row of people.csv; every other column is a text of its own. */
export const personRow = z.object(personShape, expected('a person, a mapping')).catchall(text).refine(order, ordered);
export const personColumns = Object.keys(personShape);

/** A row of quotas.csv; `credit` is one rule or several by spaces, `amount` may be `none`. */
export const quotaRow = keys('a quota', {
  for: name,
  measure: name,
  period,
  amount: amountOrNone,
  target: cell(amount),
  credit: cell(
    z
      .string(expected('credits such as `sales` or `reports overlay`'))
      .regex(
        /^(sales|overlay|reports|all|through \S+)( (sales|overlay|reports|all|through \S+))*$/,
        expected('credits such as `sales` or `reports overlay`'),
      ),
  ),
  currency: cell(currency),
  reason: cell(text),
});
export const relationRow = keys('a relation', { person: name, relation: name, other: name, ...fromTo }).refine(
  order,
  ordered,
);
/** A leave: days of absence, from the first to the last; open without an end. */
export const leaveRow = keys('a leave', { participant: name, from: date, to: cell(date) }).refine(order, ordered);
export const rateRow = keys('a rate', { from: currency, to: currency, date, rate: positiveAmount });
export const objectiveRow = keys('an objective', { for: name, component: name, period, name, weight: percentage });
/** A row of a rate table: any columns, `from` and `to` limit it in time, the last one answers. */
export const tableRow = z.record(name, text, expected('a row of a table, a mapping of columns to cells'));

export type PersonRow = z.output<typeof personRow>;
export type QuotaRow = z.output<typeof quotaRow>;
export type RelationRow = z.output<typeof relationRow>;
export type LeaveRow = z.output<typeof leaveRow>;
export type RateRow = z.output<typeof rateRow>;
export type ObjectiveRow = z.output<typeof objectiveRow>;

/** The rules of a `credit` cell: `reports through mentor` are two. */
export function creditRules(written: string): string[] {
  return written.match(/through \S+|\S+/g) ?? [];
}

const tableCell = z.string(expected('a text')).max(4000);

/** A file of tables/: its name without the ending, its header, and rows with as many cells. */
export const tableRows = z
  .strictObject({
    table: z.string(expected('the name of a table')).min(1).max(400),
    columns: z.array(tableCell).min(2).max(50),
    rows: z.array(z.array(tableCell)).max(100_000),
  })
  .superRefine(({ columns, rows }, context) => {
    const wrong = rows.findIndex((row) => row.length !== columns.length);
    if (wrong >= 0) context.addIssue({ code: 'custom', path: ['rows', wrong], message: `expected ${columns.length} cells, as many as there are columns, found ${rows[wrong]!.length}` });
  });
