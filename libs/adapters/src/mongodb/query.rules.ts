import {
  type Aggregate,
  anyOf,
  checkAggregate,
  checkFilter,
  checkFind,
  compareScalars,
  type Document,
  type Filter,
  type Find,
  type Scalar,
  scalarAt,
} from '@attain/eventsourcing';

/** The stored form of a document that queries use; BSON, or a value that becomes BSON. */
export interface Asked {
  /** Top-level scalars except null, so that null and absent are equal. */
  fields: Record<string, Scalar>;
  /** Top-level fields with a list or an object, which no condition matches. */
  other?: string[];
}
export type Condition = Readonly<Record<string, unknown>>;

const FIELD = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;
/** Excludes removed documents, which stay for a while with only their position. */
const LIVING: Condition = { removed: null };

/** Of a document from JSON; a field without a plain name cannot be queried. */
export function askedOf(document: Document): Asked {
  const names = Object.keys(document).filter((name) => FIELD.test(name));
  const fields = Object.fromEntries(
    names.flatMap((name) => ((scalarAt(document, name) ?? null) === null ? [] : [[name, document[name] as Scalar]])),
  );
  const other = names.filter((name) => scalarAt(document, name) === undefined);
  return other.length > 0 ? { fields, other } : { fields };
}

/** The condition that all filters match. Throws TypeError on anything else, so that only a caller's scalars enter a condition. */
export function conditionsOf(filter: Filter = {}): Condition[] {
  checkFilter(filter);
  return [LIVING, ...asked(filter)];
}
function asked(filter: Filter): Condition[] {
  const conditions = Object.entries(filter).flatMap(([field, condition]) => asField(field, condition));
  const alternatives = filter[anyOf];
  if (!alternatives) return conditions;
  // MongoDB accepts no empty list of alternatives or conditions.
  const either = alternatives.map((alternative): Condition => ({ $and: [LIVING, ...asked(alternative)] }));
  return [...conditions, either.length > 0 ? { $or: either } : { _id: { $in: [] } }];
}
function asField(field: string, condition: Filter[string]): Condition[] {
  const path = `fields.${field}`;
  if (condition === null) return [nullAt(field)];
  if (typeof condition !== 'object') return [{ [path]: condition }];
  if ('in' in condition) {
    const values: Condition = { [path]: { $in: condition.in.filter((value) => value !== null) } };
    return [condition.in.includes(null) ? { $or: [values, nullAt(field)] } : values];
  }
  const bounds = { $gte: condition.from, $lte: condition.to, $gt: condition.above, $lt: condition.below };
  // Nothing lies between nulls; a bound of one type matches only values of that type.
  return Object.entries(bounds).flatMap(([operator, bound]) =>
    bound === undefined ? [] : [{ [path]: bound === null ? { $in: [] } : { [operator]: bound } }],
  );
}
function nullAt(field: string): Condition {
  return { [`fields.${field}`]: null, other: { $ne: field } };
}

export interface Finding {
  conditions: Condition[];
  sort: Record<string, 1 | -1>;
  limit: number;
  skip: number;
}
/** Undefined for a limit of 0, because MongoDB takes 0 for no limit. */
export function findingOf(find: Find): Finding | undefined {
  checkFind(find);
  const { filter, sort = [], limit, offset = 0 } = find;
  const conditions = conditionsOf(filter);
  if (limit === 0) return undefined;
  const order = new Map<string, 1 | -1>();
  // A repeated field has no further effect.
  for (const { field, order: direction } of sort)
    if (!order.has(field)) order.set(field, direction === 'ascending' ? 1 : -1);
  return {
    conditions,
    sort: { ...Object.fromEntries([...order].map(([field, direction]) => [`fields.${field}`, direction])), _id: 1 },
    limit: limit ?? 0,
    skip: offset,
  };
}

/** A row of `$group`: its group, the number of documents, and sums. */
export interface Grouped {
  _id: Readonly<Record<string, Scalar>> | null;
  n: number;
  [sum: string]: unknown;
}
export interface Grouping {
  conditions: Condition[];
  group: Readonly<Record<string, unknown>>;
  /** The port's rows, in its order. */
  rows(grouped: readonly Grouped[]): Record<string, Scalar>[];
}

/**
 * MongoDB counts and sums. For averages, least or greatest values it also groups by the measured values, and the rest is
 * folded here, because its accumulators do not distinguish types and not every server has them.
 */
export function groupingOf(aggregate: Aggregate): Grouping {
  checkAggregate(aggregate);
  const { groupBy, measures } = aggregate;
  const folds = Object.values(measures).some((measure) => !('count' in measure || 'sum' in measure));
  const measured = folds
    ? [...new Set(Object.values(measures).flatMap((measure) => ('count' in measure ? [] : [fieldOf(measure)])))]
    : [];
  const sums = folds
    ? []
    : [...new Set(Object.values(measures).flatMap((measure) => ('sum' in measure ? [measure.sum] : [])))];
  const by = { ...keyed('g', groupBy), ...keyed('v', measured) };
  return {
    conditions: conditionsOf(aggregate.filter),
    group: {
      _id: Object.keys(by).length > 0 ? by : null,
      n: { $sum: 1 },
      ...Object.fromEntries(sums.map((field, n) => [`s${n}`, { $sum: `$fields.${field}` }])),
    },
    rows(grouped) {
      const groups = new Map<string, { values: Scalar[]; of: Grouped[] }>();
      for (const row of grouped) {
        const values = groupBy.map((_, n) => row._id?.[`g${n}`] ?? null);
        const group = groups.get(JSON.stringify(values)) ?? { values, of: [] };
        group.of.push(row);
        groups.set(JSON.stringify(values), group);
      }
      const ordered = [...groups.values()].sort(
        (a, b) =>
          a.values.map((value, n) => compareScalars(value, b.values[n] as Scalar)).find((order) => order !== 0) ?? 0,
      );
      return ordered.map(({ values, of }) =>
        Object.fromEntries([
          ...groupBy.map((field, n): [string, Scalar] => [field, values[n] as Scalar]),
          ...Object.entries(measures).map(([name, measure]): [string, Scalar] => {
            if ('count' in measure) return [name, countOf(of)];
            if (!folds) return [name, Number(of[0]?.[`s${sums.indexOf(fieldOf(measure))}`])];
            return [name, folded(measure, of, `v${measured.indexOf(fieldOf(measure))}`)];
          }),
        ]),
      );
    },
  };
}
function folded(measure: Aggregate['measures'][string], of: readonly Grouped[], key: string): number | null {
  const rows = of.filter((row) => typeof row._id?.[key] === 'number');
  const numbers = rows.map((row) => row._id?.[key] as number);
  const sum = rows.reduce((total, { n }, at) => total + (numbers[at] as number) * Number(n), 0);
  if ('sum' in measure) return sum;
  if (numbers.length === 0) return null;
  if ('average' in measure) return sum / countOf(rows);
  return numbers.reduce((a, b) => ('min' in measure ? Math.min(a, b) : Math.max(a, b)));
}
function countOf(rows: readonly Grouped[]): number {
  return rows.reduce((total, { n }) => total + Number(n), 0);
}
function fieldOf(measure: Aggregate['measures'][string]): string {
  return Object.values(measure)[0] as string;
}
function keyed(prefix: string, fields: readonly string[]): Record<string, string> {
  return Object.fromEntries(fields.map((field, n) => [`${prefix}${n}`, `$fields.${field}`]));
}
