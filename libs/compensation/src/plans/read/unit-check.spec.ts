import { describe, expect, it } from '@jest/globals';
import { check, plan } from './plan-check.fixture.js';

describe('a component that does not pay money', () => {
  it.each([
    [
      'measure: revenue\nrate: 1%\nunit: USD',
      ['components[0].unit [value] `USD` is a currency, and a unit is not money: write `currency: USD`'],
    ],
    [
      'measure: revenue\nrate: 1%\nunit: USD\ncurrency: EUR',
      ['components[0].unit [value] `USD` is a currency, and a unit is not money: leave `unit` out'],
    ],
    [
      'measure: contracts\neach: 2 USD\nunit: points',
      ['components[0].each [type] the component pays in `points`, but `2 USD` is money: expected a number such as 2'],
    ],
    [
      'measure: revenue\nper: month\ntarget: 500 USD\ntiers: [ { from: 100%, pays: 100% } ]\nunit: points',
      [
        'components[0].target [type] the component pays in `points`, but `500 USD` is money: expected a number such as 2',
      ],
    ],
    [
      'measure: revenue\nper: month\ncurve: [ { at: 0, rate: 1% }, { at: 5, rate: 2% } ]\nunit: points',
      [
        'components[0].curve[0].rate [value] a curve of a component that pays in `points` states amounts by `earns`, not a `rate` of money',
      ],
    ],
    [
      'measure: contracts\neach: 2\nunit: points\nrounding: { to: 0.005 }',
      ['components[0].rounding.to [value] amounts in points have 2 decimals, and cannot be rounded to 0.005'],
    ],
    ['measure: contracts\neach: 2\nunit: points\nrounding: { to: 0.5 }', []],
  ])('%s', (component, problems) => expect(check(plan(component))).toEqual(problems));

  it('does not round to the step of its plan, and a component in another currency does', () => {
    expect(check(plan('measure: contracts\neach: 2\nunit: points', 'rounding: { to: 0.05 }'))).toEqual([]);
    expect(check(plan('measure: revenue\nrate: 1%\ncurrency: JPY', 'rounding: { to: 0.05 }'))).toEqual([
      'rounding.to [value] amounts in JPY have 0 decimals, and cannot be rounded to 0.05',
    ]);
    expect(
      check(plan('measure: revenue\nrate: 1%\ncurrency: JPY\nrounding: { to: 5 }', 'rounding: { to: 0.05 }')),
    ).toEqual([]);
  });
});
