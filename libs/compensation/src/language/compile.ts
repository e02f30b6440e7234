import { compareBytes, completedMonths, daysBetween, Exact, type LocalDate } from '@attain/values';
import { fieldOf, unitsOf } from './check.js';
import { joined, type Unit } from './units.js';
import type { Ast, BinaryOperator, Binding, Environment, Value } from './language.js';
import { tableReader } from './tables.js';

type Evaluate<Scope> = (scope: Scope) => Value | null;

/**
 * A checked expression as a function. Null means undefined: a blank operand, a division by zero, a table without a row,
 * a currency without a rate. `and` and `or` are undefined only if the other side does not decide; `if` evaluates one
 * side only. Throws an Error for an expression that `checkExpression` refuses, and for functions of a window.
 */
export function compileExpression<Scope>(ast: Ast, environment: Environment, binding: Binding<Scope>): Evaluate<Scope> {
  return new Compiler(environment, binding, unitsOf(ast, environment)).evaluator(ast);
}

class Compiler<Scope> {
  constructor(
    private readonly environment: Environment,
    private readonly binding: Binding<Scope>,
    private readonly units: ReadonlyMap<Ast, Unit>,
  ) {}

  evaluator(ast: Ast): Evaluate<Scope> {
    switch (ast.kind) {
      case 'number':
      case 'rate':
      case 'money':
      case 'date':
      case 'text':
      case 'yes/no': {
        const { value } = ast;
        return () => value;
      }
      case 'field':
        return this.field(ast);
      case 'unary':
        return this.unary(ast);
      case 'binary':
        return this.binary(ast);
      case 'in':
        return this.membership(ast);
      case 'call':
        return this.call(ast);
    }
  }

  private field(ast: Ast & { kind: 'field' }): Evaluate<Scope> {
    const field = fieldOf(ast, this.environment);
    if (field === undefined) {
      const { deals } = this.binding;
      if (ast.owner !== null || ast.name !== 'deals' || deals === undefined) throw windowless(ast.name);
      return (scope) => deals(scope);
    }
    const read = this.binding.field(field);
    if (field.type === 'text') return (scope) => read(scope) ?? '';
    if (!this.environment.blankIsZero || field.type === 'date' || field.type === 'yes/no') return read;
    return (scope) => read(scope) ?? Exact.zero;
  }

  private unary({ operator, operand }: Ast & { kind: 'unary' }): Evaluate<Scope> {
    const evaluate = this.evaluator(operand);
    if (operator === 'not') {
      return (scope) => {
        const value = evaluate(scope);
        return value === null ? null : !value;
      };
    }
    return (scope) => (evaluate(scope) as Exact | null)?.negated() ?? null;
  }

  private binary({ operator, left, right }: Ast & { kind: 'binary' }): Evaluate<Scope> {
    if (operator === 'and' || operator === 'or')
      return logic(operator === 'or', this.evaluator(left), this.evaluator(right));
    // A product or a quotient with one amount keeps its currency; everything else needs one currency for both.
    const [a, b] = this.inOneCurrency([left, right]) as [Evaluate<Scope>, Evaluate<Scope>];
    switch (operator) {
      case '+':
        return arithmetic(a, b, (x, y) => x.plus(y));
      case '-':
        return arithmetic(a, b, (x, y) => x.minus(y));
      case '*':
        return arithmetic(a, b, (x, y) => x.times(y));
      case '/':
        return arithmetic(a, b, (x, y) => (y.isZero() ? null : x.over(y)));
      default:
        return comparison(operator, a, b);
    }
  }

  private membership({ operand, choices }: Ast & { kind: 'in' }): Evaluate<Scope> {
    const [evaluate, ...others] = this.inOneCurrency([operand, ...choices]);
    return (scope) => {
      const value = evaluate!(scope);
      if (value === null) return null;
      let unknown = false;
      for (const other of others) {
        const choice = other(scope);
        if (choice === null) unknown = true;
        else if (compared(value, choice) === 0) return true;
      }
      return unknown ? null : false;
    };
  }

  private call(ast: Ast & { kind: 'call' }): Evaluate<Scope> {
    switch (ast.name) {
      case 'if': {
        const when = this.evaluator(ast.args[0]!);
        const [then, otherwise] = this.inOneCurrency(ast.args.slice(1));
        return (scope) => {
          const holds = when(scope);
          return holds === null ? null : holds ? then!(scope) : otherwise!(scope);
        };
      }
      case 'min':
        return extreme(this.inOneCurrency(ast.args), -1);
      case 'max':
        return extreme(this.inOneCurrency(ast.args), 1);
      case 'abs': {
        const evaluate = this.evaluator(ast.args[0]!);
        return (scope) => (evaluate(scope) as Exact | null)?.abs() ?? null;
      }
      case 'days':
        return this.between(ast.args, daysBetween);
      case 'months':
        return this.between(ast.args, completedMonths);
      case 'blank': {
        const evaluate = this.blankable(ast.args[0]!);
        return (scope) => {
          const value = evaluate(scope);
          return value === null || value === '';
        };
      }
      case 'lookup':
        return this.lookup(ast);
      case 'attainment':
        return this.attainment(ast);
      case 'sum': {
        const { sum } = this.binding;
        if (sum === undefined) throw windowless('sum()');
        return sum.call(this.binding, measureNamed(ast));
      }
      case 'score': {
        const { score } = this.binding;
        if (score === undefined) throw windowless('score()');
        return score.call(this.binding, this.evaluator(ast.args[0]!));
      }
      default:
        throw new Error(`unknown function ${ast.name}()`);
    }
  }

