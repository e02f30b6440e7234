import { Exact, type Period } from '@attain/values';
import type { Life, State, Version } from './company.js';
import { isNamedIn } from './engine.js';
import { minorOf, payDate, planPays, planRate } from './terms.js';
import { rateOn } from './company.js';
import { minorRate } from './credits.js';

/** What a plan is owed, or carries, after a period; in minor units of the pay currency. */
export interface Owed {
  readonly carried: bigint;
  readonly draws: readonly bigint[];
}
const NOTHING_OWED: Owed = { carried: 0n, draws: [] };

interface Draw {
  readonly first: number;
  readonly last: number;
  readonly amounts: readonly string[];
  readonly recoverable: boolean;
  readonly from: number;
  readonly share: Exact;
  readonly forgive: boolean;
}

/** Draws of a plan in their order; each without periods of its own begins after the one before. */
function drawsOf({ document }: Version): Draw[] {
  const draws: Draw[] = [];
  for (const { amount, periods, recoverable, recovers, forgive } of document.draw === undefined
    ? []
    : [document.draw].flat()) {
    const [from, to = from] = periods?.split('-').map(Number) ?? [];
    const first = from ?? (draws.at(-1)?.last ?? 0) + 1;
    const last = to ?? (typeof amount === 'string' ? Infinity : first + amount.length - 1);
    draws.push({
      first,
      last,
      amounts: [amount].flat(),
      recoverable: recoverable !== 'no',
      from: Number(recovers?.from ?? 1),
      share: Exact.parse(recovers?.share ?? '100%'),
      forgive: forgive === 'at end',
    });
  }
  return draws;
}

/** Step 9 of one plan in one period; null where it has neither draws nor carried negatives. */
export function settlePlan(
  state: State,
  me: string,
  life: Life,
  period: Period,
  currency: string,
  due: bigint,
  before: Owed | null,
): { owed: Owed; lines: { kind: string; amount: bigint }[] } | null {
  const isHere = isNamedIn(state, me, life, period, planPays);
  const paying = life.versions.filter((version) => planPays(version) === period.kind);
  const reached = isHere ? [] : paying.filter(({ from }) => from <= state.effective);
  const inForce = paying.filter(({ from, to }) => from <= period.to && to >= period.from);
  const version = reached.at(-1) ?? inForce.at(-1) ?? life.versions.at(-1)!;
  if (planPays(version) !== period.kind) return null;
  const draws = drawsOf(version);
  const carriesOn = version.document.negative === 'carried';
  if (before === null && draws.length === 0 && !carriesOn) return null;

  const owed = before ?? NOTHING_OWED;
  const number = periodNumber(state, me, life, period);
  const running = isHere ? draws.findIndex(({ first, last }) => first <= number && number <= last) : -1;
  const draw = running < 0 ? null : drawAmount(state, version, draws[running]!, number, period, currency);
  const balances = draws.map((_, index) => owed.draws[index] ?? 0n);
  const lines: { kind: string; amount: bigint }[] = [];

  let pay = due - owed.carried;
  const carried = pay < 0n && (draw !== null || carriesOn) ? -pay : 0n;
  if (carried !== owed.carried) lines.push({ kind: 'carried', amount: carried - owed.carried });
  pay += carried;
  if (draw !== null && pay < draw) {
    lines.push({ kind: 'draw', amount: draw - pay });
    if (draws[running]!.recoverable) balances[running]! += draw - pay;
  }
  let above = pay - (draw ?? 0n);
  draws.forEach(({ recoverable, from, share }, index) => {
    if (!recoverable || number < from || above <= 0n) return;
    const asked = Exact.of(above).times(share).round('half-up');
    const recovery = asked < balances[index]! ? asked : balances[index]!;
    if (recovery > 0n) lines.push({ kind: 'recovery', amount: -recovery });
    balances[index]! -= recovery;
    above -= recovery;
  });
  draws.forEach(({ forgive, last }, index) => {
    if (forgive && number >= last) balances[index] = 0n;
  });
  return { owed: { carried, draws: balances }, lines };
}

/** How many pay periods of the plan named somebody, up to this one. */
function periodNumber(state: State, me: string, life: Life, period: Period): number {
  let number = 0;
  const start = [state.people.get(me)?.[0]?.from ?? period.from, life.from].sort().at(-1)!;
  for (
    let one = state.calendar.periodOf(start < period.from ? start : period.from, period.kind);
    one.from <= period.to;
    one = state.calendar.next(one)
  ) {
    if (isNamedIn(state, me, life, one, planPays)) number += 1;
  }
  return number;
}

/** In the pay currency; null without a rate. */
function drawAmount(
  state: State,
  version: Version,
  { amounts, first }: Draw,
  number: number,
  period: Period,
  currency: string,
): bigint | null {
  const written = (amounts.length === 1 ? amounts[0] : amounts[number - first]) ?? '0';
  const day = payDate(state, period);
  const rate =
    version.document.convert?.pay === 'at plan rate'
      ? planRate(version, version.currency, currency)
      : minorRate(version.currency, currency, rateOn(state, version.currency, currency, day));
  const { rounding } = version.document;
  return rate === null
    ? null
    : Exact.parse(written)
        .times(minorOf(version.currency))
        .times(rate)
        .round(typeof rounding === 'string' ? rounding : (rounding?.mode ?? 'half-up'));
}
