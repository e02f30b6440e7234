import type { CompanyDocument, MeasureDefinition, RecordKind } from '@attain/contracts';
import { canonicalJson, Exact, isDate, type LocalDate, toMinor } from '@attain/values';
import { minorOf } from '../facts/money.rules.js';
import type { RecordState } from '../facts/records.js';
import type { ReversalPolicy } from '../facts/reversals.rules.js';
import { environmentOf, formulaOf, holds, type Scope, type Surroundings } from './formulas.js';
import { isSyntaxProblem, parseExpression, type Ast, type TableDefinition } from '../language/index.js';

/** The contribution of one record to a measure on one day. */
export interface Counted {
  readonly date: LocalDate;
  /** In minor units of `currency`, or a plain number; null for undefined. */
  readonly amount: Exact | null;
  readonly currency: string | null;
  /** The parts from the measures of a sum, which are cut one by one; absent for a single part. */
  readonly parts?: readonly Exact[];
}

export interface Measure {
  /** Measures with the same key count the same. */
  readonly key: string;
  readonly unit: 'money' | 'number';
  readonly reversals: ReversalPolicy;
  /** The kinds of record that it counts. */
  readonly of: readonly RecordKind[];
  /** The fields that date its credits, and all fields that it reads. */
  readonly dates: readonly string[];
  readonly fields: readonly string[];
  /** For the ratio of two measures' sums, these measures; by itself the ratio counts nothing. */
  readonly ratio: Ratio | null;
  counts(state: RecordState, world: Surroundings): readonly Counted[];
}

export interface Ratio {
  readonly dividend: Measure;
  readonly divisor: Measure;
}

const NOTHING: readonly Counted[] = [];

/** The measure of a component that pays for no records. */
export const NOTHING_COUNTED: Measure = {
  key: 'nothing',
  unit: 'money',
  of: [],
  reversals: 'undone',
  dates: [],
  fields: [],
  ratio: null,
  counts: () => NOTHING,
};

/** Measures by name, compiled on first use; throws an Error for an unsupported or unknown measure. */
export function measuresOf(
  definitions: Readonly<Record<string, MeasureDefinition>>,
  fields: CompanyDocument['fields'],
  tables: ReadonlyMap<string, TableDefinition>,
): ReadonlyMap<string, Measure> {
  return new Map(
    Object.keys(definitions).map((name) => {
      let compiled: Measure | undefined;
      const measure = (): Measure => (compiled ??= measureOf(name, definitions, fields, tables));
      const lazy: Measure = {
        get key() {
          return measure().key;
        },
        get unit() {
          return measure().unit;
        },
        get reversals() {
          return measure().reversals;
        },
        get of() {
          return measure().of;
        },
        get ratio() {
          return measure().ratio;
        },
        get dates() {
          return measure().dates;
        },
        get fields() {
          return measure().fields;
        },
        counts: (state, world) => measure().counts(state, world),
      };
      return [name, lazy];
    }),
  );
}

/** The measures that a definition counts together: itself, or those of its sum. */
export function partsOfMeasure(
  name: string,
  definitions: Readonly<Record<string, MeasureDefinition>>,
): readonly string[] {
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (definition === undefined) throw new Error(`unknown measure ${name}`);
  if (definition.is === undefined) return [name];
  const ast = parseExpression(definition.is);
  if (isSyntaxProblem(ast)) throw new Error(`measure ${name}: ${ast.message}`);
  const parts = ratioNames(ast) ?? summands(ast, name);
  return parts.flatMap((part) => partsOfMeasure(part, definitions));
}

/** The two measures of a ratio; undefined for a sum. */
function ratioNames(ast: Ast): readonly [string, string] | undefined {
  if (ast.kind !== 'binary' || ast.operator !== '/') return undefined;
  const [dividend, divisor] = [ast.left, ast.right].map((part) =>
    part.kind === 'text' ? part.value : part.kind === 'field' ? part.name : '',
  );
  return [dividend!, divisor!];
}

