import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const from = '2025-01-01';
const commission = { name: 'Commission', measure: 'revenue', rate: '10%' };
const later = { ...commission, release: { after: '75 days' } };
const draw = (amount: string, more: object = {}) => ({ amount, periods: '1-12', ...more });
const company = (to?: string) => new Story().person('ann', 'AE', from, to === undefined ? {} : { to });
const version = (story: Story, number: string, start: string, more: object, component: object = commission) =>
  story.plan('AE', { version: number, effective: { from: start }, components: [component], ...more });

/** The pay of each period, with the draws, recoveries and carried negatives in it. */
const paid = (story: Story, periods: readonly string[]) =>
  periods.map((period) => {
    story.close(period);
    const { payable, lines } = story.history().statement({ participant: 'ann', period });
    const added = lines.filter(({ kind }) => ['draw', 'recovery', 'carried'].includes(kind));
    return [period, payable, ...added.map((line) => `${line.kind} ${line.payable}`)].join(' ');
  });
const months = (count: number) => Array.from({ length: count }, (_, index) => `2025-0${index + 1}`);

describe('The versions of a plan with a draw', () => {
  it('lend by the one in force, and the later one takes back the amount that an earlier one lent', () => {
    const story = company();
    version(story, '1', from, { draw: draw('1000') });
    version(story, '2', '2025-03-01', { draw: draw('600') });
    story
      .sold('ann', 'D1', 1000, '2025-01-10')
      .sold('ann', 'D3', 4000, '2025-03-10')
      .sold('ann', 'D4', 16000, '2025-04-10');
    expect(paid(story, months(4))).toEqual([
      '2025-01 1000.00 draw 900.00',
      '2025-02 1000.00 draw 1000.00',
      '2025-03 600.00 draw 200.00',
      '2025-04 600.00 recovery -1000.00',
    ]);
  });
  it('lend nothing before the first one that draws', () => {
    const story = company();
    version(story, '1', from, {});
    version(story, '2', '2025-02-01', { draw: draw('500') });
    expect(paid(story, months(2))).toEqual(['2025-01 0.00', '2025-02 500.00 draw 500.00']);
  });
  it('lend in the months of a monthly one and in the quarters of a quarterly one', () => {
    const story = company();
    version(story, '1', from, { draw: draw('100') });
    version(story, '2', '2025-04-01', { pays: 'quarterly', draw: draw('700') });
    expect(paid(story, [...months(6), '2025-Q2'])).toEqual([
      '2025-01 100.00 draw 100.00',
      '2025-02 100.00 draw 100.00',
      '2025-03 100.00 draw 100.00',
      '2025-04 0.00',
      '2025-05 0.00',
      '2025-06 0.00',
      '2025-Q2 700.00 draw 700.00',
    ]);
  });
  it('carry a negative from the first one on that carries', () => {
    const story = company();
    version(story, '1', from, {});
    version(story, '2', '2025-02-01', { negative: 'carried' });
    story
      .sold('ann', 'D1', -1000, '2025-01-10')
      .sold('ann', 'D2', -500, '2025-02-10')
      .sold('ann', 'D3', 2000, '2025-03-10');
    expect(paid(story, months(3))).toEqual([
      '2025-01 -100.00',
      '2025-02 0.00 carried 50.00',
      '2025-03 150.00 carried -50.00',
    ]);
  });
});

describe('Whoever has left a plan', () => {
  it('is lent nothing more, and pays back by the last version that the period reaches', () => {
    const story = company('2025-02-28');
    version(story, '1', from, { draw: draw('1000') }, later);
    version(story, '2', '2025-05-01', { draw: draw('1000', { recovers: { from: '1', share: '25%' } }) }, later);
    story
      .sold('ann', 'D1', 2000, '2025-01-10')
      .sold('ann', 'D2', 5000, '2025-02-01')
      .sold('ann', 'D3', 4000, '2025-02-28');
    // 75 days later: on 26 March, 17 April and 14 May.
    expect(paid(story, months(6))).toEqual([
      '2025-01 1000.00 draw 1000.00',
      '2025-02 1000.00 draw 1000.00',
      '2025-03 0.00 recovery -200.00',
      '2025-04 0.00 recovery -500.00',
      '2025-05 300.00 recovery -100.00',
      '2025-06 0.00',
    ]);
  });
  it('is settled by the version that paid months, not by a quarterly one after it', () => {
    const story = company('2025-02-28');
    version(story, '1', from, { draw: draw('1000') }, later);
    version(story, '2', '2025-03-01', { pays: 'quarterly' }, later);
    story.sold('ann', 'D1', 2000, '2025-01-10');
    expect(paid(story, months(3))).toEqual([
      '2025-01 1000.00 draw 1000.00',
      '2025-02 1000.00 draw 1000.00',
      '2025-03 0.00 recovery -200.00',
    ]);
  });
});

describe('The periods of a draw', () => {
  it('count from the first that names the participant in the plan', () => {
    const story = new Story().person('ann', 'SDR', from).person('ann', 'AE', '2025-02-15');
    version(story, '1', from, { draw: { amount: ['500', '300'], recoverable: 'no' } });
    expect(paid(story, months(4))).toEqual([
      '2025-01 0.00',
      '2025-02 500.00 draw 500.00',
      '2025-03 300.00 draw 300.00',
      '2025-04 0.00',
    ]);
  });
  it('do not count while somebody is not in the plan', () => {
    const story = new Story()
      .person('ann', 'AE', from)
      .person('ann', 'SDR', '2025-02-01')
      .person('ann', 'AE', '2025-03-01');
    version(story, '1', from, { draw: { amount: ['500', '300'], recoverable: 'no' } });
    expect(paid(story, months(4))).toEqual([
      '2025-01 500.00 draw 500.00',
      '2025-02 0.00',
      '2025-03 300.00 draw 300.00',
      '2025-04 0.00',
    ]);
  });
  it('hold for a day in the period, its first or its last', () => {
    const story = new Story().person('ann', 'AE', '2025-01-31', { to: '2025-02-01' });
    version(story, '1', from, { draw: { amount: ['500', '300', '100'], recoverable: 'no' } });
    expect(paid(story, months(3))).toEqual([
      '2025-01 500.00 draw 500.00',
      '2025-02 300.00 draw 300.00',
      '2025-03 0.00',
    ]);
  });
});

describe('A draw in another currency than that of pay', () => {
  const euros = () => {
    const story = new Story().person('ann', 'AE', from, { currency: 'EUR' });
    version(story, '1', from, { draw: draw('1000') });
    return story;
  };
  it('is converted at the pay date of its period', () => {
    const story = euros().rate('USD', 'EUR', '2025-01-31', '0.9').rate('USD', 'EUR', '2025-02-28', '0.8');
    expect(paid(story, months(2))).toEqual(['2025-01 900.00 draw 900.00', '2025-02 800.00 draw 800.00']);
  });
  it('is not paid without a rate, which is an exception', () => {
    const story = euros();
    expect(paid(story, ['2025-01'])).toEqual(['2025-01 0.00']);
    const { exceptions } = story.history().statement({ participant: 'ann', period: '2025-01' });
    expect(exceptions.map(({ code, detail }) => `${code} ${detail}`)).toEqual([
      'RATE_MISSING no rate from USD to EUR on 2025-01-31',
    ]);
  });
});
