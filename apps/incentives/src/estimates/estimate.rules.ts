import type { Statement, StatementLine } from '@attain/contracts';
import { Exact, isCurrency, isDate, isSummable, minorDigits } from '@attain/values';
import { lineIds } from '../statements/line-id.rules.js';

/** The place of a line in its statement, with its name there. */
export interface Placed {
  readonly id: string;
  readonly index: number;
  readonly line: StatementLine;
}
/** The plans with a contest, each with its contests. */
export type Contests = ReadonlyMap<string, ReadonlySet<string>>;

/** A line before and after; an added or removed line has only one of them. */
export interface Changed {
  readonly id: string;
  readonly now: Placed | undefined;
  readonly then: Placed | undefined;
}

const CUTS: ReadonlySet<StatementLine['kind']> = new Set(['cap', 'hold', 'release', 'carried', 'draw', 'recovery']);

/**
 * Whether a line depends on a contest, or may depend on one: its component is a contest, or the plan cuts, holds or settles all its pay.
 * The change of such a line with the size of a deal would disclose the sales of others.
 */
export function followsContest(
  { plan, component, kind }: Pick<StatementLine, 'plan' | 'component' | 'kind'>,
  contests: Contests,
): boolean {
  const own = contests.get(plan);
  return own !== undefined && (own.has(component) || component === '' || CUTS.has(kind));
}

export function placed(statement: Pick<Statement, 'participant' | 'period' | 'lines'>): Placed[] {
  const ids = lineIds(statement);
  return statement.lines.map((line, index) => ({ id: ids[index]!, index, line }));
}

/** The added, removed and changed lines, in the order of the later statement. */
export function changedLines(now: readonly Placed[], then: readonly Placed[]): Changed[] {
  const before = new Map(now.map((one) => [one.id, one]));
  const after = new Set(then.map(({ id }) => id));
  return [
    ...then.map((one) => ({ id: one.id, now: before.get(one.id), then: one })),
    ...now.filter(({ id }) => !after.has(id)).map((one) => ({ id: one.id, now: one, then: undefined })),
  ].filter(({ now: was, then: is }) => was?.line.payable !== is?.line.payable || was?.line.earned !== is?.line.earned);
}

/** The sum of lines in the currency of the statement; points and days off are in no sum of money. */
function payableOf(lines: readonly Placed[], currency: string): Exact {
  return lines.reduce(
    (sum, { line }) => (line.payableCurrency === currency ? sum.plus(Exact.parse(line.payable)) : sum),
    Exact.zero,
  );
}

export interface ComponentPay {
  readonly plan: string;
  readonly component: string;
  readonly now: string;
  readonly then: string;
  readonly difference: string;
}

/** What each component pays before and after. */
export function componentsOf(now: readonly Placed[], then: readonly Placed[], currency: string): ComponentPay[] {
  const keyOf = ({ line: { plan, component } }: Placed) => JSON.stringify([plan, component]);
  const [before, after] = [Map.groupBy(now, keyOf), Map.groupBy(then, keyOf)];
  return [...new Set([...before.keys(), ...after.keys()])].map((key) => {
    const [plan, component] = JSON.parse(key) as [string, string];
    return { plan, component, ...amounts(before.get(key) ?? [], after.get(key) ?? [], currency) };
  });
}

export function amounts(now: readonly Placed[], then: readonly Placed[], currency: string) {
  const [before, after] = [payableOf(now, currency), payableOf(then, currency)];
  return textsOf(before, after, isCurrency(currency) ? minorDigits(currency) : 2);
}

export function textsOf(before: Exact, after: Exact, digits: number) {
  const text = (amount: Exact) => amount.toDecimal(digits, 'half-up');
  return { now: text(before), then: text(after), difference: text(after.minus(before)) };
}

const DECIMAL = /^-?\d{1,30}(\.\d{1,20})?$/;

/** The errors in the fields of a supposed deal, by field. */
export function faultsOf(fields: Readonly<Record<string, string | null>>): { field: string; message: string }[] {
  return Object.entries(fields).flatMap(([field, value]) => {
    if (value === null || value === '') return [];
    const found = `, found ${JSON.stringify(value.slice(0, 60))}`;
    if (field === 'closed') return [{ field, message: 'expected the day beside the fields, as `closed` of the deal' }];
    if (field === 'amount' && !(DECIMAL.test(value) && isSummable(value)))
      return [{ field, message: `expected a plain decimal such as 1054.50${found}` }];
    if (field === 'currency' && !isCurrency(value))
      return [{ field, message: `expected an ISO 4217 code such as USD${found}` }];
    if (field === 'opened' && !isDate(value)) return [{ field, message: `expected a day such as 2025-03-31${found}` }];
    return [];
  });
}
