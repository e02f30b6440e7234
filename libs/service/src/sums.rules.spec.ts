import { describe, expect, it } from '@jest/globals';
import { maySeeSum } from './sums.rules.js';

const january = { from: '2025-01-01', to: '2025-01-31' };
/** Max is above Ann throughout, and above Bob up to the middle of January. */
const max = {
  everyone: false,
  covers: (participant: string, when: string | { to: string }) =>
    participant === 'max' ||
    participant === 'ann' ||
    (participant === 'bob' && typeof when !== 'string' && when.to <= '2025-01-15'),
};
const sumOf = (...people: string[]) => ({ members: people.map((participant) => ({ participant, days: january })) });

describe('a sum over people', () => {
  it('is visible to a caller who sees each of them', () => {
    expect(maySeeSum(max, sumOf('ann'))).toBe(true);
    expect(maySeeSum(max, sumOf('ann', 'max'))).toBe(true);
    expect(maySeeSum({ everyone: true, covers: () => false }, sumOf('bob'))).toBe(true);
  });

  it('is hidden if one member is, because the difference to the sum of the others reveals that member', () => {
    expect(maySeeSum(max, sumOf('ann', 'zoe'))).toBe(false);
    expect(maySeeSum(max, sumOf('ann', 'max', 'zoe', 'eve', 'kim', 'lou'))).toBe(false);
  });

  it('spans the days of each member in it, and no others', () => {
    expect(maySeeSum(max, sumOf('ann', 'bob'))).toBe(false);
    expect(maySeeSum(max, { members: [{ participant: 'bob', days: { from: '2025-01-01', to: '2025-01-15' } }] })).toBe(
      true,
    );
  });
});
