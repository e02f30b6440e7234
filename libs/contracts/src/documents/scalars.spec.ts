import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { amount, amountOrNone, date, moment, name, positiveAmount } from './scalars.js';

const messages = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value).error?.issues.map(({ message }) => message);

describe('a name or id in a document', () => {
  it('has one spelling', () => {
    expect(name.parse('Zoe\u0308')).toBe('Zo\u00eb');
  });
  it('has no characters that cannot be seen', () => {
    expect(messages(name, 'an\u202en')).toEqual(['cannot hold the character U+202E, found at character 3']);
    expect(messages(name, 'an\0n')).toEqual(['cannot hold the character U+0000, found at character 3']);
    expect(messages(name, '')).toEqual(['expected a name, found nothing']);
  });
});

describe('a date in a document', () => {
  it('lies from 1900 to 2199', () => {
    for (const schema of [date, moment]) {
      for (const text of ['1900-01-01', '2199-12-31']) expect(messages(schema, text)).toBeUndefined();
      for (const text of ['1899-12-31', '2200-01-01'])
        expect(messages(schema, text)).toEqual([`expected a date from 1900-01-01 to 2199-12-31, found \`${text}\``]);
    }
    expect(messages(moment, '2200-01-01T00:00:00Z')).toHaveLength(1);
    expect(messages(date, '2025-02-30')).toEqual([
      'expected a date that exists, such as 2025-03-31, found `2025-02-30`',
    ]);
  });
});

describe('an amount in a document', () => {
  it('is small enough to be summed exactly', () => {
    for (const schema of [amount, positiveAmount, amountOrNone]) {
      expect(messages(schema, '9007199254740.991')).toBeUndefined();
      expect(messages(schema, '9007199254740.992')).toEqual([
        'expected an amount below 9007199254740.992, which is 2^53 thousandths, found `9007199254740.992`',
      ]);
      expect(messages(schema, '9'.repeat(30))).toHaveLength(1);
      expect(messages(schema, 'x')).toHaveLength(1);
    }
  });
});
