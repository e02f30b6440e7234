import { describe, expect, it } from '@jest/globals';
import { Facts } from '../facts/facts.js';
import { OPEN } from '../facts/view.js';
import { World } from '../plans/world.js';
import { Story } from '../testing/story.js';
import { Candidates, dependence } from './candidates.js';

const from = '2025-01-01';
const plan = (credit: string, role: string) => ({
  effective: { from },
  assignedTo: { roles: [role] },
  components: [{ name: 'Commission', measure: 'revenue', rate: '1%', credit }],
});
const before = new Story()
  .person('max', 'Manager', from)
  .person('ann', 'AE', from, { manager: 'max' })
  .person('eve', 'AE', from)
  .plan('Own', plan('sales', 'AE'))
  .plan('Team', plan('reports', 'Manager'))
  .sold('ann', 'D1', 100, '2025-01-15', { account: 'ACME' });

/** What happened afterwards, that may move a line of somebody. */
function touching(participant: string, later: (story: Story) => Story): string[] {
  const facts = new Facts();
  const known = before.facts.length;
  const story = Object.assign(new Story(), { facts: [...before.facts] });
  for (const fact of later(story).facts) facts.append(fact);
  const older = { position: known, effective: OPEN };
  const newer = { position: facts.moving.at(-1)!.at, effective: OPEN };
  const world = new World(facts, { position: newer.position, before: OPEN, after: OPEN, applied: null });
  return new Candidates(facts, older, newer)
    .touching(participant, dependence([world], participant), OPEN)
    .map(({ fact }) => fact.type);
}

const account = (id: string) => (story: Story) =>
  story.say(`account-crm:${id}`, {
    type: 'AccountRecorded',
    data: { source: 'crm', id, fields: { sector: 'retail' } },
  });

describe('what may move a line', () => {
  it('is an account that an own record names, and no other', () => {
    expect(touching('ann', account('ACME'))).toEqual(['AccountRecorded']);
    expect(touching('eve', account('ACME'))).toEqual([]);
    expect(touching('ann', account('Globex'))).toEqual([]);
  });

  it('is for whoever is paid on reports a record, an account or a row of somebody who was ever below', () => {
    expect(touching('max', account('ACME'))).toEqual(['AccountRecorded']);
    expect(touching('max', (story) => story.sold('ann', 'D2', 100, '2025-01-20'))).toContain('DealWon');
    expect(touching('max', (story) => story.person('ann', 'AE', '2025-02-01'))).toEqual(['ParticipantAssigned']);
    expect(touching('max', (story) => story.person('eve', 'AE', '2025-02-01', { manager: 'ann' }))).toEqual([
      'ParticipantAssigned',
    ]);
  });

  it('is nothing of somebody who was never below', () => {
    expect(touching('max', (story) => story.sold('eve', 'D3', 100, '2025-01-20'))).toEqual([]);
    expect(touching('max', (story) => story.person('eve', 'AE', '2025-02-01'))).toEqual([]);
    expect(touching('max', (story) => story.relation('eve', 'mentor', 'zoe', from))).toEqual([]);
  });
});
