import type { Ast, ValueType } from './language.js';
import { written } from './written.js';

/** The unit of a part; a `plain` number has no unit of its own and takes that of its place. */
export interface Unit {
  readonly type: ValueType;
  /** For money, the currency in which it is written, `record`, or `plan` for sums of a window. */
  readonly currency: string | null;
  readonly plain: boolean;
}

export const number: Unit = { type: 'number', currency: null, plain: false };
export const plain: Unit = { type: 'number', currency: null, plain: true };
export const rate: Unit = { type: 'rate', currency: null, plain: false };
export const condition: Unit = { type: 'yes/no', currency: null, plain: false };
export const unitOf = (type: ValueType): Unit => ({ type, currency: type === 'money' ? 'record' : null, plain: false });
/** The names of types in messages. */
export const names: Readonly<Record<ValueType, string>> = {
  money: 'money',
  number: 'a number',
  rate: 'a rate',
  date: 'a date',
  text: 'a text',
  'yes/no': 'yes or no',
};

export function isNumeric({ type }: Unit): boolean {
  return type === 'money' || type === 'number' || type === 'rate';
}

/** The common unit of two values in a sum or a comparison; undefined if they do not match. */
export function joined(a: Unit, b: Unit): Unit | undefined {
  if (isNumeric(a) && isNumeric(b)) {
    if (a.plain) return b;
    if (b.plain) return a;
    if (a.type === 'money' && b.type === 'money') return { ...a, currency: shared(a.currency, b.currency) };
    if (a.type === 'money' || b.type === 'money') return undefined;
    return a.type === b.type ? a : number;
  }
  return a.type === b.type ? a : undefined;
}

/** Amounts beside a sum of the window are converted to the plan's currency, others to the record's. */
function shared(a: string | null, b: string | null): string | null {
  if (a === b) return a;
  return a === 'plan' || b === 'plan' ? 'plan' : 'record';
}

/** The unit of a product; undefined if it has no meaning. */
export function product(a: Unit, b: Unit): Unit | undefined {
  if (a.type === 'money' || b.type === 'money') return a.type === b.type ? undefined : a.type === 'money' ? a : b;
  if (a.plain && b.plain) return plain;
  return a.type === 'rate' || b.type === 'rate' ? rate : number;
}

/** The unit of a quotient; undefined if it has no meaning. */
export function quotient(a: Unit, b: Unit): Unit | undefined {
  if (b.type === 'money') return a.type === 'money' ? rate : undefined;
  if (a.plain && b.plain) return plain;
  return a.plain ? number : a;
}

export function nameOf(type: ValueType): string {
  return names[type];
}

/** A part as it is quoted in a message. */
export function short(ast: Ast): string {
  const text = written(ast);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
