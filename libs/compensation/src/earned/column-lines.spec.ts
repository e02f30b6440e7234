import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

describe('a retroactive tier', () => {
  it('trues up the deals of an earlier version when a deal of a later one reaches it', () => {
    const tiers = [
      { from: '0', rate: '1%' },
      { from: '3000', rate: '2%', retroactive: 'yes' },
    ];
    const commission = { name: 'Commission', measure: 'revenue', per: 'quarter', tiers };
    const story = new Story()
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', { version: '1', effective: { from: '2025-01-01' }, components: [commission] })
      .plan('AE', { version: '2', effective: { from: '2025-02-01' }, components: [commission] })
      .sold('ann', 'D1', 2000, '2025-01-15')
      .sold('ann', 'D2', 1000, '2025-02-10');
    const shown = (period: string) =>
      story
        .history()
        .earned({ participant: 'ann', period })
        .lines.map(({ kind, record, causedBy, earned }) =>
          [kind, record?.id, causedBy?.id ?? '', earned].join(' ').trim(),
        );
    expect(shown('2025-01')).toEqual(['earning D1  20.00']);
    expect(shown('2025-02')).toEqual(['earning D2  20.00', 'true-up D1 D2 20.00']);
  });
});
