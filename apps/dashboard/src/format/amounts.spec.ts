import { describe, expect, it } from '@jest/globals';
import { i18n } from '@lingui/core';
import { isZero, money, percent, signedMoney } from './amounts.js';
import { date, periodName } from './dates.js';

describe('amounts on the page', () => {
  it.each([
    ['7327.62', 'USD', '$7,327.62'],
    ['7327.6', 'USD', '$7,327.60'],
    ['-264.42', 'USD', '-$264.42'],
    ['1500', 'JPY', '¥1,500'],
    ['0.125', 'USD', '$0.125'],
    ['12.5', 'points', '12.5 points'],
    ['98765432109876543.21', 'USD', '$98,765,432,109,876,543.21'],
  ])('show %s %s to the last digit as %s', (decimal, unit, shown) => {
    i18n.load('en', {});
    i18n.activate('en');
    expect(money(decimal, unit)).toBe(shown);
  });

  it('sign a difference, and follow the language', () => {
    i18n.load('de', {});
    i18n.activate('de');
    expect(signedMoney('170.04', 'USD')).toBe('+170,04\u00a0$');
    expect(percent('0.985306')).toBe('98,5\u00a0%');
    expect(periodName('2017-06')).toBe('Juni 2017');
    expect(periodName('2017-Q4')).toBe('2017-Q4');
    i18n.activate('en');
    expect(date('2017-06-02')).toBe('Jun 2, 2017');
    expect([isZero('0.00'), isZero('-0'), isZero('0.01')]).toEqual([true, true, false]);
  });
});
