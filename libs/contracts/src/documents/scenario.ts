import { z } from 'zod';
import { companyShape } from './company.js';
import { lineExpectation, oneOf, step, stepKinds } from './history.js';
import { creditSchema } from './component.js';
import { planSchema } from './plan.js';
import { objectiveRow, personRow, quotaRow, rateRow, relationRow, tableRow } from './rows.js';
import {
  amount,
  currency,
  expected,
  formatVersion,
  keys,
  list,
  moment,
  name,
  named,
  period,
  text,
  yesNo,
} from './scalars.js';

const cut = {
  asOf: moment.optional().describe('What was known at the end of this day.'),
  effective: moment.optional().describe('What had happened by the end of this day.'),
};
const who = {
  participant: name.optional().describe('The id of a person.'),
  team: name.optional().describe('Or a team.'),
  region: name.optional().describe('Or a region.'),
};
const measure = name.describe('The measure.');
const participant = name.describe('The id of the person.');
const ofPeriod = period.describe('The period, such as 2025-03.');
const onePlace = ({
  participant,
  team,
  region,
}: {
  participant?: string | undefined;
  team?: string | undefined;
  region?: string | undefined;
}) => [participant, team, region].filter((one) => one !== undefined).length === 1;
const whoseCredit = (what: string) =>
  keys(what, {
    ...who,
    measure,
    period: ofPeriod,
    as: creditSchema.optional().describe('Whose records count; that of the quota, unless stated.'),
    ...cut,
  }).refine(onePlace, 'expected one of participant, team, region');
const attained = z
  .string(expected('an attainment such as 120%, or undefined'))
  .regex(/^-?\d{1,30}(\.\d{1,20})?%?$|^undefined$/, expected('an attainment such as 120%, or undefined'));

const beside = {
  payable: amount.optional().describe('What the statement pays.'),
  currency: currency.optional().describe('The currency of the amounts.'),
  earned: amount.optional().describe('What was earned in the period.'),
  held: amount.optional().describe('What is held at the end of the period.'),
  drawBalance: amount.optional().describe('What is owed of draws at the end of the period.'),
  waiting: amount.optional().describe('What late changes would pay that wait for a review.'),
  amount: amount.optional().describe('The amount.'),
  calculated: amount.optional().describe('What is calculated today.'),
  discrepancy: amount.optional().describe('Calculated minus approved.'),
  needsApproval: yesNo.optional().describe('Whether a new approval is needed.'),
  byRecord: named('amounts', amount).optional().describe('The amount of each record, after all true-ups.'),
  quota: amount.optional().describe('The quota.'),
  attained: attained.optional().describe('The attainment such as 120%, or undefined.'),
  total: amount.optional().describe('The sum of the causes.'),
  lines: list('lines', lineExpectation).optional().describe('The lines in their order, complete but for lines of 0.'),
  causes: list(
    'causes',
    keys('a cause', {
      cause: text.optional().describe('What caused the part.'),
      amount: amount.optional().describe('The part.'),
    }),
  )
    .optional()
    .describe('The causes in their order.'),
  list: list(
    'exceptions',
    keys('an exception', {
      code: text.optional().describe('The code, such as RATE_MISSING.'),
      deal: name.optional().describe('The deal.'),
    }),
  )
    .optional()
    .describe('The exceptions.'),
};

function expectation<Kind extends string, Of extends z.ZodType, Beside extends keyof typeof beside>(
  kind: Kind,
  of: Of,
  about: string,
  ...allowed: Beside[]
) {
  const numbers = Object.fromEntries(allowed.map((key) => [key, beside[key]])) as Pick<typeof beside, Beside>;
  return keys(`an expectation \`${kind}\``, { [kind]: of.describe(about), ...numbers } as { [Key in Kind]: Of } & Pick<
    typeof beside,
    Beside
  >);
}

export const expectationKinds = {
  statement: expectation(
    'statement',
    keys('a statement', { participant, period: ofPeriod, ...cut }),
    'What a statement pays.',
    'payable',
    'currency',
    'earned',
    'held',
    'drawBalance',
    'waiting',
    'lines',
  ),
  earned: expectation(
    'earned',
    keys('what is earned', {
      participant,
      period: ofPeriod,
      plan: name.optional().describe('A plan; all of them, unless stated.'),
      component: name.optional().describe('A component; all of them, unless stated.'),
      ...cut,
    }),
    'What somebody earned in a period.',
    'amount',
    'currency',
    'lines',
    'byRecord',
  ),
  credit: expectation(
    'credit',
    whoseCredit('a credit'),
    'What somebody, a team or a region was credited.',
    'amount',
    'currency',
  ),
  attainment: expectation(
    'attainment',
    whoseCredit('an attainment'),
    'How much of a quota was attained.',
    'amount',
    'currency',
    'quota',
    'attained',
  ),
  diff: expectation(
    'diff',
    keys('a difference', {
      participant,
      period: ofPeriod,
      from: moment.describe('The earlier cut.'),
      to: moment.describe('The later cut.'),
    }),
    'What changed between two cuts, and why.',
    'causes',
    'total',
    'currency',
  ),
  balance: expectation(
    'balance',
    keys('a balance', {
      participant,
      of: name.describe('The unit, such as day off.'),
      period: period.optional().describe('The period at whose end the balance is asked for.'),
      ...cut,
    }),
    'The balance of a unit that is not money.',
    'amount',
  ),
  exceptions: expectation(
    'exceptions',
    keys('exceptions', {
      participant: participant.optional(),
      period: ofPeriod.optional(),
      ...cut,
    }),
    'What could not be computed.',
    'list',
  ),
  approved: expectation(
    'approved',
    keys('an approved amount', { participant, period: ofPeriod, ...cut }),
    'What was approved, and what is calculated now.',
    'amount',
    'calculated',
    'discrepancy',
    'needsApproval',
  ),
  unchanged: expectation(
    'unchanged',
    keys('what is unchanged', { period: ofPeriod, since: moment.describe('The cut with which today is compared.') }),
    'A closed period still has the same lines and the same hash.',
  ),
  ledger: expectation('ledger', z.record(name, text, expected('a ledger, a mapping')), 'The ledger.'),
};

