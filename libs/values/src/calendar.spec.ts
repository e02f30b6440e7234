import { describe, expect, it, test } from '@jest/globals';
import { comparePeriods, FiscalCalendar, type FiscalYear } from './calendar.js';

const plain = new FiscalCalendar({ starts: '01-01', calendar: 'months' });
const february = new FiscalCalendar({ starts: '02-01', calendar: 'months' });
const weeks = new FiscalCalendar({ starts: '01-01', calendar: '4-4-5', week: 'Monday' });
const span = (calendar: FiscalCalendar, name: string) => {
  const { from, to } = calendar.period(name);
  return `${from}..${to}`;
};

describe('a calendar of the common year', () => {
  test.each([
    ['2025', 'year', '2025-01-01', '2025-12-31'],
    ['2025-H1', 'half', '2025-01-01', '2025-06-30'],
    ['2025-H2', 'half', '2025-07-01', '2025-12-31'],
    ['2025-Q1', 'quarter', '2025-01-01', '2025-03-31'],
    ['2025-03', 'month', '2025-03-01', '2025-03-31'],
    ['2024-02', 'month', '2024-02-01', '2024-02-29'],
    ['9999-12', 'month', '9999-12-01', '9999-12-31'],
  ])('has %s', (name, kind, from, to) => {
    expect(plain.period(name)).toEqual({ name, kind, from, to });
  });

  test.each([
    '',
    '25',
    '2025-P03',
    '2025-00',
    '2025-13',
    '2025-3',
    '2025-Q5',
    '2025-H0',
    '2025-W01',
    '2025-03-01',
    '2025\n',
    '0000',
  ])('has no %j', (name) => {
    expect(() => plain.period(name)).toThrow(RangeError);
  });

  it('names the period of a day', () => {
    const names = (['month', 'quarter', 'half', 'year'] as const).map(
      (kind) => plain.periodOf('2025-08-15', kind).name,
    );
    expect(names).toEqual(['2025-08', '2025-Q3', '2025-H2', '2025']);
    expect(plain.periodOf('2025-12-31', 'month').name).toBe('2025-12');
    expect(plain.periodOf('0001-01-01', 'month').name).toBe('0001-01');
    expect(plain.periodOf('9999-12-31', 'year').name).toBe('9999');
    expect(() => plain.periodOf('2025-02-29', 'month')).toThrow(RangeError);
  });

  it('moves between periods', () => {
    expect(plain.next(plain.period('2025-12')).name).toBe('2026-01');
    expect(plain.previous(plain.period('2025-Q1')).name).toBe('2024-Q4');
    expect(plain.enclosing(plain.period('2025-06'), 'half').name).toBe('2025-H1');
    expect(plain.enclosing(plain.period('2025-06'), 'month').name).toBe('2025-06');
    expect(plain.pieces(plain.period('2025-Q4'), 'month').map(({ name }) => name)).toEqual([
      '2025-10',
      '2025-11',
      '2025-12',
    ]);
    expect(plain.pieces(plain.period('2025-H2'), 'quarter').map(({ name }) => name)).toEqual(['2025-Q3', '2025-Q4']);
    expect(plain.pieces(plain.period('2025'), 'year')).toEqual([plain.period('2025')]);
    expect(() => plain.pieces(plain.period('2025-Q1'), 'half')).toThrow(RangeError);
    expect(() => plain.enclosing(plain.period('2025-Q1'), 'month')).toThrow(RangeError);
  });

  it('refuses a period of another calendar', () => {
    expect(() => plain.next(february.period('2025-Q1'))).toThrow(RangeError);
    expect(() => plain.enclosing(february.period('2025-P01'), 'year')).toThrow(RangeError);
  });
});

