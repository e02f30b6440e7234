import type { CompanyDocument, RecordKind } from '@attain/contracts';
import { Exact, isDate, type LocalDate } from '@attain/values';
import type { RecordFields, RecordState } from '../facts/records.js';
import {
  checkExpression,
  compileExpression,
  isSyntaxProblem,
  parseExpression,
  type Ast,
  type Environment,
  type FieldReference,
  type TableDefinition,
  type Value,
  type ValueType,
} from '../language/index.js';
import { type Row, tenure } from '../facts/people.rules.js';
import { type Asking, askingOf, windowBinding, type WindowSoFar } from './window-so-far.js';

/** The facts that an expression may use beside the record; `World` supplies them. */
export interface Surroundings {
  company(): { readonly currency: string };
  /** A participant's rows by day. */
  rows(person: string): readonly Row[];
  row(person: string, date: LocalDate): Row | undefined;
  /** The fields of a record's account; undefined if it is unknown. */
  account(state: RecordState): RecordFields | undefined;
  /** Null without a rate. */
  converted(amount: Exact, from: string, to: string, date: LocalDate): Exact | null;
}

/** The subject of an expression: a record on its credit date, and the participant if there is one. */
export interface Scope {
  readonly world: Surroundings;
  readonly state: RecordState;
  readonly date: LocalDate;
  readonly me: string | null;
  /** The record's currency, in which its money is. */
  readonly currency: string;
  /** The participant's numbers in the window; absent without a window. */
  readonly soFar?: WindowSoFar | undefined;
}

/** A compiled expression. */
export interface Formula extends Asking {
  readonly text: string;
  readonly ast: Ast;
  readonly type: ValueType;
  /** For money, the currency in which it is written, `record` or `plan`; null for other types. */
  readonly currency: string | null;
  /** Its value if it is a literal number or rate. */
  readonly constant: Exact | null;
  /** The fields of the record that it reads. */
  readonly fields: readonly string[];
  /** Null for undefined. */
  value(scope: Scope): Value | null;
  /** The code of the reason that it is undefined. */
  lack(scope: Scope): 'RATE_MISSING' | 'NO_RATE' | 'NO_QUOTA' | 'UNDEFINED';
}

export const standardFields: Readonly<Record<string, ValueType>> = {
  id: 'text',
  name: 'text',
  account: 'text',
  product: 'text',
  stage: 'text',
  status: 'text',
  amount: 'money',
  currency: 'text',
  quantity: 'number',
  owner: 'text',
  opened: 'date',
  closed: 'date',
  type: 'text',
  region: 'text',
  territory: 'text',
  source: 'text',
  time: 'text',
};
const ownFields: Readonly<Record<string, ValueType>> = {
  id: 'text',
  name: 'text',
  role: 'text',
  manager: 'text',
  team: 'text',
  region: 'text',
  currency: 'text',
  tenure: 'number',
};

const invoiceFields: Readonly<Record<string, ValueType>> = {
  ...standardFields,
  deal: 'text',
  date: 'date',
  due: 'date',
};
/**
 * The fields of each kind of record, beside the own fields of the company's deals, which a record takes from its deal.
 */
const fieldsOfKind: Readonly<Record<RecordKind, Readonly<Record<string, ValueType>>>> = {
  deals: standardFields,
  items: { ...standardFields, deal: 'text' },
  invoices: invoiceFields,
  payments: { ...invoiceFields, paid: 'date' },
  activities: invoiceFields,
};

/** The names that expressions about records of a kind may use in a company. */
export function environmentOf(
  fields: CompanyDocument['fields'],
  tables: ReadonlyMap<string, TableDefinition>,
  blankIsZero: boolean,
  of: RecordKind = 'deals',
): Environment {
  return {
    deal: new Map(Object.entries({ ...fieldsOfKind[of], ...fields })),
    account: new Map(),
    anyAccountField: true,
    my: new Map(Object.entries(ownFields)),
    anyOwnField: true,
    tables,
    measures: new Map(),
    blankIsZero,
  };
}

/** The same names with those that records of a kind add. */
export function environmentForKinds(environment: Environment, kinds: readonly RecordKind[]): Environment {
  if (kinds.every((kind) => kind === 'deals')) return environment;
  return {
    ...environment,
    deal: new Map([...environment.deal, ...kinds.flatMap((kind) => Object.entries(fieldsOfKind[kind]))]),
  };
}

/** Throws an Error if the check of its document refuses the expression. */
export function formulaOf(text: string, environment: Environment): Formula {
  const ast = parseExpression(text);
  if (isSyntaxProblem(ast)) throw new Error(`${text}: ${ast.message}`);
  const checked = checkExpression(ast, environment);
  if (Array.isArray(checked)) throw new Error(`${text}: ${checked[0]?.message}`);
  const constant = ast.kind === 'number' || ast.kind === 'rate' ? ast.value : null;
  const value = compileExpression(ast, environment, {
    field: reader,
    convert,
    date: (scope: Scope) => scope.date,
    ...windowBinding<Scope>(),
  });
  const parts = partsOf(ast);
  const fields = parts.flatMap((part) =>
    part.kind === 'field' && (part.owner ?? 'deal') === 'deal' ? [part.name] : [],
  );
  return {
    text,
    ast,
    type: checked.type,
    currency: checked.currency,
    constant,
    fields: [...new Set(fields)],
    value,
    lack: lackOf(ast, environment),
    ...askingOf(parts, checked.windowed),
  };
}

