import { describe, expect, it } from '@jest/globals';
import { commission, messages, sound, warned } from './warnings.fixture.js';

describe('A currency', () => {
  it('without rates has a warning with the number of deals and their amount', () => {
    const story = sound()
      .sold('ann', 'D3', 300, '2025-03-01', { currency: 'EUR' })
      .sold('bob', 'D4', 200, '2025-04-01', { currency: 'EUR' });
    const [only, ...others] = warned(story);
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      code: 'RATE_MISSING',
      about: { kind: 'record', id: 'D3' },
      participants: ['ann', 'bob'],
    });
    expect(only?.message).toBe(
      'there is no rate from EUR to USD: 2 won deals (500.00 EUR) cannot be converted and earn nothing in USD (crm:D3 and crm:D4); add a row EUR,USD,2025-03-01 to the rates',
    );
  });
  it('whose rates begin later, or convert the other way, has a warning', () => {
    const story = sound().sold('ann', 'D3', 300, '2025-03-01', { currency: 'EUR' });
    expect(messages(story.rate('EUR', 'USD', '2025-04-01', '1.1'))[0]).toContain(
      'no rate from EUR to USD holds on 2025-03-01',
    );
    expect(
      messages(
        sound().sold('ann', 'D3', 300, '2025-03-01', { currency: 'EUR' }).rate('USD', 'EUR', '2025-01-01', '0.9'),
      )[0],
    ).toContain('a rate from USD to EUR is never inverted');
  });
  it('that nobody with a plan is credited in needs no rate', () => {
    expect(
      messages(
        sound().person('mo', 'Manager', '2025-01-01').sold('mo', 'D3', 300, '2025-03-01', { currency: 'EUR' }),
      ).filter((text) => text.startsWith('RATE')),
    ).toEqual([]);
  });
  it('of a plan in which nobody is paid needs one to pay', () => {
    const story = sound()
      .rate('USD', 'GBP', '2025-01-01', '0.8')
      .plan('AE', { currency: 'GBP', effective: { from: '2025-01-01' }, components: [commission] });
    expect(messages(story)).toEqual([
      expect.stringContaining(
        'RATE_MISSING: the plan AE 1 is in GBP and pays ann and bob in USD, but there is no rate from GBP to USD on 2025-02-28',
      ),
    ]);
  });
});

describe('A rate', () => {
  const sold = (...dates: string[]) =>
    dates
      .reduce((story, date) => story.rate('EUR', 'USD', date, '1.1'), sound())
      .sold('ann', 'D3', 300, '2025-06-30', { currency: 'EUR' });
  it('that is older than usual has a warning', () => {
    expect(messages(sold('2025-01-01', '2025-02-01', '2025-03-01'))).toEqual([
      'RATE_OLD: the rate from EUR to USD of 2025-03-01 is up to 121 days old where it is used: 1 won deal (300.00 EUR); record a later rate',
    ]);
    expect(messages(sold('2025-01-01'))).toEqual([expect.stringContaining('RATE_OLD')]);
  });
  it('of a year is not old in that year', () => {
    expect(messages(sold('2023-01-01', '2024-01-01', '2025-01-01'))).toEqual([]);
  });
  it('of this month is not old', () => {
    expect(messages(sold('2025-04-01', '2025-05-01', '2025-06-01'))).toEqual([]);
  });
});
