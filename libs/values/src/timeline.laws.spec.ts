import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, daysBetween } from './dates.js';
import { Timeline, type TimelineRow } from './timeline.js';

const laws = { numRuns: Number(process.env['LAWS_RUNS'] ?? 200) };

const START = '2025-01-01';
const dayOf = (number: number) => addDays(START, number);
const rows: fc.Arbitrary<TimelineRow<number>[]> = fc.array(
  fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 10 }), fc.nat()).map(([from, days, value]) => ({
    from: dayOf(from),
    to: dayOf(from + days),
    value,
  })),
  { maxLength: 8 },
);
const holds = (row: TimelineRow<number>, date: string) => (row.from ?? '') <= date && date <= (row.to ?? '9999-12-31');
const overlap = (a: TimelineRow<number>, b: TimelineRow<number>) =>
  (a.from ?? '') <= (b.to ?? '9999-12-31') && (b.from ?? '') <= (a.to ?? '9999-12-31');

function disjoint(candidates: readonly TimelineRow<number>[]): TimelineRow<number>[] {
  const kept: TimelineRow<number>[] = [];
  for (const row of candidates) if (!kept.some((other) => overlap(row, other))) kept.push(row);
  return kept;
}

test('a timeline answers as a search through its rows does, in any order of the rows', () => {
  fc.assert(
    fc.property(rows, fc.nat({ max: 80 }), (candidates, number) => {
      const kept = disjoint(candidates);
      const date = dayOf(number);
      const timeline = new Timeline(kept);
      expect(timeline.at(date)).toBe(kept.find((row) => holds(row, date))?.value);
      expect(new Timeline(kept.toReversed())).toEqual(timeline);
    }),
    laws,
  );
});

test('rows are refused exactly when two of them hold on one day', () => {
  fc.assert(
    fc.property(rows, (candidates) => {
      const clash = candidates.some((row, index) => candidates.slice(index + 1).some((other) => overlap(row, other)));
      const build = () => candidates.reduce((timeline, row) => timeline.insert(row), new Timeline<number>());
      if (clash) expect(build).toThrow(RangeError);
      else expect(build()).toEqual(new Timeline(candidates));
    }),
    laws,
  );
});

test('what holds between two days is what holds on each of them', () => {
  fc.assert(
    fc.property(rows, fc.nat({ max: 80 }), fc.nat({ max: 30 }), (candidates, first, days) => {
      const timeline = new Timeline(disjoint(candidates));
      const [from, to] = [dayOf(first), dayOf(first + days)];
      const spans = timeline.between(from, to);
      const daily = Array.from({ length: days + 1 }, (_, day) => timeline.at(addDays(from, day)));
      const fromSpans = Array.from<number | undefined>({ length: days + 1 });
      for (const span of spans) {
        for (let day = daysBetween(from, span.from); day <= daysBetween(from, span.to); day += 1)
          fromSpans[day] = span.value;
      }
      expect(fromSpans).toEqual(daily);
    }),
    laws,
  );
});
