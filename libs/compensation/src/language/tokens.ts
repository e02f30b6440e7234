import { Exact, isDate } from '@attain/values';
import type { SyntaxProblem } from './language.js';

export type Token = { readonly from: number; readonly to: number } & (
  | { readonly kind: 'number' | 'rate'; readonly value: Exact }
  | { readonly kind: 'date'; readonly value: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'mark'; readonly value: string }
  | { readonly kind: 'end' }
);

const longestExpression = 4000;

const space = /\s+/y;
const dateLike = /\d{4}-\d{2}-\d{2}(?![\d.])/y;
const numberLike = /\d[\d_]*(?:\.\d*)?(?:[\p{L}_][\p{L}\d_]*|%)?/uy;
const plainNumber = /^\d{1,30}(\.\d{1,20})?%?$/;
const nameLike = /[\p{L}_][\p{L}\p{M}\d_]*/uy;
const mark = /!=|<=|>=|[-+*/=<>(),.[\]]/y;
const foreign: Readonly<Record<string, string>> = {
  '==': 'equality is written =',
  '<>': 'inequality is written !=',
  '&&': 'write `and`',
  '||': 'write `or`',
  '!': 'write `not`, or != between two values',
  '&': 'write `and`',
  '|': 'write `or`',
  '%': 'a share is written without a space, as 10%',
  "'": 'write a text in double quotation marks, as "New"',
  '“': 'write a text in straight quotation marks, as "New"',
  '”': 'write a text in straight quotation marks, as "New"',
  '‘': 'write a text in straight quotation marks, as "New"',
  '’': 'write a text in straight quotation marks, as "New"',
  '^': 'there are no powers',
  ';': 'an expression is one value, without `;`',
};

/** Throws a SyntaxProblem. */
export function tokenize(text: string): Token[] {
  if (text.length > longestExpression)
    throw problem(
      longestExpression,
      `an expression has at most ${longestExpression} characters, this one has ${text.length}`,
    );
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    const from = at;
    const found = take(space);
    if (found !== undefined) {
      at += found.length;
      continue;
    }
    if (text[at] === '"') {
      const [value, to] = quoted(text, at);
      tokens.push({ kind: 'text', value, from, to });
      at = to;
      continue;
    }
    const date = take(dateLike);
    if (date !== undefined) {
      if (!isDate(date)) throw problem(from, `there is no date ${date}`);
      at += date.length;
      tokens.push({ kind: 'date', value: date, from, to: at });
      continue;
    }
    const number = take(numberLike);
    if (number !== undefined) {
      if (!plainNumber.test(number))
        throw problem(
          from,
          `not a number: \`${cut(number)}\` (numbers are written 1234.56, shares 6%, money 4000 USD)`,
        );
      at += number.length;
      tokens.push({ kind: number.endsWith('%') ? 'rate' : 'number', value: Exact.parse(number), from, to: at });
      continue;
    }
    const name = take(nameLike);
    if (name !== undefined) {
      at += name.length;
      tokens.push({ kind: 'name', value: name, from, to: at });
      continue;
    }
    const advice = foreign[text.slice(at, at + 2)] ?? (take(mark) === undefined ? foreign[text[at]!] : undefined);
    if (advice !== undefined) throw problem(from, advice);
    const sign = take(mark);
    if (sign === undefined)
      throw problem(from, `unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(at)!))}`);
    at += sign.length;
    tokens.push({ kind: 'mark', value: sign, from, to: at });
  }
  tokens.push({ kind: 'end', from: text.length, to: text.length });
  return tokens;
}

export function problem(at: number, what: string): SyntaxProblem {
  return { code: 'syntax', message: `${what}, at character ${at + 1}`, at };
}

function quoted(text: string, from: number): [value: string, to: number] {
  let value = '';
  for (let at = from + 1; at < text.length; at += 1) {
    const letter = text[at]!;
    if (letter === '"') return [value, at + 1];
    if (letter === '\\') {
      at += 1;
      const next = text[at];
      if (next !== '"' && next !== '\\')
        throw problem(at - 1, 'expected " or another backslash after a backslash in a text');
      value += next;
    } else value += letter;
  }
  throw problem(from, 'the text is not closed by a second quotation mark');
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