/** The kinds of record that the measure with a name counts; none if it does not exist. */
export function kindsOfMeasure(
  name: string,
  definitions: Readonly<Record<string, MeasureDefinition>>,
): readonly RecordKind[] {
  try {
    return partsOfMeasure(name, definitions).map((part) => definitions[part]!.of ?? 'deals');
  } catch {
    return [];
  }
}

function summands(ast: Ast, name: string): readonly string[] {
  if (ast.kind === 'field' && ast.owner === null) return [ast.name];
  if (ast.kind === 'text') return [ast.value];
  if (ast.kind === 'binary' && ast.operator === '+') return [...summands(ast.left, name), ...summands(ast.right, name)];
  throw new Error(`the measure ${name} is neither a sum of measures nor one ratio`);
}

function measureOf(
  name: string,
  definitions: Readonly<Record<string, MeasureDefinition>>,
  fields: CompanyDocument['fields'],
  tables: ReadonlyMap<string, TableDefinition>,
): Measure {
  const ratio = ratioOf(name, definitions, fields, tables);
  if (ratio !== null) return ratio;
  const parts = partsOfMeasure(name, definitions).map((part) => definitions[part]!);
  const looksUp = parts.some(({ counts, where }) => `${counts} ${where}`.includes('lookup'));
  const key = keyOf(canonicalJson([parts, fields ?? {}, looksUp ? [...tables] : null]));
  const of = [...new Set(parts.map((part) => part.of ?? 'deals'))];
  const dates = [...new Set(parts.map(dateFieldOf))];
  const counters = parts.map((part) => counterOf(name, part, fields, tables));
  const [only] = counters;
  if (only === undefined) throw new Error(`the measure ${name} counts nothing`);
  const { reversals = 'undone' } = parts[0]!;
  if (parts.some((part) => (part.reversals ?? 'undone') !== reversals))
    throw new Error(`the measure ${name} is a sum of measures whose reversals differ`);
  const reads = [...new Set([...counters.flatMap((counter) => counter.fields), ...dates])];
  if (counters.length === 1)
    return {
      key,
      unit: only.unit,
      of,
      reversals,
      dates,
      fields: reads,
      ratio: null,
      counts: (state, world) => only.count(state, world),
    };
  return {
    key,
    unit: only.unit,
    of,
    reversals,
    dates,
    fields: reads,
    ratio: null,
    counts: (state, world) => together(counters.flatMap((counter) => counter.count(state, world))),
  };
}

function ratioOf(
  name: string,
  definitions: Readonly<Record<string, MeasureDefinition>>,
  fields: CompanyDocument['fields'],
  tables: ReadonlyMap<string, TableDefinition>,
): Measure | null {
  const text = Object.hasOwn(definitions, name) ? definitions[name]?.is : undefined;
  const ast = text === undefined ? undefined : parseExpression(text);
  const names = ast === undefined || isSyntaxProblem(ast) ? undefined : ratioNames(ast);
  if (names === undefined) return null;
  const [dividend, divisor] = names.map((part) => measureOf(part, definitions, fields, tables)) as [Measure, Measure];
  return {
    key: `${dividend.key}/${divisor.key}`,
    unit: 'number',
    of: [...new Set([...dividend.of, ...divisor.of])],
    reversals: dividend.reversals,
    dates: [...new Set([...dividend.dates, ...divisor.dates])],
    fields: [...new Set([...dividend.fields, ...divisor.fields])],
    ratio: { dividend, divisor },
    counts: () => NOTHING,
  };
}

const keys = new Map<string, string>();

// Short, because it is the key of every lookup of remembered values.
function keyOf(definition: string): string {
  let key = keys.get(definition);
  if (key === undefined) keys.set(definition, (key = `m${keys.size}`));
  return key;
}

