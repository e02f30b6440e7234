import { describe, expect, it, test } from '@jest/globals';
import { Timeline } from './timeline.js';

const roles = new Timeline([
  { from: '2025-07-01', value: 'Manager' },
  { from: '2025-01-01', to: '2025-03-31', value: 'Associate' },
]);

describe('at', () => {
  test.each([
    ['2024-12-31', undefined],
    ['2025-01-01', 'Associate'],
    ['2025-03-31', 'Associate'],
    ['2025-04-01', undefined],
    ['2025-06-30', undefined],
    ['2025-07-01', 'Manager'],
    ['9999-12-31', 'Manager'],
  ])('%s holds %s', (date, value) => {
    expect(roles.at(date)).toBe(value);
  });

  it('holds nothing without rows, and always without days', () => {
    expect(new Timeline().at('2025-01-01')).toBeUndefined();
    expect(new Timeline([{ value: 1 }]).at('0001-01-01')).toBe(1);
    expect(new Timeline([{ to: '2025-01-31', value: 1 }]).at('2025-01-31')).toBe(1);
  });
});

describe('between', () => {
  it('cuts the rows to the window', () => {
    expect(roles.between('2025-03-01', '2025-12-31')).toEqual([
      { from: '2025-03-01', to: '2025-03-31', value: 'Associate' },
      { from: '2025-07-01', to: '2025-12-31', value: 'Manager' },
    ]);
    expect(roles.between('2025-03-31', '2025-03-31')).toEqual([
      { from: '2025-03-31', to: '2025-03-31', value: 'Associate' },
    ]);
    expect(roles.between('2025-04-01', '2025-06-30')).toEqual([]);
  });
});

describe('insert', () => {
  it('leaves the timeline as it was', () => {
    const more = roles.insert({ from: '2025-04-01', to: '2025-06-30', value: 'Senior' });
    expect(more.rows.map(({ value }) => value)).toEqual(['Associate', 'Senior', 'Manager']);
    expect(roles.rows).toHaveLength(2);
    expect(Object.isFrozen(more.rows)).toBe(true);
  });

  test.each([
    [{ from: '2025-03-31', to: '2025-04-01' }],
    [{ from: '2025-04-01', to: '2025-07-01' }],
    [{ from: '2025-02-01', to: '2025-02-01' }],
    [{ from: '2024-01-01', to: '2026-01-01' }],
    [{ from: '2025-04-01' }],
    [{ from: '2030-01-01' }],
    [{ to: '2025-01-01' }],
    [{}],
  ])('refuses %j, which overlaps', (days) => {
    expect(() => roles.insert({ ...days, value: 'Senior' })).toThrow('Two rows overlap');
  });

  test.each([
    [{ from: '2025-06-30', to: '2025-04-01' }],
    [{ from: '2025-04-31', to: '2025-06-30' }],
    [{ from: '2025-04-01', to: '2025-06' }],
    [{ from: '', to: '2024-01-01' }],
  ])('refuses %j, which are no days', (days) => {
    expect(() => roles.insert({ ...days, value: 'Senior' })).toThrow(RangeError);
  });
});
