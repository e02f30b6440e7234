import { describe, expect, it } from '@jest/globals';
import { formatPath, parseDocuments } from '@attain/contracts';
import { checkPlan } from './plan-check.js';
import type { Uses } from './plans.js';

const uses: Uses = {
  currency: 'USD',
  fields: { cost: 'money', termMonths: 'number', units: 'number' },
  measures: {
    revenue: { counts: 'amount', of: 'deals' },
    volume: { counts: 'units', of: 'deals' },
    contracts: { counts: '1', of: 'deals' },
    collected: { counts: 'amount', of: 'payments' },
    dated: { counts: 'amount', of: 'deals', reversals: 'dated' },
    both: { is: 'revenue + dated' },
  },
  tables: { 'line rates': { columns: ['line', 'rate'], rows: [['Hardware', '5%'], ['*', '1%']] }, bounties: { columns: ['line', 'bounty'], rows: [['*', '200']] } },
};

const plan = (component: string, more = '') => `
plan: Account executive
version: 1
effective: { from: 2025-01-01 }
assignedTo: { roles: [AE] }
pays: monthly
components:
  - name: Commission
${component.trim().split('\n').map((line) => `    ${line}`).join('\n')}
${more}`;
const check = (text: string) => checkPlan(parseDocuments(text, 'plan.yaml').documents[0]!.value, uses).map(({ path, code, message }) => `${formatPath(path)} [${code}] ${message}`);

describe('a plan of every supported kind is right', () => {
  it.each([
    'measure: revenue\nrate: 10%',
    'measure: revenue\nrate: 0.1',
    "measure: revenue\nrate: 'lookup(\"line rates\", product)'",
    "measure: contracts\neach: 'lookup(\"bounties\", product)'",
    'measure: revenue\nrate: if(my.tenure < 12, 8%, 10%)',
    'measure: revenue\nwhere: termMonths >= 36 and product = "X"\nper: year\nrate: 2%\ntiers: [ { from: 0%, times: 1 }, { from: 100%, times: 1.5 } ]',
    'measure: revenue\nper: month\ntiers: [ { from: 0%, rate: 5% }, { from: 50%, rate: 10%, retroactive: yes }, { from: 100%, rate: 20%, retroactive: 50% } ]',
    'measure: revenue\nper: month\ntiers: [ { from: 0, rate: 5% }, { from: 100%, rate: 10% }, { from: 500000, rate: 12% } ]',
    'measure: revenue\nby: contracts\nper: quarter\ntiers: [ { from: 0, rate: 0% }, { from: 10, rate: 2%, retroactive: yes } ]',
    'measure: volume\nper: half\ntiers: [ { from: 0, each: 10 }, { from: 101, each: 9.50 } ]\ncrossing: lower',
    'measure: contracts\neach: 500 USD\nwhere: amount >= 10000\ncap: { count: 3, per: year }',
    'measure: revenue\ncredit: [ sales, overlay, through mentor, { all: region = my.region } ]\nrate: 1%',
    'measure: revenue\nrate: 1%\nrounding: { to: 0.05 }\neligible: { on: credit date, signed: no }\npays: monthly\ncurrency: USD',
  ])('%s', (component) => expect(check(plan(component))).toEqual([]));

  it('also with what it says by default', () => {
    const more = 'rounding: { per: total }\nnegative: due\nconvert: { credits: on credit date, pay: on pay date }';
    expect(check(plan('measure: revenue\nrate: 10%', more))).toEqual([]);
  });
});

