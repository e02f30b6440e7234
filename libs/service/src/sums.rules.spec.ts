import { describe, expect, it } from '@jest/globals';
import { maySeeSum } from './sums.rules.js';

const ann = { everyone: false, covers: (participant: string) => participant === 'ann' };

describe('a sum over people', () => {
  it('of two is hidden from one of them, since it tells of the other', () => {
    expect(maySeeSum(ann, ['ann', 'bob'], '2025-01-31')).toBe(false);
    expect(maySeeSum(ann, ['bob'], '2025-01-31')).toBe(false);
    expect(maySeeSum(ann, ['ann', 'bob', 'bob', 'ann'], '2025-01-31')).toBe(false);
  });

  it('of three may be seen', () => {
    expect(maySeeSum(ann, ['ann', 'bob', 'zoe'], '2025-01-31')).toBe(true);
  });

  it('may be seen by whoever sees each of them', () => {
    expect(maySeeSum(ann, ['ann'], '2025-01-31')).toBe(true);
    expect(maySeeSum({ everyone: true, covers: () => true }, ['bob'], '2025-01-31')).toBe(true);
  });
});
