import type { LineKind } from '@attain/contracts';
import { Exact, type LocalDate } from '@attain/values';
import { exactMoney, moneyText } from '../plans/text.js';
import type { Input } from './slice.js';

/** What a part of an explanation is; a whole line has the kind of the line. */
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

/** What differs between the two sides of a difference; null: one side does not have it. */
export interface Changed {
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
}
/** Who takes a place of a contest, and the last of the places that they take together. */
export interface RankedPlace {
  readonly place: number;
  readonly last: number;
  readonly participants: readonly string[];
}

/**
 * The explanation of an amount, as a tree: the parts of each node sum to it, so that the leaves sum to the line. Amounts are exact: decimals,
 * or a fraction as 1/3 where decimals would not end.
 */
export interface Explanation {
  readonly kind: LineKind | PartKind;
  readonly sentence: string;
  readonly amount: string;
  /** The currency, or the unit that is not money. */
  readonly currency: string;
  /** The earliest day that the node itself stands on. */
  readonly date?: LocalDate;
  /** What the plan says. */
  readonly rule?: string;
  /** What it stands on, each with the event that stated it. */
  readonly inputs?: readonly Input[];
  readonly changed?: readonly Changed[];
  readonly ranking?: readonly RankedPlace[];
  /** What the amount is computed from; these are not parts of it, and may be in another currency. */
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

/** What its parts sum to. */
export function node(
  kind: PartKind,
  currency: string,
  sentence: string,
  parts: readonly Explanation[],
  detail: Detail = {},
): Explanation {
  return { kind, sentence, amount: sumOf(parts).toString(), currency, ...detail, parts };
}

/** An amount that is rounded: what its parts leave of it is a part of its own. */
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

/** The amounts into which an explanation falls. */
export function leaves(one: Explanation): Explanation[] {
  return one.parts.length === 0 ? [one] : one.parts.flatMap(leaves);
}

/** The nodes of an explanation, those that it is computed from among them. */
export function* nodes(one: Explanation): Generator<Explanation> {
  yield one;
  for (const part of [...one.parts, ...(one.from ?? [])]) yield* nodes(part);
}

/** How a line moves the balance that it belongs to. */
export function balanceText(
  balance: { readonly before: bigint; readonly after: bigint } | null,
  currency: string,
): string {
  return balance === null
    ? ''
    : `: the balance goes from ${moneyText(balance.before, currency)} ${currency} to ${moneyText(balance.after, currency)} ${currency}`;
}
