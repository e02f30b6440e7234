import { describe, expect, it } from '@jest/globals';
import { check, plan } from './plan-check.fixture.js';

describe('A contest that cannot be is refused where it is wrong', () => {
  it.each([
    [
      'per: month\ncontest: { rank: revenu, prizes: [ 100 ] }',
      'components[0].contest.rank [unknown-name] unknown measure `revenu` (did you mean "revenue"?)',
    ],
    [
      'contest: { rank: revenue, prizes: [ 100 ] }',
      'components[0] [missing] missing: `per`, the window of time of the contest (month | quarter | half | year | plan)',
    ],
    [
      'measure: revenue\nper: month\ncontest: { rank: revenue, prizes: [ 100 ] }',
      'components[0].measure [value] `contest` and `measure` exclude each other',
    ],
    [
      'per: month\ncontest: { rank: revenue }',
      'components[0].contest [missing] missing: `prizes` by place, or `winners` and their `prize`',
    ],
    [
      'per: month\ncontest: { rank: revenue, prizes: [ 50% ] }',
      'components[0].contest [missing] the prize 50% is a share of a `pot`, and there is none',
    ],
    [
      'per: month\ncontest: { rank: revenue, pot: 1000, prizes: [ 60%, 50% ] }',
      'components[0].contest.prizes [value] the prizes are more than the whole pot',
    ],
    [
      'per: month\ncontest: { rank: revenue, pot: a lot, prizes: [ 60% ] }',
      'components[0].contest.pot [value] expected a share of a measure such as 5% of revenue, or an amount such as 10000, found `a lot`',
    ],
    [
      'per: month\ncontest: { among: my.team }',
      'components[0].contest [missing] a contest has a `rank`, or is a pool with a `pot`',
    ],
    [
      'per: month\ncontest: { pot: 1000, prizes: [ 60% ] }',
      'components[0].contest.prizes [value] `prizes` needs a `rank`: a pool is divided among all',
    ],
    [
      'per: month\ncontest: { pot: 1000, among: team }',
      'components[0].contest.among [value] expected a field of the participant such as my.team, found `team`',
    ],
    [
      'per: month\ncontest: { rank: revenue, prizes: [ 100 ], requires: { best: deals > 1 } }',
      'components[0].contest.requires.best [value] expected a place such as first or 4, found `best`',
    ],
    [
      'per: month\ncontest: { rank: revenue, prizes: [ 100 ], requires: deals + 1 }',
      'components[0].contest.requires [type] expected a condition such as product = "X", but `deals + 1` is a number',
    ],
  ])('%s', (component, problem) => expect(check(plan(component))).toEqual([problem]));
});
