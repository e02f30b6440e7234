import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime, FixedOffsetZone } from 'luxon';
import { addDays, completedMonths, dateOf, daysBetween, endOfDay, instant, isDate, startOfDay } from './dates.js';

const laws = { numRuns: Number(process.env['LAWS_RUNS'] ?? 200) };

const DAY = 86_400_000;
const dayIn = (from: string, to: string) =>
  fc
    .integer({ min: Date.parse(from) / DAY, max: Date.parse(to) / DAY })
    .map((day) => new Date(day * DAY).toISOString().slice(0, 10));
const anyDate = dayIn('0001-01-01', '9999-12-31');
const recent = dayIn('1975-01-01', '2035-12-31');
/** Kiribati moved the date line: on Kiritimati the first of these days never was, and the other one followed 1994-12-30. */
const aroundGap = (date: string, tz: string) =>
  tz === 'Pacific/Kiritimati' && ['1994-12-31', '1995-01-01'].includes(date);
const zone = fc.constantFrom(
  ...['UTC', 'America/Chicago', 'America/Sao_Paulo', 'America/Havana', 'Europe/Berlin', 'Africa/Casablanca'],
  ...['Asia/Kathmandu', 'Asia/Beirut', 'Asia/Tehran', 'Australia/Lord_Howe', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'],
);

test('dates count as the days of the Gregorian calendar', () => {
  fc.assert(
    fc.property(anyDate, anyDate, (a, b) => {
      expect(isDate(a)).toBe(true);
      expect(daysBetween(a, b)).toBe((Date.parse(b) - Date.parse(a)) / DAY);
      expect(addDays(a, daysBetween(a, b))).toBe(b);
    }),
    laws,
  );
});

test('a date exists if another library accepts it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2100 }), fc.nat({ max: 13 }), fc.nat({ max: 32 }), (year, month, day) => {
      const text = [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join(
        '-',
      );
      expect(isDate(text)).toBe(year > 0 && DateTime.fromObject({ year, month, day }, { zone: 'UTC' }).isValid);
    }),
    laws,
  );
});

test('completed months are the most that can be added without passing the end', () => {
  fc.assert(
    fc.property(recent, recent, (a, b) => {
      const [from, to] = a <= b ? [a, b] : [b, a];
      const months = completedMonths(from, to);
      const after = (count: number) =>
        DateTime.fromISO(from, { zone: 'UTC' }).plus({ months: count }).toISODate() ?? '';
      expect(after(months) <= to && to < after(months + 1)).toBe(true);
      expect(completedMonths(to, from)).toBe(0 - months);
    }),
    laws,
  );
});

test('days follow one another without a gap, each holding its own first and last millisecond', () => {
  fc.assert(
    fc.property(recent, zone, (date, tz) => {
      fc.pre(!aroundGap(date, tz));
      const [start, end] = [startOfDay(date, tz), endOfDay(date, tz)];
      expect(Date.parse(end) + 1).toBe(Date.parse(startOfDay(addDays(date, 1), tz)));
      expect([dateOf(start, tz), dateOf(end, tz)]).toEqual([date, date]);
      const local = DateTime.fromISO(start, { zone: tz });
      expect(local.toISODate()).toBe(date);
      expect(local.minus({ milliseconds: 1 }).toISODate()).toBe(addDays(date, -1));
    }),
    laws,
  );
});

test('the day of an instant is the day that the clocks there show', () => {
  fc.assert(
    fc.property(recent, fc.nat({ max: DAY - 1 }), zone, (date, milliseconds, tz) => {
      const moment = new Date(Date.parse(date) + milliseconds).toISOString();
      expect(dateOf(moment, tz)).toBe(DateTime.fromISO(moment, { zone: tz }).toISODate());
    }),
    laws,
  );
});

test('an instant is the same from whichever offset it is written', () => {
  fc.assert(
    fc.property(
      recent,
      fc.nat({ max: DAY - 1 }),
      fc.integer({ min: -14 * 60, max: 14 * 60 }),
      (date, milliseconds, offset) => {
        const moment = new Date(Date.parse(date) + milliseconds).toISOString();
        const written =
          DateTime.fromISO(moment, { zone: 'UTC' }).setZone(FixedOffsetZone.instance(offset)).toISO() ?? '';
        expect(instant(written)).toBe(moment);
        expect(instant(moment)).toBe(moment);
      },
    ),
    laws,
  );
});
