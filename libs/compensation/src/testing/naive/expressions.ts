import { completedMonths, daysBetween, Exact, type LocalDate } from '@attain/values';
import { type Ast, isSyntaxProblem, parseExpression } from '../../language/index.js';
import { type Kept, rateOn, rowOn, type State } from './company.js';

export type Value = Exact | string | boolean | null;
/** The subject of an expression. */
export interface Asked {
  readonly state: State;
  readonly record: Kept | null;
  readonly date: LocalDate;
  readonly me: string | null;
  /** The currency of the record, or of the plan for an expression about a window. */
  readonly currency: string;
  /** The currency in which conditions compare, if it differs. */
  readonly inConditions?: string;
  /** In a measure a blank number counts as 0. */
  readonly inMeasure?: boolean;
  readonly window?: WindowAsked | undefined;
}
export interface WindowAsked {
  attainment(measure: string, among: string | null): Exact | null;
  sum(measure: string): Exact | null;
  score(objective: string): Exact;
  deals(): Exact;
}

const STANDARD: Readonly<Record<string, string>> = {
  amount: 'money',
  quantity: 'number',
  opened: 'date',
  closed: 'date',
  paid: 'date',
};
const trees = new Map<string, Ast>();

function treeOf(text: string): Ast {
  let tree = trees.get(text);
  if (tree === undefined) {
    const parsed = parseExpression(text);
    if (isSyntaxProblem(parsed)) throw new Error(`${text}: ${parsed.message}`);
    trees.set(text, (tree = parsed));
  }
  return tree;
}

