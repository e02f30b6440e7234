import { dayAfter, dayBefore, type LocalDate } from '@attain/values';

/** Days from the first to the last, both included. */
export interface Days {
  readonly from: LocalDate;
  readonly to: LocalDate;
}
/** In the order of their days, with gaps between them. */
export type Spans = readonly Days[];

export const always: Days = { from: '0001-01-01', to: '9999-12-31' };

export function isIn(spans: Spans, date: LocalDate): boolean {
  return spans.some(({ from, to }) => from <= date && date <= to);
}

/** The days in both. */
export function intersected(a: Spans, b: Spans): Spans {
  const both: Days[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [left, right] = [a[i]!, b[j]!];
    const from = left.from > right.from ? left.from : right.from;
    const to = left.to < right.to ? left.to : right.to;
    if (from <= to) both.push({ from, to });
    if (left.to < right.to) i += 1;
    else j += 1;
  }
  return both;
}

/** The days in either. */
export function united(a: Spans, b: Spans): Spans {
  const all: Days[] = [];
  for (const days of [...a, ...b].sort((x, y) => (x.from < y.from ? -1 : x.from > y.from ? 1 : 0))) {
    const last = all.at(-1);
    if (last && (last.to === always.to || days.from <= dayAfter(last.to))) {
      if (days.to > last.to) all[all.length - 1] = { from: last.from, to: days.to };
    } else all.push(days);
  }
  return all;
}

/** The days of the first that are not in the second. */
export function without(a: Spans, b: Spans): Spans {
  return a.flatMap((days) => {
    const left: Days[] = [];
    let from: LocalDate | null = days.from;
    for (const gone of b) {
      if (from === null || gone.to < from || gone.from > days.to) continue;
      if (gone.from > from) left.push({ from, to: dayBefore(gone.from) });
      from = gone.to >= days.to ? null : dayAfter(gone.to);
    }
    if (from !== null) left.push({ from, to: days.to });
    return left;
  });
}
