import { describe, expect, it } from '@jest/globals';
import { kindOf, validateSource } from '../index.js';
import { messages, nodeOf } from './documents.fixture.js';

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
  - { name: Pool, per: quarter, contest: { pot: 1% of revenue, among: my.team, divide: equally } }
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
    expect(validateSource(nodeOf(text)).value).toMatchObject({
      status: { lost: ['Lost'] },
      files: ['exports/a*.csv', 'exports/b.csv'],
    });
  });
});

it('the keys of a document state its kind', () => {
  const kind = (text: string) => kindOf(nodeOf(text));
  expect(['plan: x', 'source: x', 'scenario: x\ncompany: y', 'company: x', 'currency: USD'].map(kind)).toEqual([
    'plan',
    'source',
    'scenario',
    'company',
    'company',
  ]);
});
