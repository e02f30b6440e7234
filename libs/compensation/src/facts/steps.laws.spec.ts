import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { resultOf, sortedInSteps, STEP } from './steps.js';

describe('sorting in steps', () => {
  it('gives what sorting gives, equal items in the order in which they came', () => {
    fc.assert(
      fc.property(fc.nat(3 * STEP + 3), fc.integer({ min: 1, max: 50 }), fc.nat(), (count, values, seed) => {
        const items = Array.from({ length: count }, (_, index) => ({
          value: ((index + 1) * (seed + 7919)) % values,
          index,
        }));
        const compare = (a: { value: number }, b: { value: number }) => a.value - b.value;
        expect(resultOf(sortedInSteps(items, compare))).toEqual(items.toSorted(compare));
      }),
    );
  });

  it('takes a step for every thousand items, and one more for each time that they are merged', () => {
    const items = Array.from({ length: 8 * STEP }, (_, index) => -index);
    expect([...sortedInSteps(items, (a, b) => a - b)].length).toBeGreaterThanOrEqual(7 + 3 * 8);
  });
});
