import { describe, expect, it } from '@jest/globals';
import { Exact } from '@attain/values';
import { rank } from './ranking.rules.js';

describe('a leaderboard', () => {
  it('shares a rank between equals, in any order', () => {
    const standings = [
      { name: 'zoe', attained: Exact.parse('120%') },
      { name: 'bob', attained: Exact.parse('1.2') },
      { name: 'ann', attained: Exact.parse('150%') },
      { name: 'max', attained: Exact.parse('1/3') },
    ];
    const expected = [
      [1, 'ann'],
      [2, 'bob'],
      [2, 'zoe'],
      [4, 'max'],
    ];
    expect(rank(standings).map((row) => [row.rank, row.name])).toEqual(expected);
    expect(rank(standings.reverse()).map((row) => [row.rank, row.name])).toEqual(expected);
  });

  it('of nobody is empty', () => {
    expect(rank([])).toEqual([]);
  });
});