describe('what a plan may not say yet is refused at its place, never ignored', () => {
  it.each([
    ['measure: revenue\nper: deal\ncurve: [ { at: 0, earns: 0 } ]\nbeyond: continue', ['components[0].curve [not-supported] not supported yet: curves', 'components[0].beyond [not-supported] not supported yet: curves']],
    ['measure: revenue\nper: month\ntarget: 5000\ntiers: [ { from: 100%, pays: 100% } ]', ['components[0].target [not-supported] not supported yet: targets']],
    ['per: quarter\ntarget: 4000\nobjectives: { Playbook: 100% }', ['components[0].target [not-supported] not supported yet: targets', 'components[0].objectives [not-supported] not supported yet: objectives']],
    ['per: quarter\ncontest: { rank: revenue, pot: 5% of revenue, prizes: [ 50% ] }', ['components[0].contest [not-supported] not supported yet: contests']],
    ['per: quarter\npool: { pot: 1% of revenue, among: my.team, divide: equally }', ['components[0].pool [not-supported] not supported yet: pools']],
    ['measure: revenue\nrate: 10%\nunit: day off', ['components[0].unit [not-supported] not supported yet: units other than money']],
    ["measure: revenue\nrate: 10%\nmultiplier: 'if(attainment(revenue) >= 90%, 100%, 0%)'", ['components[0].multiplier [not-supported] not supported yet: multipliers']],
    ['measure: revenue\nrate: 10%\ncap: { amount: 5000, per: month, excess: carried }', ['components[0].cap.amount [not-supported] not supported yet: a cap by amount', 'components[0].cap.excess [not-supported] not supported yet: an excess that is carried']],
    ['measure: revenue\nrate: 10%\ncap: { share: 200% }', ['components[0].cap.share [not-supported] not supported yet: a cap by share']],
    ['measure: revenue\nrate: 10%\nclawback: { take: as paid }\nrelease: payment', ['components[0].clawback [not-supported] not supported yet: clawbacks', 'components[0].release [not-supported] not supported yet: releases']],
    ['measure: revenue\nrate: 10%\neligible: { on: both }', ['components[0].eligible [not-supported] not supported yet: an eligibility other than on the credit date']],
    ['measure: revenue\nrate: 10%\npays: quarterly', ['components[0].pays [not-supported] not supported yet: a component that pays less often than its plan']],
    ['measure: revenue\nrate: 10%\ncurrency: EUR', ['components[0].currency [not-supported] not supported yet: a component in another currency than its plan']],
    ['measure: revenue\nper: year\ntiers: [ { from: 0%, rate: 1% }, { from: 100%, rate: 2%, when: attainment(volume) >= 95% } ]', ['components[0].tiers[1].when [not-supported] not supported yet: hurdles of a tier (`when`)']],
    ['measure: collected\nrate: 10%', ['components[0].measure [not-supported] the measure `collected` cannot be used: not supported yet: measures of payments']],
    ['measure: dated\nrate: 10%', ['components[0].measure [not-supported] the measure `dated` cannot be used: not supported yet: measures whose reversals are dated']],
    ['measure: both\nrate: 10%', ['components[0].measure [value] the measure `both` cannot be used: it is made of a measure that cannot be used']],
  ])('%s', (component, problems) => expect(check(plan(component))).toEqual(problems));

  it('whatever function of a window an expression asks', () => {
    const asked = (expression: string) => check(plan(`measure: revenue\nrate: 10%\nwhere: '${expression}'`));
    expect(asked('attainment(revenue) > 90%')).toEqual(['components[0].where [not-supported] not supported yet: attainment() in an expression, at character 1']);
    expect(asked('amount > 1 and sum(revenue) > 5')).toEqual(['components[0].where [not-supported] not supported yet: sum() in an expression, at character 16']);
    expect(asked('score("Playbook") > 50%')).toEqual(['components[0].where [not-supported] not supported yet: score() in an expression, at character 1']);
    expect(asked('deals >= 10')).toEqual(['components[0].where [not-supported] not supported yet: deals in an expression, at character 1']);
  });

  it('and what its head may not say yet', () => {
    const head = 'draw: { amount: 1000, periods: 1-6 }\nnegative: carried\ncap: { amount: 50000, per: year }\ncorrections: { within: 1 month, later: review }\nconvert: { credits: at plan rate, pay: on credit date }\nplanRates: { EUR: 1.1 }';
    expect(check(plan('measure: revenue\nrate: 10%', head)).sort()).toEqual([
      'cap [not-supported] not supported yet: a cap of the plan',
      'convert.credits [not-supported] not supported yet: credits converted at plan rate',
      'convert.pay [not-supported] not supported yet: pay converted on credit date',
      'corrections [not-supported] not supported yet: corrections that wait for a review',
      'draw [not-supported] not supported yet: draws',
      'negative [not-supported] not supported yet: negatives that are carried',
      'planRates [not-supported] not supported yet: plan rates',
    ]);
  });
});

