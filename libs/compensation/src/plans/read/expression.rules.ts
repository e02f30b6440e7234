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

/**
 * Reads and checks an expression of a document and reports what is wrong with it at its path; undefined when something is. `windowed`:
 * the functions of a window that it may ask.
 */
export function readExpression(
  text: string,
  path: (string | number)[],
  environment: Environment,
  report: Report,
  windowed: readonly string[] = [],
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
  const unsupported = checked.windowed.find(({ name }) => !windowed.includes(name));
  if (unsupported !== undefined) {
    report(
      path,
      'not-supported',
      `not supported yet: ${unsupported.name === 'deals' ? 'deals' : `${unsupported.name}()`} in an expression, at character ${unsupported.from + 1}`,
    );
    return undefined;
  }
  return { ...checked, ast };
}

/** As `readExpression`, of which the value must be of a type. */
export function readCondition(text: string, path: (string | number)[], environment: Environment, report: Report, windowed: readonly string[] = []): void {
  const read = readExpression(text, path, environment, report, windowed);
  if (read !== undefined && read.type !== 'yes/no')
    report(path, 'type', `expected a condition such as product = "X", but \`${cut(text)}\` is ${named(read.type)}`);
}

export function named(type: ValueType): string {
  return type === 'money' ? 'money' : type === 'yes/no' ? 'yes or no' : `a ${type}`;
}

export function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
