import { Exact, type LocalDate } from '@attain/values';
import { type Line, NO_REASON } from './lines.js';
import type { Credit } from '../credits/credits.js';
import type { SourceRecord } from '../facts/records.js';
import { byOrder } from '../facts/order.rules.js';
import { payPeriodOf } from '../plans/pay-periods.js';
import { periodOf } from '../plans/windows.js';
import type { WindowKind } from '../plans/component.js';
import type { PlanVersion } from '../plans/plans.js';

/**
 * The cuts of a cap by count. In each window the first records in order that were not undone are paid. The lines of all
 * others are taken back by a line at the end of their pay period, or at the end of the cap's window if that comes
 * first.
 */
export function countCuts(lines: readonly Line[], planSpan: { from: LocalDate; to: LocalDate }): Line[] {
  const records = new Map<Credit, Line[]>();
  const firsts = firstCredits(lines);
  for (const line of lines) {
    // A dated reversal takes no place; it is cut with its record.
    const credit =
      line.credit === null || line.credit.nth === 0 ? line.credit : (firsts.get(line.credit.record) ?? null);
    if (credit === null) continue;
    const known = records.get(credit);
    if (known === undefined) records.set(credit, [line]);
    else known.push(line);
  }
  const counted = new Map<string, number>();
  const cuts: Line[] = [];
  for (const [credit, own] of [...records].sort(([a], [b]) => byOrder(a, b))) {
    const { version, component } = own.find((line) => line.credit === credit)!;
    const { count } = component;
    if (count === null || count.per === 'deal') continue;
    if (credit.undone) continue;
    const window = capEnd(count.per, credit.date, version, planSpan);
    const number = (counted.get(window) ?? 0) + 1;
    counted.set(window, number);
    if (number > count.limit) cuts.push(...cutsOf(own, count.per, number, planSpan));
  }
  return cuts;
}

function firstCredits(lines: readonly Line[]): ReadonlyMap<SourceRecord, Credit> {
  const firsts = new Map<SourceRecord, Credit>();
  for (const { credit } of lines) {
    if (credit === null) continue;
    const known = firsts.get(credit.record);
    if (credit.nth === 0 && (known === undefined || byOrder(credit, known) < 0)) firsts.set(credit.record, credit);
  }
  return firsts;
}

function cutsOf(
  lines: readonly Line[],
  per: WindowKind,
  number: number,
  planSpan: { from: LocalDate; to: LocalDate },
): Line[] {
  const byDate = new Map<LocalDate, Line[]>();
  for (const line of lines) {
    const payEnd = payPeriodOf(line, line.date).to;
    const end = capEnd(per, line.date, line.version, planSpan);
    const date = end < payEnd ? end : payEnd;
    byDate.set(date, [...(byDate.get(date) ?? []), line]);
  }
  return [...byDate].flatMap(([date, own]) => {
    const amount = -own.reduce((sum, line) => sum + line.amount, 0n);
    if (amount === 0n) return [];
    const { participant, version, component, credit } = own[0]!;
    return [
      {
        kind: 'cap',
        participant,
        version,
        component,
        credit,
        cause: null,
        date,
        amount,
        explain: () => ({ unrounded: Exact.of(amount), why: { ...NO_REASON, counted: { number, of: own } } }),
      } satisfies Line,
    ];
  });
}

/** The last day of the cap window that contains a day. */
function capEnd(per: WindowKind, date: LocalDate, version: PlanVersion, planSpan: { to: LocalDate }): LocalDate {
  return per === 'plan' || per === 'deal' ? planSpan.to : periodOf(version.calendar, date, per).to;
}
