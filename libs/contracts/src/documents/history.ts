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
import { leaveRow, quotaRow, rateRow } from './rows.js';

/** The standard fields of a deal, and the form of each. */
export const dealFieldShape = {
  name: text,
  account: text,
  product: text,
  stage: text,
  amount,
  currency,
  quantity: amount,
  owner: name,
  opened: date,
  closed: date,
  type: text,
  region: text,
  territory: text,
  source: name,
  time: text,
} as const;
/** Written with `id` or `deal`, which say the same; `id` in the result. Every other key is one of the company's own fields. */
const deal = z
  .object(
    { id: name.optional(), deal: name.optional(), ...z.object(dealFieldShape).partial().shape },
    expected('a deal, a mapping of fields'),
  )
  .catchall(text)
  .refine(
    ({ id, deal }) => (id === undefined) !== (deal === undefined),
    'expected the id of the deal, once: `id` or `deal`',
  )
  .transform(({ id, deal, ...fields }) => ({ ...fields, id: (id ?? deal)! }));

const ofRecord = { id: name.optional(), deal: name.optional(), invoice: name.optional() };
const namesRecord = ({ deal, invoice }: { deal?: string | undefined; invoice?: string | undefined }) =>
  (deal === undefined) !== (invoice === undefined);
const oneRecord = 'expected either `deal` or `invoice`';
const reversal = keys('a reversal', { ...ofRecord, date, amount: amount.optional() }).refine(namesRecord, oneRecord);
const participantAndPeriod = { participant: name, period };

const personStep = z.object({ id: name, from: date }, expected('a person, a mapping')).catchall(text);
const invoice = z
  .object(
    { id: name, owner: name.optional(), deal: name.optional(), amount, date, currency: currency.optional() },
    expected('an invoice, a mapping'),
  )
  .catchall(text);

/** What stands beside any step: when it becomes known, who says it and why, and whether it must be refused. */
export const besideStep = {
  at: moment,
  by: name.optional(),
  reason: text.optional(),
  key: name.optional(),
  refused: z
    .string(expected('a code such as SPLIT_TOTAL'))
    .regex(/^[A-Z][A-Z0-9_]*$/, expected('a code such as SPLIT_TOTAL'))
    .optional(),
};

export const lineExpectation = keys('an expected line', {
  kind: text.optional(),
  component: name.optional(),
  deal: name.optional(),
  invoice: name.optional(),
  for: period.optional(),
  amount: amount.optional(),
  credited: amount.optional(),
  rate: shareOrAmount.optional(),
  cause: text.optional(),
  causedBy: name.optional(),
  slices: list(
    'slices',
    keys('an expected slice', {
      credited: amount.optional(),
      rate: shareOrAmount.optional(),
      amount: amount.optional(),
      adds: shareOrAmount.optional(),
    }),
  ).optional(),
});

type Branches = Record<string, z.ZodObject>;

/**
 * An entry that is one of several kinds, each named by its key. The message of a failed one is `#n` when the n-th kind
 * is what was meant, so that its own problems can be told.
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
      if (meant.length > 1) return `${what} says one thing: \`${meant.join('` and `')}\` need an entry each`;
      const near = Object.keys(input)
        .map((key) => [key, nearest(key, names)])
        .find(([, kind]) => kind !== undefined);
      return `expected ${what}${near ? `: unknown key ${JSON.stringify(near[0])} (did you mean ${JSON.stringify(near[1])}?)` : `, one of ${names.join(', ')}`}`;
    },
  });
}

function step<Kind extends string, Body extends z.ZodType>(kind: Kind, body: Body) {
  return keys(`a step \`${kind}\``, { [kind]: body, ...besideStep } as { [Key in Kind]: Body } & typeof besideStep);
}

/** A step, each with the instant at which it becomes known; every kind but `plan`, which only a scenario has. */
export const stepKinds = {
  person: step('person', personStep),
  leave: step('leave', leaveRow),
  rate: step('rate', rateRow),
  quota: step('quota', quotaRow),
  sign: step('sign', keys('a signature', { participant: name, plan: name, version: name.optional() })),
  account: step('account', z.object({ id: name }, expected('an account, a mapping')).catchall(text)),
  deal: step('deal', deal),
  won: step('won', deal),
  lost: step('lost', deal),
  reopened: step('reopened', deal),
  changed: step('changed', deal),
  split: step(
    'split',
    keys('a split', {
      deal: name,
      revenue: named('shares', percentage).optional(),
      overlay: named('shares', percentage).optional(),
    }),
  ),
  invoice: step('invoice', invoice),
  paid: step(
    'paid',
    keys('a payment', { ...ofRecord, amount, date, currency: currency.optional() }).refine(namesRecord, oneRecord),
  ),
  score: step('score', keys('a score', { ...participantAndPeriod, objective: name, score: percentage })),
  cancelled: step('cancelled', reversal),
  refunded: step('refunded', reversal),
  churned: step('churned', reversal),
  credited: step('credited', reversal),
  adjust: step(
    'adjust',
    keys('an adjustment', {
      ...participantAndPeriod,
      amount,
      plan: name.optional(),
      deal: name.optional(),
      for: period.optional(),
      reason: text.optional(),
    }),
  ),
  dispute: step('dispute', z.record(name, text, expected('a dispute, a mapping'))),
  approve: step(
    'approve',
    keys('an approval', {
      participant: name.optional(),
      period: period.optional(),
      deal: name.optional(),
      component: name.optional(),
      change: name.optional(),
    }),
  ),
  import: step('import', keys('an import', { source: name, file: name.optional() })),
  close: keys('a step `close`', { close: period, ...besideStep, at: moment.optional() }),
};
export { step };

/** The history of an example in a plan: any step of a scenario but `plan`. */
export const historySchema = list('steps', oneOf('a step', stepKinds));
