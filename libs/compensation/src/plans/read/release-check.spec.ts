import { describe, expect, it } from '@jest/globals';
import { check, plan } from './plan-check.fixture.js';

describe('a release is checked', () => {
  it.each([
    ['release: payment', []],
    ['release: opened', []],
    ['release: { after: 30 days }', []],
    ['release: [ { share: 50%, on: closed }, { share: 50%, on: payment } ]', []],
    ['release: paymnt', ['components[0].release [unknown-name] unknown release `paymnt` (did you mean "payment"?)']],
    [
      'release: type',
      [
        'components[0].release [type] expected payment, approval or a date field, but `type` is a text (known here: payment, approval, opened, closed)',
      ],
    ],
    [
      'release: [ { share: 50%, on: closed }, { share: 40%, on: payment } ]',
      ['components[0].release [value] the shares of a release sum to 100%, found 90%'],
    ],
  ])('%s', (release, problems) => expect(check(plan(`measure: revenue\nrate: 10%\n${release}`))).toEqual(problems));
});
