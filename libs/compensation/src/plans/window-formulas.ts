import type { Exact, LocalDate } from '@attain/values';
import { checkExpression, compileExpression, type Environment, isSyntaxProblem, parseExpression, type Value, type ValueType } from '../language/index.js';
import { ownReader } from './formulas.js';
import type { Surroundings } from './formulas.js';

/** What an expression of a window is asked about: a participant at the end of a pay period, and where they stand in the window so far. */
export interface WindowScope {
  readonly world: Surroundings;
  readonly me: string;
  readonly date: LocalDate;
  /** Attainment of a measure by the participant, or by the team, region or role that a field of theirs names; null: undefined. */
  attainment(measure: string, among: string | null): Exact | null;
  /** How many records are credited in the window; absent where none are counted. */
  deals?(): Exact;
  /** The score of an objective in the window; null: there is none, or no window. */
  score?(objective: string): Exact | null;
  /** What amounts that meet are converted into. */
  readonly currency?: string;
}

/** A compiled expression of a window. */
export interface WindowFormula {
  readonly text: string;
  readonly type: ValueType;
  /** Of money: the currency that it is written in, or `record`, which is the plan's. */
  readonly currency: string | null;
  /** Null is undefined. */
  value(scope: WindowScope): Value | null;
}

/** Throws an Error on an expression that the check of its document refuses. */
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
    deals: (scope) => scope.deals?.() ?? null,
    convert: ({ world, currency, date }, amount, from) => (currency === undefined ? null : world.converted(amount, from, currency, date)),
    score: (objective) => (scope) => {
      const name = objective(scope);
      return typeof name === 'string' ? (scope.score?.(name) ?? null) : null;
    },
    attainment: (measure, among) => (scope) => {
      const whose = among === null ? null : among(scope);
      return among !== null && typeof whose !== 'string' ? null : scope.attainment(measure, whose as string | null);
    },
  });
  return { text, type: checked.type, currency: checked.currency, value };
}

/** The names that expressions of a window may use: the participant's fields and the company's measures. */
export function windowEnvironment(environment: Environment, measures: Environment['measures']): Environment {
  return { ...environment, deal: new Map(), account: new Map(), anyAccountField: false, measures };
}
