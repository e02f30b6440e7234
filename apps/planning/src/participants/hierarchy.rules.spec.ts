import { describe, expect, it } from '@jest/globals';
import type { AssignmentRow } from './assignment.rules.js';
import { cycleOf } from './hierarchy.rules.js';

const row = (from: string, manager: string | null, to: string | null = null): AssignmentRow => ({
  from,
  to,
  manager,
  role: null,
  team: null,
  region: null,
  currency: null,
  fields: {},
});
const people = (rows: Record<string, AssignmentRow[]>) => (id: string) => rows[id];

describe('The hierarchy', () => {
  it('has no cycle where everybody has a manager above', () => {
    expect(
      cycleOf(
        'ann',
        people({ ann: [row('2025-01-01', 'mo')], mo: [row('2025-01-01', 'zoe')], zoe: [row('2025-01-01', null)] }),
      ),
    ).toBeUndefined();
  });
  it('shows a cycle with the first day of it', () => {
    expect(
      cycleOf(
        'ann',
        people({ ann: [row('2025-03-01', 'mo')], mo: [row('2025-01-01', 'zoe')], zoe: [row('2025-02-01', 'ann')] }),
      ),
    ).toEqual({ date: '2025-03-01', cycle: ['ann', 'mo', 'zoe', 'ann'] });
  });
  it('lets two change places: nobody manages the other on the same day', () => {
    expect(
      cycleOf(
        'ann',
        people({
          ann: [row('2025-01-01', 'mo', '2025-02-28'), row('2025-03-01', null)],
          mo: [row('2025-01-01', null, '2025-02-28'), row('2025-03-01', 'ann')],
        }),
      ),
    ).toBeUndefined();
  });
  it('does not loop in a cycle of other people', () => {
    expect(
      cycleOf(
        'ann',
        people({ ann: [row('2025-01-01', 'mo')], mo: [row('2025-01-01', 'zoe')], zoe: [row('2025-01-01', 'mo')] }),
      ),
    ).toBeUndefined();
  });
});
