import { describe, expect, it } from '@jest/globals';
import type { PersonRow } from '@attain/compensation';
import { groupsOf } from './groups.rules.js';

const row = (participant: string, from: string, to: string | null, team: string | null): PersonRow => ({
  participant,
  from,
  to,
  team,
  region: null,
  role: null,
  manager: null,
  currency: null,
});
const january = { from: '2025-01-01', to: '2025-01-31' };
const rows = [row('zoe', '2025-01-01', '2025-01-15', 'North'), row('zoe', '2025-01-16', null, 'South'), row('ann', '2025-01-31', null, 'North'), row('bob', '2025-02-01', null, 'South'), row('max', '2024-01-01', '2024-12-31', 'West')];

describe('who attains together', () => {
  it('is a team with everybody who was in it on some day of the period', () => {
    expect(groupsOf(rows, 'team', january)).toEqual([
      { name: 'North', for: { team: 'North' }, people: ['ann', 'zoe'] },
      { name: 'South', for: { team: 'South' }, people: ['zoe'] },
    ]);
  });

  it('is each person once, and the company with all of them', () => {
    expect(groupsOf(rows, 'participant', january).map(({ name }) => name)).toEqual(['ann', 'zoe']);
    expect(groupsOf(rows, 'company', january)).toEqual([{ name: 'company', for: { company: true }, people: ['ann', 'zoe'] }]);
  });

  it('is no region where nobody has one', () => {
    expect(groupsOf(rows, 'region', january)).toEqual([]);
  });
});
