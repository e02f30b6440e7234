import { describe, expect, it } from '@jest/globals';
import { type DocumentKind, formatProblem, kindOf, parseDocuments, planSchema, validateCompany, validatePlan, validateScenario, validateSource } from '../index.js';

const validators = { plan: validatePlan, company: validateCompany, source: validateSource, scenario: validateScenario };
const nodeOf = (text: string) => {
  const { documents, problems } = parseDocuments(text, 'f.yaml');
  expect(problems).toEqual([]);
  return documents[0]!;
};
const validate = (kind: DocumentKind, text: string) => validators[kind](nodeOf(text));
const messages = (kind: DocumentKind, text: string) => validate(kind, text).problems.map(formatProblem);

const plan = (component = '{ name: C, measure: revenue, rate: 10% }', more = '') => `plan: AE\nversion: 1\neffective: { from: 2025-01-01 }\nassignedTo: { roles: [AE] }\npays: monthly\ncomponents: [ ${component} ]\n${more}`;
const company = (text: string) => `currency: USD\n${text}`;
const source = (text: string) => `source: crm\nfiles: a.csv\nas: deals\ncolumns: { id: opportunity_id }\n${text}`;
const scenario = (history: string, expectations = '') =>
  `scenario: s\ncompany: { currency: USD, fields: { units: number }, measures: { revenue: { counts: amount, of: deals } }, people: [ { id: ann, from: 2025-01-01 } ] }\nhistory:\n${history}\n${expectations === '' ? '' : `expect:\n${expectations}`}`;

describe('the whole key set of the formats is known', () => {
  it('of a plan', () => {
    const text = `
attain: 1
plan: Account executive
version: 2025.1
effective: { from: 2025-01-01, to: 2025-12-31 }
assignedTo: { roles: [Account Executive], teams: West, people: [ann, bob], except: [max] }
currency: USD
pays: monthly
convert: { credits: on credit date, pay: at plan rate }
planRates: { EUR: 1.1 }
rounding: { to: 0.05 }
draw: { amount: [5000, 3750, 2500], periods: 1-3, recoverable: no, recovers: { from: 4, share: 100% }, forgive: at end }
negative: carried
cap: { amount: 50000, per: year, excess: forfeited }
corrections: { within: 1 month, later: review }
components:
  - { name: Flat, measure: revenue, rate: 'lookup("line rates", line, margin / amount)' }
  - { name: Tiers, measure: revenue, by: contracts, per: year, crossing: higher, tiers: [ { from: 0%, rate: 6% }, { from: 100%, each: 8, times: 2, pays: 50%, retroactive: 50%, when: attainment(renewals) >= 95% } ] }
  - { name: Bounty, measure: newLogos, each: 200, cap: { count: 10, per: month }, where: termMonths >= 36, credit: [ overlay, through mentor, { all: region = my.region } ] }
  - { name: Curve, measure: revenue, per: deal, curve: [ { at: 0, earns: 0 }, { at: 5000, rate: 3% }, { at: 100%, pays: 100% } ], beyond: continue }
  - { name: Objectives, per: quarter, target: assigned, objectives: { Onboard two partners: 50%, Playbook: 50% } }
  - { name: More objectives, per: quarter, target: 4000, objectives: assigned }
  - { name: Contest, per: quarter, contest: { rank: revenue, pot: 5% of revenue, prizes: [ 50%, 30%, 500 ], requires: { first: deals >= 10 }, ties: share, final: yes, winners: 10%, prize: 100, among: my.team } }
  - { name: Pool, per: quarter, pool: { pot: 1% of revenue, among: my.team, divide: equally } }
  - { name: Rest, measure: revenue, rate: 1%, unit: day off, multiplier: 'if(1 > 0, 100%, 0%)', pays: quarterly, currency: EUR, rounding: half-even, clawback: { take: pro rata, within: 90 days, instalments: 3, over: 6 months }, release: [ { share: 50%, on: closed }, { share: 50%, on: payment } ], eligible: { on: pay date, signed: yes, leave: excluded } }
  - { name: Held, measure: revenue, rate: 1%, release: { after: 30 days }, clawback: { take: 50% } }
examples:
  - { name: a deal that crosses the quota, quota: 100000, deals: [90000, { amount: 30000, product: X }], component: Flat, lines: [9000, 4000], total: 23500, history: [ { at: 2025-01-02, quota: { for: me, measure: revenue, period: 2025, amount: 1 } } ] }
`;
    expect(messages('plan', text)).toEqual([]);
  });

  it('of a company', () => {
    const text = `
attain: 1
company: Maven Hardware
currency: USD
timeZone: America/Chicago
fiscalYear: { starts: 02-01, calendar: 4-4-5, week: Monday }
measures: { revenue: { counts: amount, of: deals, where: x, date: paid, reversals: kept }, both: { is: a + b } }
seasons: [ 5%, 5%, 10%, 10%, 10%, 10%, 10%, 10%, 10%, 10%, 5%, 5% ]
ramp: { Account Executive: [ 0%, 25%, 50%, 100% ] }
prorate: by days
payDay: 15 of the next month
stages: [ { name: Prospecting, probability: 10%, category: pipeline }, { name: Won } ]
fields: { cost: money, termMonths: number, discount: rate, goLive: date, note: text, strategic: yes/no }
`;
    expect(messages('company', text)).toEqual([]);
  });

  it('of a source', () => {
    const text = `
attain: 1
source: crm
files: [ exports/a*.csv, exports/b.csv ]
delimiter: ;
encoding: windows-1252
numbers: 1.234,56
strip: [ $, EUR ]
as: items
dates: [ yyyy-MM-dd, M/d/yyyy ]
columns:
  id: [ order, line ]
  deal: { from: order, of: erp }
  owner: { from: sales_agent, find: people.name }
  product: { from: product, replace: { GTXPro: GTX Pro }, else: error }
  line: { from: product, replace: product lines }
deal: { from: order, of: erp }
group: order_number
status: { from: deal_stage, won: [Won], lost: Lost }
`;
    expect(messages('source', text)).toEqual([]);
    expect(validate('source', text).value).toMatchObject({ status: { lost: ['Lost'] }, files: ['exports/a*.csv', 'exports/b.csv'] });
  });
});

