import { describe, expect, it } from '@jest/globals';
import { KeyTable } from './key-table.js';

describe('The keys of a file', () => {
  it('grow with a hundred thousand of them', () => {
    const table = new KeyTable();
    for (let n = 1; n <= 100_000; n += 1) table.add(`D${n}`, [`D${n}`], [0], n);
    expect(table.size).toBe(100_000);
    for (let n = 1; n <= 100_000; n += 1) if (table.entry(`D${n}`).last !== n) throw new Error(`D${n} was lost`);
  });
  it('keep cells apart: two cells are not one', () => {
    const table = new KeyTable();
    table.add('D1', ['D1', 'ab', 'c'], [0, 1, 2], 1);
    table.add('D1', ['D1', 'a', 'bc'], [0, 1, 2], 2);
    expect(table.entry('D1').conflict).toBe(true);
  });
});
