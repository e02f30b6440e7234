import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { IsIn, IsInt } from 'class-validator';
import { IsAmount, IsCurrencyCode, IsDay, IsDayOrInstant, IsId, IsPeriodName } from './edge.validation.js';
import type { Malformed } from './problem.js';
import { createValidation } from './validation.js';

/** Fields whose names are words of the messages about them. */
class Asked {
  @IsPeriodName()
  period!: string;
  @IsDay()
  date!: string;
  @IsDayOrInstant()
  instant!: string;
  @IsAmount()
  amount!: string;
  @IsCurrencyCode()
  code!: string;
  @IsId()
  id!: string;
  @IsIn(['rep'], { each: true })
  value!: string[];
  @IsInt()
  integer!: number;
}

describe('the message about a malformed field', () => {
  it('keeps the words of the sentence that are also the name of the field', async () => {
    const wrong = {
      period: '2017-Q9',
      date: '31.3.2025',
      instant: 'noon',
      amount: '9'.repeat(30),
      code: 'usd',
      id: 7,
      value: ['chief'],
      integer: 'one',
    };
    const { errors } = (await createValidation()
      .transform(wrong, { type: 'body', metatype: Asked })
      .catch((error: unknown) => error)) as Malformed;
    expect(errors.map(({ field, message }) => `${field}: ${message}`)).toEqual([
      'period: expected a period such as 2025, 2025-H1, 2025-Q1, 2025-03 or 2026-P01, found "2017-Q9"',
      'date: expected a date from 1900-01-01 to 2199-12-31 such as 2025-03-31, found "31.3.2025"',
      'instant: expected a date from 1900-01-01 to 2199-12-31 such as 2025-03-31, or an instant such as 2025-03-31T17:00:00Z, found "noon"',
      `amount: expected an amount below 9007199254740.992, which is 2^53 thousandths, found "${'9'.repeat(30)}"`,
      'code: expected an ISO 4217 code such as USD, found "usd"',
      'id: expected an id, a text of 1 to 400 characters',
      'value: each value in value must be one of the following values: rep',
      'integer: must be an integer number',
    ]);
  });
});