describe('a plan that is not of its form', () => {
  it.each([
    [plan().replace('pays: monthly', 'pay: monthly'), ['f.yaml:1:1: pays: missing: expected one of monthly | quarterly | yearly', 'f.yaml:5:1: pay: unknown key "pay" in a plan (did you mean "pays"?)']],
    [plan().replace('monthly', 'Monthly'), ['f.yaml:5:7: pays: expected one of monthly | quarterly | yearly, found `Monthly` (did you mean "monthly"?)']],
    [plan().replace('2025-01-01', '2025-02-30'), ['f.yaml:3:20: effective.from: expected a date that exists, such as 2025-03-31, found `2025-02-30`']],
    [plan().replace('2025-01-01', '01/02/2025'), ['f.yaml:3:20: effective.from: expected a date that exists, such as 2025-03-31, found `01/02/2025`']],
    [plan().replace('{ from: 2025-01-01 }', '{ from: 2025-03-01, to: 2025-02-28 }'), ['f.yaml:3:36: effective.to: ends before it begins']],
    [plan().replace('version: 1\n', ''), ['f.yaml:1:1: version: missing: expected a name']],
    [plan().replace('version: 1', 'version:'), ['f.yaml:2:1: version: expected a name, found nothing']],
    [plan().replace('{ roles: [AE] }', 'AE'), ['f.yaml:4:13: assignedTo: expected an assignment, a mapping, found `AE`']],
    [plan().replace('{ roles: [AE] }', '{ except: [max] }'), ['f.yaml:4:1: assignedTo: expected roles, teams or people']],
    [plan('7'), ['f.yaml:6:15: components[0]: expected a component, a mapping, found `7`']],
    [plan(''), ['f.yaml:6:1: components: expected at least one component']],
    [plan('{ name: C, mesure: revenue, rate: 10% }'), ['f.yaml:6:26: components[0].mesure: unknown key "mesure" in a component (did you mean "measure"?)']],
    [plan('{ name: C, rate: [1, 2] }'), ['f.yaml:6:26: components[0].rate: expected an expression, found a list']],
    [plan('{ name: C, tiers: [ { from: 1e400, rate: 1% } ] }'), ['f.yaml:6:43: components[0].tiers[0].from: expected an attainment such as 50%, or a number such as 10000, found `1e400`']],
    [plan('{ name: C, tiers: { from: 0 } }'), ['f.yaml:6:26: components[0].tiers: expected a list of tiers, found a mapping']],
    [plan('{ name: C, tiers: [ { from: 0, retroactive: maybe } ] }'), ['f.yaml:6:59: components[0].tiers[0].retroactive: expected yes or no, or an attainment such as 50%, or a number such as 10000, found `maybe`']],
    [plan('{ name: C, credit: report }'), ['f.yaml:6:34: components[0].credit: expected sales, overlay, reports, all, or `through` and a relation, found `report`']],
    [plan('{ name: C, credit: [ sales, { al: x } ] }'), ['f.yaml:6:43: components[0].credit[1].all: missing: expected an expression', 'f.yaml:6:45: components[0].credit[1].al: unknown key "al" in a credit (did you mean "all"?)']],
    [plan('{ name: C, cap: { count: 0, per: week } }'), ['f.yaml:6:40: components[0].cap.count: expected a whole number above 0, found `0`', 'f.yaml:6:48: components[0].cap.per: expected one of deal | month | quarter | half | year, found `week`']],
    [plan('{ name: C, rounding: up }'), ['f.yaml:6:36: components[0].rounding: expected one of half-up | half-even, or a rounding, a mapping, found `up`']],
    [plan('{ name: C, clawback: { take: 5 } }'), ['f.yaml:6:44: components[0].clawback.take: expected one of as paid | pro rata, or a share such as 50% or 1/3, found `5`']],
    [plan('{ name: C, measure: revenue, currency: usd }'), ['f.yaml:6:54: components[0].currency: expected a currency by its ISO 4217 code, such as USD, found `usd`']],
    [plan(undefined, 'attain: 2'), ['f.yaml:7:9: attain: expected the format version 1, found `2`']],
    [plan(undefined, 'examples: [ { name: x, deals: [ 1.2.3, [ 2 ] ] } ]'), ['f.yaml:7:33: examples[0].deals[0]: expected a plain decimal such as 1054.50, or a mapping of names to fields, found `1.2.3`', 'f.yaml:7:40: examples[0].deals[1]: expected a plain decimal such as 1054.50, or a mapping of names to fields, found a list']],
    [plan(undefined, 'examples: [ { name: x, history: [ { at: 2025-01-01, wonn: { id: D } } ] } ]'), ['f.yaml:7:35: examples[0].history[0]: expected a step: unknown key "wonn" (did you mean "won"?)']],
  ])('%#: says what was expected', (text, problems) => expect(messages('plan', text)).toEqual(problems));
});

