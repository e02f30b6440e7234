import { dayAfter, dayBefore, type LocalDate } from '@attain/values';
import type { Row } from '../facts/people.rules.js';
import { OPEN } from '../facts/view.js';

export interface Span {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** The days on which a participant is present; each row ends before the next one begins. */
export function presentSpans(rows: readonly Row[]): readonly (Span & { readonly row: Row })[] {
  return rows.flatMap((row, index) => {
    const next = rows[index + 1];
    const end = row.to ?? OPEN;
    const to = next !== undefined && next.from <= end ? dayBefore(next.from) : end;
    return to < row.from ? [] : [{ from: row.from, to, row }];
  });
}

/** Spans without the absences in them; a leave inside a span cuts it in two. */
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
