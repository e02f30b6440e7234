import { describe, expect, it } from '@jest/globals';
import { planSchema, validatePlan } from '../index.js';
import { messages, nodeOf } from './documents.fixture.js';

const plan = (component = '{ name: C, measure: revenue, rate: 10% }', more = '') =>
  `plan: AE\nversion: 1\neffective: { from: 2025-01-01 }\nassignedTo: { roles: [AE] }\npays: monthly\ncomponents: [ ${component} ]\n${more}`;

describe('a plan that is not of its form', () => {
  it.each([
    [
      plan().replace('pays: monthly', 'pay: monthly'),
      [
        'f.yaml:1:1: pays: missing: expected one of monthly | quarterly | yearly',
        'f.yaml:5:1: pay: unknown key "pay" in a plan (did you mean "pays"?)',
      ],
    ],
    [
      plan().replace('monthly', 'Monthly'),
      ['f.yaml:5:7: pays: expected one of monthly | quarterly | yearly, found `Monthly` (did you mean "monthly"?)'],
    ],
    [
      plan().replace('2025-01-01', '2025-02-30'),
      ['f.yaml:3:20: effective.from: expected a date that exists, such as 2025-03-31, found `2025-02-30`'],
    ],
    [
      plan().replace('2025-01-01', '01/02/2025'),
      ['f.yaml:3:20: effective.from: expected a date that exists, such as 2025-03-31, found `01/02/2025`'],
    ],
    [
      plan().replace('{ from: 2025-01-01 }', '{ from: 2025-03-01, to: 2025-02-28 }'),
      ['f.yaml:3:36: effective.to: ends before it begins'],
    ],
    [plan().replace('version: 1\n', ''), ['f.yaml:1:1: version: missing: expected a name']],
    [plan().replace('version: 1', 'version:'), ['f.yaml:2:1: version: expected a name, found nothing']],
    [
      plan().replace('{ roles: [AE] }', 'AE'),
      ['f.yaml:4:13: assignedTo: expected an assignment, a mapping, found `AE`'],
    ],
    [
      plan().replace('{ roles: [AE] }', '{ except: [max] }'),
      ['f.yaml:4:1: assignedTo: expected roles, teams or people'],
    ],
    [plan('7'), ['f.yaml:6:15: components[0]: expected a component, a mapping, found `7`']],
    [plan(''), ['f.yaml:6:1: components: expected at least one component']],
    [
      plan('{ name: C, mesure: revenue, rate: 10% }'),
      ['f.yaml:6:26: components[0].mesure: unknown key "mesure" in a component (did you mean "measure"?)'],
    ],
    [plan('{ name: C, rate: [1, 2] }'), ['f.yaml:6:26: components[0].rate: expected an expression, found a list']],
    [
      plan('{ name: C, tiers: [ { from: 1e400, rate: 1% } ] }'),
      [
        'f.yaml:6:43: components[0].tiers[0].from: expected an attainment such as 50%, or a number such as 10000, found `1e400`',
      ],
    ],
    [
      plan('{ name: C, tiers: { from: 0 } }'),
      ['f.yaml:6:26: components[0].tiers: expected a list of tiers, found a mapping'],
    ],
    [
      plan('{ name: C, tiers: [ { from: 0, retroactive: maybe } ] }'),
      [
        'f.yaml:6:59: components[0].tiers[0].retroactive: expected yes or no, or an attainment such as 50%, or a number such as 10000, found `maybe`',
      ],
    ],
    [
      plan('{ name: C, credit: report }'),
      [
        'f.yaml:6:34: components[0].credit: expected sales, overlay, reports, all, or `through` and a relation, found `report`',
      ],
    ],
    [
      plan('{ name: C, credit: [ sales, { al: x } ] }'),
      [
        'f.yaml:6:43: components[0].credit[1].all: missing: expected an expression',
        'f.yaml:6:45: components[0].credit[1].al: unknown key "al" in a credit (did you mean "all"?)',
      ],
    ],
    [
      plan('{ name: C, cap: { count: 0, per: week } }'),
      [
        'f.yaml:6:40: components[0].cap.count: expected a whole number above 0, found `0`',
        'f.yaml:6:48: components[0].cap.per: expected one of deal | month | quarter | half | year, found `week`',
      ],
    ],
    [
      plan('{ name: C, rounding: up }'),
      [
        'f.yaml:6:36: components[0].rounding: expected one of half-up | half-even, or a rounding, a mapping, found `up`',
      ],
    ],
    [
      plan('{ name: C, clawback: { take: 5 } }'),
      [
        'f.yaml:6:44: components[0].clawback.take: expected one of as paid | pro rata, or a share such as 50% or 1/3, found `5`',
      ],
    ],
    [
      plan('{ name: C, measure: revenue, currency: usd }'),
      ['f.yaml:6:54: components[0].currency: expected a currency by its ISO 4217 code, such as USD, found `usd`'],
    ],
    [plan(undefined, 'attain: 2'), ['f.yaml:7:9: attain: expected the format version 1, found `2`']],
    [
      plan(undefined, 'examples: [ { name: x, deals: [ 1.2.3, [ 2 ] ] } ]'),
      [
        'f.yaml:7:33: examples[0].deals[0]: expected a plain decimal such as 1054.50, or a mapping of names to fields, found `1.2.3`',
        'f.yaml:7:40: examples[0].deals[1]: expected a plain decimal such as 1054.50, or a mapping of names to fields, found a list',
      ],
    ],
    [
      plan(undefined, 'examples: [ { name: x, history: [ { at: 2025-01-01, wonn: { id: D } } ] } ]'),
      ['f.yaml:7:35: examples[0].history[0]: expected a step: unknown key "wonn" (did you mean "won"?)'],
    ],
  ])('%#: states the expected value', (text, problems) => expect(messages('plan', text)).toEqual(problems));
});

it('a parsed plan parses to the same plan again, so that a stored one never changes', () => {
  const text = plan(
    '{ name: C, measure: revenue, credit: reports, release: approval, tiers: [ { from: 0, rate: 1%, retroactive: true } ] }',
    'examples: [ { name: x, history: [ { at: 2025-01-01, won: { deal: D, amount: 5 } } ] } ]',
  ).replace('[AE]', 'AE');
  const { value } = validatePlan(nodeOf(text));
  expect(value).toMatchObject({
    assignedTo: { roles: ['AE'] },
    components: [{ credit: ['reports'], tiers: [{ retroactive: 'yes' }] }],
    examples: [{ history: [{ won: { id: 'D' } }] }],
  });
  expect(planSchema.parse(value)).toEqual(value);
});
