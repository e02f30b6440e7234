import { describe, expect, it } from '@jest/globals';
import { usesOf } from './plan-uses.rules.js';

const company = {
  attain: '1',
  company: 'Maven',
  currency: 'USD',
  measures: { revenue: { counts: 'amount', of: 'deals' }, odd: { counts: 'lookup("odds", product)', of: 'deals' } },
};
const table = (name: string) => ({ table: name, columns: ['line', 'rate'], rows: [['a', '5%']] });

describe('what a plan version copies of its company', () => {
  it('is how pay is computed, not what the company is called', () => {
    expect(usesOf({ components: [] }, company, [])).toEqual({ currency: 'USD', measures: company.measures });
  });

  it('is the tables that its expressions name, and those that the measures name', () => {
    const document = { plan: 'AE', components: [{ name: 'A', tiers: [{ rate: 'lookup("line rates", line)' }] }] };
    expect(
      Object.keys(usesOf(document, company, [table('line rates'), table('odds'), table('line')]).tables ?? {}),
    ).toEqual(['line rates', 'odds']);
  });
});
