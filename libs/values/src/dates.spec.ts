import { describe, expect, it, test } from '@jest/globals';
import {
  isRecordable,
  addDays,
  addMonths,
  completedMonths,
  dateOf,
  dayAfter,
  dayBefore,
  daysBetween,
  endOfDay,
  instant,
  isDate,
  startOfDay,
} from './dates.js';

describe('dates', () => {
  test.each(['2025-03-31', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s is one', (text) => {
    expect(isDate(text)).toBe(true);
  });

  test.each(
    [
      '',
      '2025-02-29',
      '1900-02-29',
      '2025-04-31',
      '2025-00-01',
      '2025-13-01',
      '2025-01-00',
      '2025-1-1',
      '0000-01-01',
    ].concat([
      '2025-01-01T00:00:00Z',
      ' 2025-01-01',
      '2025/01/01',
      '2025-01-0x',
      '10000-01-01',
      '2025-01-01\n',
      '٢٠٢٥-01-01',
    ]),
  )('%j is none', (text) => {
    expect(isDate(text)).toBe(false);
    expect(() => addDays(text, 1)).toThrow(RangeError);
    expect(() => daysBetween('2025-01-01', text)).toThrow(RangeError);
    expect(() => completedMonths(text, '2025-01-01')).toThrow(RangeError);
    expect(() => completedMonths('2025-01-01', text)).toThrow(RangeError);
  });

  it('steps over months, years and leap days', () => {
    expect(dayAfter('2024-02-28')).toBe('2024-02-29');
    expect(dayAfter('2025-02-28')).toBe('2025-03-01');
    expect(dayBefore('2025-01-01')).toBe('2024-12-31');
    expect(addDays('2025-01-01', 90)).toBe('2025-04-01');
    expect(addDays('2025-01-01', -366)).toBe('2024-01-01');
    expect(daysBetween('2025-01-01', '2025-04-01')).toBe(90);
    expect(daysBetween('2025-04-01', '2025-01-01')).toBe(-90);
  });

  it('stays within the years that it can write', () => {
    expect(() => dayAfter('9999-12-31')).toThrow(RangeError);
    expect(() => dayBefore('0001-01-01')).toThrow(RangeError);
    expect(() => addDays('2025-01-01', 0.5)).toThrow(RangeError);
    expect(() => addDays('2025-01-01', NaN)).toThrow(RangeError);
  });

  test.each([
    ['2025-01-01', '2025-05-01', 4],
    ['2025-01-01', '2025-04-30', 3],
    ['2025-01-15', '2026-01-14', 11],
    ['2025-01-15', '2026-01-15', 12],
    ['2025-01-31', '2025-02-27', 0],
    ['2025-01-31', '2025-02-28', 1],
    ['2024-01-31', '2024-02-28', 0],
    ['2025-01-31', '2025-04-30', 3],
    ['2025-02-28', '2025-03-30', 1],
    ['2025-05-01', '2025-01-01', -4],
    ['2025-01-01', '2025-01-01', 0],
  ])('from %s to %s %d months are complete', (a, b, months) => {
    expect(completedMonths(a, b)).toBe(months);
  });
});

test.each([
  ['2025-01-31', 1, '2025-02-28'],
  ['2024-01-31', 1, '2024-02-29'],
  ['2025-11-15', 3, '2026-02-15'],
  ['2025-01-15', 12, '2026-01-15'],
  ['2025-03-31', -1, '2025-02-28'],
  ['2025-01-15', -1, '2024-12-15'],
])('%s and %d months is %s', (date, months, later) => {
  expect(addMonths(date, months)).toBe(later);
});

