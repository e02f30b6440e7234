import { describe, expect, it } from '@jest/globals';
import { FiscalCalendar } from '@attain/values';
import { bucketOf, nextBuckets, seasonOf, seriesOf } from './series.rules.js';

const months = new FiscalCalendar({ starts: '01-01', calendar: 'months' });

describe('a series of won amounts', () => {
  it('has weeks from Monday to Sunday', () => {
    expect(bucketOf('2017-03-01', 'week', months)).toEqual({ from: '2017-02-27', to: '2017-03-05' });
    expect(bucketOf('2017-03-05', 'week', months)).toEqual({ from: '2017-02-27', to: '2017-03-05' });
    expect(bucketOf('2017-03-06', 'week', months)).toEqual({ from: '2017-03-06', to: '2017-03-12' });
    expect(bucketOf('1969-12-31', 'week', months)).toEqual({ from: '1969-12-29', to: '1970-01-04' });
  });

  it('follows the fiscal months of the company', () => {
    const weeks = new FiscalCalendar({ starts: '02-01', calendar: '4-4-5', week: 'Monday' });
    const first = bucketOf('2025-02-05', 'month', weeks);
    expect(nextBuckets(first, 1, 'month', weeks)[0]!.from > first.to).toBe(true);
    expect(first).toEqual({ from: '2025-02-03', to: '2025-03-02' });
  });

  it('leaves out the week in which history began and the week that is not over', () => {
    const won = [
      { date: '2017-03-01', amount: 5 },
      { date: '2017-03-08', amount: 10 },
      { date: '2017-03-12', amount: 1 },
      { date: '2017-03-22', amount: 20 },
      { date: '2017-03-28', amount: 40 },
    ];
    const { buckets, values } = seriesOf(won, '2017-03-30', 'week', months);
    expect(buckets.map(({ from }) => from)).toEqual(['2017-03-06', '2017-03-13', '2017-03-20']);
    expect(values).toEqual([11, 0, 20]);
  });

  it('keeps the first bucket when history began with it', () => {
    expect(seriesOf([{ date: '2017-03-01', amount: 5 }], '2017-04-30', 'month', months).values).toEqual([5, 0]);
  });

  it('is empty without records', () => {
    expect(seriesOf([], '2017-04-30', 'month', months)).toEqual({ buckets: [], values: [] });
  });
});

describe('a season', () => {
  const yearly = Array.from({ length: 48 }, (_, i) => 100 + (i % 12 === 11 ? 80 : 0) + (i % 5));

  it('is found where it repeats', () => {
    expect(seasonOf(yearly, [3, 12])).toBe(12);
  });

  it('is not found in what is known for less than three of it', () => {
    expect(seasonOf(yearly.slice(0, 35), [12])).toBeNull();
  });

  it('is not found in a trend, and not in a series that never moves', () => {
    expect(
      seasonOf(
        Array.from({ length: 48 }, (_, i) => i),
        [12],
      ),
    ).toBeNull();
    expect(
      seasonOf(
        Array.from({ length: 48 }, () => 7),
        [3, 12],
      ),
    ).toBeNull();
  });
});
