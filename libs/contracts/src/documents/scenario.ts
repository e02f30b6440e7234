import { z } from 'zod';
import { companyShape } from './company.js';
import { lineExpectation, oneOf, step, stepKinds } from './history.js';
import { creditSchema, planSchema } from './plan.js';
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

const cut = { asOf: moment.optional(), effective: moment.optional() };
const who = { participant: name.optional(), team: name.optional(), region: name.optional() };
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
  keys(what, { ...who, measure: name, period, as: creditSchema.optional(), ...cut }).refine(
    onePlace,
    'expected one of participant, team, region',
  );
const attained = z
  .string(expected('an attainment such as 120%, or undefined'))
  .regex(/^-?\d{1,30}(\.\d{1,20})?%?$|^undefined$/, expected('an attainment such as 120%, or undefined'));

const beside = {
  payable: amount.optional(),
  currency: currency.optional(),
  earned: amount.optional(),
  held: amount.optional(),
  drawBalance: amount.optional(),
  amount: amount.optional(),
  calculated: amount.optional(),
  discrepancy: amount.optional(),
  needsApproval: yesNo.optional(),
  byRecord: named('amounts', amount).optional(),
  quota: amount.optional(),
  attained: attained.optional(),
  total: amount.optional(),
  lines: list('lines', lineExpectation).optional(),
  causes: list('causes', keys('a cause', { cause: text.optional(), amount: amount.optional() })).optional(),
  list: list('exceptions', keys('an exception', { code: text.optional(), deal: name.optional() })).optional(),
};

function expectation<Kind extends string, Of extends z.ZodType, Beside extends keyof typeof beside>(
  kind: Kind,
  of: Of,
  ...allowed: Beside[]
) {
  const numbers = Object.fromEntries(allowed.map((key) => [key, beside[key]])) as Pick<typeof beside, Beside>;
  return keys(`an expectation \`${kind}\``, { [kind]: of, ...numbers } as { [Key in Kind]: Of } & Pick<
    typeof beside,
    Beside
  >);
}

export const expectationKinds = {
  statement: expectation(
    'statement',
    keys('a statement', { participant: name, period, ...cut }),
    'payable',
    'currency',
    'earned',
    'held',
    'drawBalance',
    'lines',
  ),
  earned: expectation(
    'earned',
    keys('what is earned', { participant: name, period, plan: name.optional(), component: name.optional(), ...cut }),
    'amount',
    'currency',
    'lines',
    'byRecord',
  ),
  credit: expectation('credit', whoseCredit('a credit'), 'amount', 'currency'),
  attainment: expectation('attainment', whoseCredit('an attainment'), 'amount', 'currency', 'quota', 'attained'),
  diff: expectation(
    'diff',
    keys('a difference', { participant: name, period, from: moment, to: moment }),
    'causes',
    'total',
    'currency',
  ),
  balance: expectation(
    'balance',
    keys('a balance', { participant: name, unit: name, period: period.optional(), ...cut }),
    'amount',
  ),
  exceptions: expectation(
    'exceptions',
    keys('exceptions', { participant: name.optional(), period: period.optional(), ...cut }),
    'list',
  ),
  approved: expectation(
    'approved',
    keys('an approved amount', { participant: name, period, ...cut }),
    'amount',
    'calculated',
    'discrepancy',
    'needsApproval',
  ),
  unchanged: expectation('unchanged', keys('what is unchanged', { period, since: moment })),
  ledger: expectation('ledger', z.record(name, text, expected('a ledger, a mapping'))),
};

export const scenarioStepKinds = { ...stepKinds, plan: step('plan', planSchema) };
/** `quota` is a step in a history, and an expectation under `expect:`. */
export const scenarioExpectationKinds = {
  ...expectationKinds,
  quota: expectation('quota', whoseCredit('a quota'), 'amount', 'currency'),
};

/** The keys of company.yaml, and what a folder holds in files of its own. */
export const inlineCompanySchema = keys('a company', {
  ...companyShape,
  people: list('people', personRow).optional(),
  quotas: list('quotas', quotaRow).optional(),
  rates: list('rates', rateRow).optional(),
  relations: list('relations', relationRow).optional(),
  objectives: list('objectives', objectiveRow).optional(),
  tables: named('tables', list('rows', tableRow).min(1, 'expected at least one row')).optional(),
  plans: list('plans', planSchema).optional(),
});

const writtenScenario = keys('a scenario', {
  attain: formatVersion,
  scenario: name,
  about: text.optional(),
  shuffle: yesNo.optional(),
  company: z.union([name, inlineCompanySchema]),
  history: list(
    'steps and expectations',
    oneOf('a step or an expectation', { ...scenarioStepKinds, ...expectationKinds }),
  ),
  expect: list('expectations', oneOf('an expectation', scenarioExpectationKinds)).optional(),
});

type Of<Kinds extends Record<string, z.ZodType>, Is extends string> = {
  [Kind in keyof Kinds & string]: {
    is: Is;
    kind: Kind;
    body: Kind extends keyof z.output<Kinds[Kind]> ? z.output<Kinds[Kind]>[Kind] : never;
  } & Omit<z.output<Kinds[Kind]>, Kind>;
}[keyof Kinds & string];
/** `at` is an instant, or a date: its beginning in the company's time zone. A close without one is at its period's end. */
export type ScenarioStep = Of<typeof scenarioStepKinds, 'step'>;
/** `body` is what is asked, beside it stand the numbers expected; `asOf` and `effective` as dates mean their ends. */
export type ScenarioExpectation = Of<typeof scenarioExpectationKinds, 'expectation'>;
export type InlineCompany = z.output<typeof inlineCompanySchema>;

/** Entries keep their index, so that a path into the document is found from it. `company` is a path, or stands inline. */
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
