import { expect, it } from '@jest/globals';
import { check, plan } from './plan-check.fixture.js';

const problems = (clawback: string, more = 'measure: dated\nrate: 10%') =>
  check(plan(`${more}\nclawback: ${clawback}`));

it.each([
  '{ take: as paid }',
  '{ take: 50%, within: 90 days }',
  '{ take: 1/3 }',
  '{ take: pro rata }',
  '{ take: pro rata, over: 6 months }',
  '{ within: 1 year }',
])('a clawback %s is right', (clawback) => {
  expect(problems(clawback)).toEqual([]);
});

it.each([
  [
    '{ take: 150% }',
    undefined,
    'components[0].clawback.take [value] a clawback takes back more than 0% and at most 100% of what was earned, found 150%',
  ],
  [
    '{ take: 0% }',
    undefined,
    'components[0].clawback.take [value] a clawback takes back more than 0% and at most 100% of what was earned, found 0%',
  ],
  [
    '{ take: as paid, over: 6 months }',
    undefined,
    'components[0].clawback.over [value] `over` is the time of `take: pro rata`, found beside another `take`',
  ],
  [
    '{ take: as paid }',
    'measure: revenue\nrate: 10%',
    'components[0].clawback [value] reversals of `revenue` are undone, so nothing is left to claw back: state `reversals: dated` or `kept` in the measure',
  ],
])('a clawback %s is refused at its place (%#)', (clawback, more, problem) => {
  expect(problems(clawback, more)).toEqual([problem]);
});