  /** In a measure a blank number counts as 0, but `blank` still recognizes it as blank. */
  private blankable(ast: Ast): Evaluate<Scope> {
    const field = ast.kind === 'field' ? fieldOf(ast, this.environment) : undefined;
    return field === undefined ? this.evaluator(ast) : this.binding.field(field);
  }

  private between([from, to]: readonly Ast[], count: (from: LocalDate, to: LocalDate) => number): Evaluate<Scope> {
    const [a, b] = [this.evaluator(from!), this.evaluator(to!)];
    return (scope) => {
      const [first, last] = [a(scope), b(scope)];
      return first === null || last === null ? null : Exact.of(count(first as LocalDate, last as LocalDate));
    };
  }

  private lookup({ args: [table, ...keys] }: Ast & { kind: 'call' }): Evaluate<Scope> {
    const definition = this.environment.tables.get((table as Ast & { kind: 'text' }).value)!;
    const find = tableReader(
      definition,
      keys.map((key) => this.units.get(key)!.type),
    );
    const evaluators = keys.map((key) => this.askedBy(key));
    const { date } = this.binding;
    if (date === undefined && (definition.columns.includes('from') || definition.columns.includes('to'))) {
      throw new Error('a table that is limited in time needs a date');
    }
    return (scope) => {
      const values: Value[] = [];
      for (const evaluate of evaluators) {
        const value = evaluate(scope);
        if (value === null) return null;
        values.push(value);
      }
      return find(values, date?.(scope));
    };
  }

  private attainment(ast: Ast & { kind: 'call' }): Evaluate<Scope> {
    const { attainment } = this.binding;
    if (attainment === undefined) throw windowless('attainment()');
    const [, among] = ast.args;
    return attainment.call(this.binding, measureNamed(ast), among === undefined ? null : this.evaluator(among));
  }

  /**
   * Operands that are combined: amounts of different currencies are converted to the record's currency, or beside a sum
   * of the window to the plan's.
   */
  private inOneCurrency(parts: readonly Ast[]): Evaluate<Scope>[] {
    const amounts = parts.map((part) => this.units.get(part)!).filter(({ type }) => type === 'money');
    const together = amounts.length > 0 ? amounts.reduce((all, unit) => joined(all, unit)!) : undefined;
    const currency = together?.currency;
    return parts.map((part) =>
      currency === 'record' || currency === 'plan' ? this.inCurrency(part, currency) : this.evaluator(part),
    );
  }

  private inCurrency(part: Ast, to: 'record' | 'plan'): Evaluate<Scope> {
    const evaluate = this.evaluator(part);
    const { type, currency } = this.units.get(part)!;
    if (type !== 'money' || currency === to || currency === null) return evaluate;
    const { convert } = this.binding;
    if (convert === undefined) throw new Error(`amounts of ${currency} need a rate of exchange`);
    return (scope) => {
      const amount = evaluate(scope) as Exact | null;
      return amount === null ? null : convert(scope, amount, currency, to);
    };
  }

  /** The key of a table lookup; a sum of the window stays in the plan's currency. */
  private askedBy(key: Ast): Evaluate<Scope> {
    return this.units.get(key)!.currency === 'plan' ? this.evaluator(key) : this.inCurrency(key, 'record');
  }
}

/** The measure that a function of a window names: a bare name, or in quotation marks. */
function measureNamed({ args: [measure] }: Ast & { kind: 'call' }): string {
  return measure!.kind === 'text' ? measure!.value : (measure as Ast & { kind: 'field' }).name;
}

function logic<Scope>(decides: boolean, left: Evaluate<Scope>, right: Evaluate<Scope>): Evaluate<Scope> {
  return (scope) => {
    const a = left(scope);
    if (a === decides) return decides;
    const b = right(scope);
    if (b === decides) return decides;
    return a === null || b === null ? null : !decides;
  };
}

function arithmetic<Scope>(
  left: Evaluate<Scope>,
  right: Evaluate<Scope>,
  operation: (a: Exact, b: Exact) => Exact | null,
): Evaluate<Scope> {
  return (scope) => {
    const a = left(scope);
    if (a === null) return null;
    const b = right(scope);
    if (b === null) return null;
    const value = operation(a as Exact, b as Exact);
    return value === null || value.isUnwieldy() ? null : value;
  };
}

const holding: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function comparison<Scope>(operator: BinaryOperator, left: Evaluate<Scope>, right: Evaluate<Scope>): Evaluate<Scope> {
  const holds = holding[operator]!;
  return (scope) => {
    const a = left(scope);
    if (a === null) return null;
    const b = right(scope);
    return b === null ? null : holds(compared(a, b));
  };
}

function compared(a: Value, b: Value): number {
  if (a instanceof Exact) return a.compare(b as Exact);
  if (typeof a === 'string') return a === b ? 0 : compareBytes(a, b as string);
  return a === b ? 0 : 1;
}

function extreme<Scope>(evaluators: readonly Evaluate<Scope>[], sign: 1 | -1): Evaluate<Scope> {
  return (scope) => {
    let best: Value | null = null;
    for (const evaluate of evaluators) {
      const value = evaluate(scope);
      if (value === null) return null;
      if (best === null || compared(value, best) * sign > 0) best = value;
    }
    return best;
  };
}

function windowless(what: string): Error {
  return new Error(`${what} needs a window, and this expression has none`);
}
