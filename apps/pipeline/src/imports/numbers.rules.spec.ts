import { describe, expect, it } from '@jest/globals';
import { numberReader } from './numbers.rules.js';

describe('A number', () => {
  it.each([
    [undefined, '1054', '1054'],
    [undefined, '-1054.50', '-1054.50'],
    ['1.234,56', '1.234,56', '1234.56'],
    ['1.234,56', '1234,5', '1234.5'],
    ['1.234,56', '1.234', '1234'],
    ['1.234,56', '-12.345.678,00', '-12345678.00'],
    ['1,234.56', '1,234.56', '1234.56'],
    ['1 234,56', '1 234,56', '1234.56'],
    ['1 234,56', '1\u202f234,56', '1234.56'],
    ['1’234.56', '1’234.56', '1234.56'],
    ['1234,56', '1234,56', '1234.56'],
  ])('written as in %s is read: %s', (sample, text, number) => {
    expect(numberReader(sample)(text)).toBe(number);
  });
  it.each([
    [undefined, '1.234,56'],
    [undefined, '1e400'],
    [undefined, '1,234'],
    [undefined, 'NaN'],
    [undefined, '.5'],
    [undefined, '0x10'],
    [undefined, '１２'],
    [undefined, '9'.repeat(31)],
    ['1.234,56', '1,234.56'],
    ['1.234,56', '12.34,56'],
    ['1.234,56', '1e3'],
    ['1,234.56', '1,23'],
  ])('is never guessed (%s): %s', (sample, text) => {
    expect(numberReader(sample)(text)).toBeUndefined();
  });
  it('may contain the texts that the source strips', () => {
    expect(numberReader('1,234.56', ['$', 'USD'])('$ 1,234.56 USD')).toBe('1234.56');
    expect(numberReader(undefined, ['$'])('€5')).toBeUndefined();
  });
});
