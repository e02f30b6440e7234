import { dayAfter, dayBefore, daysBetween, Exact, type FiscalCalendar, type LocalDate, type Period } from '@attain/values';
import type { Row } from '../facts/people.rules.js';
import { OPEN } from '../facts/view.js';

/** How quotas and targets shrink for those who were there for a part of a period. */
export type Proration = 'no' | 'by days' | 'by months';
/** Shares of the quota by role, one for each calendar month since the first in the role. */
export type Ramp = ReadonlyMap<string, readonly Exact[]>;

export interface Span {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** The days on which a participant is there: each row ends where the next one begins at the latest. */
export function presentSpans(rows: readonly Row[]): readonly (Span & { readonly row: Row })[] {
  return rows.flatMap((row, index) => {
    const next = rows[index + 1];
    const end = row.to ?? OPEN;
    const to = next !== undefined && next.from <= end ? dayBefore(next.from) : end;
    return to < row.from ? [] : [{ from: row.from, to, row }];
  });
}

/** What absences leave of spans: a leave that lies inside one cuts it in two. */
export function withoutAbsences(spans: readonly Span[], absences: readonly Span[]): readonly Span[] {
  return absences.reduce<readonly Span[]>(
    (left, { from, to }) =>
      left.flatMap((span) => {
        if (to < span.from || from > span.to) return [span];
        const before = from > span.from ? [{ from: span.from, to: dayBefore(from) }] : [];
        return to < span.to ? [...before, { from: dayAfter(to), to: span.to }] : before;
      }),
    spans,
  );
}

/** The part of a period that spans without overlaps cover, from 0 to 1: by its days, or by its months that are covered whole. */
export function partCovered(spans: readonly Span[], period: Period, prorate: Proration, calendar: FiscalCalendar): Exact {
  if (prorate === 'no' || spans.some(({ from, to }) => from <= period.from && period.to <= to)) return Exact.one;
  if (prorate === 'by days') return Exact.of(daysCovered(spans, period), lengthOf(period));
  const months = calendar.pieces(period, 'month');
  return Exact.of(months.filter((month) => daysCovered(spans, month) === lengthOf(month)).length, months.length);
}

/** A month's share in the ramp of the role held at its end, or last held in it; null for a role without a ramp. */
export function rampShare(rows: readonly Row[], month: Period, ramp: Ramp, calendar: FiscalCalendar): Exact | null {
  const held = presentSpans(rows).findLast(({ from, to }) => from <= month.to && to >= month.from);
  const role = held?.row.role ?? null;
  const shares = role === null ? undefined : ramp.get(role);
  if (shares === undefined) return null;
  const first = rows.find((row) => row.role === role)!.from;
  let at = calendar.periodOf(first, 'month');
  for (const share of shares) {
    if (at.name === month.name) return share;
    at = calendar.next(at);
  }
  return Exact.one;
}

function daysCovered(spans: readonly Span[], { from, to }: Span): number {
  let days = 0;
  for (const span of spans) {
    const [first, last] = [span.from > from ? span.from : from, span.to < to ? span.to : to];
    if (first <= last) days += lengthOf({ from: first, to: last });
  }
  return days;
}

function lengthOf({ from, to }: Span): number {
  return daysBetween(from, to) + 1;
}