export const scenarioStepKinds = { ...stepKinds, plan: step('plan', planSchema, 'A version of a plan is published.') };
/** `quota` is a step in a history, and an expectation under `expect:`. */
export const scenarioExpectationKinds = {
  ...expectationKinds,
  quota: expectation('quota', whoseCredit('a quota'), 'The quota that holds.', 'amount', 'currency'),
};

/** The keys of company.yaml, and the files of a folder. */
export const inlineCompanySchema = keys('a company', {
  ...companyShape,
  people: list('people', personRow).optional().describe('The rows of people.csv.'),
  quotas: list('quotas', quotaRow).optional().describe('The rows of quotas.csv.'),
  rates: list('rates', rateRow).optional().describe('The rows of rates.csv.'),
  relations: list('relations', relationRow).optional().describe('The rows of relations.csv.'),
  objectives: list('objectives', objectiveRow).optional().describe('The rows of objectives.csv.'),
  tables: named('tables', list('rows', tableRow).min(1, 'expected at least one row'))
    .optional()
    .describe('The tables, by name.'),
  plans: list('plans', planSchema).optional().describe('The plans, known from the beginning.'),
});

const writtenScenario = keys('a scenario', {
  attain: formatVersion.describe('The version of the format: 1, also when the key is absent.'),
  scenario: name.describe('What the scenario shows, as a sentence.'),
  about: text.optional().describe('More about it, for readers.'),
  shuffle: yesNo
    .optional()
    .describe('yes also runs the facts of each instant in other orders, with the same amounts expected.'),
  company: z
    .union([name, inlineCompanySchema])
    .describe('The company: the path of a company folder, or its documents themselves.'),
  history: list(
    'steps and expectations',
    oneOf('a step or an expectation', { ...scenarioStepKinds, ...expectationKinds }),
  ).describe(
    'What happens, step by step, in the order in which it becomes known; expectations may come between steps.',
  ),
  expect: list('expectations', oneOf('an expectation', scenarioExpectationKinds))
    .optional()
    .describe('What is expected after the last step.'),
});

type Of<Kinds extends Record<string, z.ZodType>, Is extends string> = {
  [Kind in keyof Kinds & string]: {
    is: Is;
    kind: Kind;
    body: Kind extends keyof z.output<Kinds[Kind]> ? z.output<Kinds[Kind]>[Kind] : never;
  } & Omit<z.output<Kinds[Kind]>, Kind>;
}[keyof Kinds & string];
/** `at` is an instant, or a date: its beginning in the company's time zone. Without `at`, a close happens at its period's end. */
export type ScenarioStep = Of<typeof scenarioStepKinds, 'step'>;
/** `body` is the query, beside it are the expected numbers; `asOf` and `effective` as dates mean their ends. */
export type ScenarioExpectation = Of<typeof scenarioExpectationKinds, 'expectation'>;
export type InlineCompany = z.output<typeof inlineCompanySchema>;

/** Entries keep their index, so that paths into the document stay valid. `company` is a path, or an inline company. */
export const scenarioSchema = writtenScenario.transform(({ history, expect, ...scenario }) => ({
  ...scenario,
  history: history.map((entry) =>
    entryOf<ScenarioStep | ScenarioExpectation>(entry, { ...scenarioStepKinds, ...expectationKinds }),
  ),
  expect: (expect ?? []).map((entry) => entryOf<ScenarioExpectation>(entry, scenarioExpectationKinds)),
}));
export type ScenarioDocument = z.output<typeof scenarioSchema>;

function entryOf<Entry>(entry: object, kinds: Record<string, z.ZodObject>): Entry {
  const present = Object.keys(kinds).filter((kind) => kind in entry);
  const kind = present.find((one) => !present.some((other) => other !== one && one in kinds[other]!.shape))!;
  const { [kind]: body, ...rest } = entry as Record<string, unknown>;
  return {
    is: kind in scenarioStepKinds && kinds !== scenarioExpectationKinds ? 'step' : 'expectation',
    kind,
    body,
    ...rest,
  } as Entry;
}
