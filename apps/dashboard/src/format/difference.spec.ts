import { describe, expect, it } from '@jest/globals';
import { difference } from './difference.js';

describe('A difference of amounts', () => {
  it.each([
    ['7327.62', '5000.00', '-2327.62'],
    ['0', '0.10', '0.10'],
    ['0.3', '0.1', '-0.2'],
    ['-1.05', '1', '2.05'],
    ['9007199254740993.01', '9007199254740993.02', '0.01'],
    ['-0.50', '-0.55', '-0.05'],
    ['12', '12', '0'],
  ])('from %s to %s is %s', (before, after, by) => {
    expect(difference(before, after)).toBe(by);
  });
});
