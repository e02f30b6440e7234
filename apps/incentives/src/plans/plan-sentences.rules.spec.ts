import { describe, expect, it } from '@jest/globals';
import { planSchema } from '@attain/contracts';
import { planSentences } from './plan-sentences.rules.js';

const component = {
  name: 'Commission',
  measure: 'revenue',
  per: 'quarter',
  tiers: [
    { from: '0%', rate: '6%' },
    { from: '100%', rate: '9%' },
    { from: '125%', rate: '12%' },
  ],
};
const plan = {
  plan: 'AE',
  version: '1',
  effective: { from: '2026-01-01' },
  assignedTo: { roles: ['AE'] },
  pays: 'monthly',
  components: [component],
};
const next = (changes: object) => ({ ...plan, version: '2', effective: { from: '2026-07-01' }, ...changes });
const withComponent = (changes: object) => next({ components: [{ ...component, ...changes }] });
const sentences = (after: object, before: object = plan) =>
  planSentences(planSchema.parse(before), planSchema.parse(after));

describe('Two versions of a plan, in words', () => {
  it('have no sentence if they are the same', () => {
    expect(sentences(next({}))).toEqual([]);
  });

  it('state the direction of a changed rate, and its part of the quota', () => {
    const [low, middle, high] = component.tiers;
    expect(sentences(withComponent({ tiers: [low, { from: '100%', rate: '10%' }, high] }))).toEqual([
      'From 2026-07-01 the rate above 100 % of quota rises from 9 % to 10 %.',
    ]);
    expect(sentences(withComponent({ tiers: [{ from: '0', rate: '5.5%' }, middle, high] }))).toEqual([
      'From 2026-07-01 the rate below 100 % of quota falls from 6 % to 5.5 %.',
    ]);
  });

  it('state that a tier begins elsewhere, is new, ends, or pays the part below it', () => {
    const [low, middle, high] = component.tiers;
    expect(sentences(withComponent({ tiers: [low, middle, { from: '120%', rate: '12%' }] }))).toEqual([
      'From 2026-07-01 the tier that begins at 125 % of quota begins at 120 % of quota instead; its rate is 12 %.',
    ]);
    expect(sentences(withComponent({ tiers: [low, middle, high, { from: '150%', rate: '15%' }] }))).toEqual([
      'From 2026-07-01 a tier begins at 150 % of quota; its rate is 15 %.',
    ]);
    expect(sentences(withComponent({ tiers: [low, middle] }))).toEqual([
      'From 2026-07-01 the tier from 125 % of quota ends; its rate is 12 %.',
    ]);
    expect(sentences(withComponent({ tiers: [low, { ...middle, retroactive: 'yes' }, high] }))).toEqual([
      'From 2026-07-01 reaching 100 % of quota also pays its rate for what lies below it.',
    ]);
    expect(
      sentences(withComponent({ tiers: [low, { ...middle, when: 'attainment(renewals) >= 95%' }, high] })),
    ).toEqual(['From 2026-07-01 the hurdle of the tier from 100 % of quota is new: “attainment(renewals) >= 95%”.']);
  });

  it('name the component where there are several, and those that are new or end', () => {
    const bounty = { name: 'Bounty', measure: 'wins', each: '200' };
    const before = { ...plan, components: [component, bounty] };
    expect(sentences(next({ components: [component, { ...bounty, each: '250' }] }), before)).toEqual([
      'From 2026-07-01 the amount for each unit rises from 200 to 250, in Bounty.',
    ]);
    expect(sentences(next({ components: [component] }), before)).toEqual([
      'From 2026-07-01 the component Bounty ends.',
    ]);
    expect(sentences(next({ components: [component, bounty] }))).toEqual([
      'From 2026-07-01 the component Bounty is new: measure that is paid wins, amount for each unit 200.',
    ]);
  });

  it('state whom the plan pays, and when it ends', () => {
    expect(
      sentences(
        next({
          assignedTo: { roles: ['SDR'], teams: ['East'], except: ['max'] },
          effective: { from: '2026-07-01', to: '2026-12-31' },
        }),
      ),
    ).toEqual([
      'From 2026-07-01 the plan also pays the role SDR.',
      'From 2026-07-01 the plan no longer pays the role AE.',
      'From 2026-07-01 the plan also pays the team East.',
      'From 2026-07-01 the plan no longer pays max.',
      'After 2026-12-31 the plan ends.',
    ]);
  });

  it('state changes of caps, draws, multipliers and other settings', () => {
    const capped = { ...plan, cap: { amount: '50000', per: 'year' }, draw: { amount: '1000', periods: '1-6' } };
    expect(
      sentences(
        next({ cap: { amount: '60000', per: 'year' }, draw: { amount: '1000', periods: '1-3' }, negative: 'carried' }),
        capped,
      ),
    ).toEqual([
      'From 2026-07-01 the cap rises from 50,000 to 60,000.',
      'From 2026-07-01 the range of pay periods of the draw changes from 1-6 to 1-3.',
      'From 2026-07-01 the rule for pay below 0 is new: carried.',
    ]);
    expect(sentences(next({}), capped)).toEqual([
      'From 2026-07-01 the cap ends; it was 50,000 per year.',
      'From 2026-07-01 the draw ends; it was 1,000, periods 1-6.',
    ]);
    expect(sentences(withComponent({ multiplier: 'if(attainment(revenue) >= 90%, 100%, 0%)' }))).toEqual([
      'From 2026-07-01 the multiplier is new: “if(attainment(revenue) >= 90%, 100%, 0%)”.',
    ]);
    expect(sentences(withComponent({ credit: ['sales', 'overlay'] }))).toEqual([
      'From 2026-07-01 the credit is new: sales and overlay.',
    ]);
  });

  it('compare a curve point by point', () => {
    const curve = {
      name: 'Bonus',
      measure: 'revenue',
      per: 'quarter',
      target: '9000',
      curve: [
        { at: '0%', pays: '0%' },
        { at: '100%', pays: '100%' },
      ],
    };
    const before = { ...plan, components: [curve] };
    const after = next({
      components: [
        {
          ...curve,
          target: '10000',
          curve: [
            { at: '0%', pays: '0%' },
            { at: '100%', pays: '90%' },
            { at: '150%', pays: '200%' },
          ],
        },
      ],
    });
    expect(sentences(after, before)).toEqual([
      'From 2026-07-01 what the curve pays at 100 % of quota falls from 100 % to 90 %.',
      'From 2026-07-01 the curve gets a point: pays 200 % at 150 % of quota.',
      'From 2026-07-01 the target rises from 9,000 to 10,000.',
    ]);
  });

  it('state changes of the copy of the company, once for each table', () => {
    const of = (counts: string, rate: string) => ({
      currency: 'USD',
      measures: { revenue: { counts, of: 'deals' } },
      tables: {
        'line rates': {
          columns: ['line', 'rate'],
          rows: [
            ['Hardware', rate],
            ['Services', rate],
          ],
        },
      },
    });
    const both = [planSchema.parse(plan), planSchema.parse(next({}))] as const;
    expect(planSentences(...both, { before: of('amount', '1%'), after: of('amount - discount', '2%') })).toEqual([
      'From 2026-07-01 counts of the measure revenue changes from amount to amount - discount.',
      'From 2026-07-01 the table line rates changes.',
    ]);
  });

  it.each([
    { where: 'amount > 5' },
    { by: 'wins' },
    { crossing: 'higher' },
    { cap: { amount: '5', per: 'month', excess: 'carried' } },
    { clawback: { take: '50%', within: '90 days', instalments: '2' } },
    {
      release: [
        { share: '50%', on: 'closed' },
        { share: '50%', on: { after: '30 days' } },
      ],
    },
    { eligible: { signed: 'yes' } },
    { currency: 'EUR' },
    { rounding: { mode: 'half-even', to: '0.05' } },
    { pays: 'quarterly' },
    { unit: 'day off' },
    { contest: { rank: 'revenue', pot: '5% of revenue', prizes: ['50%', '50%'], requires: { first: 'deals >= 10' } } },
  ])('have a sentence for each added or removed setting: %j', (setting) => {
    const [came] = sentences(withComponent(setting));
    expect(came).toMatch(/^From 2026-07-01 .{10,}\.$/);
    expect(came).not.toMatch(/undefined|\[object|[{}]/);
    expect(sentences(next({}), { ...plan, components: [{ ...component, ...setting }] })).toHaveLength(1);
  });
});
