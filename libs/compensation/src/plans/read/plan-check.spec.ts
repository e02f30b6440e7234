import { describe, expect, it } from '@jest/globals';
import { check, plan } from './plan-check.fixture.js';

describe('a plan of every supported kind is right', () => {
  it.each([
    'measure: revenue\nrate: 10%',
    'measure: revenue\nrate: 0.1',
    'measure: revenue\nrate: \'lookup("line rates", product)\'',
    'measure: contracts\neach: \'lookup("bounties", product)\'',
    'measure: revenue\nrate: if(my.tenure < 12, 8%, 10%)',
    'measure: revenue\nwhere: termMonths >= 36 and product = "X"\nper: year\nrate: 2%\ntiers: [ { from: 0%, times: 1 }, { from: 100%, times: 1.5 } ]',
    'measure: revenue\nper: month\ntiers: [ { from: 0%, rate: 5% }, { from: 50%, rate: 10%, retroactive: yes }, { from: 100%, rate: 20%, retroactive: 50% } ]',
    'measure: revenue\nper: month\ntiers: [ { from: 0, rate: 5% }, { from: 100%, rate: 10% } ]',
    'measure: revenue\nby: contracts\nper: quarter\ntiers: [ { from: 0, rate: 0% }, { from: 10, rate: 2%, retroactive: yes } ]',
    'measure: volume\nper: half\ntiers: [ { from: 0, each: 10 }, { from: 101, each: 9.50 } ]\ncrossing: lower',
    'measure: revenue\nper: deal\ncurve: [ { at: 0, earns: 0 }, { at: 10, earns: 1 } ]\nbeyond: continue',
    "measure: revenue\nper: quarter\nrate: 10%\nmultiplier: 'if(attainment(revenue) >= 90% and attainment(contracts, my.team) >= 50%, 120%, 80%)'",
    'measure: contracts\neach: 500 USD\nwhere: amount >= 10000\ncap: { count: 3, per: year }',
    'measure: revenue\ncredit: [ sales, overlay, through mentor, { all: region = my.region } ]\nrate: 1%',
    'per: quarter\ncontest: { rank: attainment(revenue), pot: 5% of revenue, prizes: [ 50%, 1/3 ], among: my.team, requires: { first: deals >= 3, 2: attainment(revenue) > 50% }, ties: all, final: yes }',
    'per: month\ncontest: { pot: 1000, divide: revenue }',
    'measure: revenue\nrate: 10%\npays: yearly',
    'measure: revenue\nrate: 1%\nunit: points',
    'unit: day off\nmeasure: revenue\nper: quarter\ntarget: 1\ntiers: [ { from: 100%, pays: 100% }, { from: 120%, pays: 200% } ]',
    'measure: revenue\nrate: 1%\nrounding: { to: 0.05 }\neligible: { on: both, signed: yes, leave: excluded }\npays: monthly\ncurrency: USD',
  ])('%s', (component) => expect(check(plan(component))).toEqual([]));

  it('also with its defaults', () => {
    const more = 'rounding: { per: total }\nnegative: due\nconvert: { credits: on credit date, pay: on pay date }';
    expect(check(plan('measure: revenue\nrate: 10%', more))).toEqual([]);
  });
});

