import { z } from 'zod';
import {
  amount,
  currency,
  date,
  expected,
  keys,
  list,
  moment,
  name,
  named,
  percentage,
  period,
  shareOrAmount,
  shown,
  text,
} from './scalars.js';
import { nearest } from './nearest.js';
import { leaveRow, quotaRow, rateRow, scoreRow } from './rows.js';

/** The standard fields of a deal, and the type of each. */
export const dealFieldShape = {
  name: text.describe('The name of the deal.'),
  account: text.describe('The customer.'),
  product: text.describe('The product that is sold.'),
  stage: text.describe('The stage in the pipeline.'),
  amount: amount.describe('What the deal is worth, in its currency.'),
  currency: currency.describe('The currency of the amount; the company’s, unless stated.'),
  quantity: amount.describe('How many units are sold.'),
  owner: name.describe('The id of the person who owns the deal.'),
  opened: date.describe('The day on which the deal was opened.'),
  closed: date.describe('The day on which the deal was won or lost.'),
  type: text.describe('The type of the deal, such as New.'),
  region: text.describe('The region of the deal.'),
  territory: text.describe('The territory of the deal.'),
  source: name.describe('The source system of the deal.'),
  time: text.describe('The time of the day, which orders deals of one day.'),
} as const;
/** Written with `id` or `deal`, which mean the same; `id` in the result. Every other key is one of the company's own fields. */
const deal = z
  .object(
    {
      id: name.optional().describe('The id of the deal.'),
      deal: name.optional().describe('The id of the deal, written as `deal`.'),
      ...z.object(dealFieldShape).partial().shape,
    },
    expected('a deal, a mapping of fields'),
  )
  .catchall(text)
  .refine(
    ({ id, deal }) => (id === undefined) !== (deal === undefined),
    'expected the id of the deal, once: `id` or `deal`',
  )
  .transform(({ id, deal, ...fields }) => ({ ...fields, id: (id ?? deal)! }));

const ofRecord = {
  id: name.optional().describe('An id of its own.'),
  deal: name.optional().describe('The deal that it concerns.'),
  invoice: name.optional().describe('The invoice that it concerns, instead of a deal.'),
};
const namesRecord = ({ deal, invoice }: { deal?: string | undefined; invoice?: string | undefined }) =>
  (deal === undefined) !== (invoice === undefined);
const oneRecord = 'expected either `deal` or `invoice`';
const reversal = keys('a reversal', {
  ...ofRecord,
  date: date.describe('The day of the reversal.'),
  amount: amount.optional().describe('The amount that is reversed; all that is left, unless stated.'),
}).refine(namesRecord, oneRecord);
const participantAndPeriod = {
  participant: name.describe('The id of the person.'),
  period: period.describe('The period, such as 2025-03.'),
};

const personStep = z
  .object(
    { id: name.describe('The id of the person.'), from: date.describe('The first day of the new row.') },
    expected('a person, a mapping'),
  )
  .catchall(text);
const invoice = z
  .object(
    {
      id: name.describe('The id of the invoice.'),
      owner: name.optional().describe('The id of the person who owns it; the owner of its deal, unless stated.'),
      deal: name.optional().describe('The deal that is invoiced.'),
      amount: amount.describe('What is invoiced.'),
      date: date.describe('The date of the invoice.'),
      currency: currency.optional().describe('The currency of the amount; that of the deal, unless stated.'),
    },
    expected('an invoice, a mapping'),
  )
  .catchall(text);

/** The common keys of all steps: the instant at which the step becomes known, its actor and reason, and whether it must be refused. */
const besideStep = {
  at: moment.describe('When it becomes known: a date means the beginning of the day.'),
  by: name.optional().describe('Who records it.'),
  reason: text.optional().describe('Why it is recorded.'),
  key: name.optional().describe('The idempotency key of the request: the same key again changes nothing.'),
  refused: z
    .string(expected('a code such as SPLIT_TOTAL'))
    .regex(/^[A-Z][A-Z0-9_]*$/, expected('a code such as SPLIT_TOTAL'))
    .optional()
    .describe('The code with which the step must be refused, changing nothing.'),
};

export const lineExpectation = keys('an expected line', {
  kind: text.optional().describe('The kind of the line, such as earning, true-up, cap, reversal or difference.'),
  component: name.optional().describe('The component of the line.'),
  deal: name.optional().describe('The deal of the line.'),
  invoice: name.optional().describe('The invoice of the line.'),
  for: period.optional().describe('The closed period that a difference concerns.'),
  amount: amount.optional().describe('The amount of the line.'),
  credited: amount.optional().describe('What was credited.'),
  rate: shareOrAmount.optional().describe('The rate that was applied.'),
  cause: text.optional().describe('What caused a difference, such as quota or cancelled.'),
  causedBy: name.optional().describe('The record that moved a true-up.'),
  slices: list(
    'slices',
    keys('an expected slice', {
      credited: amount.optional().describe('What the slice was credited.'),
      rate: shareOrAmount.optional().describe('The rate of the slice.'),
      amount: amount.optional().describe('What the slice earned.'),
      adds: shareOrAmount.optional().describe('The share of the blended rate that the slice adds.'),
    }),
  )
    .optional()
    .describe('The slices of tiers that a line consists of.'),
});

type Branches = Record<string, z.ZodObject>;

/**
 * An entry of one of several kinds, each named by its key. If an entry of the n-th kind fails, the message is `#n`, so that the
 * caller can report the problems of that kind.
 */