describe('a company that is not of its form', () => {
  it.each([
    ['currency: usd', ['f.yaml:1:11: currency: expected a currency by its ISO 4217 code, such as USD, found `usd`']],
    ['company: X', ['f.yaml:1:1: currency: missing: expected a currency by its ISO 4217 code, such as USD']],
    [company('timeZone: Mars/Olympus'), ['f.yaml:2:11: timeZone: expected a time zone such as America/Chicago, found `Mars/Olympus`']],
    [company('fiscalYear: { starts: 02-30 }'), ['f.yaml:2:1: fiscalYear: Not a start of a fiscal year: "02-30" (write 02-01)']],
    [company('fiscalYear: { calendar: 4-4-5 }'), ['f.yaml:2:1: fiscalYear: Not a first day of the week: undefined (write Monday)']],
    [company('seasons: [ 20%, 20% ]'), ['f.yaml:2:1: seasons: expected 4 shares (quarters) or 12 (months), found 2']],
    [company('seasons: [ 20%, 20%, 30%, 40% ]'), ['f.yaml:2:1: seasons: the shares sum to 110.00%, not to 100%']],
    [company('seasons: [ 20%, 20%, 20%, 40 ]'), ['f.yaml:2:27: seasons[3]: expected a share such as 50% or 1/3, found `40`']],
    [company('measures: { r: { counts: amount } }'), ['f.yaml:2:13: measures.r: missing: `of`, expected one of deals | items | invoices | payments | activities']],
    [company('measures: { r: { of: deal, counts: amount } }'), ['f.yaml:2:22: measures.r.of: expected one of deals | items | invoices | payments | activities, found `deal` (did you mean "deals"?)']],
    [company('measures: { r: {} }'), ['f.yaml:2:13: measures.r: missing: a measure has `counts` (an expression) and `of`, or `is` (measures)']],
    [company('measures: { r: { is: a + b, of: deals } }'), ['f.yaml:2:33: measures.r.of: a measure with `is` has no `of`: it takes that of its measures']],
    [company('fields: { cost: mony }'), ['f.yaml:2:17: fields.cost: expected one of money | number | rate | date | text | yes/no, found `mony` (did you mean "money"?)']],
    [company('stages: [ { nam: x, probability: 10 } ]'), ['f.yaml:2:11: stages[0].name: missing: expected a name', 'f.yaml:2:13: stages[0].nam: unknown key "nam" in a stage (did you mean "name"?)', 'f.yaml:2:34: stages[0].probability: expected a share such as 50% or 1/3, found `10`']],
    [company('payDay: 32 of the next month'), ['f.yaml:2:9: payDay: expected last day, or e.g. `15 of the next month`, found `32 of the next month`']],
  ])('%#: says what was expected', (text, problems) => expect(messages('company', text)).toEqual(problems));
});

