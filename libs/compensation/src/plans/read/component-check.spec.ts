import { describe, expect, it } from '@jest/globals';
import { check, plan } from './plan-check.fixture.js';

describe('a component that makes no sense is refused with what was expected', () => {
  it.each([
    ['rate: 10%', 'components[0] [missing] the component `Commission` has no `measure`: what it pays for'],
    [
      'measure: revnue\nrate: 10%',
      'components[0].measure [unknown-name] unknown measure `revnue` (did you mean "revenue"?)',
    ],
    [
      'measure: revenue',
      'components[0] [missing] the component `Commission` does not state how it pays: by `rate`, `each`, `tiers` or a `curve`',
    ],
    [
      'measure: revenue\nrate: 10%\neach: 5',
      'components[0].each [value] a component has one way to pay: either `rate` or `each`',
    ],
    [
      'measure: revenue\nrate: 10',
      'components[0].rate [type] expected a rate such as 10%, found `10`, which would pay 1000% (write 10%)',
    ],
    ['measure: revenue\nrate: amount', 'components[0].rate [type] expected a rate such as 10%, but `amount` is money'],
    [
      'measure: volume\nrate: 10%',
      'components[0].rate [type] `volume` counts a number and not money: pay an amount for each by `each`, not a `rate`',
    ],
    [
      'measure: revenue\neach: 5',
      'components[0].each [type] `revenue` counts money: pay a share of it by `rate`, not an amount for `each`',
    ],
    ['measure: volume\neach: 5%', 'components[0].each [type] expected an amount such as 200, but `5%` is a rate'],
    [
      'measure: revenue\nrate: 10%\nwhere: amount',
      'components[0].where [type] expected a condition such as product = "X", but `amount` is money',
    ],
    [
      'measure: revenue\nrate: 10%\nwhere: type < 3',
      'components[0].where [type] `type < 3`: a text cannot be compared with a number, at character 1, in `type < 3`',
    ],
    ['measure: revenue\nrate: 10%\nwhere: type = New', 'components[0].where [unknown-name] unknown name `New`'],
    [
      'measure: revenue\nrate: 10%\nwhere: type ==',
      'components[0].where [syntax] equality is written =, at character 6, in `type ==`',
    ],
    [
      'measure: revenue\nrate: \'lookup("line rate", product)\'',
      'components[0].rate [unknown-name] unknown table "line rate" (did you mean "line rates"?), at character 8',
    ],
    ['measure: revenue\ncredit: { all: region }\nrate: 1%', 'components[0].credit.all [type] expected a condition'],
    ['measure: revenue\ncredit: [ sales, sales ]\nrate: 1%', 'components[0].credit[1] [value] `sales` appears twice'],
    [
      'measure: revenue\ntiers: [ { from: 0, rate: 1% } ]',
      'components[0] [missing] missing: `per`, the window that the tiers fill',
    ],
    [
      'measure: revenue\nper: year\ntiers: [ { from: 0% } ]',
      'components[0].tiers[0] [missing] a tier needs a `rate`, `each`, `times` or, with a target, `pays`',
    ],
    [
      'measure: revenue\nper: year\ntiers: [ { from: 0%, rate: 1%, times: 2 } ]',
      'components[0].tiers[0].times [value] a tier has one way to pay: either `rate` or `times`',
    ],
    [
      'measure: revenue\nper: year\nrate: 1%\ntiers: [ { from: 0%, times: 1 }, { from: 100%, rate: 2% } ]',
      'components[0].tiers[1].rate [value] the tiers of a component pay in one way: the first by `times`, this one by `rate`',
    ],
    [
      'measure: revenue\nper: year\ntiers: [ { from: 0%, times: 1 } ]',
      'components[0].tiers[0].times [missing] `times` multiplies a base: the component needs a `rate` or an `each`',
    ],
    [
      'measure: revenue\nper: year\nrate: 1%\ntiers: [ { from: 0%, rate: 2% } ]',
      'components[0].rate [value] the tiers have their own `rate`: a `rate` beside them has no meaning',
    ],
    [
      'measure: revenue\nper: year\ntiers: [ { from: 0%, pays: 50% } ]',
      'components[0].tiers[0].pays [value] `pays` is a share of a `target`, and there is none',
    ],
    [
      'measure: revenue\nper: year\ntiers: [ { from: 100%, rate: 1% }, { from: 50%, rate: 2% } ]',
      'components[0].tiers[1].from [value] tiers must ascend, but 50% comes after a higher one',
    ],
    [
      'measure: revenue\nper: year\ntiers: [ { from: 0, rate: 1% }, { from: 0.0, rate: 2% } ]',
      'components[0].tiers[1].from [value] two tiers begin at 0.0',
    ],
    [
      'measure: revenue\nper: year\ntiers: [ { from: 0%, rate: 1% }, { from: 80, rate: 2% }, { from: 100%, rate: 3% } ]',
      'components[0].tiers[1].from [type] the tier begins at 80 of `revenue` itself, beside tiers that begin at % of the quota: write 80%',
    ],
    [
      'measure: revenue\nby: contracts\nper: year\ntiers: [ { from: 0, rate: 1% }, { from: 0.8, rate: 2% }, { from: 100%, rate: 3% } ]',
      'components[0].tiers[1].from [type] the tier begins at 0.8 of `contracts` itself, beside tiers that begin at % of the quota: write 80%',
    ],
    [
      'measure: revenue\nper: year\ntiers: [ { from: 0%, rate: 1% }, { from: 0, rate: 2% } ]',
      'components[0].tiers[1].from [value] two tiers begin at 0',
    ],
    [
      'measure: revenue\nper: year\ntiers: [ { from: -5, rate: 1% } ]',
      'components[0].tiers[0].from [value] a tier begins at 0 or above, not at -5',
    ],
    [
      'measure: revenue\nper: year\ntiers: [ { from: 0%, rate: 1% }, { from: 50%, rate: 2%, retroactive: 60% } ]',
      'components[0].tiers[1].retroactive [value] `retroactive: 60%` must lie below the beginning of its tier, 50%',
    ],
    [
      'measure: revenue\nper: year\ntiers: [ { from: 0%, rate: 1% }, { from: 50%, rate: 2%, retroactive: 20 } ]',
      'components[0].tiers[1].retroactive [type] the tier begins at 50%, so that `retroactive` must be a share too, not 20',
    ],
    [
      'measure: revenue\nper: year\ncrossing: higher\ntiers: [ { from: 0%, rate: 1% }, { from: 50%, rate: 2%, retroactive: yes } ]',
      'components[0].crossing [value] `crossing: higher` and retroactive tiers (tier 2) exclude each other',
    ],
    [
      'measure: revenue\nper: year\nrounding: { per: total }\ntiers: [ { from: 0%, rate: 1% }, { from: 50%, rate: 2%, retroactive: yes } ]',
      'components[0].rounding.per [value] rounding `{ per: total }` and retroactive tiers exclude each other',
    ],
    [
      'measure: revenue\ncurve: [ { at: 0, earns: 0 } ]',
      'components[0] [missing] missing: `per`, the window of the curve',
    ],
    [
      'measure: revenue\nper: year\nrate: 1%\ncurve: [ { at: 0, earns: 0 } ]',
      'components[0].rate [value] `curve` and `rate` exclude each other',
    ],
    [
      'measure: revenue\nper: year\ncurve: [ { at: 0, earns: 0, rate: 1% } ]',
      'components[0].curve[0] [value] a point states exactly one of `earns`, `rate` and `pays`, found earns and rate',
    ],
    [
      'measure: revenue\nper: year\ncurve: [ { at: 0, earns: 0 }, { at: 10, rate: 1% } ]',
      'components[0].curve[1].rate [value] the points of a curve state one kind of value: the first `earns`, this point `rate`',
    ],
    [
      'measure: revenue\nper: year\ncurve: [ { at: 10, earns: 0 }, { at: 5, earns: 1 } ]',
      'components[0].curve[1].at [value] points must ascend, but 5 comes after 10',
    ],
    [
      'measure: revenue\nper: year\ncurve: [ { at: 0%, earns: 0 }, { at: 5, earns: 1 } ]',
      'components[0].curve[1].at [type] the points of a curve are all shares of the quota or all plain numbers: 0% and 5 are not',
    ],
    [
      'measure: contracts\nper: year\ncurve: [ { at: 0, rate: 1% } ]',
      'components[0].curve[0].rate [type] `contracts` counts a number and not money: a point states an amount by `earns`',
    ],
    [
      'measure: revenue\nper: year\ncurve: [ { at: 0%, pays: 1% } ]',
      'components[0].curve[0].pays [value] `pays` is a share of a `target`, and the component has no target',
    ],
    [
      'measure: revenue\nrate: 1%\nbeyond: continue',
      'components[0].beyond [value] `beyond` continues a `curve`, and the component has no curve',
    ],
    [
      "measure: revenue\nrate: 1%\nmultiplier: '120%'",
      'components[0].multiplier [missing] missing: `per`, the window of time of a multiplier',
    ],
    [
      "measure: revenue\nper: year\nrate: 1%\nmultiplier: 'attainment(revenue) >= 90%'",
      'components[0].multiplier [type] expected a rate such as 120%, but `attainment(revenue) >= 90%` is yes or no',
    ],
    [
      "measure: revenue\nper: year\nrate: 1%\nmultiplier: 'attainment(revenu)'",
      'components[0].multiplier [unknown-name] unknown measure `revenu` (did you mean "revenue"?)',
    ],
    [
      "measure: revenue\nper: year\nrate: 1%\nmultiplier: 'if(amount > 5, 100%, 0%)'",
      'components[0].multiplier [unknown-name] unknown name `amount`',
    ],
    [
      "measure: revenue\nper: year\nrate: 1%\nmultiplier: 'if(deals > 5, sum(revenue), 0)'",
      'components[0].multiplier [type] expected a rate such as 120%, but `if(deals > 5, sum(revenue), 0)` is money',
    ],
    [
      'measure: revenue\nrate: 1%\nby: contracts',
      'components[0].by [value] `by` names the measure that `tiers` count, and there are no `tiers`',
    ],
    [
      'measure: revenue\nper: year\nby: contract\ntiers: [ { from: 0, rate: 1% } ]',
      'components[0].by [unknown-name] unknown measure `contract` (did you mean "contracts"?)',
    ],
    [
      'measure: revenue\nrate: 1%\ncrossing: lower',
      'components[0].crossing [value] `crossing` is for deals that cross a tier, and there are no `tiers`',
    ],
    [
      'measure: revenue\nrate: 1%\ncap: { count: 3 }',
      'components[0].cap [missing] missing: `per`, the window of the cap',
    ],
    [
      'measure: revenue\nrate: 1%\ncap: { per: month }',
      'components[0].cap [missing] a cap has a `count`, an `amount` or a `share`',
    ],
    [
      'measure: revenue\nrate: 1%\ncap: { count: 3, amount: 5, per: month }',
      'components[0].cap.amount [value] a cap has one limit: either `count` or `amount`',
    ],
    [
      'measure: revenue\nrate: 1%\nrounding: { to: 0.005 }',
      'components[0].rounding.to [value] amounts in USD have 2 decimals, and cannot be rounded to 0.005',
    ],
  ])('%s', (component, problem) => {
    const problems = check(plan(component));
    expect(problems.filter((found) => found.startsWith(problem))).toHaveLength(1);
    expect(problems).toHaveLength(1);
  });

  it('a rounding of the plan that retroactive tiers exclude is named at the tier', () => {
    const tiers =
      'measure: revenue\nper: year\ntiers: [ { from: 0%, rate: 1% }, { from: 50%, rate: 2%, retroactive: yes } ]';
    expect(check(plan(tiers, 'rounding: { per: total }'))).toEqual([
      'components[0].tiers[1].retroactive [value] rounding `{ per: total }` and retroactive tiers exclude each other',
    ]);
    expect(check(plan(`${tiers}\nrounding: half-even`, 'rounding: { per: total }'))).toEqual([]);
  });

  it('two components of one name are refused, and so is a document of another form', () => {
    expect(check(plan('measure: revenue\nrate: 1%', '  - { name: Commission, measure: revenue, rate: 1% }'))).toEqual([
      'components[1].name [value] two components are named `Commission`',
    ]);
    expect(check('plan: x\n')).toContain('components [missing] missing: expected a list of components');
  });
});