describe('an expression about a window', () => {
  const asked = (where: string, per = '') => check(plan(`measure: revenue\nrate: 10%\nwhere: '${where}'${per}`));
  const found = 'in `deals >= 10`';

  it.each([
    'attainment(revenue) > 90%',
    'amount > 1 and sum(revenue) > 5',
    'score("Playbook") > 50%',
    'deals >= 10',
    'attainment(revenue, my.team) > 1 and sum(contracts) >= deals',
    'sum(collected) > amount and amount > 4000 EUR',
  ])('has an answer where the component has a window of time: %s', (where) => {
    expect(asked(where, '\nper: quarter')).toEqual([]);
  });

  it('is rejected without a window of time', () => {
    const none = (where: string, what: string, at: number) =>
      `components[0].where [missing] \`${what}\` is about a window of time, and the component has none: state it by \`per\` (month | quarter | half | year | plan), at character ${at}, in \`${where}\``;
    expect(asked('attainment(revenue) > 90%')).toEqual([none('attainment(revenue) > 90%', 'attainment()', 1)]);
    expect(asked('amount > 1 and sum(revenue) > 5')).toEqual([none('amount > 1 and sum(revenue) > 5', 'sum()', 16)]);
    expect(asked('deals >= 10')).toEqual([none('deals >= 10', 'deals', 1)]);
    expect(asked('deals >= 10', '\nper: deal')).toEqual([
      `components[0].where [missing] \`deals\` is about a window of time, and \`per: deal\` is none (month | quarter | half | year | plan), at character 1, ${found}`,
    ]);
    expect(check(plan("measure: revenue\nper: month\ncredit: { all: 'deals >= 10' }\nrate: 1%"))).toEqual([
      `components[0].credit.all [missing] \`deals\` is about a window of time, and \`credit\` decides about each record by itself, at character 1, ${found}`,
    ]);
  });

  it('may be the condition of a tier, in a window of time and without a record', () => {
    const hurdle = (when: string, per = 'year') =>
      check(
        plan(
          `measure: revenue\nper: ${per}\ntiers: [ { from: 0, rate: 1% }, { from: 100, rate: 2%, when: '${when}' } ]`,
        ),
      );
    expect(
      hurdle(
        'attainment(volume) >= 95% and sum(revenue) > 100 and deals > 1 and score("Playbook") > 0 and my.tenure > 6',
      ),
    ).toEqual([]);
    expect(hurdle('amount > 5')).toEqual([
      'components[0].tiers[1].when [unknown-name] unknown name `amount` (without a record only: my.…, deals, attainment(), sum() and score()), at character 1, in `amount > 5`',
    ]);
    expect(hurdle('sum(revenue)')).toEqual([
      'components[0].tiers[1].when [type] expected a condition such as product = "X", but `sum(revenue)` is money',
    ]);
    expect(hurdle('my.tenure > 6', 'deal')).toEqual([
      'components[0].tiers[1].when [value] a hurdle is met or not at the end of a pay period, in a window of time (month | quarter | half | year | plan), not in one of a deal',
    ]);
    expect(hurdle('attainment(both) > 1')).toEqual([
      'components[0].tiers[1].when [unknown-name] unknown measure `both` (known here: revenue, volume, contracts, collected, dated), at character 12, in `attainment(both) > 1`',
    ]);
  });
});

describe('an unsupported key of a plan is rejected at its place, never ignored', () => {
  it.each([
    [
      'measure: both\nrate: 10%',
      [
        'components[0].measure [value] the measure `both` cannot be used: the measures of a sum treat reversals alike, but those of `revenue` are undone and those of `dated` dated',
      ],
    ],
  ])('%s', (component, problems) => expect(check(plan(component))).toEqual(problems));

  it('and corrections that name no time', () => {
    expect(check(plan('measure: revenue\nrate: 10%', 'corrections: { within: 1 month, later: review }'))).toEqual([]);
    expect(check(plan('measure: revenue\nrate: 10%', 'corrections: { later: review }'))).toEqual([
      'corrections [missing] missing: `within`, how long after the pay date a change of a closed period is paid without a review (e.g. `1 month`)',
    ]);
  });

  it('but not a carried excess over the plan’s cap, in any unit of pay', () => {
    for (const more of ['', 'currency: EUR', 'pays: quarterly'])
      expect(
        check(plan(`measure: revenue\nrate: 10%\n${more}`, 'cap: { amount: 50000, per: year, excess: carried }')),
      ).toEqual([]);
  });
});

