import type { z } from 'zod';
import { type CompanyDocument, companySchema } from './company.js';
import { type PlanDocument, planSchema } from './plan.js';
import { type DocumentProblem, problemsOf } from './problems.js';
import { type ScenarioDocument, scenarioSchema } from './scenario.js';
import { checkScenario } from './scenario-check.js';
import { type SourceDocument, sourceSchema } from './source.js';
import { type DocumentNode, located } from './yaml.js';

/** `value` is absent if the document does not match its schema; problems beside a value are of other kinds, such as unsupported keys. */
export interface Validated<Value> {
  readonly value: Value | undefined;
  readonly problems: DocumentProblem[];
}

export function validateCompany(node: DocumentNode): Validated<CompanyDocument> {
  return validated(companySchema, node);
}

export function validatePlan(node: DocumentNode): Validated<PlanDocument> {
  return validated(planSchema, node);
}

export function validateSource(node: DocumentNode): Validated<SourceDocument> {
  return validated(sourceSchema, node);
}

/** Also checks names and periods against the inline company, and rejects entries of the pay cycle. */
export function validateScenario(node: DocumentNode): Validated<ScenarioDocument> {
  const { value, problems } = validated(scenarioSchema, node);
  return value === undefined ? { value, problems } : { value, problems: located(node, checkScenario(value)) };
}

export type DocumentKind = 'company' | 'plan' | 'source' | 'scenario';

/** The kind of a document, by its first key (`plan:`, `source:`, `scenario:`, else a company). */
export function kindOf(node: DocumentNode): DocumentKind {
  const keys = new Set(Object.keys(node.value as object));
  for (const kind of ['scenario', 'plan', 'source'] as const) if (keys.has(kind)) return kind;
  return 'company';
}

function validated<Schema extends z.ZodType>(schema: Schema, node: DocumentNode): Validated<z.output<Schema>> {
  const result = schema.safeParse(node.value);
  return result.success
    ? { value: result.data, problems: [] }
    : { value: undefined, problems: located(node, problemsOf(result.error.issues)) };
}