describe('instants', () => {
  test.each([
    ['2025-03-31T17:00:00Z', '2025-03-31T17:00:00.000Z'],
    ['2025-03-31T17:00Z', '2025-03-31T17:00:00.000Z'],
    ['2025-03-31T17:00:00.5Z', '2025-03-31T17:00:00.500Z'],
    ['2025-03-31T17:00:00.123999Z', '2025-03-31T17:00:00.123Z'],
    ['2025-03-31T17:00:00.000+0000', '2025-03-31T17:00:00.000Z'],
    ['2025-03-31T23:30:00-05:30', '2025-04-01T05:00:00.000Z'],
    ['2025-04-01T01:00:00+02:00', '2025-03-31T23:00:00.000Z'],
    ['0099-01-01T00:00:00Z', '0099-01-01T00:00:00.000Z'],
  ])('reads %s as %s', (text, canonical) => {
    expect(instant(text)).toBe(canonical);
  });

  test.each(
    [
      '',
      '2025-03-31',
      '2025-03-31T17:00:00',
      '2025-02-30T00:00:00Z',
      '2025-03-31T24:00:00Z',
      '2025-03-31T23:60:00Z',
    ].concat(
      [
        '2025-03-31T23:59:60Z',
        '2025-03-31 17:00:00Z',
        '2025-03-31T17:00:00.Z',
        '2025-03-31T17:00:00+24:00',
        '1743440400',
      ],
      ['2025-03-31T17:00:00z', '9999-12-31T23:59:59-01:00', '0001-01-01T00:00:00+01:00'],
    ),
  )('refuses %j', (text) => {
    expect(() => instant(text)).toThrow(RangeError);
  });
});

describe('days in a time zone', () => {
  test.each([
    ['2025-03-31', 'America/Chicago', '2025-03-31T05:00:00.000Z', '2025-04-01T04:59:59.999Z'],
    ['2025-03-31', 'UTC', '2025-03-31T00:00:00.000Z', '2025-03-31T23:59:59.999Z'],
    ['2025-03-30', 'Europe/Berlin', '2025-03-29T23:00:00.000Z', '2025-03-30T21:59:59.999Z'],
    ['2025-11-02', 'America/Chicago', '2025-11-02T05:00:00.000Z', '2025-11-03T05:59:59.999Z'],
    ['2025-06-01', 'Pacific/Kiritimati', '2025-05-31T10:00:00.000Z', '2025-06-01T09:59:59.999Z'],
    ['2025-06-01', 'Asia/Kathmandu', '2025-05-31T18:15:00.000Z', '2025-06-01T18:14:59.999Z'],
  ])('%s in %s lasts from %s to %s', (date, zone, start, end) => {
    expect(startOfDay(date, zone)).toBe(start);
    expect(endOfDay(date, zone)).toBe(end);
    expect(dateOf(start, zone)).toBe(date);
    expect(dateOf(end, zone)).toBe(date);
  });

  it('begins a day at one where the clocks skip midnight', () => {
    expect(startOfDay('2018-11-04', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z');
    expect(endOfDay('2018-11-03', 'America/Sao_Paulo')).toBe('2018-11-04T02:59:59.999Z');
  });

  it('begins a day at the first of two midnights', () => {
    expect(startOfDay('2025-11-02', 'America/Havana')).toBe('2025-11-02T04:00:00.000Z');
  });

  it('begins a day that a country left out with the next one', () => {
    expect(startOfDay('2011-12-30', 'Pacific/Apia')).toBe(startOfDay('2011-12-31', 'Pacific/Apia'));
    expect(dateOf('2011-12-30T09:59:59.999Z', 'Pacific/Apia')).toBe('2011-12-29');
    expect(dateOf('2011-12-30T10:00:00.000Z', 'Pacific/Apia')).toBe('2011-12-31');
  });

  it('refuses zones that it does not know', () => {
    for (const zone of ['', 'local', 'Mars/Olympus', 'America/Chicago ']) {
      expect(() => startOfDay('2025-01-01', zone)).toThrow(RangeError);
      expect(() => dateOf('2025-01-01T00:00:00.000Z', zone)).toThrow(RangeError);
    }
  });

  it('reaches the last day that it can write', () => {
    expect(endOfDay('9999-12-31', 'UTC')).toBe('9999-12-31T23:59:59.999Z');
    expect(() => endOfDay('9999-12-31', 'America/Chicago')).toThrow(RangeError);
  });
});

describe('a date that a company may record', () => {
  it('exists, and lies from 1900 to 2199', () => {
    for (const text of ['1900-01-01', '2024-02-29', '2199-12-31']) expect(isRecordable(text)).toBe(true);
    for (const text of ['1899-12-31', '2200-01-01', '0001-01-01', '9999-12-31', '2025-02-29', 'today'])
      expect(isRecordable(text)).toBe(false);
  });
});
