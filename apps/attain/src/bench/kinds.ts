/** What one bench of a kind of component is paid by, beside deals of `DealFields`. */
export interface Kind {
  readonly name: string;
  readonly component: Readonly<Record<string, unknown>>;
  /** Keys of the plan beside its components. */
  readonly plan?: Readonly<Record<string, unknown>>;
  /** Whose plan it is; default: those who sell. */
  readonly role?: 'AE' | 'Manager';
  readonly splits?: boolean;
  readonly reversals?: boolean;
  readonly scores?: boolean;
  /** Credits a second that are the goal; default 2 million. */
  readonly goal?: number;
}

const MONTHLY = { measure: 'revenue', per: 'month' };
const bounds = (...rates: readonly string[]) =>
  rates.map((rate, index) => ({ from: ['0%', '100%', '150%'][index]!, rate }));

/** The measures of the company that is measured. */
export const measures = {
  revenue: { counts: 'amount', of: 'deals' },
  kept: { counts: 'amount', of: 'deals', reversals: 'kept' },
  contracts: { counts: '1', of: 'deals' },
};

/** Each kind of component alone, as a plan writes it. */
export const kinds: readonly Kind[] = [
  { name: 'marginal tiers', component: { ...MONTHLY, tiers: bounds('10%', '15%', '20%') }, goal: 15_000_000 },
  {
    name: 'retroactive tiers',
    component: {
      ...MONTHLY,
      tiers: bounds('5%', '10%', '12%').map((tier, index) => ({ ...tier, ...(index > 0 && { retroactive: 'yes' }) })),
    },
  },
  { name: 'a condition', component: { measure: 'revenue', where: 'product = "Pro"', rate: '2%' } },
  { name: 'a rate with a condition', component: { measure: 'revenue', rate: 'if(product = "Pro", 8%, 5%)' } },
  {
    name: 'tiers of rates with a condition',
    component: { ...MONTHLY, tiers: bounds('if(product = "Pro", 8%, 5%)', '12%') },
  },
  { name: 'crossing higher', component: { ...MONTHLY, tiers: bounds('10%', '15%', '20%'), crossing: 'higher' } },
  {
    name: 'tiers by another measure',
    component: {
      ...MONTHLY,
      by: 'contracts',
      tiers: [
        { from: '0', rate: '1%' },
        { from: '10', rate: '2%', retroactive: 'yes' },
        { from: '20', rate: '5%' },
      ],
    },
  },
  {
    name: 'a curve',
    component: {
      measure: 'revenue',
      per: 'deal',
      curve: [
        { at: '0', earns: '0' },
        { at: '1000', earns: '10' },
        { at: '3000', earns: '50' },
        { at: '8000', earns: '150' },
      ],
    },
  },
  {
    name: 'a target',
    component: {
      measure: 'revenue',
      per: 'quarter',
      target: '9000',
      curve: [
        { at: '0%', pays: '0%' },
        { at: '100%', pays: '100%' },
      ],
      beyond: 'continue',
    },
  },
  {
    name: 'objectives',
    component: { per: 'quarter', target: '4000', objectives: { Partners: '50%', Pipeline: '50%' } },
    scores: true,
  },
  { name: 'a contest', component: { per: 'quarter', contest: { rank: 'revenue', prizes: ['3000', '2000', '1000'] } } },
  { name: 'a pool', component: { per: 'quarter', contest: { pot: '1% of revenue', divide: 'revenue' } } },
  { name: 'a cap by count', component: { measure: 'contracts', each: '200', cap: { count: '10', per: 'month' } } },
  { name: 'a cap by amount', component: { measure: 'revenue', rate: '10%', cap: { amount: '5000', per: 'month' } } },
  { name: 'a cap per deal', component: { measure: 'revenue', rate: '10%', cap: { amount: '300', per: 'deal' } } },
  {
    name: 'a multiplier',
    component: { ...MONTHLY, rate: '10%', multiplier: 'if(attainment(revenue) >= 100%, 120%, 90%)' },
  },
  {
    name: 'a hurdle',
    component: {
      ...MONTHLY,
      per: 'quarter',
      tiers: [
        { from: '0%', rate: '10%' },
        { from: '100%', rate: '15%', when: 'attainment(revenue) >= 50%' },
      ],
    },
  },
  {
    name: 'a clawback',
    component: { measure: 'kept', rate: '10%', clawback: { take: 'as paid', within: '90 days' } },
    reversals: true,
  },
  { name: 'an override', component: { measure: 'revenue', credit: 'reports', rate: '2%' }, role: 'Manager' },
  { name: 'splits', component: { ...MONTHLY, tiers: bounds('10%', '15%', '20%') }, splits: true },
  { name: 'a plan with a draw', component: { measure: 'revenue', rate: '10%' }, plan: { draw: { amount: '1000' } } },
  {
    name: 'a cap of the plan',
    component: { measure: 'revenue', rate: '10%' },
    plan: { cap: { amount: '50000', per: 'year' } },
  },
];
