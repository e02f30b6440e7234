import {
  fieldForm,
  type PlanDocument,
  type PlanExample,
  planSchema,
  problemsOf,
  suggestion,
  unsupportedSteps,
} from '@attain/contracts';
import type { Problem } from '../../language/problem.js';
import { measureUnits } from './company-check.js';
import { checkConversions } from './convert-check.js';
import { checkDraws } from './draw-check.js';
import { checkComponent } from './component-check.js';
import type { PlanContext } from './plan-context.js';
import { checkStep } from './rounding-check.js';
import type { Report } from './expression.rules.js';
import { environmentForKinds, environmentOf } from '../formulas.js';
import { kindsOfMeasure } from '../measures.js';
import type { Environment } from '../../language/index.js';
import { partsOfMeasure } from '../measures.js';
import type { Uses } from '../plans.js';

/**
 * All problems of a plan document in a company with the settings `uses`; `not-supported` marks keys that are not
 * supported yet. Empty if the plan can be published; its examples are checked separately. Paths are those of the
 * document.
 */
export function checkPlan(document: unknown, uses: Uses): Problem[] {
  const parsed = planSchema.safeParse(document);
  if (!parsed.success) return problemsOf(parsed.error.issues);
  const plan = parsed.data;
  const problems: Problem[] = [];
  try {
    checkParts(plan, uses, (path, code, message) => {
      problems.push({ path, code, message });
      if (problems.length >= MOST_PROBLEMS) throw new Enough();
    });
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return problems;
}

/**
 * The number of problems after which a document is not checked further: nobody is shown more, and finding near names
 * takes time.
 */
const MOST_PROBLEMS = 100;
class Enough extends Error {}

function checkParts(plan: PlanDocument, uses: Uses, report: Report): void {
  const tables = new Map(Object.entries(uses.tables ?? {}));
  const refused = new Map<string, { code: string; message: string }>();
  const measures = measureUnits(uses, tables, ([, name], code, message) =>
    refused.set(String(name), { code, message }),
  );
  const types = new Map(
    [...measures].flatMap(([name, unit]) =>
      unit === null ? [] : [[name, unit === 'ratio' ? ('rate' as const) : unit] as const],
    ),
  );
  const environment: Environment = { ...environmentOf(uses.fields, tables, false), measures: types };
  const context: PlanContext = {
    environment,
    measures,
    reversals: reversalsOf(uses.measures ?? {}, measures),
    refused,
    plan,
    currency: plan.currency ?? uses.currency ?? 'USD',
  };

  checkHead(plan, context, report);
  const names = plan.components.map(({ name }) => name);
  for (const [index, component] of plan.components.entries()) {
    const path = ['components', index];
    if (names.indexOf(component.name) < index)
      report([...path, 'name'], 'value', `two components are named \`${component.name}\``);
    const kinds = component.measure === undefined ? [] : kindsOfMeasure(component.measure, uses.measures ?? {});
    checkComponent(component, path, { ...context, environment: environmentForKinds(environment, kinds) }, report);
  }
  plan.examples?.forEach((example, index) => checkExample(example, ['examples', index], context, uses, report));
}

/** The reversals of valid measures; those of a sum treat reversals alike. */
function reversalsOf(
  definitions: NonNullable<Uses['measures']>,
  measures: PlanContext['measures'],
): PlanContext['reversals'] {
  const right = Object.keys(definitions).filter((name) => (measures.get(name) ?? null) !== null);
  return new Map(
    right.map((name) => [name, definitions[partsOfMeasure(name, definitions)[0]!]!.reversals ?? 'undone']),
  );
}

function checkHead(plan: PlanDocument, { currency }: PlanContext, report: Report): void {
  const { corrections, rounding, assignedTo } = plan;
  checkConversions(plan, currency, report);
  checkPlanCap(plan, report);
  if (corrections !== undefined && corrections.within === undefined)
    report(
      ['corrections'],
      'missing',
      'missing: `within`, how long after the pay date a change of a closed period is paid without a review (e.g. `1 month`)',
    );
  checkStep(rounding, ['rounding'], currency, report);
  checkDraws(plan, report);
  for (const kind of ['roles', 'teams', 'people'] as const) {
    const names = assignedTo[kind] ?? [];
    for (const [index, name] of names.entries())
      if (names.indexOf(name) < index) report(['assignedTo', kind, index], 'value', `\`${name}\` appears twice`);
  }
}

function checkExample(
  example: PlanExample,
  path: (string | number)[],
  { plan, environment, measures }: PlanContext,
  uses: Uses,
  report: Report,
): void {
  const names = plan.components.map(({ name }) => name);
  if (example.component !== undefined && !names.includes(example.component)) {
    report(
      [...path, 'component'],
      'unknown-name',
      `the plan has no component \`${example.component}\`${suggestion(example.component, names)}`,
    );
  }
  if (example.lines !== undefined && example.component === undefined && names.length > 1) {
    report(
      [...path, 'lines'],
      'missing',
      'the plan has several components: name the component of these lines with `component`',
    );
  }
  if (example.lines === undefined && example.total === undefined)
    report(path, 'missing', 'an example expects `lines` or a `total`');
  if (typeof example.quota === 'object') {
    for (const measure of Object.keys(example.quota)) {
      if (!measures.has(measure))
        report(
          [...path, 'quota', measure],
          'unknown-name',
          `unknown measure \`${measure}\`${suggestion(measure, measures.keys())}`,
        );
    }
  }
  for (const [index, deal] of (example.deals ?? []).entries()) {
    if (typeof deal === 'string') continue;
    for (const [field, text] of Object.entries(deal))
      checkField(field, text, [...path, 'deals', index, field], environment, report);
  }
  for (const [index, step] of (example.history ?? []).entries()) {
    for (const [kind, what] of Object.entries(unsupportedSteps)) {
      if (kind in step) report([...path, 'history', index, kind], 'not-supported', what);
    }
    if ('import' in step)
      report(
        [...path, 'history', index, 'import'],
        'value',
        'an example in a plan has no files: state the records as steps of their own',
      );
  }
}

function checkField(
  field: string,
  text: string,
  path: (string | number)[],
  environment: Environment,
  report: Report,
): void {
  const type = environment.deal.get(field);
  if (type === undefined) {
    report(path, 'unknown-key', `unknown field \`${field}\` of a deal${suggestion(field, environment.deal.keys())}`);
    return;
  }
  const form = fieldForm(type);
  if (!form.holds(text))
    report(path, 'value', `the field \`${field}\` is ${type}: expected ${form.what}, found \`${text}\``);
}

/** A cap of the plan is an amount for a window, in the plan's currency. */
function checkPlanCap({ cap }: PlanDocument, report: Report): void {
  if (cap === undefined) return;
  for (const key of ['count', 'share'] as const)
    if (cap[key] !== undefined)
      report(['cap', key], 'value', `the cap of a plan is an \`amount\`, and has no \`${key}\``);
  if (cap.amount === undefined) report(['cap'], 'missing', 'the cap of a plan has an `amount`');
  if (cap.per === undefined)
    report(['cap'], 'missing', 'missing: `per`, the window of the cap (month | quarter | half | year)');
  if (cap.per === 'deal')
    report(['cap', 'per'], 'value', 'the cap of a plan has a window of time; cap the components per deal');
}