describe('a calendar of months that begins elsewhere', () => {
  it('names a year by the one in which it ends', () => {
    expect(span(february, '2026')).toBe('2025-02-01..2026-01-31');
    expect(span(february, '2026-P01')).toBe('2025-02-01..2025-02-28');
    expect(span(february, '2026-Q4')).toBe('2025-11-01..2026-01-31');
    expect(february.periodOf('2026-01-31', 'month').name).toBe('2026-P12');
    expect(february.periodOf('2026-02-01', 'quarter').name).toBe('2027-Q1');
    expect(() => february.period('2026-01')).toThrow(RangeError);
  });

  it('may begin within a month', () => {
    const april = new FiscalCalendar({ starts: '04-06', calendar: 'months' });
    expect(span(april, '2026')).toBe('2025-04-06..2026-04-05');
    expect(span(april, '2026-P11')).toBe('2026-02-06..2026-03-05');
  });
});

describe('a calendar of weeks', () => {
  it('begins on the weekday nearest to its start', () => {
    expect(span(weeks, '2025')).toBe('2024-12-30..2025-12-28');
    expect(span(weeks, '2026')).toBe('2025-12-29..2027-01-03');
    expect(span(weeks, '2027')).toBe('2027-01-04..2028-01-02');
  });

  it('divides its quarters by its pattern', () => {
    const lengths = (calendar: FiscalYear['calendar']) => {
      const fiscal = new FiscalCalendar({ starts: '01-01', calendar, week: 'Monday' });
      return fiscal.pieces(fiscal.period('2025-Q1'), 'month').map(({ to }) => to);
    };
    expect(lengths('4-4-5')).toEqual(['2025-01-26', '2025-02-23', '2025-03-30']);
    expect(lengths('4-5-4')).toEqual(['2025-01-26', '2025-03-02', '2025-03-30']);
    expect(lengths('5-4-4')).toEqual(['2025-02-02', '2025-03-02', '2025-03-30']);
  });

  it('lets a 53rd week join the last month', () => {
    expect(span(weeks, '2025-P12')).toBe('2025-11-24..2025-12-28');
    expect(span(weeks, '2026-P12')).toBe('2026-11-23..2027-01-03');
    expect(span(weeks, '2026-Q4')).toBe('2026-09-28..2027-01-03');
  });

  it('is named by the year in which it would end without weeks', () => {
    const retail = new FiscalCalendar({ starts: '02-01', calendar: '4-5-4', week: 'Sunday' });
    expect(span(retail, '2024')).toBe('2023-01-29..2024-02-03');
    expect(span(retail, '2025')).toBe('2024-02-04..2025-02-01');
    expect(weeks.periodOf('2025-12-29', 'month').name).toBe('2026-P01');
    expect(weeks.periodOf('2027-01-03', 'year').name).toBe('2026');
    expect(() => weeks.period('2026-01')).toThrow(RangeError);
  });
});

describe('a definition', () => {
  test.each<[unknown]>([
    [{ starts: '1-1', calendar: 'months' }],
    [{ starts: '02-29', calendar: 'months' }],
    [{ starts: '13-01', calendar: '4-4-5', week: 'Monday' }],
    [{ starts: '01-31', calendar: 'months' }],
    [{ starts: '01-01', calendar: 'months', week: 'Monday' }],
    [{ starts: '01-01', calendar: '4-4-5' }],
    [{ starts: '01-01', calendar: '4-4-5', week: 'monday' }],
    [{ starts: '01-01', calendar: '4-4-4', week: 'Monday' }],
    [{ starts: '01-01', calendar: 'toString', week: 'Monday' }],
  ])('is refused: %j', (definition) => {
    expect(() => new FiscalCalendar(definition as FiscalYear)).toThrow(RangeError);
  });

  it('makes equal calendars, whichever periods were read before', () => {
    const other = new FiscalCalendar({ starts: '01-01', calendar: 'months' });
    other.period('1999');
    expect(other).toEqual(plain);
    expect(other).not.toEqual(february);
  });
});

test('periods are ordered by their ends, the shorter first', () => {
  const names = ['2025', '2025-12', '2025-Q4', '2025-03', '2025-H2', '2025-H1', '2024'];
  const sorted = names.map((name) => plain.period(name)).sort(comparePeriods);
  expect(sorted.map(({ name }) => name)).toEqual([
    '2024',
    '2025-03',
    '2025-H1',
    '2025-12',
    '2025-Q4',
    '2025-H2',
    '2025',
  ]);
  expect(comparePeriods(plain.period('2025'), plain.period('2025'))).toBe(0);
});
