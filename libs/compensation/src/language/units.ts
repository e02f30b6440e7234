import type { Ast, ValueType } from './language.js';
import { written } from './written.js';

/** The unit of a part; `plain` numbers have none of their own and take that of their place. */
export interface Unit {
  readonly type: ValueType;
  /** Of money: the currency that it is written in, `record`, or `plan`: that of sums of a window. */
  readonly currency: string | null;
  readonly plain: boolean;
}

export const number: Unit = { type: 'number', currency: null, plain: false };
export const plain: Unit = { type: 'number', currency: null, plain: true };
export const rate: Unit = { type: 'rate', currency: null, plain: false };
export const condition: Unit = { type: 'yes/no', currency: null, plain: false };
export const unitOf = (type: ValueType): Unit => ({ type, currency: type === 'money' ? 'record' : null, plain: false });
/** A type as messages name it. */
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

/** What two values that meet in a sum or a comparison are together; undefined where they cannot meet. */
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

/** Amounts beside a sum of the window meet in the plan's currency, others in that of the record. */
function shared(a: string | null, b: string | null): string | null {
  if (a === b) return a;
  return a === 'plan' || b === 'plan' ? 'plan' : 'record';
}

/** What a product is; undefined where it has no meaning. */
export function product(a: Unit, b: Unit): Unit | undefined {
  if (a.type === 'money' || b.type === 'money') return a.type === b.type ? undefined : a.type === 'money' ? a : b;
  if (a.plain && b.plain) return plain;
  return a.type === 'rate' || b.type === 'rate' ? rate : number;
}

/** What a quotient is; undefined where it has no meaning. */
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