describe('a component that makes no sense is refused with what was expected', () => {
  it.each([
    ['rate: 10%', 'components[0] [missing] the component `Commission` has no `measure`: what it pays for'],
    ['measure: revnue\nrate: 10%', 'components[0].measure [unknown-name] unknown measure `revnue` (did you mean "revenue"?)'],
    ['measure: revenue', 'components[0] [missing] the component `Commission` does not say how it pays: by `rate`, `each` or `tiers`'],
    ['measure: revenue\nrate: 10%\neach: 5', 'components[0].each [value] a component has one way to pay: either `rate` or `each`'],
    ['measure: revenue\nrate: 10', 'components[0].rate [type] expected a rate such as 10%, found `10`, which would pay 1000% (write 10%)'],
    ['measure: revenue\nrate: amount', 'components[0].rate [type] expected a rate such as 10%, but `amount` is money'],
    ['measure: volume\nrate: 10%', 'components[0].rate [type] `volume` counts a number and not money: pay an amount for each by `each`, not a `rate`'],
    ['measure: revenue\neach: 5', 'components[0].each [type] `revenue` counts money: pay a share of it by `rate`, not an amount for `each`'],
    ['measure: volume\neach: 5%', 'components[0].each [type] expected an amount such as 200, but `5%` is a rate'],
    ['measure: revenue\nrate: 10%\nwhere: amount', 'components[0].where [type] expected a condition such as product = "X", but `amount` is money'],
    ['measure: revenue\nrate: 10%\nwhere: type < 3', 'components[0].where [type] `type < 3`: a text cannot be compared with a number, at character 1, in `type < 3`'],
    ['measure: revenue\nrate: 10%\nwhere: type = New', 'components[0].where [unknown-name] unknown name `New`'],
    ['measure: revenue\nrate: 10%\nwhere: type ==', 'components[0].where [syntax] equality is written =, at character 6, in `type ==`'],
    ["measure: revenue\nrate: 'lookup(\"line rate\", product)'", 'components[0].rate [unknown-name] unknown table "line rate" (did you mean "line rates"?), at character 8'],
    ['measure: revenue\ncredit: { all: region }\nrate: 1%', 'components[0].credit.all [type] expected a condition'],
    ['measure: revenue\ncredit: [ sales, sales ]\nrate: 1%', 'components[0].credit[1] [value] `sales` stands twice'],
    ['measure: revenue\ntiers: [ { from: 0, rate: 1% } ]', 'components[0] [missing] missing: `per`, the window that the tiers fill'],
    ['measure: revenue\nper: year\ntiers: [ { from: 0% } ]', 'components[0].tiers[0] [missing] a tier says what it pays: `rate`, `each` or `times`'],
    ['measure: revenue\nper: year\ntiers: [ { from: 0%, rate: 1%, times: 2 } ]', 'components[0].tiers[0].times [value] a tier has one way to pay: either `rate` or `times`'],
    ['measure: revenue\nper: year\nrate: 1%\ntiers: [ { from: 0%, times: 1 }, { from: 100%, rate: 2% } ]', 'components[0].tiers[1].rate [value] the tiers of a component pay in one way: the first by `times`, this one by `rate`'],
    ['measure: revenue\nper: year\ntiers: [ { from: 0%, times: 1 } ]', 'components[0].tiers[0].times [missing] `times` multiplies a base: the component needs a `rate` or an `each`'],
    ['measure: revenue\nper: year\nrate: 1%\ntiers: [ { from: 0%, rate: 2% } ]', 'components[0].rate [value] the tiers have their own `rate`: a `rate` beside them has no meaning'],
    ['measure: revenue\nper: year\ntiers: [ { from: 0%, pays: 50% } ]', 'components[0].tiers[0].pays [value] `pays` is a share of a `target`, and there is none'],
    ['measure: revenue\nper: year\ntiers: [ { from: 100%, rate: 1% }, { from: 50%, rate: 2% } ]', 'components[0].tiers[1].from [value] tiers ascend, but 50% stands below a higher one'],
    ['measure: revenue\nper: year\ntiers: [ { from: 0, rate: 1% }, { from: 0.0, rate: 2% } ]', 'components[0].tiers[1].from [value] two tiers begin at 0.0'],
    ['measure: revenue\nper: year\ntiers: [ { from: -5, rate: 1% } ]', 'components[0].tiers[0].from [value] a tier begins at 0 or above, not at -5'],
    ['measure: revenue\nper: year\ntiers: [ { from: 0%, rate: 1% }, { from: 50%, rate: 2%, retroactive: 60% } ]', 'components[0].tiers[1].retroactive [value] `retroactive: 60%` must lie below the beginning of its tier, 50%'],
    ['measure: revenue\nper: year\ntiers: [ { from: 0%, rate: 1% }, { from: 50%, rate: 2%, retroactive: 20 } ]', 'components[0].tiers[1].retroactive [type] the tier begins at 50%, so that `retroactive` must be a share too, not 20'],
    ['measure: revenue\nper: year\ncrossing: higher\ntiers: [ { from: 0%, rate: 1% }, { from: 50%, rate: 2%, retroactive: yes } ]', 'components[0].crossing [value] `crossing: higher` and retroactive tiers (tier 2) exclude each other'],
    ['measure: revenue\nper: year\nrounding: { per: total }\ntiers: [ { from: 0%, rate: 1% }, { from: 50%, rate: 2%, retroactive: yes } ]', 'components[0].rounding.per [value] rounding `{ per: total }` and retroactive tiers exclude each other'],
    ['measure: revenue\nrate: 1%\nby: contracts', 'components[0].by [value] `by` says what tiers stand on, and there are no `tiers`'],
    ['measure: revenue\nper: year\nby: contract\ntiers: [ { from: 0, rate: 1% } ]', 'components[0].by [unknown-name] unknown measure `contract` (did you mean "contracts"?)'],
    ['measure: revenue\nrate: 1%\ncrossing: lower', 'components[0].crossing [value] `crossing` says how a deal crosses tiers, and there are no `tiers`'],
    ['measure: revenue\nrate: 1%\ncap: { count: 3 }', 'components[0].cap [missing] missing: `per`, the window of the cap'],
    ['measure: revenue\nrate: 1%\ncap: { per: month }', 'components[0].cap [missing] a cap has a `count`, an `amount` or a `share`'],
    ['measure: revenue\nrate: 1%\ncap: { count: 3, amount: 5, per: month }', 'components[0].cap.amount [value] a cap has one limit: either `count` or `amount`'],
    ['measure: revenue\nrate: 1%\nrounding: { to: 0.005 }', 'components[0].rounding.to [value] amounts in USD have 2 decimals, and cannot be rounded to 0.005'],
  ])('%s', (component, problem) => {
    const problems = check(plan(component));
    expect(problems.filter((found) => found.startsWith(problem))).toHaveLength(1);
    expect(problems).toHaveLength(1);
  });

  it('a rounding of the plan that retroactive tiers exclude is named at the tier', () => {
    const tiers = 'measure: revenue\nper: year\ntiers: [ { from: 0%, rate: 1% }, { from: 50%, rate: 2%, retroactive: yes } ]';
    expect(check(plan(tiers, 'rounding: { per: total }'))).toEqual(['components[0].tiers[1].retroactive [value] rounding `{ per: total }` and retroactive tiers exclude each other']);
    expect(check(plan(`${tiers}\nrounding: half-even`, 'rounding: { per: total }'))).toEqual([]);
  });

  it('two components of one name are refused, and so is a document of another form', () => {
    expect(check(plan('measure: revenue\nrate: 1%', '  - { name: Commission, measure: revenue, rate: 1% }'))).toEqual(['components[1].name [value] two components are named `Commission`']);
    expect(check('plan: x\n')).toContain('components [missing] missing: expected a list of components');
  });
});

