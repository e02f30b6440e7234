import type { LineKind } from '@attain/contracts';
import { Exact, type LocalDate } from '@attain/values';
import { exactMoney, moneyText } from '../plans/text.js';
import type { Input } from './slice.js';

/** The kind of a part of an explanation; a whole line has the kind of the line. */
export type PartKind =
  | 'slice'
  | 'share'
  | 'line'
  | 'lines'
  | 'total'
  | 'now'
  | 'before'
  | 'after'
  | 'prize'
  | 'held'
  | 'instalment'
  | 'draw'
  | 'guarantee'
  | 'due'
  | 'surplus'
  | 'balance'
  | 'carried'
  | 'by hand'
  | 'conversion'
  | 'rounding';

/** A difference between the two sides; null if a side does not have the value. */
export interface Changed {
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
}
/** The participant at a place of a contest, and the last of the places shared by tied participants. */
export interface RankedPlace {
  readonly place: number;
  readonly last: number;
  readonly participants: readonly string[];
}

/**
 * The explanation of an amount as a tree. The parts of each node sum to it, so the leaves sum to the line. Amounts are
 * exact: decimals, or a fraction such as 1/3 if the decimals would not end.
 */
export interface Explanation {
  readonly kind: LineKind | PartKind;
  readonly sentence: string;
  readonly amount: string;
  /** The currency, or the unit of points or days off. */
  readonly currency: string;
  /** The earliest day that the node itself depends on. */
  readonly date?: LocalDate;
  /** The rule of the plan. */
  readonly rule?: string;
  /** The inputs, each with the event that stated it. */
  readonly inputs?: readonly Input[];
  readonly changed?: readonly Changed[];
  readonly ranking?: readonly RankedPlace[];
  /** The amounts from which this one is computed. They are not parts of it, and may have another currency. */
  readonly from?: readonly Explanation[];
  readonly parts: readonly Explanation[];
}
export type Reason = Pick<Explanation, 'sentence' | 'parts'>;
type Detail = Omit<Explanation, 'kind' | 'sentence' | 'amount' | 'currency' | 'parts'>;

/** An amount in minor units, exact. */
export function leaf(
  kind: PartKind,
  amount: Exact,
  currency: string,
  sentence: string,
  detail: Detail = {},
): Explanation {
  return { kind, sentence, amount: exactMoney(amount, currency), currency, ...detail, parts: [] };
}

/** The sum of its parts. */
export function node(
  kind: PartKind,
  currency: string,
  sentence: string,
  parts: readonly Explanation[],
  detail: Detail = {},
): Explanation {
  return { kind, sentence, amount: sumOf(parts).toString(), currency, ...detail, parts };
}

/** A rounded amount; the difference to the sum of its parts is a part of its own. */
export function whole(
  kind: LineKind,
  amount: bigint,
  currency: string,
  sentence: string,
  parts: readonly Explanation[],
  rounding: string,
  detail: Detail = {},
): Explanation {
  const text = moneyText(amount, currency);
  const rest = Exact.parse(text).minus(sumOf(parts));
  const rounded = rest.isZero()
    ? parts
    : [...parts, { kind: 'rounding' as const, sentence: rounding, amount: rest.toString(), currency, parts: [] }];
  return { kind, sentence, amount: text, currency, ...detail, parts: rounded };
}

export function sumOf(parts: readonly Explanation[]): Exact {
  return parts.reduce((sum, { amount }) => sum.plus(Exact.parse(amount)), Exact.zero);
}

/** The same amounts taken back, down to the leaves. */
export function takenBack(one: Explanation): Explanation {
  return { ...one, amount: Exact.parse(one.amount).negated().toString(), parts: one.parts.map(takenBack) };
}

/** The leaves of an explanation. */
export function leaves(one: Explanation): Explanation[] {
  return one.parts.length === 0 ? [one] : one.parts.flatMap(leaves);
}

/** The nodes of an explanation, including those that it is computed from. */
export function* nodes(one: Explanation): Generator<Explanation> {
  yield one;
  for (const part of [...one.parts, ...(one.from ?? [])]) yield* nodes(part);
}

/** The change of the balance by a line, as text. */
export function balanceText(
  balance: { readonly before: bigint; readonly after: bigint } | null,
  currency: string,
): string {
  return balance === null
    ? ''
    : `: the balance goes from ${moneyText(balance.before, currency)} ${currency} to ${moneyText(balance.after, currency)} ${currency}`;
}
