import { describe, expect, it } from '@jest/globals';
import { check, plan } from './plan-check.fixture.js';

describe('a target', () => {
  it.each([
    [
      'measure: revenue\nper: quarter\ntarget: 9000\ncurve: [ { at: 0%, pays: 0% }, { at: 100%, pays: 100% } ]\nbeyond: continue',
    ],
    ['measure: revenue\nper: month\ntarget: assigned\ntiers: [ { from: 100%, pays: 100% } ]\ncap: { share: 200% }'],
    ['per: quarter\ntarget: if(my.tenure < 12, 2000, 4000)\nobjectives: { Playbook: 100% }'],
    ['per: quarter\ntarget: 4000\nobjectives: assigned'],
  ])('is understood: %s', (component) => expect(check(plan(component))).toEqual([]));

  it.each([
    [
      'measure: revenue\nper: quarter\ntarget: 9000',
      'components[0] [missing] the component `Commission` does not state how its target is paid',
    ],
    [
      'measure: revenue\nper: deal\ntarget: 9000\ntiers: [ { from: 0, pays: 1% } ]',
      'components[0].per [value] a target is of a window of time',
    ],
    [
      'measure: revenue\nper: quarter\ntarget: 9000\ntiers: [ { from: 0, rate: 1% } ]',
      'components[0].tiers[0] [value] a tier of a `target` states `pays`',
    ],
    [
      'measure: revenue\nper: quarter\ntarget: 9000\nwhere: product = "X"\ntiers: [ { from: 0, pays: 1% } ]',
      'components[0].where [value] `where` is of single records',
    ],
    [
      'measure: revenue\nper: quarter\ntarget: 9000\ntiers: [ { from: 0, pays: 1% }, { from: 5, pays: 2%, retroactive: yes } ]',
      'components[0].tiers[1].retroactive [value]',
    ],
    [
      'measure: revenue\nper: quarter\ntarget: 90%\ntiers: [ { from: 0, pays: 1% } ]',
      'components[0].target [type] expected an amount such as 9000',
    ],
    [
      'measure: revenue\nper: quarter\ntarget: 9000\ntiers: [ { from: 0, pays: 1% } ]\ncap: { count: 2, per: month }',
      'components[0].cap.count [value] a `count` limits records',
    ],
    [
      'measure: revenue\nper: quarter\ntarget: 9000\nobjectives: { A: 100% }\ntiers: [ { from: 0, pays: 1% } ]',
      'components[0].objectives [value] a target is paid in one way',
    ],
    ['per: quarter\nobjectives: { Playbook: 100% }', 'components[0] [missing] missing: `target`'],
    [
      'per: quarter\ntarget: assigned\nobjectives: { Playbook: 100% }',
      'components[0].target [missing] an `assigned` target belongs to a quota',
    ],
    [
      'measure: revenue\nrate: 10%\ncap: { share: 200% }',
      'components[0].cap.share [value] `share` is a share of a `target`',
    ],
  ])('that makes no sense is refused with what was expected: %s', (component, problem) => {
    const problems = check(plan(component));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});
