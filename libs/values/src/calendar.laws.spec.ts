import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { comparePeriods, FiscalCalendar, type FiscalYear, type Period } from './calendar.js';
import { addDays, dayAfter, daysBetween } from './dates.js';

const laws = { numRuns: Number(process.env['LAWS_RUNS'] ?? 200) };

const KINDS = ['month', 'quarter', 'half', 'year'] as const;
const week = fc.constantFrom('Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday');
const starts = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join('-'));
const definition: fc.Arbitrary<FiscalYear> = fc.oneof(
  fc.record({ starts: fc.oneof(fc.constant('01-01'), starts), calendar: fc.constant('months' as const) }),
  fc.record({ starts, calendar: fc.constantFrom('4-4-5' as const, '4-5-4' as const, '5-4-4' as const), week }),
);
const calendar = definition.map((fiscalYear) => new FiscalCalendar(fiscalYear));
const date = fc.integer({ min: 0, max: 60_000 }).map((days) => addDays('1950-01-01', days));
const kind = fc.constantFrom(...KINDS);
const length = (period: Period) => daysBetween(period.from, period.to) + 1;

test('a day lies in the period that is named for it', () => {
  fc.assert(
    fc.property(calendar, date, kind, (fiscal, day, of) => {
      const period = fiscal.periodOf(day, of);
      expect(period.kind).toBe(of);
      expect(period.from <= day && day <= period.to).toBe(true);
      expect(fiscal.period(period.name)).toEqual(period);
      expect([fiscal.periodOf(period.from, of), fiscal.periodOf(period.to, of)]).toEqual([period, period]);
    }),
    laws,
  );
});

test('periods follow one another without a gap', () => {
  fc.assert(
    fc.property(calendar, date, kind, (fiscal, day, of) => {
      const period = fiscal.periodOf(day, of);
      expect(fiscal.next(period).from).toBe(dayAfter(period.to));
      expect(fiscal.previous(fiscal.next(period))).toEqual(period);
      expect(fiscal.next(fiscal.previous(period))).toEqual(period);
      expect(comparePeriods(period, fiscal.next(period))).toBeLessThan(0);
    }),
    laws,
  );
});

test('the pieces of a period make up the whole, and lie in it', () => {
  fc.assert(
    fc.property(calendar, date, kind, kind, (fiscal, day, one, other) => {
      const [small, large] = KINDS.indexOf(one) < KINDS.indexOf(other) ? [one, other] : [other, one];
      const period = fiscal.periodOf(day, large);
      const pieces = fiscal.pieces(period, small);
      expect(pieces.map(length).reduce((sum, days) => sum + days, 0)).toBe(length(period));
      expect([pieces[0]?.from, pieces.at(-1)?.to]).toEqual([period.from, period.to]);
      for (const piece of pieces) expect(fiscal.enclosing(piece, large)).toEqual(period);
      expect(pieces).toContainEqual(fiscal.periodOf(day, small));
    }),
    laws,
  );
});

test('a year of weeks begins on its weekday, at most three days from its start, and lasts 52 or 53 weeks', () => {
  fc.assert(
    fc.property(starts, week, fc.integer({ min: 1950, max: 2100 }), (start, weekday, number) => {
      const fiscal = new FiscalCalendar({ starts: start, calendar: '4-4-5', week: weekday });
      const year = fiscal.period(String(number));
      const nominal = `${start === '01-01' ? number : number - 1}-${start}`;
      expect(Math.abs(daysBetween(nominal, year.from))).toBeLessThanOrEqual(3);
      const name = new Date(year.from).toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' });
      expect(name).toBe(weekday);
      expect([52 * 7, 53 * 7]).toContain(length(year));
      const weeks = fiscal.pieces(year, 'month').map((month) => length(month) / 7);
      expect(weeks.slice(0, 11)).toEqual([4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4]);
    }),
    laws,
  );
});
