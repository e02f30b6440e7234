import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const measures = {
  revenue: { counts: 'amount', of: 'deals', reversals: 'dated' },
  deals: { counts: '1', of: 'deals', reversals: 'dated' },
  kept: { counts: 'amount', of: 'deals', reversals: 'kept' },
  twice: { is: 'revenue + revenue' },
};
const company = (...components: object[]) =>
  new Story({ measures })
    .person('ann', 'AE', '2025-01-01')
    .plan('AE', { components: components.map((component, index) => ({ name: `C${index}`, ...component })) });
const lines = (story: Story, period = '2025') =>
  story
    .history()
    .earned({ participant: 'ann', period })
    .lines.map(({ kind, record, date, credited, earned }) =>
      [kind, record?.id, date, ...(credited === null ? [] : [credited]), earned].join(' '),
    );
const attained = (story: Story, measure: string, period: string) =>
  String(story.history().attainment({ for: { participant: 'ann' }, measure, period }).amount);

describe('a dated reversal', () => {
  it('is a negative record of its own date, and leaves the record as it was', () => {
    const story = company({ measure: 'revenue', rate: '10%' })
      .sold('ann', 'A', 1000, '2025-01-10')
      .cancel('A', '2025-03-05');
    expect(lines(story)).toEqual(['earning A 2025-01-10 1000 100.00', 'earning A 2025-03-05 -1000 -100.00']);
    expect([
      attained(story, 'revenue', '2025-01'),
      attained(story, 'revenue', '2025-03'),
      attained(story, 'revenue', '2025'),
    ]).toEqual(['1000', '-1000', '0']);
  });

  it('moves the sum of its window, and trues up what a retroactive tier had paid', () => {
    const tiers = [
      { from: '0', rate: '5%' },
      { from: '1500', rate: '10%', retroactive: 'yes' },
    ];
    const story = company({ measure: 'revenue', per: 'quarter', tiers })
      .sold('ann', 'A', 1000, '2025-01-10')
      .sold('ann', 'B', 1000, '2025-02-10')
      .cancel('A', '2025-03-05', 800);
    expect(lines(story)).toEqual([
      'earning A 2025-01-10 1000 50.00',
      'earning B 2025-02-10 1000 100.00',
      'earning A 2025-03-05 -800 -65.00',
      'true-up A 2025-02-10 50.00',
      'true-up A 2025-03-05 -50.00',
      'true-up B 2025-03-05 -25.00',
    ]);
  });

  it('follows its deal if each deal is a window of its own', () => {
    const tiers = [
      { from: '0', rate: '1%' },
      { from: '1000', rate: '2%' },
    ];
    const story = company({ measure: 'revenue', per: 'deal', tiers })
      .sold('ann', 'A', 1500, '2025-01-10')
      .sold('ann', 'B', 1500, '2025-01-11')
      .cancel('A', '2025-02-05');
    expect(lines(story)).toEqual([
      'earning A 2025-01-10 1500 20.00',
      'earning B 2025-01-11 1500 20.00',
      'earning A 2025-02-05 -1500 -20.00',
    ]);
  });

  it('takes its part by date, not by recording; together reversals take the whole record', () => {
    const story = company({ measure: 'revenue', rate: '10%' })
      .sold('ann', 'A', 1000, '2025-01-10')
      .cancel('A', '2025-03-05')
      .cancel('A', '2025-02-05', 250, 'refunded');
    expect(lines(story)).toEqual([
      'earning A 2025-01-10 1000 100.00',
      'earning A 2025-02-05 -250 -25.00',
      'earning A 2025-03-05 -750 -75.00',
    ]);
  });

  it('takes back the amounts of a split to the cent', () => {
    const story = company({ measure: 'revenue', rate: '100%' })
      .sold('ann', 'A', '0.05', '2025-01-10')
      .split('A', { ann: '1/3', bob: '1/3', cid: '1/3' });
    story.cancel('A', '2025-02-05', '0.02').cancel('A', '2025-03-05');
    expect(lines(story)).toEqual([
      'earning A 2025-01-10 0.02 0.02',
      'earning A 2025-02-05 -0.01 -0.01',
      'earning A 2025-03-05 -0.01 -0.01',
    ]);
  });

  it('takes no place under a count, and is cut where its record is', () => {
    const story = company({ measure: 'deals', each: '100', cap: { count: '2', per: 'month' } });
    story
      .sold('ann', 'A', 1, '2025-01-10')
      .sold('ann', 'B', 1, '2025-01-11')
      .sold('ann', 'C', 1, '2025-01-12')
      .cancel('A', '2025-01-11')
      .cancel('C', '2025-02-01');
    expect(lines(story)).toEqual([
      'earning A 2025-01-10 1 100.00',
      'earning A 2025-01-11 -1 -100.00',
      'earning B 2025-01-11 1 100.00',
      'earning C 2025-01-12 1 100.00',
      'earning C 2025-02-01 -1 -100.00',
      'cap C 2025-01-31 -100.00',
      'cap C 2025-02-28 100.00',
    ]);
  });

  it('is multiplied with its record', () => {
    const story = company({ measure: 'revenue', per: 'quarter', rate: '10%', multiplier: '150%' })
      .sold('ann', 'A', '10.30', '2025-01-10')
      .cancel('A', '2025-01-12');
    expect(lines(story)).toEqual(['earning A 2025-01-10 10.3 1.03', 'earning A 2025-01-12 -10.3 -1.03']);
  });

  it('follows its record on the same day, at any time of day', () => {
    const tiers = [
      { from: '0', rate: '5%' },
      { from: '1000', rate: '10%' },
    ];
    const story = company({ measure: 'revenue', per: 'month', tiers })
      .sold('ann', 'B', 1000, '2025-01-10')
      .sold('ann', 'A', 1000, '2025-01-10', { time: '10:00' })
      .cancel('A', '2025-01-10');
    expect(lines(story)).toEqual([
      'earning B 2025-01-10 1000 50.00',
      'earning A 2025-01-10 1000 100.00',
      'earning A 2025-01-10 -1000 -100.00',
    ]);
  });

  it('of a closed period is a difference that its cause names', () => {
    const story = company({ measure: 'revenue', rate: '10%' })
      .at('2025-01-10')
      .sold('ann', 'A', 1000, '2025-01-10')
      .close('2025-02');
    story.at('2025-03-02').cancel('A', '2025-02-20').close('2025-03');
    const shown = story
      .history()
      .statement({ participant: 'ann', period: '2025-03' })
      .lines.map(({ kind, for: of, record, earned, cause }) => [kind, of, record?.id, earned, cause?.kind]);
    expect(shown).toEqual([['difference', '2025-02', 'A', '-100.00', 'cancelled']]);
  });

  it('of a sum of measures is cut part by part, as its record is', () => {
    const story = company({ measure: 'twice', rate: '100%' })
      .sold('ann', 'A', '0.05', '2025-01-10')
      .split('A', { ann: '50%', bob: '50%' })
      .cancel('A', '2025-03-05');
    expect(lines(story)).toEqual(['earning A 2025-01-10 0.06 0.06', 'earning A 2025-03-05 -0.06 -0.06']);
  });

  it('is a part of a sum of measures', () => {
    const story = company({ measure: 'twice', rate: '10%' })
      .sold('ann', 'A', 1000, '2025-01-10')
      .cancel('A', '2025-03-05', 400);
    expect(lines(story)).toEqual(['earning A 2025-01-10 2000 200.00', 'earning A 2025-03-05 -800 -80.00']);
  });
});

it('a reversal that is kept changes neither credits nor lines', () => {
  const story = company({ measure: 'kept', rate: '10%' })
    .sold('ann', 'A', 1000, '2025-01-10')
    .cancel('A', '2025-03-05');
  expect(lines(story)).toEqual(['earning A 2025-01-10 1000 100.00']);
  expect(attained(story, 'kept', '2025')).toBe('1000');
});
