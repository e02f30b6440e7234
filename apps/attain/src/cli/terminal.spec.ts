import { describe, expect, it } from '@jest/globals';
import { grouped, table } from './terminal.js';

describe('a table', () => {
  it('is as wide as its widest cells, with amounts to the right', () => {
    expect(
      table(
        [{ title: 'person' }, { title: 'due', align: 'right' }],
        [
          ['ann', '9,000.00'],
          ['bartholomew', '1.00'],
        ],
      ),
    ).toBe(
      ['person            due', '───────────  ────────', 'ann          9,000.00', 'bartholomew      1.00', ''].join(
        '\n',
      ),
    );
  });
});

describe('an amount', () => {
  it.each([
    ['1234567.5', '1,234,567.5'],
    ['-1000.12345', '-1,000.12345'],
    ['999.00', '999.00'],
    ['undefined', 'undefined'],
  ])('%s is shown as %s', (amount, shown) => {
    expect(grouped(amount)).toBe(shown);
  });
});
