import { describe, expect, it } from '@jest/globals';
import { changesBetween } from './plan-diff.rules.js';

const plan = {
  plan: 'AE',
  version: '1',
  components: [
    { name: 'Commission', rate: '10%', tiers: [{ from: '0%' }, { from: '100%' }] },
    { name: 'Bounty', each: '200' },
  ],
};

describe('two versions of a plan', () => {
  it('with the same content do not differ, in any order of keys', () => {
    expect(changesBetween(plan, { components: plan.components, version: '1', plan: 'AE' })).toEqual([]);
  });

  it('differ at the deepest place, named by component', () => {
    const next = { ...plan, version: '2', components: [{ ...plan.components[0], rate: '12%' }, plan.components[1]] };
    expect(changesBetween(plan, next)).toEqual([
      { path: ['components', 'Commission', 'rate'], from: '10%', to: '12%' },
      { path: ['version'], from: '1', to: '2' },
    ]);
  });

  it('show an inserted component, and a removed one', () => {
    const spif = { name: 'SPIF', each: '500' };
    expect(changesBetween(plan, { ...plan, components: [plan.components[0], spif] })).toEqual([
      { path: ['components', 'Bounty'], from: { name: 'Bounty', each: '200' } },
      { path: ['components', 'SPIF'], to: spif },
    ]);
  });

  it('compare lists without names place by place', () => {
    const change = changesBetween(
      { tiers: [{ from: '0%' }, { from: '100%' }] },
      { tiers: [{ from: '0%' }, { from: '90%' }, { from: '150%' }] },
    );
    expect(change).toEqual([
      { path: ['tiers', 1, 'from'], from: '100%', to: '90%' },
      { path: ['tiers', 2], to: { from: '150%' } },
    ]);
  });
});