describe('examples are checked before they are run', () => {
  const example = (text: string) => check(plan('measure: revenue\nrate: 10%', `examples:\n  - ${text}`));

  it('as to their components, measures and fields', () => {
    expect(example('{ name: a, quota: 5, deals: [ 100, { amount: 5, termMonths: 12 } ], lines: [ 10, 0.50 ], total: 10.50 }')).toEqual([]);
    expect(example('{ name: a, deals: [ 100 ] }')).toEqual(['examples[0] [missing] an example expects `lines` or a `total`']);
    expect(example('{ name: a, component: Comission, total: 1 }')).toEqual(['examples[0].component [unknown-name] the plan has no component `Comission` (did you mean "Commission"?)']);
    expect(example('{ name: a, quota: { revnue: 5 }, total: 1 }')).toEqual(['examples[0].quota.revnue [unknown-name] unknown measure `revnue` (did you mean "revenue"?)']);
    expect(example('{ name: a, deals: [ { ammount: 5, termMonths: long } ], total: 1 }')).toEqual([
      'examples[0].deals[0].ammount [unknown-key] unknown field `ammount` of a deal (did you mean "amount"?)',
      'examples[0].deals[0].termMonths [value] the field `termMonths` is number: expected a plain decimal such as 12, found `long`',
    ]);
    expect(example('{ name: a, total: 1, history: [ { at: 2025-01-01, paid: { deal: D, amount: 5, date: 2025-01-01 } } ] }')).toEqual(['examples[0].history[0].paid [not-supported] not supported yet: payments']);
  });

  it('as to whose lines they expect', () => {
    const two = plan('measure: revenue\nrate: 1%', '  - { name: Override, credit: reports, measure: revenue, rate: 1% }\nexamples: [ { name: a, deals: [ 5 ], lines: [ 1 ] } ]');
    expect(check(two)).toEqual(['examples[0].lines [missing] the plan has several components: say by `component` whose lines these are']);
  });
});