describe('a source that is not of its form', () => {
  it.each([
    [source('').replace('deals', 'deal'), ['f.yaml:3:5: as: expected one of deals | items | people | accounts | invoices | payments | activities | splits | reversals | leaves | scores | quotas, found `deal` (did you mean "deals"?)']],
    [source('').replace('opportunity_id', '{ form: x }'), ['f.yaml:4:12: columns.id.from: missing: expected a name', 'f.yaml:4:18: columns.id.form: unknown key "form" in a column (did you mean "from"?)']],
    [source('dates: mm/dd'), ['f.yaml:5:8: dates: expected a form of dates with yyyy, MM and dd, such as yyyy-MM-dd, found `mm/dd`']],
    [source('delimiter: ";;"'), ['f.yaml:5:12: delimiter: expected one character, or tab, found `;;`']],
    [source('numbers: 1,234'), ['f.yaml:5:10: numbers: expected a number such as 1.234,56 that shows how numbers are written, found `1,234`']],
    [source('numbers: 1.234.56'), ['f.yaml:5:10: numbers: the marks of thousands and decimals are the same']],
    [source('encoding: latin1'), ['f.yaml:5:11: encoding: expected one of utf-8 | utf-16le | utf-16be | windows-1252 | iso-8859-1 | iso-8859-15, found `latin1`']],
    [source('status: { from: s, wonn: [W] }'), ['f.yaml:5:20: status.wonn: unknown key "wonn" in a status (did you mean "won"?)']],
  ])('%#: says what was expected', (text, problems) => expect(messages('source', text)).toEqual(problems));
});

