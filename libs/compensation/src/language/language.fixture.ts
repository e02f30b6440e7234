import { Exact } from '@attain/values';
import {
  checkExpression,
  compileExpression,
  type Environment,
  isSyntaxProblem,
  parseExpression,
  type Value,
  type ValueType,
} from './index.js';

/**
 * A record on its credit date in the form of the specs: texts by name; names of others begin with `my.` or `account.`.
 */
export type Facts = Readonly<Record<string, string>>;

const dealFields: Readonly<Record<string, ValueType>> = {
  amount: 'money',
  cost: 'money',
  quantity: 'number',
  discount: 'rate',
  closed: 'date',
  opened: 'date',
  type: 'text',
  product: 'text',
  region: 'text',
  line: 'text',
  strategic: 'yes/no',
  'Deal size': 'number',
};

export const environment: Environment = {
  deal: new Map(Object.entries(dealFields)),
  account: new Map([
    ['segment', 'text'],
    ['employees', 'number'],
  ]),
  my: new Map([
    ['team', 'text'],
    ['region', 'text'],
    ['tenure', 'number'],
  ]),
  tables: new Map([
    [
      'line rates',
      {
        columns: ['line', 'margin', 'from', 'to', 'rate'],
        rows: [
          ['Hardware', '0', '', '', '1%'],
          ['Hardware', '0.2', '', '2025-06-30', '2%'],
          ['Hardware', '0.2', '2025-07-01', '', '2.5%'],
          ['*', '0', '', '', '0.5%'],
          ['Services', '50%', '', '', ''],
        ],
      },
    ],
    [
      'bounties',
      {
        columns: ['product', 'bounty'],
        rows: [
          ['0012', '200'],
          ['X', '500.50'],
        ],
      },
    ],
  ]),
  measures: new Map<string, ValueType>([
    ['revenue', 'money'],
    ['new logos', 'number'],
  ]),
};

/**
 * The value of an expression in US dollars, with 1 EUR = 1.10 USD and no other rate; the message of its problem if it
 * has no value.
 */
export function valueOf(
  text: string,
  facts: Facts = {},
  { date = '2025-03-31', blankIsZero = false } = {},
): string | null {
  const ast = parseExpression(text);
  if (isSyntaxProblem(ast)) return ast.message;
  const checked = checkExpression(ast, environment);
  if (Array.isArray(checked)) return checked.map(({ message }) => message).join('; ');
  const evaluate = compileExpression<Facts>(
    ast,
    { ...environment, blankIsZero },
    {
      field:
        ({ owner, name, type }) =>
        (scope) =>
          typed(scope[owner === 'deal' ? name : `${owner}.${name}`] ?? '', type),
      convert: (_scope, amount, currency) =>
        currency === 'EUR' ? amount.times(Exact.parse('1.10')) : currency === 'USD' ? amount : null,
      date: () => date,
    },
  );
  return shown(evaluate(facts));
}

function shown(value: Value | null): string | null {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : (value?.toString() ?? null);
}

function typed(text: string, type: ValueType): Value | null {
  if (type === 'text') return text;
  if (text === '') return null;
  if (type === 'date') return text;
  return type === 'yes/no' ? text === 'yes' : Exact.parse(text);
}