export function oneOf<Kinds extends Branches>(what: string, kinds: Kinds) {
  const names = Object.keys(kinds);
  const branches = Object.values(kinds) as [Kinds[keyof Kinds], ...Kinds[keyof Kinds][]];
  return z.union(branches, {
    error: ({ input }) => {
      if (typeof input !== 'object' || input === null || Array.isArray(input))
        return `expected ${what}, a mapping, found ${shown(input)}`;
      const present = names.filter((kind) => kind in input);
      const meant = present.filter((kind) => !present.some((other) => other !== kind && kind in kinds[other]!.shape));
      if (meant.length === 1) return `#${names.indexOf(meant[0]!)}`;
      if (meant.length > 1) return `${what} has one kind: \`${meant.join('` and `')}\` need an entry each`;
      const near = Object.keys(input)
        .map((key) => [key, nearest(key, names)])
        .find(([, kind]) => kind !== undefined);
      return `expected ${what}${near ? `: unknown key ${JSON.stringify(near[0])} (did you mean ${JSON.stringify(near[1])}?)` : `, one of ${names.join(', ')}`}`;
    },
  });
}

function step<Kind extends string, Body extends z.ZodType>(kind: Kind, body: Body, about: string) {
  return keys(`a step \`${kind}\``, { [kind]: body.describe(about), ...besideStep } as {
    [Key in Kind]: Body;
  } & typeof besideStep);
}

/** A step, each with the instant at which it becomes known; every kind but `plan`, which only a scenario has. */
export const stepKinds = {
  person: step(
    'person',
    personStep,
    'A person joins, or fields of a person change from a day on; the row before ends.',
  ),
  leave: step('leave', leaveRow, 'A person is absent.'),
  rate: step('rate', rateRow, 'An exchange rate.'),
  quota: step('quota', quotaRow, 'A quota is assigned, changed or, with the amount none, withdrawn.'),
  sign: step(
    'sign',
    keys('a signature', {
      participant: name.describe('The id of the person who signs.'),
      plan: name.describe('The plan.'),
      version: name.optional().describe('The version of the plan.'),
    }),
    'A person signs a version of a plan.',
  ),
  account: step(
    'account',
    z.object({ id: name.describe('The id of the customer.') }, expected('an account, a mapping')).catchall(text),
    'A customer, with any fields.',
  ),
  deal: step('deal', deal, 'A deal is opened.'),
  won: step('won', deal, 'A deal is won.'),
  lost: step('lost', deal, 'A deal is lost.'),
  reopened: step('reopened', deal, 'A won or lost deal is open again.'),
  changed: step('changed', deal, 'Fields of a deal change.'),
  split: step(
    'split',
    keys('a split', {
      deal: name.describe('The deal that is shared.'),
      revenue: named('shares', percentage).optional().describe('The shares of revenue by person; they sum to 100%.'),
      overlay: named('shares', percentage)
        .optional()
        .describe('The shares by person that are credited on top of the revenue.'),
    }),
    'A deal is shared; the shares of a kind replace the earlier shares of this kind.',
  ),
  invoice: step('invoice', invoice, 'An invoice is written.'),
  paid: step(
    'paid',
    keys('a payment', {
      ...ofRecord,
      amount: amount.describe('What is paid.'),
      date: date.describe('The day of the payment.'),
      currency: currency.optional().describe('The currency of the amount; that of the deal, unless stated.'),
    }).refine(namesRecord, oneRecord),
    'The customer pays a deal or an invoice.',
  ),
  score: step('score', scoreRow, 'An objective is scored.'),
  cancelled: step('cancelled', reversal, 'A deal or an invoice is cancelled.'),
  refunded: step('refunded', reversal, 'The customer gets money back.'),
  churned: step('churned', reversal, 'The customer leaves.'),
  credited: step('credited', reversal, 'A credit note is written.'),
  adjust: step(
    'adjust',
    keys('an adjustment', {
      ...participantAndPeriod,
      amount: amount.describe('The amount, in the currency of the plan.'),
      plan: name.optional().describe('The plan, when the person has several.'),
      deal: name.optional().describe('The deal that it concerns.'),
      for: period.optional().describe('The closed period that it concerns.'),
      reason: text.optional().describe('Why it is added.'),
    }),
    'An amount that is added by hand, after an approval.',
  ),
  dispute: step('dispute', z.record(name, text, expected('a dispute, a mapping')), 'Somebody disputes a statement.'),
  approve: step(
    'approve',
    keys('an approval', {
      participant: name.optional().describe('The person whose statement is approved.'),
      period: period
        .optional()
        .describe('The period of the statement, or the closed period that a late change concerns.'),
      deal: name.optional().describe('The deal whose earnings are released, or which a late change is about.'),
      component: name.optional().describe('The component whose earnings are released.'),
      change: name
        .optional()
        .describe('The late change that is approved: the key of its step, or the id of its record.'),
      for: period.optional().describe('The closed period that the late change concerns.'),
    }),
    'A statement, a release or a late change is approved.',
  ),
  dismiss: step(
    'dismiss',
    keys('a dismissal', {
      participant: name.describe('Whose pay the late change concerns.'),
      change: name.describe('The late change that is dismissed: the key of its step, or the id of its record.'),
      for: period.describe('The closed period that the late change concerns.'),
    }),
    'A late change is dismissed: it counts as earned, and is never paid.',
  ),
  import: step(
    'import',
    keys('an import', {
      source: name.describe('A source of the company, or the path of a source document.'),
      file: name.optional().describe('The file; those of the source, unless stated.'),
    }),
    'A file is imported through a source.',
  ),
  close: keys('a step `close`', {
    close: period.describe('The pay period is closed, and each one before it.'),
    ...besideStep,
    at: moment.optional().describe('When it is closed; the end of the period, unless stated.'),
  }),
};
export { step };

/** The history of an example in a plan: any step of a scenario but `plan`. */
export const historySchema = list('steps', oneOf('a step', stepKinds));
