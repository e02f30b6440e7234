import fc from 'fast-check';
import { components, contests } from './random-history-components.js';

export const sellers = ['ann', 'bob', 'cid'] as const;
const seller = fc.constantFrom(...sellers);
const deal = fc.integer({ min: 0, max: 5 }).map((n) => `D${n}`);
/** Days on which something ends or begins, and those that are 30 and 60 days after another. */
const EDGES = ['2025-01-01', '2025-01-31', '2025-02-01', '2025-02-28', '2025-03-01', '2025-03-31', '2025-04-01'];
const date = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 28 }))
      .map(([month, day]) => `2025-0${month}-${String(day).padStart(2, '0')}`),
  },
  { weight: 1, arbitrary: fc.constantFrom(...EDGES) },
);
const amount = fc
  .oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 20_000_00 }) }, fc.integer({ min: -300_00, max: 0 }))
  .map((cents) => (cents / 100).toFixed(2));
const shares = fc.constantFrom<Record<string, string>[]>(
  { ann: '50%', bob: '50%' },
  { ann: '1/3', bob: '1/3', cid: '1/3' },
  { bob: '70%', cid: '30%' },
  { cid: '100%' },
);
const period = fc.constantFrom('2025-01', '2025-02', '2025-03', '2025-Q1', '2025');

/** A step of the history; steps that are not valid at their place are left out. */
export type Action =
  | { kind: 'win'; deal: string; owner: string; amount: string; closed: string; product: string; currency: string }
  | { kind: 'reprice'; deal: string; amount: string }
  | { kind: 'redate'; deal: string; closed: string }
  | { kind: 'reassign'; deal: string; owner: string }
  | { kind: 'split'; deal: string; revenue: Record<string, string>; overlay: boolean }
  | { kind: 'cancel'; deal: string; date: string; part: 'all' | 'half' }
  | { kind: 'reopen' | 'retract'; deal: string }
  | { kind: 'pay'; deal: string; payment: string; date: string; amount: string }
  | { kind: 'quota'; for: string; period: string; amount: number | 'none' }
  | { kind: 'person'; person: string; from: string; manager: string; role: string }
  | { kind: 'leave'; person: string; from: string; days: number }
  | { kind: 'rate'; date: string; rate: string }
  | { kind: 'version'; from: string; rate: string }
  | { kind: 'unpublish' }
  | { kind: 'close' };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('win' as const),
      deal,
      owner: seller,
      amount,
      closed: date,
      product: fc.constantFrom('X', 'Y'),
      currency: fc.constantFrom('USD', 'USD', 'USD', 'EUR'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reprice' as const), deal, amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('redate' as const), deal, closed: date }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reassign' as const), deal, owner: seller }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('split' as const), deal, revenue: shares, overlay: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('cancel' as const),
      deal,
      date,
      part: fc.constantFrom('all' as const, 'half' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      deal,
      payment: fc.constantFrom('P1', 'P2', 'P3'),
      date,
      amount,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('reopen' as const, 'retract' as const), deal }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('quota' as const),
      for: seller,
      period,
      amount: fc.oneof(
        fc.integer({ min: 0, max: 300 }).map((n) => n * 100),
        fc.constant('none' as const),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('person' as const),
      person: seller,
      from: date,
      manager: fc.constantFrom('mo', 'vic'),
      role: fc.constantFrom('AE', 'AE', 'Other'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('leave' as const),
      person: seller,
      from: date,
      days: fc.integer({ min: 0, max: 60 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('rate' as const), date, rate: fc.constantFrom('1.1', '1.25') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('version' as const), from: date, rate: fc.constantFrom('4%', '12.5%') }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'unpublish' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'close' as const }) },
);

export interface Random {
  readonly actions: readonly { readonly action: Action; readonly later: boolean }[];
  readonly components: readonly unknown[];
  /** How reversals change the credits of the company's measures. */
  readonly reversals: 'undone' | 'dated' | 'kept';
  readonly prorate: 'no' | 'by days' | 'by months';
  /** The time after the pay date within which a change is paid without a review; null for no limit. */
  readonly within: string | null;
}

/** A company of three sellers, their manager and director, with up to `longest` steps. */
export function randomHistory(longest = 24): fc.Arbitrary<Random> {
  return fc.record({
    actions: fc.array(fc.record({ action, later: fc.boolean() }), { minLength: 1, maxLength: longest }),
    components: fc.oneof(
      { weight: 9, arbitrary: fc.subarray<unknown>([...components], { minLength: 1, maxLength: 3 }) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom<unknown>(...contests), fc.constantFrom<unknown>(...components))
          .map((both) => [...both]),
      },
    ),
    reversals: fc.constantFrom('undone', 'undone', 'dated', 'kept'),
    prorate: fc.constantFrom('no', 'by days', 'by months'),
    within: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, fc.constantFrom('10 days', '1 month')),
  });
}

/** The questions of a law: one or two of the people and months, because 10,000 cases cannot ask for all of them. */
export interface Asked {
  readonly people: readonly string[];
  readonly months: readonly string[];
}
export const randomAsked: fc.Arbitrary<Asked> = fc.record({
  people: fc.subarray(['ann', 'bob', 'cid', 'mo', 'vic'], { minLength: 1, maxLength: 2 }),
  months: fc.subarray(['2025-01', '2025-02', '2025-03', '2025-04'], { minLength: 1, maxLength: 2 }),
});
