import { planSchema, type PlanComponent, type PlanDocument, type PlanExample } from '@attain/contracts';
import { addDays, Exact, type LocalDate, type PeriodKind } from '@attain/values';
import type { ExampleResult } from './api.js';
import { rulebook } from '../plans/company.js';
import { componentLines, componentNames } from '../earned/components.js';
import { Facts } from '../facts/facts.js';
import type { Line } from '../earned/lines.js';
import { major } from '../facts/money.rules.js';
import { compilePlan, type Uses } from '../plans/plans.js';
import { ExampleHistory } from './example-history.js';
import { OPEN } from '../facts/view.js';
import { statementPeriodOf } from '../plans/pay-periods.js';
import { periodOf } from '../plans/windows.js';
import { World } from '../plans/world.js';

/** The participant of an example. */
export const ME = 'me';
const PAYS: Readonly<Record<PlanDocument['pays'], PeriodKind>> = {
  monthly: 'month',
  quarterly: 'quarter',
  yearly: 'year',
};

/**
 * Runs the examples of a plan document that `checkPlan` accepts. Each example is one participant, whose deals are won
 * on consecutive days from the version's first day. Numbers are compared after rounding to the digits that the example
 * states.
 */
export function runExamples(document: unknown, uses: Uses): ExampleResult[] {
  const plan = planSchema.parse(document);
  return (plan.examples ?? []).map((example, index) => {
    const failures = failuresOf(plan, uses, example).map(({ path, ...failure }) => ({
      path: ['examples', index, ...path],
      ...failure,
    }));
    return { name: example.name, passed: failures.length === 0, failures };
  });
}

function failuresOf(plan: PlanDocument, uses: Uses, example: PlanExample): ExampleResult['failures'] {
  const { component, lines: expected, total } = example;
  const lines = linesOf(plan, uses, example);
  const failures: ExampleResult['failures'] = [];
  const compare = (path: (string | number)[], written: string | undefined, actual: Exact | undefined) => {
    if (written !== undefined && actual !== undefined && isAsWritten(written, actual)) return;
    failures.push({ path, expected: written ?? 'no further line', actual: actual?.toString() ?? 'no line' });
  };
  if (expected !== undefined) {
    const all = lines.filter((line) => component === undefined || line.component.name === component).map(amountOf);
    // An example may leave out lines of 0.
    const shown = all.length === expected.length ? all : all.filter((amount) => !amount.isZero());
    for (let i = 0; i < Math.max(expected.length, shown.length); i += 1) compare(['lines', i], expected[i], shown[i]);
  }
  if (total !== undefined) compare(['total'], total, totalOf(lines, component));
  return failures;
}

/** The sum of the money of all components, or of the units of the component that the example names. */
export function totalOf(lines: readonly Line[], component: string | undefined): Exact {
  const named = lines.filter((line) => line.component.name === component);
  const summed = named.some((line) => !line.component.isMoney) ? named : lines.filter((line) => line.component.isMoney);
  return summed.map(amountOf).reduce((sum, amount) => sum.plus(amount), Exact.zero);
}

function isAsWritten(written: string, actual: Exact): boolean {
  const digits = written.split('.')[1]?.length ?? 0;
  return actual.toDecimal(digits, 'half-up') === Exact.parse(written).toDecimal(digits, 'half-up');
}

function amountOf({ amount, component }: Line): Exact {
  return major(amount, component.paidIn);
}

/** All lines of the plan for the participant, by pay period, each in the order of a statement. */
function linesOf(plan: PlanDocument, uses: Uses, example: PlanExample): Line[] {
  return played(plan, uses, example).lines;
}

