/** Retroactive tiers, a count cap, an amount cap, a multiplier and a draw for each rep, and an override for each manager. */
export const plans = [
  {
    plan: 'AE',
    role: 'AE',
    components: [
      {
        name: 'Commission',
        measure: 'revenue',
        per: 'month',
        tiers: [
          { from: '0%', rate: '5%' },
          { from: '100%', rate: '10%', retroactive: 'yes' },
          { from: '150%', rate: '12%', retroactive: 'yes' },
        ],
      },
      { name: 'First deals', measure: 'revenue', rate: '1%', cap: { count: '10', per: 'month' } },
      {
        name: 'Kicker',
        measure: 'revenue',
        where: 'product = "Pro"',
        rate: '2%',
        cap: { amount: '500', per: 'month' },
      },
      {
        name: 'Modifier',
        measure: 'revenue',
        per: 'month',
        rate: '1%',
        multiplier: 'if(attainment(revenue) >= 100%, 120%, 90%)',
      },
    ],
    draw: { amount: '1000' },
  },
  {
    plan: 'Manager',
    role: 'Manager',
    components: [{ name: 'Override', measure: 'revenue', credit: 'reports', rate: '1%' }],
  },
].map(({ role, ...plan }) => ({
  attain: '1',
  version: '1',
  effective: { from: '2025-01-01' },
  assignedTo: { roles: [role] },
  currency: 'USD',
  pays: 'monthly',
  ...plan,
}));
