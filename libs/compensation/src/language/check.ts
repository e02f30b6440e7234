import { suggestion } from '@attain/contracts';
import type { Problem } from './problem.js';
import { callUnit, type Checking } from './calls.js';
import type { Ast, Checked, Environment, FieldReference, ValueType } from './language.js';
import {
  condition,
  isNumeric,
  joined,
  names,
  number,
  plain,
  product,
  quotient,
  rate,
  short,
  type Unit,
  unitOf,
} from './units.js';
import { written } from './written.js';

/** Checks an expression in an environment: all its problems, each with its place, or its type. */
export function checkExpression(ast: Ast, environment: Environment): Checked | Problem[] {
  const check = new Check(environment);
  const unit = check.unit(ast);
  if (check.problems.length > 0 || unit === undefined) return check.problems;
  return { ...unit, windowed: check.windowed };
}

/** The units of all parts; throws an Error if `checkExpression` refuses the expression. */
export function unitsOf(ast: Ast, environment: Environment): ReadonlyMap<Ast, Unit> {
  const check = new Check(environment);
  check.unit(ast);
  const [problem] = check.problems;
  if (problem) throw new Error(`${written(ast)}: ${problem.message}`);
  return check.units;
}

/** The type of a field; undefined if the field does not exist. */
export function fieldOf(ast: Ast & { kind: 'field' }, environment: Environment): FieldReference | undefined {
  const { owner, name } = ast;
  const of = owner ?? 'deal';
  const listed = environment[of].get(name);
  if (listed !== undefined) return { owner: of, name, type: listed, ...(owner === 'deal' && { named: true as const }) };
  const open = (of === 'account' && environment.anyAccountField) || (of === 'my' && environment.anyOwnField);
  return open ? { owner: of, name, type: 'text' } : undefined;
}

/**
 * The number of problems after which an expression is not checked further, because finding the nearest names costs more
 * than all the rest.
 */
const MOST_PROBLEMS = 20;

class Check implements Checking {
  readonly problems: Problem[] = [];
  readonly units = new Map<Ast, Unit>();
  readonly windowed: { name: string; from: number }[] = [];

  constructor(readonly environment: Environment) {}

  unit(ast: Ast): Unit | undefined {
    if (this.problems.length >= MOST_PROBLEMS) return undefined;
    const unit = this.unitOf(ast);
    if (unit !== undefined) this.units.set(ast, unit);
    return unit;
  }

  problem(ast: Ast, message: string, code = 'type'): undefined {
    this.problems.push({ path: [], code, message: `${message}, at character ${ast.from + 1}` });
  }

  /** Reports the expected type of a part, unless it matches or was already refused. */
  expect(ast: Ast, unit: Unit | undefined, type: ValueType, where: string): void {
    if (unit !== undefined && unit.type !== type)
      this.problem(ast, `expected ${names[type]} ${where}, but \`${short(ast)}\` is ${names[unit.type]}`);
  }

  private unitOf(ast: Ast): Unit | undefined {
    switch (ast.kind) {
      case 'number':
        return plain;
      case 'rate':
        return rate;
      case 'money':
        return { type: 'money', currency: ast.currency, plain: false };
      case 'date':
      case 'text':
      case 'yes/no':
        return unitOf(ast.kind);
      case 'field':
        return this.field(ast);
      case 'unary':
        return ast.operator === '-' ? this.negative(ast) : this.logic(ast, 'not', [ast.operand]);
      case 'binary':
        return this.binary(ast);
      case 'in':
        return this.membership(ast);
      case 'call':
        return callUnit(ast, this);
    }
  }