/** The world of an example, in which the participant is `ME`, and the lines of the plan there. */
export function played(plan: PlanDocument, uses: Uses, example: PlanExample): { world: World; lines: Line[] } {
  const book = rulebook(uses, new Map());
  const { from } = plan.effective;
  const currency = plan.currency ?? book.currency;
  const history = new ExampleHistory(book.timeZone, from);
  const { examples: _, assignedTo, ...document } = plan;
  const { tables: __, ...settings } = uses;
  history.record('company-main', {
    type: 'CompanyConfigured',
    data: { document: { ...settings, currency: book.currency } },
  });
  for (const [table, { columns, rows }] of Object.entries(uses.tables ?? {})) {
    history.record(`table-${table}`, {
      type: 'TableDefined',
      data: { table, columns: [...columns], rows: rows.map((row) => [...row]) },
    });
  }
  const mine = { ...document, assignedTo: { people: [ME] } };
  history.record(`plan-${plan.plan}`, {
    type: 'PlanPublished',
    data: { plan: plan.plan, version: plan.version, document: mine, uses: { ...uses }, hash: '' },
  });
  history.person({ id: ME, from, role: assignedTo.roles?.[0], team: assignedTo.teams?.[0] });
  const deals = (example.deals ?? []).map((deal, index) => {
    const fields: Record<string, string> = {
      owner: ME,
      currency,
      closed: addDays(from, index),
      ...(typeof deal === 'string' ? { amount: deal } : deal),
    };
    return { id: `D${String(index + 1).padStart(6, '0')}`, fields };
  });
  quotas(
    history,
    plan,
    uses,
    example,
    currency,
    deals.map(({ fields }) => fields['closed']!),
  );
  for (const { id, fields } of deals) history.won(id, fields);
  for (const step of example.history ?? []) history.step(step);

  const facts = new Facts();
  for (const fact of history.facts) facts.append(fact);
  const world = new World(facts, { position: Number.MAX_SAFE_INTEGER, before: OPEN, after: OPEN, applied: null });
  const [life] = world.plans();
  if (life === undefined) return { world, lines: [] };
  const { calendar } = compilePlan(plan, uses, { hash: '', event: '' });
  const scored = (example.history ?? []).flatMap((step) =>
    'score' in step ? [calendar.period(step.score.period).to] : [],
  );
  const reached = [from, facts.days.last, ...scored].reduce((last, date) => (date > last ? date : last));
  const lines = componentNames(life).flatMap((name) =>
    componentLines(world, ME, life, name)
      .between()
      .filter((line) => isReached(line, reached)),
  );
  lines.sort((a, b) => (payEnd(a) < payEnd(b) ? -1 : payEnd(a) > payEnd(b) ? 1 : 0));
  return { world, lines };
}

/** A window that begins after every day that the example mentions is not part of the example. */
function isReached({ window }: Line, reached: LocalDate): boolean {
  return window === undefined || window <= reached;
}

function payEnd(line: Line): LocalDate {
  return statementPeriodOf(line, line.date).to;
}

/** The quota of the example, for every window that holds one of its deals. */
function quotas(
  history: ExampleHistory,
  plan: PlanDocument,
  uses: Uses,
  { quota }: PlanExample,
  currency: string,
  dates: readonly LocalDate[],
): void {
  if (quota === undefined) return;
  const version = compilePlan(plan, uses, { hash: '', event: '' });
  const [first] = plan.components;
  const amounts = typeof quota === 'string' ? { [first!.measure ?? '']: quota } : quota;
  for (const [measure, amount] of Object.entries(amounts)) {
    const component = plan.components.find((one) => one.measure === measure || one.by === measure) ?? first!;
    const kind = windowKind(component, plan);
    const own = version.measures.get(measure)?.unit === 'money' ? currency : undefined;
    const names = new Set([plan.effective.from, ...dates].map((date) => periodOf(version.calendar, date, kind).name));
    for (const name of names) history.quota(ME, measure, name, amount, own);
  }
}

// A component without a calendar window has no quota of its own; the quota is then assigned for the pay period.
export function windowKind({ per }: PlanComponent, { pays }: PlanDocument): PeriodKind {
  return per === undefined || per === 'deal' || per === 'plan' ? PAYS[pays] : per;
}
