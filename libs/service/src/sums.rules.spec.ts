import { describe, expect, it } from '@jest/globals';
import { maySeeSum } from './sums.rules.js';

const ann = { everyone: false, covers: (participant: string) => participant === 'ann' };

describe('a sum over people', () => {
  it('of two is hidden from one of them, since it tells of the other', () => {
    expect(maySeeSum(ann, ['ann', 'bob'])).toBe(false);
    expect(maySeeSum(ann, ['bob'])).toBe(false);
    expect(maySeeSum(ann, ['ann', 'bob', 'bob', 'ann'])).toBe(false);
  });

  it('of three may be seen', () => {
    expect(maySeeSum(ann, ['ann', 'bob', 'zoe'])).toBe(true);
  });

  it('may be seen by whoever sees each of them', () => {
    expect(maySeeSum(ann, ['ann'])).toBe(true);
    expect(maySeeSum({ everyone: true, covers: () => true }, ['bob'])).toBe(true);
  });
});