// A record of several parts is one credit for each of its days.
function together(counted: readonly Counted[]): readonly Counted[] {
  const byDate = new Map<LocalDate, Counted>();
  for (const one of counted) {
    const other = byDate.get(one.date);
    if (other === undefined) byDate.set(one.date, one);
    else {
      const amount = one.amount === null || other.amount === null ? null : one.amount.plus(other.amount);
      const parts = [other, one].flatMap((counted) => partsOf(counted));
      byDate.set(one.date, { date: one.date, amount, currency: one.currency ?? other.currency, parts });
    }
  }
  return [...byDate.values()];
}

const DATES: Readonly<Record<RecordKind, string>> = {
  deals: 'closed',
  items: 'closed',
  invoices: 'date',
  payments: 'paid',
  activities: 'date',
};

/** The field that dates the counted records. */
function dateFieldOf({ of = 'deals', date = DATES[of] }: Pick<MeasureDefinition, 'of' | 'date'>): string {
  return date;
}

/** The amounts that are cut into shares one by one. */
export function partsOf({ amount, parts }: Counted): readonly Exact[] {
  return parts ?? (amount === null ? [] : [amount]);
}

interface Counter {
  readonly unit: 'money' | 'number';
  readonly fields: readonly string[];
  count(state: RecordState, world: Surroundings): readonly Counted[];
}

function counterOf(
  name: string,
  definition: MeasureDefinition,
  fields: CompanyDocument['fields'],
  tables: ReadonlyMap<string, TableDefinition>,
): Counter {
  const { counts: text, of = 'deals', where: condition } = definition;
  const dateField = dateFieldOf(definition);
  if (text === undefined) throw new Error(`the measure ${name} counts nothing`);
  const counts = formulaOf(text, environmentOf(fields, tables, true, of));
  const where = condition === undefined ? null : formulaOf(condition, environmentOf(fields, tables, true, of));
  // A condition on the status decides by itself which deals count.
  const wonOnly = where === null || !where.fields.includes('status');
  const money = counts.type === 'money';
  const { ast } = counts;
  const field = money && ast.kind === 'field' && ast.owner !== 'account' && ast.owner !== 'my' ? ast.name : null;
  return {
    unit: money ? 'money' : 'number',
    fields: [...counts.fields, ...(where?.fields ?? [])],
    count(state, world) {
      if (state.record.of !== of || (wonOnly && state.status !== 'won')) return NOTHING;
      const written = state.fields[state.record.refund === null ? dateField : 'paid'];
      if (written === undefined || !isKnownDate(written)) return NOTHING;
      const own = currencyOf(state, world);
      if (field !== null && where === null) {
        // Most measures are one field of the deal, which needs no expression.
        const text = state.fields[field];
        return [
          { date: written, amount: text === undefined || text === '' ? Exact.zero : minorOf(text, own), currency: own },
        ];
      }
      const scope: Scope = { world, state, date: written, me: null, currency: own };
      if (where !== null && !holds(where, scope)) return NOTHING;
      const value = counts.constant ?? (counts.value(scope) as Exact | null);
      if (!money) return [{ date: written, amount: value, currency: null }];
      const currency = counts.currency === null || counts.currency === 'record' ? scope.currency : counts.currency;
      return [{ date: written, amount: value === null ? null : toMinor(value, currency), currency }];
    },
  };
}

const days = new Set<string>();

// Dates are few and records are many.
function isKnownDate(text: string): boolean {
  if (days.has(text)) return true;
  if (!isDate(text)) return false;
  if (days.size > 100_000) days.clear();
  days.add(text);
  return true;
}

/** The currency of a record; by default the company's. */
export function currencyOf(state: RecordState, world: Surroundings): string {
  return state.fields['currency'] || world.company().currency;
}

/** The deals that count if a component has no measure. */
export const WON_DEALS: Measure = measureOf('deals', { deals: { counts: '1', of: 'deals' } }, undefined, new Map());
