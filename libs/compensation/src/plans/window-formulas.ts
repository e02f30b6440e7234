import type { LocalDate } from '@attain/values';
import {
  checkExpression,
  compileExpression,
  type Environment,
  isSyntaxProblem,
  parseExpression,
  type Value,
  type ValueType,
} from '../language/index.js';
import { ownReader, partsOf, type Surroundings } from './formulas.js';
import { type Asking, askingOf, windowBinding, type WindowSoFar } from './window-so-far.js';

/**
 * The subject of an expression of a window: a participant at the end of a pay period, with their numbers in the window
 * so far.
 */
export interface WindowScope {
  readonly world: Surroundings;
  readonly me: string;
  readonly date: LocalDate;
  readonly soFar: WindowSoFar;
}

/** A compiled expression of a window. */
export interface WindowFormula extends Asking {
  readonly text: string;
  readonly type: ValueType;
  /** For money, the currency in which it is written, or `record` or `plan`, which both mean the plan's. */
  readonly currency: string | null;
  /** Whether it reads a field of the participant. */
  readonly readsOwn: boolean;
  /** Null for undefined. */
  value(scope: WindowScope): Value | null;
}

/** Throws an Error if the check of its document refuses the expression. */
export function windowFormulaOf(text: string, environment: Environment): WindowFormula {
  const ast = parseExpression(text);
  if (isSyntaxProblem(ast)) throw new Error(`${text}: ${ast.message}`);
  const checked = checkExpression(ast, environment);
  if (Array.isArray(checked)) throw new Error(`${text}: ${checked[0]?.message}`);
  const value = compileExpression<WindowScope>(ast, environment, {
    field: ({ owner, name, type }) => {
      if (owner !== 'my') throw new Error(`${text}: an expression of a window has no record`);
      return ownReader(name, type);
    },
    date: (scope) => scope.date,
    // There is no record, so amounts are combined in the currency of the plan.
    convert: ({ world, soFar, date }, amount, from) =>
      from === 'plan' || from === 'record' ? amount : world.converted(amount, from, soFar.currency, date),
    ...windowBinding<WindowScope>(),
  });
  const parts = partsOf(ast);
  const readsOwn = parts.some((part) => part.kind === 'field' && part.owner === 'my');
  return {
    text,
    type: checked.type,
    currency: checked.currency,
    readsOwn,
    value,
    ...askingOf(parts, checked.windowed),
  };
}

/** The names that expressions of a window may use: the participant's fields and the company's measures. */
export function windowEnvironment(environment: Environment, measures: Environment['measures']): Environment {
  return { ...environment, deal: new Map(), account: new Map(), anyAccountField: false, measures };
}