// A lookup with all its keys that is undefined has no row; an undefined attainment has no quota.
function lackOf(ast: Ast, environment: Environment): Formula['lack'] {
  let missing = false;
  const compile = (part: Ast) =>
    compileExpression(part, environment, {
      field: reader,
      convert: (scope: Scope, amount, from, to) => {
        const converted = convert(scope, amount, from, to);
        if (converted === null) missing = true;
        return converted;
      },
      date: (scope: Scope) => scope.date,
      ...windowBinding<Scope>(),
    });
  // Most expressions are never undefined.
  const compiled = new Map<Ast, ReturnType<typeof compile>>();
  const isUndefined = (part: Ast, scope: Scope) => {
    let value = compiled.get(part);
    if (value === undefined) compiled.set(part, (value = compile(part)));
    return value(scope) === null;
  };
  const calls = partsOf(ast).filter((part) => part.kind === 'call');
  return (scope) => {
    missing = false;
    isUndefined(ast, scope);
    if (missing) return 'RATE_MISSING';
    if (calls.some((call) => call.name === 'attainment' && isUndefined(call, scope))) return 'NO_QUOTA';
    const noRow = calls.some(
      (call) =>
        call.name === 'lookup' &&
        !call.args.slice(1).some((key) => isUndefined(key, scope)) &&
        isUndefined(call, scope),
    );
    return noRow ? 'NO_RATE' : 'UNDEFINED';
  };
}

/** An expression and all its parts. */
export function partsOf(ast: Ast): readonly Ast[] {
  switch (ast.kind) {
    case 'call':
      return [ast, ...ast.args.flatMap(partsOf)];
    case 'unary':
      return [ast, ...partsOf(ast.operand)];
    case 'binary':
      return [ast, ...partsOf(ast.left), ...partsOf(ast.right)];
    case 'in':
      return [ast, ...[ast.operand, ...ast.choices].flatMap(partsOf)];
    default:
      return [ast];
  }
}

/** Whether a condition is met; undefined counts as not met. */
export function holds(condition: Formula, scope: Scope): boolean {
  return condition.value(scope) === true;
}

/** The text of a field as a value of its type; null if it is blank or does not have the type. */
function typed(text: string, type: ValueType): Value | null {
  if (type === 'text') return text;
  if (text === '') return null;
  switch (type) {
    case 'date':
      return isDate(text) ? text : null;
    case 'yes/no':
      return text === 'yes' || text === 'true' ? true : text === 'no' || text === 'false' ? false : null;
    default:
      try {
        return Exact.parse(text);
      } catch {
        return null;
      }
  }
}

function convert(scope: Scope, amount: Exact, from: string, to: 'record' | 'plan'): Exact | null {
  return scope.world.converted(amount, currencyIn(scope, from), currencyIn(scope, to), scope.date);
}

/** `record` and `plan` are the currencies of the record and of sums of the window. */
function currencyIn({ currency, soFar }: Scope, named: string): string {
  return named === 'record' ? currency : named === 'plan' ? (soFar?.currency ?? currency) : named;
}

function reader({ owner, name, type, named }: FieldReference): (scope: Scope) => Value | null {
  if (owner === 'deal') {
    const read = recordReader(name, type);
    // `deal.amount` of an item is the amount of its deal.
    return named !== true ? read : (scope) => read(scope.state.deal ? { ...scope, state: scope.state.deal } : scope);
  }
  if (owner === 'account') return ({ world, state }) => typed(ownText(world.account(state), name), type);
  return ownReader(name, type);
}

function recordReader(name: string, type: ValueType): (scope: Scope) => Value | null {
  switch (name) {
    case 'id':
      return ({ state }) => state.record.id;
    case 'source':
      return ({ state }) => state.record.source;
    case 'status':
      return ({ state }) => state.status;
    case 'deal':
      return ({ state }) => state.deal?.record.id ?? '';
    case 'currency':
      return ({ currency }) => currency;
    default:
      return ({ state }) => typed(ownText(state.fields, name), type);
  }
}

/**
 * The text of a field. A name that every object of the runtime has, such as `constructor`, gives only a recorded text.
 */
function ownText(fields: RecordFields | undefined, name: string): string {
  return fields !== undefined && Object.hasOwn(fields, name) ? (fields[name] ?? '') : '';
}

/** The participant and the day of an own field. */
type Own = Pick<Scope, 'world' | 'me' | 'date'>;

export function ownReader(name: string, type: ValueType): (scope: Own) => Value | null {
  switch (name) {
    case 'id':
      return ({ me }) => me ?? '';
    case 'tenure':
      return ({ world, me, date }) => (me === null ? null : Exact.of(tenure(world.rows(me), date)));
    case 'role':
    case 'manager':
    case 'team':
    case 'region':
    case 'currency':
      return ({ world, me, date }) => (me === null ? '' : (world.row(me, date)?.[name] ?? ''));
    default:
      return ({ world, me, date }) => typed(ownText(me === null ? undefined : world.row(me, date)?.fields, name), type);
  }
}
