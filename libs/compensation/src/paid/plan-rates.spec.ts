import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const company = (convert: object, more: object = {}) =>
  new Story()
    .person('ann', 'AE', '2025-01-01', { currency: 'EUR' })
    .rate('EUR', 'USD', '2025-01-01', '1.2')
    .rate('USD', 'EUR', '2025-01-01', '0.8')
    .plan('AE', {
      components: [{ name: 'Flat', measure: 'revenue', rate: '10%', ...more }],
      convert,
      planRates: { EUR: '1.25', JPY: '0.01' },
    });
const statement = (story: Story) => {
  const { earned, payable, currency, exceptions } = story
    .history()
    .statement({ participant: 'ann', period: '2025-01' });
  return [earned, payable, currency, ...exceptions.map(({ code, detail }) => `${code} ${detail}`)];
};

describe('the rates of a plan', () => {
  it('convert credits instead of the rate of the day', () => {
    expect(
      statement(company({ credits: 'at plan rate' }).sold('ann', 'D1', 1000, '2025-01-15', { currency: 'EUR' })),
    ).toEqual(['125.00', '100.00', 'EUR']);
    expect(
      statement(company({ credits: 'at plan rate' }).sold('ann', 'D1', 100000, '2025-01-15', { currency: 'JPY' })),
    ).toEqual(['100.00', '80.00', 'EUR']);
  });
  it('convert pay in the other direction, so that a credit keeps its amount', () => {
    expect(
      statement(
        company({ credits: 'at plan rate', pay: 'at plan rate' }).sold('ann', 'D1', 1000, '2025-01-15', {
          currency: 'EUR',
        }),
      ),
    ).toEqual(['125.00', '100.00', 'EUR']);
    expect(
      statement(company({ pay: 'at plan rate' }).sold('ann', 'D1', 1000, '2025-01-15', { currency: 'EUR' })),
    ).toEqual(['120.00', '96.00', 'EUR']);
  });
  it('convert a component of another currency by way of that of the plan', () => {
    expect(
      statement(
        company({ pay: 'at plan rate' }, { currency: 'JPY' }).sold('ann', 'D1', 1000, '2025-01-15', {
          currency: 'JPY',
        }),
      ),
    ).toEqual(['100', '0.80', 'EUR']);
  });
  it('that are missing are an exception, and nothing is payable', () => {
    const story = company({ credits: 'at plan rate' }).sold('ann', 'D1', 1000, '2025-01-15', { currency: 'GBP' });
    expect(statement(story)).toEqual([
      '0.00',
      '0.00',
      'EUR',
      'RATE_MISSING no rate from GBP to USD among the rates of the plan AE 1',
    ]);
    const paid = company({ pay: 'at plan rate' })
      .person('ann', 'AE', '2025-01-01', { currency: 'GBP' })
      .sold('ann', 'D1', 1000, '2025-01-15');
    expect(statement(paid)).toEqual([
      '100.00',
      '0.00',
      'GBP',
      'RATE_MISSING no rate from USD to GBP among the rates of the plan AE 1',
    ]);
  });
  it('convert a draw', () => {
    const story = new Story().person('ann', 'AE', '2025-01-01', { currency: 'EUR' });
    story.plan('AE', {
      effective: { from: '2025-01-01' },
      components: [{ name: 'Flat', measure: 'revenue', rate: '10%' }],
      convert: { pay: 'at plan rate' },
      planRates: { EUR: '1.25' },
      draw: { amount: '1000' },
    });
    expect(statement(story)).toEqual(['0.00', '800.00', 'EUR']);
  });
  it('are not moved by a rate that is corrected', () => {
    const story = company({ credits: 'at plan rate', pay: 'at plan rate' })
      .sold('ann', 'D1', 1000, '2025-01-15', { currency: 'EUR' })
      .close('2025-01');
    story.at('2025-02-10').rate('USD', 'EUR', '2025-01-01', '0.9');
    expect(story.history().statement({ participant: 'ann', period: '2025-02' }).lines).toEqual([]);
  });
});
