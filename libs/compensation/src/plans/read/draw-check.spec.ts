import { describe, expect, it } from '@jest/globals';
import { check, plan } from './plan-check.fixture.js';

const draw = (written: string) => check(plan('measure: revenue\nrate: 10%', `draw: ${written}`));

describe('the draws of a plan', () => {
  it.each([
    '{ amount: 1000, periods: 1-6, recovers: { from: 4, share: 100% } }',
    '{ amount: [5000, 3750, 2500], recoverable: no }',
    '{ amount: 1000, periods: 1-3, forgive: at end }',
    '[ { amount: 1000, periods: 1-3 }, { amount: 500, periods: 4-6 } ]',
    '[ { amount: [1000, 800] }, { amount: 500 } ]',
  ])('%s make sense', (written) => expect(draw(written)).toEqual([]));

  it.each([
    ['{ amount: -1 }', 'draw.amount [value] a draw is 0 or more, found -1'],
    ['{ amount: 1, periods: 3-1 }', 'draw.periods [value] periods ascend, found 3-1'],
    [
      '{ amount: [1, 2], periods: 1-3 }',
      'draw.amount [value] the draw runs for 3 pay periods and has 2 amounts: give one amount, or one for each period',
    ],
    [
      '[ { amount: 1, periods: 1-3 }, { amount: 1, periods: 3-4 } ]',
      'draw[1].periods [value] one draw of a plan runs at a time: this draw begins in period 3, where the one before it still runs',
    ],
    ['[ { amount: 1 }, { amount: 2 } ]', 'draw[1] [value] the draw before this one never ends: give it `periods`'],
    [
      '{ amount: 1, recoverable: no, recovers: { from: 2 } }',
      'draw.recovers [value] a draw with `recoverable: no` is never paid back',
    ],
    [
      '{ amount: 1, forgive: at end }',
      'draw.forgive [value] a draw without an end cannot be forgiven at its end: give it `periods`',
    ],
    [
      '{ amount: 1, recovers: { share: 101% } }',
      'draw.recovers.share [value] at most 100% of a surplus pays a draw back, found 101%',
    ],
  ])('%s are refused', (written, problem) => expect(draw(written)).toEqual([problem]));
});