  private field(ast: Ast & { kind: 'field' }): Unit | undefined {
    const field = fieldOf(ast, this.environment);
    if (field !== undefined) return unitOf(field.type);
    const { owner, name } = ast;
    if (owner === null && name === 'deals') {
      this.windowed.push({ name: 'deals', from: ast.from });
      return number;
    }
    const { deal, account, my, measures } = this.environment;
    if (owner !== null)
      return this.problem(
        ast,
        `unknown field \`${short(ast)}\`${suggestion(name, this.environment[owner].keys())}`,
        'unknown-name',
      );
    const elsewhere = my.has(name)
      ? `my.${name}`
      : account.has(name)
        ? `account.${name}`
        : measures.has(name)
          ? `sum(${name})`
          : undefined;
    const known = [...deal.keys(), 'deals'];
    const alone = deal.size === 0 ? ' (without a record only: my.…, deals, attainment(), sum() and score())' : '';
    const near = elsewhere === undefined ? alone || suggestion(name, known) : ` (did you mean ${elsewhere}?)`;
    return this.problem(
      ast,
      `unknown name \`${name}\`${near || ' (write a text in double quotation marks)'}`,
      'unknown-name',
    );
  }

  private negative(ast: Ast & { kind: 'unary' }): Unit | undefined {
    const unit = this.unit(ast.operand);
    if (unit === undefined || isNumeric(unit)) return unit;
    return this.problem(ast.operand, `\`${short(ast.operand)}\` is ${names[unit.type]} and has no negative`);
  }

  private logic(ast: Ast, operator: string, operands: readonly Ast[]): Unit {
    for (const operand of operands) this.expect(operand, this.unit(operand), 'yes/no', `beside \`${operator}\``);
    return condition;
  }

  private binary(ast: Ast & { kind: 'binary' }): Unit | undefined {
    const { operator, left, right } = ast;
    if (operator === 'and' || operator === 'or') return this.logic(ast, operator, [left, right]);
    const [a, b] = [this.unit(left), this.unit(right)];
    const arithmetic = operator === '+' || operator === '-' || operator === '*' || operator === '/';
    if (a === undefined || b === undefined) return arithmetic ? undefined : condition;
    if (!arithmetic) return this.comparison(ast, a, b);
    if (!isNumeric(a) || !isNumeric(b)) {
      const [what, unit] = isNumeric(a) ? [right, b] : [left, a];
      const advice = unit.type === 'date' ? ' (days(a, b) and months(a, b) count between dates)' : '';
      return this.problem(
        what,
        `\`${short(ast)}\`: ${names[a.type]} ${operator} ${names[b.type]} has no meaning, \`${short(what)}\` is ${names[unit.type]}${advice}`,
      );
    }
    const unit = operator === '*' ? product(a, b) : operator === '/' ? quotient(a, b) : joined(a, b);
    return unit ?? this.problem(ast, `\`${short(ast)}\`: ${names[a.type]} ${operator} ${names[b.type]} has no meaning`);
  }

  private comparison(ast: Ast & { kind: 'binary' }, a: Unit, b: Unit): Unit {
    const { operator, left, right } = ast;
    const unit = joined(a, b);
    if (unit === undefined) {
      const advice =
        isDateInQuotes(left, b) || isDateInQuotes(right, a) ? ' (a date is written without quotation marks)' : '';
      this.problem(ast, `\`${short(ast)}\`: ${names[a.type]} cannot be compared with ${names[b.type]}${advice}`);
    } else if (unit.type === 'yes/no' && operator !== '=' && operator !== '!=') {
      this.problem(ast, `\`${short(ast)}\`: yes and no have no order, only = and !=`);
    }
    return condition;
  }

  private membership(ast: Ast & { kind: 'in' }): Unit {
    const operand = this.unit(ast.operand);
    for (const choice of ast.choices) {
      const unit = this.unit(choice);
      if (operand === undefined || unit === undefined || joined(operand, unit) !== undefined) continue;
      this.problem(
        choice,
        `\`${short(ast.operand)}\` is ${names[operand.type]}, but \`${short(choice)}\` in the list is ${names[unit.type]}`,
      );
    }
    return condition;
  }
}

function isDateInQuotes(ast: Ast, other: Unit): boolean {
  return other.type === 'date' && ast.kind === 'text' && /^\d{4}-\d{2}-\d{2}$/.test(ast.value);
}
