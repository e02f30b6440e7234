import { describe, expect, it } from '@jest/globals';
import type { PersonRow } from '@attain/compensation';
import { groupsOf, peopleOf } from './groups.rules.js';

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
/** In the engine's order: by participant and first day. */
const rows = [
  row('ann', '2025-01-31', null, 'North'),
  row('bob', '2025-02-01', null, 'South'),
  row('max', '2024-01-01', '2024-12-31', 'West'),
  row('zoe', '2025-01-01', '2025-01-15', 'North'),
  row('zoe', '2025-01-16', null, 'South'),
];

describe('who attains together', () => {
  it('is a team with everybody who was in it on some day of the period, each for the days in it', () => {
    expect(groupsOf(rows, 'team', january)).toEqual([
      {
        name: 'North',
        for: { team: 'North' },
        members: [
          { participant: 'ann', days: { from: '2025-01-31', to: '2025-01-31' } },
          { participant: 'zoe', days: { from: '2025-01-01', to: '2025-01-15' } },
        ],
      },
      {
        name: 'South',
        for: { team: 'South' },
        members: [{ participant: 'zoe', days: { from: '2025-01-16', to: '2025-01-31' } }],
      },
    ]);
  });

  it('leaves a team where the next row begins, though the row before has no end', () => {
    const moved = [row('zoe', '2025-01-01', null, 'North'), row('zoe', '2025-01-16', null, 'South')];
    expect(groupsOf(moved, 'team', january).map(({ name, members }) => [name, members[0]!.days.to])).toEqual([
      ['North', '2025-01-15'],
      ['South', '2025-01-31'],
    ]);
  });

  it('is each person once, and the company with all of them', () => {
    expect(groupsOf(rows, 'participant', january).map(({ name }) => name)).toEqual(['ann', 'zoe']);
    const [company] = groupsOf(rows, 'company', january);
    expect([company!.name, company!.for, peopleOf(company!)]).toEqual(['company', { company: true }, ['ann', 'zoe']]);
  });

  it('is no region where nobody has one', () => {
    expect(groupsOf(rows, 'region', january)).toEqual([]);
  });
});