export function valueOf(text: string, asked: Asked): Value {
  return evaluate(treeOf(text), asked);
}
/** An undefined condition is not met. */
export function isMet(text: string, asked: Asked): boolean {
  return valueOf(text, asked) === true;
}
/** Whether an expression depends on a window. */
export function asksWindow(text: string): boolean {
  return /attainment\(|sum\(|score\(|\bdeals\b/.test(text);
}
export function isMoney(text: string, fields: Readonly<Record<string, string>>): boolean {
  const types: Readonly<Record<string, string>> = { ...STANDARD, ...fields };
  const visit = (tree: Ast): boolean => {
    if (tree.kind === 'money') return true;
    if (tree.kind === 'field') return types[tree.name] === 'money';
    if (tree.kind === 'unary') return visit(tree.operand);
    if (tree.kind === 'binary')
      return tree.operator === '/' ? visit(tree.left) && !visit(tree.right) : visit(tree.left) || visit(tree.right);
    return tree.kind === 'call' && ['min', 'max', 'abs', 'if'].includes(tree.name) && visit(tree.args.at(-1)!);
  };
  return visit(treeOf(text));
}

/** The currency that all amounts of an expression state; null if it uses a record's or a window's. */
export function writtenCurrency(text: string): string | null {
  const visit = (tree: Ast): (string | null)[] => {
    switch (tree.kind) {
      case 'money':
        return [tree.currency];
      case 'number':
      case 'rate':
        return [];
      case 'unary':
        return visit(tree.operand);
      case 'binary':
        return [...visit(tree.left), ...visit(tree.right)];
      case 'call':
        return ['if', 'min', 'max', 'abs'].includes(tree.name)
          ? tree.args.slice(tree.name === 'if' ? 1 : 0).flatMap(visit)
          : [null];
      default:
        return [null];
    }
  };
  const [first = null, ...others] = visit(treeOf(text));
  return others.every((other) => other === first) ? first : null;
}

function evaluate(tree: Ast, asked: Asked): Value {
  switch (tree.kind) {
    case 'number':
    case 'rate':
    case 'date':
    case 'text':
    case 'yes/no':
      return tree.value;
    case 'money': {
      const rate = rateOn(asked.state, tree.currency, asked.currency, asked.date);
      return rate === null ? null : tree.value.times(rate);
    }
    case 'field':
      return fieldOf(tree.owner, tree.name, asked);
    case 'unary': {
      const value = evaluate(tree.operand, asked);
      if (value === null) return null;
      return tree.operator === 'not' ? !(value as boolean) : (value as Exact).negated();
    }
    case 'in': {
      const value = evaluate(tree.operand, asked);
      return value === null ? null : tree.choices.some((choice) => same(evaluate(choice, asked), value));
    }
    case 'binary':
      return operate(tree.operator, evaluate(tree.left, asked), evaluate(tree.right, asked));
    case 'call':
      return call(tree.name, tree.args, asked);
  }
}

function fieldOf(owner: string | null, name: string, { state, record, date, me, inMeasure, window }: Asked): Value {
  if (owner === null && name === 'deals' && window !== undefined) return window.deals();
  if (owner === 'my') {
    if (name !== 'tenure') return rowOn(state, me!, date)?.fields[name] ?? '';
    const first = (state.people.get(me!) ?? [])[0];
    return first === undefined || first.from > date ? Exact.zero : Exact.of(completedMonths(first.from, date));
  }
  if (owner !== null && owner !== 'deal') throw new Error(`the naive engine does not know fields of ${owner}`);
  const of = owner === 'deal' && record!.deal !== null ? record!.deal : record!;
  const type = ({ ...STANDARD, ...state.company.fields } as Record<string, string>)[name] ?? 'text';
  const text = of.fields[name] ?? (name === 'status' ? of.status : '');
  if (type === 'text') return text;
  if (text === '') return type !== 'date' && inMeasure === true ? Exact.zero : null;
  return type === 'date' ? text : Exact.parse(text);
}

function same(a: Value, b: Value): boolean {
  return a instanceof Exact && b instanceof Exact ? a.equals(b) : a === b;
}

function operate(operator: string, left: Value, right: Value): Value {
  if (operator === 'and')
    return left === false || right === false ? false : left === null || right === null ? null : true;
  if (operator === 'or') return left === true || right === true ? true : left === null || right === null ? null : false;
  if (left === null || right === null) return null;
  if (operator === '=') return same(left, right);
  if (operator === '!=') return !same(left, right);
  if (left instanceof Exact && right instanceof Exact) {
    if (operator === '+') return left.plus(right);
    if (operator === '-') return left.minus(right);
    if (operator === '*') return left.times(right);
    if (operator === '/') return right.isZero() ? null : left.over(right);
  }
  const order = left instanceof Exact ? left.compare(right as Exact) : left < right ? -1 : left > right ? 1 : 0;
  return operator === '<' ? order < 0 : operator === '<=' ? order <= 0 : operator === '>' ? order > 0 : order >= 0;
}

function call(name: string, args: readonly Ast[], asked: Asked): Value {
  if (name === 'if') {
    const condition = evaluate(args[0]!, { ...asked, currency: asked.inConditions ?? asked.currency });
    return condition === null ? null : evaluate(condition === true ? args[1]! : args[2]!, asked);
  }
  if (['attainment', 'sum', 'score'].includes(name)) return askWindow(name, args, asked);
  if (name === 'blank') {
    const value = evaluate(args[0]!, { ...asked, inMeasure: false });
    return value === null || value === '';
  }
  const values = args.map((arg) => evaluate(arg, asked));
  if (values.includes(null)) return null;
  if (name === 'days') return Exact.of(daysBetween(values[0] as string, values[1] as string));
  if (name === 'months') return Exact.of(completedMonths(values[0] as string, values[1] as string));
  if (name === 'abs') return (values[0] as Exact).abs();
  if (name !== 'min' && name !== 'max') throw new Error(`the naive engine does not know the function ${name}`);
  return (values as Exact[]).reduce((best, value) => ((name === 'min') === value.compare(best) < 0 ? value : best));
}

function askWindow(name: string, [first, among]: readonly Ast[], asked: Asked): Value {
  const word = first!.kind === 'text' ? first!.value : first!.kind === 'field' ? first!.name : '';
  if (name === 'sum') return asked.window!.sum(word);
  if (name === 'score') return asked.window!.score(word);
  return asked.window!.attainment(word, among === undefined ? null : (evaluate(among, asked) as string));
}
