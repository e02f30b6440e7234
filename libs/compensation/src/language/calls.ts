import { suggestion } from '@attain/contracts';
import type { Ast, Environment, ValueType } from './language.js';
import { answerType, keyColumns, tableProblem } from './tables.js';
import { condition, isNumeric, joined, nameOf, short, type Unit, unitOf } from './units.js';

type Call = Ast & { kind: 'call' };

/** The check of the expression that contains a call. */
export interface Checking {
  readonly environment: Environment;
  readonly units: ReadonlyMap<Ast, Unit>;
  /** Calls that need a window, with their places. */
  readonly windowed: { name: string; from: number }[];
  unit(ast: Ast): Unit | undefined;
  problem(ast: Ast, message: string, code?: string): undefined;
  /** Reports a part whose type is not the expected one. */
  expect(ast: Ast, unit: Unit | undefined, type: ValueType, where: string): void;
}

const counts: Readonly<Record<string, readonly [least: number, most: number, shape: string]>> = {
  if: [3, 3, 'if(condition, value, other value)'],
  min: [2, 50, 'min(a, b)'],
  max: [2, 50, 'max(a, b)'],
  abs: [1, 1, 'abs(value)'],
  days: [2, 2, 'days(from, to)'],
  months: [2, 2, 'months(from, to)'],
  blank: [1, 1, 'blank(field)'],
  lookup: [2, 20, 'lookup("table", value)'],
  attainment: [1, 2, 'attainment(measure)'],
  sum: [1, 1, 'sum(measure)'],
  score: [1, 1, 'score("objective")'],
};

/** The unit of a function's result; reports problems of its name and arguments. */
export function callUnit(ast: Call, check: Checking): Unit | undefined {
  const shape = Object.hasOwn(counts, ast.name) ? counts[ast.name] : undefined;
  if (shape === undefined)
    return check.problem(
      ast,
      `unknown function \`${ast.name}\`${suggestion(ast.name, Object.keys(counts))}`,
      'unknown-name',
    );
  const [least, most, form] = shape;
  if (ast.args.length < least || ast.args.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    return check.problem(
      ast,
      `${ast.name}() takes ${wanted} value${most === 1 ? '' : 's'}, as ${form}, found ${ast.args.length}`,
    );
  }
  switch (ast.name) {
    case 'if': {
      const [when, ...values] = ast.args;
      check.expect(when!, check.unit(when!), 'yes/no', 'as the condition of if()');
      return together(ast, values, check);
    }
    case 'min':
    case 'max':
      return ordered(ast, together(ast, ast.args, check), check);
    case 'abs':
      return numeric(ast, check.unit(ast.args[0]!), check);
    case 'days':
    case 'months':
      for (const arg of ast.args) check.expect(arg, check.unit(arg), 'date', `in ${ast.name}()`);
      return unitOf('number');
    case 'blank':
      check.unit(ast.args[0]!);
      return condition;
    case 'lookup':
      return lookup(ast, check);
    default:
      return windowed(ast, check);
  }
}

function together(ast: Call, values: readonly Ast[], check: Checking): Unit | undefined {
  return values
    .map((value) => ({ value, unit: check.unit(value) }))
    .reduce<Unit | undefined>((all, { value, unit }, index) => {
      if (index === 0 || unit === undefined) return unit;
      if (all === undefined) return undefined;
      const both = joined(all, unit);
      return (
        both ??
        check.problem(
          value,
          `the values of ${ast.name}() must be of one kind, but \`${short(value)}\` is ${nameOf(unit.type)} beside ${nameOf(all.type)}`,
        )
      );
    }, undefined);
}

function numeric(ast: Call, unit: Unit | undefined, check: Checking): Unit | undefined {
  if (unit === undefined || isNumeric(unit)) return unit;
  return check.problem(ast, `${ast.name}() takes money, numbers or rates, not ${nameOf(unit.type)}`);
}

function ordered(ast: Call, unit: Unit | undefined, check: Checking): Unit | undefined {
  return unit?.type === 'date' ? unit : numeric(ast, unit, check);
}

function lookup(ast: Call, check: Checking): Unit | undefined {
  const [first, ...keys] = ast.args;
  for (const key of keys) check.unit(key);
  const name = first!.kind === 'text' ? first!.value : undefined;
  if (name === undefined) return check.problem(first!, 'lookup() begins with the name of a table in quotation marks');
  const { tables } = check.environment;
  const table = tables.get(name);
  if (table === undefined) {
    const none = tables.size === 0 ? ' (there are no tables)' : '';
    return check.problem(
      first!,
      `unknown table ${JSON.stringify(name)}${suggestion(name, tables.keys()) || none}`,
      'unknown-name',
    );
  }
  const columns = keyColumns(table);
  if (columns.length !== keys.length) {
    return check.problem(
      ast,
      `the table ${JSON.stringify(name)} is asked by ${columns.length} value${columns.length === 1 ? '' : 's'} (${columns.map(({ name }) => name).join(', ')}), found ${keys.length}`,
    );
  }
  for (const [index, key] of keys.entries()) {
    const unit = check.units.get(key);
    if (unit === undefined) continue;
    const wrong = tableProblem(table, columns[index]!, unit.type);
    if (wrong !== undefined)
      check.problem(key, `\`${short(key)}\` is ${nameOf(unit.type)}, but the table ${JSON.stringify(name)} ${wrong}`);
  }
  return unitOf(answerType(table));
}

/** Functions of a window; the measure is a bare name, or in quotation marks if it contains spaces. */
function windowed(ast: Call, check: Checking): Unit | undefined {
  check.windowed.push({ name: ast.name, from: ast.from });
  const [first, among] = ast.args;
  if (ast.name === 'score') {
    check.expect(first!, check.unit(first!), 'text', 'as the name of an objective');
    return unitOf('rate');
  }
  const measure =
    first!.kind === 'text' ? first!.value : first!.kind === 'field' && first!.owner === null ? first!.name : undefined;
  if (measure === undefined) return check.problem(first!, `${ast.name}() takes the name of a measure`);
  const type = check.environment.measures.get(measure);
  if (type === undefined) {
    return check.problem(
      first!,
      `unknown measure \`${measure}\`${suggestion(measure, check.environment.measures.keys())}`,
      'unknown-name',
    );
  }
  if (among !== undefined) {
    if (among.kind !== 'field' || among.owner !== 'my')
      check.problem(among, 'the second value of attainment() is a field of the participant such as my.team');
    else check.unit(among);
  }
  if (ast.name !== 'sum') return unitOf('rate');
  return type === 'money' ? { ...unitOf(type), currency: 'plan' } : unitOf(type);
}
