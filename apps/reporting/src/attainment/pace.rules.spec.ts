import { describe, expect, it } from '@jest/globals';
import { Exact } from '@attain/values';
import { paceOf } from './pace.rules.js';

const february = { from: '2017-02-01', to: '2017-02-28' };
const thousand = Exact.of(1000);

describe('pace', () => {
  it('AT-47: a target of 1,000 on 27 February 2017 asks for 964.29', () => {
    const { due, elapsed, days } = paceOf(february, '2017-02-27', thousand, Exact.zero);
    expect([due?.toDecimal(2, 'half-up'), elapsed, days]).toEqual(['964.29', 27, 28]);
  });

  it('asks for the whole target from the last day on', () => {
    expect(paceOf(february, '2017-02-28', thousand, Exact.of(500)).attained?.toString()).toBe('0.5');
    expect(paceOf(february, '2026-01-01', thousand, Exact.of(500))).toMatchObject({ elapsed: 28, due: thousand });
  });

  it('asks for nothing before the period begins, so nobody is ahead or behind', () => {
    expect(paceOf(february, '2017-01-31', thousand, Exact.of(5))).toMatchObject({
      elapsed: 0,
      due: Exact.zero,
      attained: null,
    });
  });

  it('is undefined without a quota, and against one of 0', () => {
    expect(paceOf(february, '2017-02-10', null, Exact.of(5))).toMatchObject({ due: null, attained: null });
    expect(paceOf(february, '2017-02-10', Exact.zero, Exact.of(5))).toMatchObject({ attained: null });
  });
});
