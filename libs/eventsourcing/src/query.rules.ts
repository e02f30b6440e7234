import { compareBytes } from '@attain/values';
import { type Aggregate, anyOf, type Document, type Filter, type Find, type Range, type Scalar } from './ports.js';

const bounds: readonly (keyof Range)[] = ['from', 'to', 'above', 'below'];
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;

/** Throws TypeError on field names that are not plain, and on conditions that are not scalars, so that no engine receives them. */
export function checkFilter(filter: Filter = {}): void {
  for (const [field, condition] of Object.entries(filter)) {
    checkField(field);
    if (isScalar(condition)) continue;
    const keys = Object.keys(condition ?? {});
    const scalars = 'in' in condition ? condition.in : bounds.map((bound) => condition[bound] ?? null);
    const shape =
      'in' in condition
        ? keys.length === 1 && Array.isArray(condition.in)
        : keys.length > 0 && keys.every((key) => bounds.includes(key as keyof Range));
    if (!shape || !scalars.every(isScalar))
      throw new TypeError(`not a condition on ${field}: ${JSON.stringify(condition)}`);
  }
  filter[anyOf]?.forEach((alternative) => checkFilter(alternative));
}
export function checkFind({ filter, sort = [], limit, offset }: Find): void {
  checkFilter(filter);
  for (const { field, order } of sort) {
    checkField(field);
    if (order !== 'ascending' && order !== 'descending') throw new TypeError(`not an order: ${JSON.stringify(order)}`);
  }
  for (const count of [limit, offset])
    if (count !== undefined && !(Number.isSafeInteger(count) && count >= 0))
      throw new TypeError(`not a limit or offset: ${count}`);
}
export function checkAggregate({ groupBy, measures, filter }: Aggregate): void {
  checkFilter(filter);
  groupBy.forEach(checkField);
  for (const [name, measure] of Object.entries(measures)) {
    checkField(name);
    const [[what, field] = [], ...more] = Object.entries(measure);
    if (more.length > 0 || !['count', 'sum', 'average', 'min', 'max'].includes(what ?? '') || groupBy.includes(name))
      throw new TypeError(`not a measure: ${name}`);
    if (what !== 'count') checkField(field as string);
  }
}
export function checkField(field: string): void {
  if (typeof field !== 'string' || !NAME.test(field))
    throw new TypeError(`not a field's name: ${JSON.stringify(field)}`);
}
function isScalar(value: unknown): value is Scalar {
  return (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  );
}

export function matches(document: Document, filter: Filter = {}): boolean {
  const alternatives = filter[anyOf];
  if (alternatives && !alternatives.some((alternative) => matches(document, alternative))) return false;
  return Object.entries(filter).every(([field, condition]) => {
    const value = scalarAt(document, field);
    if (isScalar(condition)) return value === condition;
    if ('in' in condition) return value !== undefined && condition.in.includes(value);
    const { from, to, above, below } = condition;
    return (
      within(value, from, (order) => order >= 0) &&
      within(value, to, (order) => order <= 0) &&
      within(value, above, (order) => order > 0) &&
      within(value, below, (order) => order < 0)
    );
  });
}
function within(value: Scalar | undefined, bound: Scalar | undefined, holds: (order: number) => boolean): boolean {
  if (bound === undefined) return true;
  return (
    value !== undefined &&
    typeof value === typeof bound &&
    value !== null &&
    bound !== null &&
    holds(compareScalars(value, bound))
  );
}

/** The field's value: null if absent, undefined if it is not a scalar, because no condition matches it. */
export function scalarAt(document: Document, field: string): Scalar | undefined {
  const value = document[field] ?? null;
  return isScalar(value) ? value : undefined;
}

/** null, then false, true, numbers, texts by their bytes. */
export function compareScalars(a: Scalar, b: Scalar): number {
  if (typeof a === 'string' && typeof b === 'string') return compareBytes(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return rank(a) - rank(b);
}
function rank(value: Scalar): number {
  if (value === null) return 0;
  if (typeof value === 'boolean') return value ? 2 : 1;
  return typeof value === 'number' ? 3 : 4;
}
