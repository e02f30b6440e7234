import { Exact } from '@attain/values';
import type { Ast } from './language.js';

/** An expression as text, fully bracketed. */
export function written(ast: Ast): string {
  switch (ast.kind) {
    case 'number':
      return ast.value.toString();
    case 'rate':
      return percent(ast);
    case 'money':
      return `${ast.value.toString()} ${ast.currency}`;
    case 'date':
      return ast.value;
    case 'text':
      return quoted(ast.value);
    case 'yes/no':
      return ast.value ? 'yes' : 'no';
    case 'field':
      return ast.owner === null
        ? ast.name
        : `${ast.owner}.${/^[\p{L}_][\p{L}\p{M}\d_]*$/u.test(ast.name) ? ast.name : quoted(ast.name)}`;
    case 'unary':
      return ast.operator === '-' ? `-${inner(ast.operand)}` : `not ${inner(ast.operand)}`;
    case 'binary':
      return `${inner(ast.left)} ${ast.operator} ${inner(ast.right)}`;
    case 'in':
      return `${inner(ast.operand)} in [${ast.choices.map(written).join(', ')}]`;
    case 'call':
      return `${ast.name}(${ast.args.map(written).join(', ')})`;
  }
}

function inner(ast: Ast): string {
  return ast.kind === 'binary' || ast.kind === 'in' || (ast.kind === 'unary' && ast.operator === 'not')
    ? `(${written(ast)})`
    : written(ast);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function percent(ast: Ast & { kind: 'rate' }): string {
  return `${ast.value.times(hundred).toString()}%`;
}

const hundred = Exact.of(100);