describe('a scenario', () => {
  it('tells its steps and expectations apart by their kind', () => {
    const { value, problems } = validateScenario(nodeOf(scenario('  - { at: 2025-01-05, key: k1, won: { deal: D1, amount: 5, units: 3 } }\n  - close: 2025-01\n  - attainment: { participant: ann, measure: revenue, period: 2025 }\n    quota: 5\n    attained: 120%', '  - statement: { participant: ann, period: 2025-01 }\n    earned: 5\n  - quota: { participant: ann, measure: revenue, period: 2025 }\n    amount: 4')));
    expect(problems).toEqual([]);
    expect(value?.history).toEqual([
      { is: 'step', kind: 'won', at: '2025-01-05', key: 'k1', body: { id: 'D1', amount: '5', units: '3' } },
      { is: 'step', kind: 'close', body: '2025-01' },
      { is: 'expectation', kind: 'attainment', body: { participant: 'ann', measure: 'revenue', period: '2025' }, quota: '5', attained: '120%' },
    ]);
    expect(value?.expect.map(({ kind }) => kind)).toEqual(['statement', 'quota']);
  });

  it.each([
    ['  - { at: 2025-01-01, wonn: { id: D } }', '', ['f.yaml:4:5: history[0]: expected a step or an expectation: unknown key "wonn" (did you mean "won"?)']],
    ['  - { won: { id: D } }', '', ['f.yaml:4:5: history[0].at: missing: expected a date such as 2025-03-31, or an instant such as 2025-03-31T17:00:00Z']],
    ['  - { at: 2025-01-01T25:00:00Z, won: { id: D } }', '', ['f.yaml:4:11: history[0].at: expected a date such as 2025-03-31, or an instant such as 2025-03-31T17:00:00Z, found `2025-01-01T25:00:00Z`']],
    ['  - { at: 2025-01-01, won: { id: D }, lost: { id: D } }', '', ['f.yaml:4:5: history[0]: a step or an expectation says one thing: `won` and `lost` need an entry each']],
    ['  - { at: 2025-01-01, won: { amount: 5 } }', '', ['f.yaml:4:23: history[0].won: expected the id of the deal, once: `id` or `deal`']],
    ['  - { at: 2025-01-01, won: { id: D, amount: 1e400 } }', '', ['f.yaml:4:45: history[0].won.amount: expected a plain decimal such as 1054.50, found `1e400`']],
    ['  - { at: 2025-01-01, won: { id: D, ammount: 5 } }', '', ['f.yaml:4:37: history[0].won.ammount: unknown field "ammount" of a deal (did you mean "amount"?)']],
    ['  - { at: 2025-01-01, won: { id: D, units: many } }', '', ['f.yaml:4:44: history[0].won.units: the field units is number: expected a plain decimal such as 12, found `many`']],
    ['  - { at: 2025-01-01, cancelled: { date: 2025-01-01 } }', '', ['f.yaml:4:23: history[0].cancelled: expected either `deal` or `invoice`']],
    ['  - { at: 2025-01-01, split: { deal: D, revenue: { ann: 50 } } }', '', ['f.yaml:4:57: history[0].split.revenue.ann: expected a share such as 50% or 1/3, found `50`']],
    ['  - { at: 2025-01-05, won: { id: D } }\n  - { at: 2025-01-04, won: { id: E } }', '', ['f.yaml:5:11: history[1].at: becomes known before the step above it (2025-01-04): steps stand in the order in which they become known']],
    ['  - close: 2025-13', '', ['f.yaml:4:12: history[0].close: expected a period such as 2025, 2025-H1, 2025-Q1, 2025-03 or 2026-P01, found `2025-13`']],
    ['  - close: 2025-P01', '', ['f.yaml:4:12: history[0].close: Not a period of this calendar: "2025-P01" (its months are 2026-01 …)']],
    ['  - { at: 2025-01-05, won: { id: D }, refused: split }', '', ['f.yaml:4:48: history[0].refused: expected a code such as SPLIT_TOTAL, found `split`']],
    ['  - { at: 2025-01-05, quota: { for: ann, measure: revenu, period: 2025, amount: 5 } }', '', ['f.yaml:4:51: history[0].quota.measure: unknown measure "revenu" (did you mean "revenue"?)']],
    ['  []', '  - statement: { participant: ann, period: 2025-01 }\n    paybale: 4', ['f.yaml:7:5: expect[0].paybale: unknown key "paybale" in an expectation `statement` (did you mean "payable"?)']],
    ['  []', '  - statement: { participant: anne, period: 2025-01 }', ['f.yaml:6:31: expect[0].statement.participant: there is no person "anne" (did you mean "ann"?)']],
    ['  []', '  - statement: { participant: ann, period: 2025-01 }\n    lines: [ { dael: D1, amount: 4,5 } ]', ['']],
    ['  []', '  - credit: { measure: revenue, period: 2025 }', ['f.yaml:6:5: expect[0].credit: expected one of participant, team, region']],
    ['  []', '  - { at: 2025-01-01, won: { id: D } }', ['f.yaml:6:5: expect[0]: expected an expectation, one of statement, earned, credit, attainment, diff, balance, exceptions, approved, unchanged, ledger, quota']],
    ['  - { at: 2025-01-05, paid: { deal: D, amount: 5, date: 2025-01-05 } }', '  - ledger: { period: 2025-01 }', ['f.yaml:4:23: history[0].paid: not supported yet: payments', 'f.yaml:6:5: expect[0].ledger: not supported yet: the ledger']],
  ])('%#: says what is wrong', (history, expectations, problems) => {
    if (problems[0] === '') return expect(parseDocuments(scenario(history, expectations), 'f.yaml').problems.map(formatProblem)[0]).toContain('`5` has no value');
    expect(messages('scenario', scenario(history, expectations))).toEqual(problems);
  });

  it('holds to the calendar of its company', () => {
    const weeks = scenario('  - close: 2026-01').replace('currency: USD', 'currency: USD, fiscalYear: { starts: 02-01, calendar: 4-4-5, week: Monday }');
    expect(messages('scenario', weeks)).toEqual(['f.yaml:4:12: history[0].close: Not a period of this calendar: "2026-01" (its months are 2026-P01 …)']);
  });
});

it('a document says by its keys what it is', () => {
  const kind = (text: string) => kindOf(parseDocuments(text, 'f').documents[0]!);
  expect(['plan: x', 'source: x', 'scenario: x\ncompany: y', 'company: x', 'currency: USD'].map(kind)).toEqual(['plan', 'source', 'scenario', 'company', 'company']);
});

it('a plan that was read is read again as the same, so that a stored one stays what it was', () => {
  const text = plan('{ name: C, measure: revenue, credit: reports, release: approval, tiers: [ { from: 0, rate: 1%, retroactive: true } ] }', 'examples: [ { name: x, history: [ { at: 2025-01-01, won: { deal: D, amount: 5 } } ] } ]').replace('[AE]', 'AE');
  const { value } = validate('plan', text);
  expect(value).toMatchObject({ assignedTo: { roles: ['AE'] }, components: [{ credit: ['reports'], tiers: [{ retroactive: 'yes' }] }], examples: [{ history: [{ won: { id: 'D' } }] }] });
  expect(planSchema.parse(value)).toEqual(value);
});
