import { addDays } from '@attain/values';
import fc from 'fast-check';
import type { Policy } from './random-components.js';
import { day, maybe, of, without } from './random-values.js';

const deal = fc.integer({ min: 1, max: 5 }).map((n) => `D${n}`);
const amount = fc
  .oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 8_000_00 }) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 12 }).map((n) => n * 500_00) },
    { weight: 1, arbitrary: fc.integer({ min: -900_00, max: 0 }) },
  )
  .map((cents) => (cents / 100).toFixed(2));
const sellers = of('ann', 'ann', 'bob');
const anyone = of('ann', 'bob', 'eve', 'mo');
const product = of('X', 'Y');

const fields = fc
  .record({
    owner: sellers,
    amount,
    closed: day,
    product,
    currency: maybe(of('EUR', 'USD'), 3),
    cost: maybe(of('100', '900.55'), 2),
    quantity: maybe(of('1', '3'), 2),
    goLive: maybe(day, 3),
    territory: maybe(of('T1', 'T2'), 3),
    time: maybe(of('09:00', '10:30'), 6),
  })
  .map(without);
const revenue = of<Record<string, string>>(
  { ann: '50%', bob: '50%' },
  { ann: '1/3', bob: '1/3', eve: '1/3' },
  { bob: '70%', eve: '30%' },
  { ann: '100%' },
);
const overlay = of<Record<string, string>>({ eve: '25%' }, { eve: '100%', bob: '10%' }, {});
const period = of('2025-01', '2025-02', '2025-03', '2025-Q1', '2025-Q2', '2025-H1', '2025');

export type RandomStep = { readonly kind: string; readonly data: Record<string, unknown> };
const ofKind = (kind: string, data: fc.Arbitrary<object>): fc.Arbitrary<RandomStep> =>
  data.map((one) => ({ kind, data: without(one as Record<string, unknown>) }));
const reversal = (kind: string) =>
  ofKind(kind, fc.record({ deal, date: day, amount: maybe(of('100.00', '750.25'), 2) }));
export const quota = fc.record({
  for: anyone,
  measure: of('revenue', 'revenue', 'wins', 'margin'),
  period,
  amount: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 20 }).map((n) => String(n * 600)) },
    of('0', 'none', '3'),
  ),
  target: maybe(of('500', '1200.50'), 2),
  currency: maybe(of('EUR'), 8),
  credit: maybe(of('reports', 'sales overlay', 'all'), 6),
});
const stepsOfDeals = (policy: Policy) => [
  {
    weight: 20,
    arbitrary: ofKind(
      'won',
      fc.tuple(deal, fields).map(([id, own]) => ({ id, ...own })),
    ),
  },
  {
    weight: 3,
    arbitrary: ofKind(
      'changed',
      fc
        .tuple(deal, of('amount', 'closed', 'owner', 'product', 'territory', 'goLive'), fields, day)
        .map(([id, key, own, date]) => ({
          deal: id,
          [key]: key === 'goLive' ? date : ((own as Record<string, string>)[key] ?? 'T1'),
        })),
    ),
  },
  {
    weight: 2,
    arbitrary: ofKind('split', fc.record({ deal, revenue: maybe(revenue, 2), overlay: maybe(overlay, 2) })),
  },
  {
    weight: policy === 'undone' ? 2 : 4,
    arbitrary: fc.oneof(reversal('cancelled'), reversal('refunded'), reversal('churned')),
  },
];
const otherSteps = [
  {
    weight: 2,
    arbitrary: ofKind(
      'paid',
      fc.record({
        id: of('P1', 'P2', 'P3'),
        deal,
        amount: amount.map((text) => text.replace('-', '')),
        date: day,
        currency: maybe(of('EUR', 'USD'), 5),
      }),
    ),
  },
  { weight: 3, arbitrary: ofKind('quota', quota) },
  { weight: 1, arbitrary: ofKind('lost', fc.record({ id: deal })) },
  { weight: 1, arbitrary: ofKind('reopened', fc.record({ id: deal })) },
  {
    weight: 1,
    arbitrary: ofKind(
      'person',
      fc
        .tuple(
          anyone,
          day,
          of<Record<string, string>>(
            { role: 'AE' },
            { role: 'SE' },
            { manager: 'vic' },
            { team: 'T2' },
            { role: 'AE', manager: 'eve' },
          ),
        )
        .map(([id, from, changed]) => ({ id, from, ...changed })),
    ),
  },
  {
    weight: 1,
    arbitrary: ofKind(
      'leave',
      fc
        .tuple(anyone, day, fc.integer({ min: 0, max: 50 }))
        .map(([participant, from, days]) => ({ participant, from, to: addDays(from, days) })),
    ),
  },
  {
    weight: 1,
    arbitrary: ofKind('rate', fc.record({ from: of('EUR'), to: of('USD'), date: day, rate: of('1.1', '1.25') })),
  },
  {
    weight: 1,
    arbitrary: ofKind(
      'score',
      fc.record({
        participant: anyone,
        period,
        objective: of('Partners', 'Playbook'),
        score: of('100%', '80%', '33.3%'),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: ofKind(
      'approve',
      fc.tuple(deal, fc.nat(2)).map(([id, nth]) => ({ deal: id, component: `C${nth + 1}` })),
    ),
  },
  { weight: 7, arbitrary: fc.constant({ kind: 'close', data: {} }) },
];
export const step = (policy: Policy): fc.Arbitrary<RandomStep> => fc.oneof(...stepsOfDeals(policy), ...otherSteps);
