import { completedMonths, daysBetween, Exact, type LocalDate } from '@attain/values';
import { takenParts } from '../facts/reversals.rules.js';
import type { Reversal } from '../facts/records.js';
import { byOrder } from '../facts/order.rules.js';
import type { Clawback } from '../plans/clawbacks.js';
import { dayAfterTime } from '../plans/durations.rules.js';
import { rounded } from '../plans/rounding.rules.js';
import { shareText } from '../plans/text.js';
import { payPeriodOf } from '../plans/pay-periods.js';
import type { World } from '../plans/world.js';
import { type Exceptional, isOfRecord, type Line, type Lines, NO_REASON, type RecordLine } from './lines.js';

/** A reversal of a record, and the share of the record's earnings that it takes back. */
interface Taking {
  readonly reversal: Reversal;
  readonly share: Exact;
}

/**
 * The lines of a clawback: on the date of each reversal, the stated share of the record's lines, true-ups and cuts by
 * the end of that pay period, and again when these change later. Nothing is taken after `within`, and never more than
 * the record earned. Clawbacks are neither multiplied nor capped.
 */
export function clawbackLines(world: World, lines: Lines): { lines: Line[]; exceptions: Exceptional[] } {
  const found: RecordLine[] = [];
  const exceptions: Exceptional[] = [];
  const reversed = lines.ofRecords((record) => (world.record(record)?.reversals.length ?? 0) > 0);
  for (const [, own] of Map.groupBy(reversed.filter(isOfRecord), ({ credit }) => credit.record)) {
    // A record whose condition is met only later begins with a true-up.
    const first = own.find(({ kind }) => kind === 'earning') ?? own[0];
    if (first === undefined || first.component.clawback === null || first.component.measure.reversals === 'undone')
      continue;
    const { takings, lack } = takingsOf(world, first, first.component.clawback);
    if (lack !== null) exceptions.push(lack);
    for (const line of ofRecord(first, own, takings)) found.push(line);
  }
  return { lines: found.sort((a, b) => byOrder(a.credit, b.credit)), exceptions };
}

function takingsOf(
  world: World,
  first: RecordLine,
  clawback: Clawback,
): { takings: Taking[]; lack: Exceptional | null } {
  const { credit } = first;
  const state = world.record(credit.record);
  if (state === undefined || state.reversals.length === 0) return { takings: [], lack: null };
  const last = clawback.within === null ? null : dayAfterTime(credit.date, clawback.within);
  const parts = takenParts(state, world.view).filter(({ reversal }) => last === null || reversal.date <= last);
  const [start] = parts;
  if (start === undefined) return { takings: [], lack: null };
  const { take } = clawback;
  if (take !== 'pro rata')
    return { takings: parts.map(({ reversal, part }) => ({ reversal, share: part.times(take) })), lack: null };
  const term = termOf(clawback, state.fields['termMonths']);
  if (term === null) return { takings: [], lack: lacking(first, start.reversal.date) };
  return {
    takings: parts.map(({ reversal, part }) => ({
      reversal,
      share: part.times(partLeftOf(term, credit.date, reversal.date)),
    })),
    lack: null,
  };
}

/** The time that a record is paid for; null if the record does not state it. */
function termOf({ over }: Clawback, termMonths: string | undefined): Term | null {
  if (over !== null) return { count: Exact.of(over.count), unit: over.unit };
  const count = termMonths === undefined || termMonths === '' ? Exact.zero : Exact.parse(termMonths);
  return count.sign() <= 0 ? null : { count, unit: 'months' };
}
interface Term {
  readonly count: Exact;
  readonly unit: 'days' | 'months';
}

/** The part of a term that remains after its completed days or months. */
function partLeftOf({ count, unit }: Term, from: LocalDate, to: LocalDate): Exact {
  const passed = unit === 'days' ? daysBetween(from, to) : completedMonths(from, to);
  const left = count.minus(Exact.of(Math.max(0, passed)));
  return left.sign() <= 0 ? Exact.zero : left.over(count);
}

/** The clawback lines of a record by pay period, from the pay period of its first reversal on. */
function ofRecord(first: RecordLine, own: readonly Line[], takings: readonly Taking[]): RecordLine[] {
  if (takings.length === 0) return [];
  const { component } = first;
  const payEnd = (date: LocalDate) => payPeriodOf(first, date).to;
  const begin = payEnd(takings[0]!.reversal.date);
  const ends = [...own.map(({ date }) => date), ...takings.map(({ reversal }) => reversal.date)].map(payEnd);
  const given = takings.map(() => 0n);
  const lines: RecordLine[] = [];
  for (const end of [...new Set(ends)].sort()) {
    if (end < begin) continue;
    const of = own.filter(({ date }) => date <= end);
    const total = of.reduce((sum, { amount }) => sum + amount, 0n);
    let left = total;
    takings.forEach(({ reversal, share }, index) => {
      if (payEnd(reversal.date) > end) return;
      const taken = towardsZero(rounded(Exact.of(total).times(share), component.rounding), left);
      left -= taken;
      const before = given[index]!;
      given[index] = taken;
      if (taken === before) return;
      const date = payEnd(reversal.date) === end ? reversal.date : end;
      lines.push(clawedBack(first, { reversal, share }, { of, before, taken, date }));
    });
  }
  return lines;
}

/** Limits an amount so that a record's sum never crosses 0. */
function towardsZero(amount: bigint, left: bigint): bigint {
  if (amount > 0n !== left > 0n) return 0n;
  return (amount > 0n ? amount < left : amount > left) ? amount : left;
}

function clawedBack(
  { participant, version, component, credit }: RecordLine,
  { reversal, share }: Taking,
  { of, before, taken, date }: { of: readonly Line[]; before: bigint; taken: bigint; date: LocalDate },
): RecordLine {
  const amount = before - taken;
  const limit = `${shareText(share)} of what ${credit.source}:${credit.id} had earned by then, ${reversal.kind} on ${reversal.date}`;
  return {
    kind: 'clawback',
    participant,
    version,
    component,
    credit,
    cause: null,
    reversal,
    date,
    amount,
    explain: () => ({ unrounded: Exact.of(amount), why: { ...NO_REASON, limit, taken: { share, of, before } } }),
  };
}

function lacking({ participant, version, component, credit }: RecordLine, date: LocalDate): Exceptional {
  const record = { source: credit.source, id: credit.id };
  const detail = 'termMonths is blank or 0, so that the time left of it is undefined: nothing is clawed back';
  return {
    exception: { code: 'UNDEFINED', plan: version.plan, component: component.name, participant, record, detail },
    version,
    component,
    date,
  };
}
