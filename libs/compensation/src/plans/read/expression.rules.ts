import type { PlanComponent } from '@attain/contracts';
import type { Problem } from '../../language/problem.js';
import {
  type Ast,
  type Checked,
  checkExpression,
  type Environment,
  isSyntaxProblem,
  parseExpression,
  type ValueType,
} from '../../language/index.js';

export type Report = (path: (string | number)[], code: string, message: string) => void;

export interface Read extends Checked {
  readonly ast: Ast;
}

/** The reason that an expression may not use a window; null if it may. */
export type NoWindow = string | null;
const ALONE: NoWindow = 'and this expression is about a record by itself';

/** Parses and checks an expression of a document and reports its problems at its path; undefined if it has any. */
export function readExpression(
  text: string,
  path: (string | number)[],
  environment: Environment,
  report: Report,
  noWindow: NoWindow = ALONE,
): Read | undefined {
  const ast = parseExpression(text);
  if (isSyntaxProblem(ast)) {
    report(path, ast.code, `${ast.message}, in \`${cut(text)}\``);
    return undefined;
  }
  const checked = checkExpression(ast, environment);
  if (Array.isArray(checked)) {
    for (const { code, message } of checked as Problem[]) report(path, code, `${message}, in \`${cut(text)}\``);
    return undefined;
  }
  const [asked] = checked.windowed;
  if (asked !== undefined && noWindow !== null) {
    const what = asked.name === 'deals' ? asked.name : `${asked.name}()`;
    report(
      path,
      'missing',
      `\`${what}\` is about a window of time, ${noWindow}, at character ${asked.from + 1}, in \`${cut(text)}\``,
    );
    return undefined;
  }
  return { ...checked, ast };
}

/** Like `readExpression`, for a value of a given type. */
export function readCondition(
  text: string,
  path: (string | number)[],
  environment: Environment,
  report: Report,
  noWindow: NoWindow = ALONE,
): void {
  const read = readExpression(text, path, environment, report, noWindow);
  if (read !== undefined && read.type !== 'yes/no')
    report(path, 'type', `expected a condition such as product = "X", but \`${cut(text)}\` is ${named(read.type)}`);
}

/** The reason that expressions of a component may not use its window; null if it has a window of time. */
export function windowless({ per }: Pick<PlanComponent, 'per'>): NoWindow {
  if (per === undefined) return 'and the component has none: state it by `per` (month | quarter | half | year | plan)';
  return per === 'deal' ? 'and `per: deal` is none (month | quarter | half | year | plan)' : null;
}

export function named(type: ValueType): string {
  return type === 'money' ? 'money' : type === 'yes/no' ? 'yes or no' : `a ${type}`;
}

export function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
