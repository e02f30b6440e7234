import { describe, expect, it } from '@jest/globals';
import type { Explanation } from '@attain/compensation';
import { FiscalCalendar } from '@attain/values';
import { isTreeSeen, withFacts } from './explanation.rules.js';

const calendar = new FiscalCalendar({ starts: '01-01', calendar: 'months' });
/** Above everybody since a day. */
const since = (day: string) => ({
  covers: (_: string, when: string | { from: string }) => (typeof when === 'string' ? when : when.from) >= day,
});
const tree = (more: Partial<Explanation>): Explanation => ({
  kind: 'clawback',
  sentence: 'is clawed back',
  amount: '-50',
  currency: 'USD',
  date: '2025-03-05',
  parts: [],
  ...more,
});

describe('A tree', () => {
  it('is shown to those who see every day, window and quota that it goes back to, also of what it is computed from', () => {
    const whole = tree({
      parts: [
        tree({
          kind: 'line',
          from: [
            tree({ kind: 'earning', date: '2025-02-10', rule: 'AE 1: rate 10% of revenue per quarter (2025-Q1)' }),
          ],
        }),
      ],
    });
    expect(
      ['2025-01-01', '2025-02-01', '2025-03-01'].map((day) => isTreeSeen(whole, 'ann', since(day), calendar)),
    ).toEqual([true, false, false]);
    const ofQuota = tree({ inputs: [{ event: 'e1', what: 'quota revenue 2025', value: '300000' }] });
    expect(isTreeSeen(ofQuota, 'ann', since('2025-01-02'), calendar)).toBe(false);
    const ofCap = tree({ rule: 'AE 1, Commission: 170.00 USD in 2025-Q1, at most 100.00 per quarter' });
    expect(isTreeSeen(ofCap, 'ann', since('2025-02-01'), calendar)).toBe(false);
    expect(isTreeSeen(tree({ parts: [tree({ date: '2025-02-27' })] }), 'ann', since('2025-03-01'), calendar)).toBe(
      false,
    );
  });

  it('names for each input who stated it, when and why, as far as the caller may see it', () => {
    const fact = {
      event: 'e1',
      stream: 'quota-ann~revenue',
      position: '9',
      type: 'QuotaChanged' as const,
      data: null,
      recorded: '2025-02-10T00:00:00.000Z',
      actor: 'user:fay',
      reason: null,
      effective: null,
    };
    const input = { what: 'quota revenue 2025', value: '300000' };
    expect(
      withFacts(
        tree({
          inputs: [
            { ...input, event: 'e1' },
            { ...input, event: 'e2' },
          ],
        }),
        new Map([['e1', fact]]),
      ).inputs,
    ).toEqual([
      { ...input, event: 'e1', recorded: fact.recorded, actor: 'user:fay', reason: null },
      { ...input, event: 'e2', recorded: null, actor: null, reason: null },
    ]);
  });
});
