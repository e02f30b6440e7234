import { describe, expect, it } from '@jest/globals';
import { Facts } from '../facts/facts.js';
import { OPEN } from '../facts/view.js';
import { World } from '../plans/world.js';
import { Story } from '../testing/story.js';
import { fingerprint, recalculated, upToDate } from './recalculation.js';

/** Ann has tiers, which are computed in columns, and a prize; bob has the tiers alone; cid has no plan. */
const recorded = () =>
  new Story()
    .person('ann', 'AE', '2025-01-01')
    .person('bob', 'AE', '2025-01-01')
    .person('cid', 'SE', '2025-01-01')
    .quota('ann', 'revenue', '2025-01', 1000)
    .quota('bob', 'revenue', '2025-01', 1000)
    .plan('AE', {
      effective: { from: '2025-01-01' },
      components: [
        {
          name: 'Tiers',
          measure: 'revenue',
          per: 'month',
          tiers: [
            { from: '0%', rate: '10%' },
            { from: '100%', rate: '20%' },
          ],
        },
        { name: 'First', per: 'month', contest: { rank: 'revenue', prizes: ['50'] } },
      ],
    })
    .at('2025-01-20')
    .sold('ann', 'A', 1500, '2025-01-10')
    .sold('bob', 'B', 400, '2025-01-11')
    .sold('ann', 'late', 10, '2025-02-03');
const worldOf = (facts: Facts) =>
  new World(facts, { position: Number.MAX_SAFE_INTEGER, before: OPEN, after: OPEN, applied: null });
const factsOf = (story: Story) => {
  const facts = new Facts();
  for (const fact of story.facts) facts.append(fact);
  return facts;
};
const everybody = ['ann', 'bob', 'cid'];

describe('A full calculation', () => {
  const facts = factsOf(recorded());
  const all = recalculated(worldOf(facts), everybody);

  it('counts and sums every line of everybody', () => {
    // 100 + 100 of A and 1 of the later deal; 40 of B; the prizes of January and February; bob won none of them.
    expect([all.count, all.minor]).toEqual([7, 341_00n]);
    const parts = all.lines.map((lines) => [lines.count, lines.total()]);
    expect(parts).toEqual([
      [2, 201_00n],
      [2, 100_00n],
      [1, 40_00n],
      [2, 0n],
    ]);
    expect(recalculated(worldOf(facts), ['cid'])).toEqual({ lines: [], count: 0, minor: 0n });
  });

  it('equals the up-to-date result after any earlier question', () => {
    const world = worldOf(facts);
    expect(fingerprint(upToDate(world, everybody))).toBe(fingerprint(all));
    expect(fingerprint(recalculated(world, everybody))).toBe(fingerprint(all));
  });

  it('has a fingerprint of its amounts in their order, those of columns and those of others', () => {
    const of = (story: Story, people = everybody) => fingerprint(recalculated(worldOf(factsOf(story)), people));
    expect(of(recorded())).toBe(fingerprint(all));
    expect(of(recorded().reprice('A', 1501))).not.toBe(fingerprint(all));
    expect(of(recorded(), ['bob', 'ann', 'cid'])).not.toBe(fingerprint(all));
    expect(of(recorded(), ['ann'])).not.toBe(fingerprint(all));
    const prize = { name: 'First', per: 'month', contest: { rank: 'revenue', prizes: ['51'] } };
    const only = (contest: object) =>
      of(
        new Story()
          .person('ann', 'AE', '2025-01-01')
          .plan('P', { components: [contest] })
          .sold('ann', 'A', 1, '2025-01-10'),
      );
    expect(only(prize)).not.toBe(only({ ...prize, contest: { rank: 'revenue', prizes: ['50'] } }));
  });
});