describe('rates of a plan', () => {
  const head = (text: string, component = 'measure: revenue\nrate: 10%') => check(plan(component, text));

  it.each([
    ['convert: { credits: at plan rate, pay: at plan rate }\nplanRates: { EUR: 1.1, JPY: 0.0067 }', []],
    [
      'convert: { pay: at plan rate }',
      ['convert.pay [missing] `at plan rate` needs `planRates`: what one unit of each other currency is in USD'],
    ],
    [
      'planRates: { EUR: 1.1 }',
      [
        'planRates [value] `planRates` convert nothing: `convert` states neither `credits: at plan rate` nor `pay: at plan rate`',
      ],
    ],
    [
      'convert: { pay: at plan rate }\nplanRates: { EURO: 1.1 }',
      ['planRates.EURO [value] expected a currency by its ISO 4217 code, such as EUR, found `EURO`'],
    ],
    [
      'convert: { pay: at plan rate }\nplanRates: { USD: 1 }',
      ['planRates.USD [value] USD is the currency of the plan itself, and needs no rate'],
    ],
    [
      'convert: { pay: at plan rate }\nplanRates: { EUR: 0 }',
      ['planRates.EUR [value] expected a plain decimal above 0 such as 1054.50, found `0`'],
    ],
  ])('%s', (text, problems) => expect(head(text)).toEqual(problems));

  it('name the currency of every component', () => {
    expect(
      head('convert: { pay: at plan rate }\nplanRates: { EUR: 1.1 }', 'measure: revenue\nrate: 10%\ncurrency: GBP'),
    ).toEqual(['components[0].currency [value] `planRates` have no rate for GBP, in which the component pays']);
  });
});

describe('examples are checked before they are run', () => {
  const example = (text: string) => check(plan('measure: revenue\nrate: 10%', `examples:\n  - ${text}`));

  it('as to their components, measures and fields', () => {
    expect(
      example(
        '{ name: a, quota: 5, deals: [ 100, { amount: 5, termMonths: 12 } ], lines: [ 10, 0.50 ], total: 10.50 }',
      ),
    ).toEqual([]);
    expect(example('{ name: a, deals: [ 100 ] }')).toEqual([
      'examples[0] [missing] an example expects `lines` or a `total`',
    ]);
    expect(example('{ name: a, component: Comission, total: 1 }')).toEqual([
      'examples[0].component [unknown-name] the plan has no component `Comission` (did you mean "Commission"?)',
    ]);
    expect(example('{ name: a, quota: { revnue: 5 }, total: 1 }')).toEqual([
      'examples[0].quota.revnue [unknown-name] unknown measure `revnue` (did you mean "revenue"?)',
    ]);
    expect(example('{ name: a, deals: [ { ammount: 5, termMonths: long } ], total: 1 }')).toEqual([
      'examples[0].deals[0].ammount [unknown-key] unknown field `ammount` of a deal (did you mean "amount"?)',
      'examples[0].deals[0].termMonths [value] the field `termMonths` is number: expected a plain decimal such as 12, found `long`',
    ]);
    expect(example('{ name: a, total: 1, history: [ { at: 2025-01-01, dispute: { participant: me } } ] }')).toEqual([
      'examples[0].history[0].dispute [not-supported] a dispute is a step of the pay cycle, which this version does not have: leave it out',
    ]);
    expect(example('{ name: a, total: 1, history: [ { at: 2025-01-01, import: { source: crm } } ] }')).toEqual([
      'examples[0].history[0].import [value] an example in a plan has no files: state the records as steps of their own',
    ]);
  });

  it('as to whose lines they expect', () => {
    const two = plan(
      'measure: revenue\nrate: 1%',
      '  - { name: Override, credit: reports, measure: revenue, rate: 1% }\nexamples: [ { name: a, deals: [ 5 ], lines: [ 1 ] } ]',
    );
    expect(check(two)).toEqual([
      'examples[0].lines [missing] the plan has several components: name the component of these lines with `component`',
    ]);
  });
});
