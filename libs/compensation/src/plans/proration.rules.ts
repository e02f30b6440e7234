import { daysBetween, Exact, type FiscalCalendar, type Period } from '@attain/values';
import type { Span } from './presence.rules.js';

/** The proration of quotas and targets for people who were present for a part of a period. */
export type Proration = 'no' | 'by days' | 'by months';

/**
 * The part of a period, from 0 to 1, that spans without overlaps cover: by its days, or by the months that are covered
 * whole.
 */
export function partCovered(
  spans: readonly Span[],
  period: Period,
  prorate: Proration,
  calendar: FiscalCalendar,
): Exact {
  if (prorate === 'no' || spans.some(({ from, to }) => from <= period.from && period.to <= to)) return Exact.one;
  if (prorate === 'by days') return Exact.of(daysCovered(spans, period), lengthOf(period));
  const months = calendar.pieces(period, 'month');
  return Exact.of(months.filter((month) => daysCovered(spans, month) === lengthOf(month)).length, months.length);
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
