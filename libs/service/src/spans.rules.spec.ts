import { describe, expect, it } from '@jest/globals';
import { addDays } from '@attain/values';
import fc from 'fast-check';
import { intersected, isIn, type Spans, united, without } from './spans.rules.js';

const day = (n: number) => addDays('2025-01-01', n);
const days = Array.from({ length: 24 }, (_, n) => day(n));
/** Spans of a set of days, as anybody would draw them on a calendar. */
const spans = fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }).map((marked): Spans => {
  const drawn: { from: string; to: string }[] = [];
  marked.forEach((isMarked, n) => {
    const last = drawn.at(-1);
    if (isMarked && last?.to === day(n - 1)) last.to = day(n);
    else if (isMarked) drawn.push({ from: day(n), to: day(n) });
  });
  return drawn;
});
const daysOf = (of: Spans) => days.filter((date) => isIn(of, date));

describe('Spans of days', () => {
  it('meet, join and are taken from each other as their days are', () => {
    fc.assert(
      fc.property(spans, spans, (a, b) => {
        expect(daysOf(intersected(a, b))).toEqual(days.filter((date) => isIn(a, date) && isIn(b, date)));
        expect(daysOf(united(a, b))).toEqual(days.filter((date) => isIn(a, date) || isIn(b, date)));
        expect(daysOf(without(a, b))).toEqual(days.filter((date) => isIn(a, date) && !isIn(b, date)));
        expect(united(without(a, b), intersected(a, b))).toEqual(a);
      }),
    );
  });

  it('reach to the last day that there is', () => {
    expect(united([{ from: '2025-01-01', to: '9999-12-31' }], [{ from: '2026-01-01', to: '9999-12-31' }])).toEqual([
      { from: '2025-01-01', to: '9999-12-31' },
    ]);
    expect(without([{ from: '0001-01-01', to: '9999-12-31' }], [{ from: '0001-01-01', to: '9999-12-31' }])).toEqual([]);
  });
});
