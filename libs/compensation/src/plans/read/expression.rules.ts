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

/** Why an expression may not ask about a window; null where it may. */
export type NoWindow = string | null;
const ALONE: NoWindow = 'and this expression is about a record by itself';

/** Reads and checks an expression of a document and reports what is wrong with it at its path; undefined when something is. */
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

/** As `readExpression`, of which the value must be of a type. */
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

/** Why expressions of a component may not ask about its window; null where it has a window of time. */
export function windowless({ per }: Pick<PlanComponent, 'per'>): NoWindow {
  if (per === undefined) return 'and the component has none: say by `per` which (month | quarter | half | year | plan)';
  return per === 'deal' ? 'and `per: deal` is none (month | quarter | half | year | plan)' : null;
}

export function named(type: ValueType): string {
  return type === 'money' ? 'money' : type === 'yes/no' ? 'yes or no' : `a ${type}`;
}

export function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
