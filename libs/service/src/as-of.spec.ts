import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { FiscalCalendar } from '@attain/values';
import { validateSync } from 'class-validator';
import { AsOf, cutOf, periodNamed } from './as-of.js';
import { Malformed } from './problem.js';

const months = new FiscalCalendar({ starts: '01-01', calendar: 'months' });
const history = {
  company: () => ({ calendar: months }),
  span: () => ({ from: '2019-05-01', to: '2026-03-31' }),
} as Parameters<typeof periodNamed>[0];
const asked = (of: object) => Object.assign(new AsOf(), of);

describe('the cut of a question', () => {
  it('contains all facts by default', () => {
    expect(cutOf(asked({}), 'UTC')).toEqual({});
  });

  it('contains the facts known at the end of a day in the company’s time zone', () => {
    expect(cutOf(asked({ asOf: '2025-03-31' }), 'America/Chicago')).toEqual({ known: '2025-04-01T04:59:59.999Z' });
  });

  it('contains the facts known at an instant, and true by a date', () => {
    expect(cutOf(asked({ asOf: '2025-03-31T17:00:00+02:00', effective: '2025-03-15' }), 'UTC')).toEqual({
      known: '2025-03-31T15:00:00.000Z',
      effective: '2025-03-15',
    });
  });

  it.each([
    { asOf: '2025-02-30' },
    { asOf: 'yesterday' },
    { asOf: '2025-03-31T17:00:00' },
    { asOf: 5 },
    { asOf: '0001-01-01' },
    { asOf: '9999-12-31T00:00:00Z' },
    { effective: '1899-12-31' },
    { effective: '2200-01-01' },
    { effective: '2025-02-30' },
    { effective: '2025-03-31T17:00:00Z' },
  ])('rejects a date that does not exist: %j', (wrong) => {
    expect(validateSync(asked(wrong))).toHaveLength(1);
  });

  it('accepts a period of the calendar', () => {
    expect(periodNamed(history, '2025-Q1').to).toBe('2025-03-31');
    expect(() => periodNamed(history, '2025-13')).toThrow(Malformed);
    expect(() => periodNamed(history, '2025-P01')).toThrow(Malformed);
  });

  it('accepts periods of at most ten years before and after the company’s data', () => {
    for (const name of ['2009', '2009-01', '2036-Q4']) expect(periodNamed(history, name).name).toBe(name);
    for (const name of ['2008', '2037-01', '0001-01', '9999-Q4', '2062-02']) {
      const wrong = expect(() => periodNamed(history, name));
      wrong.toThrow(Malformed);
      wrong.toThrow(
        expect.objectContaining({
          errors: [{ field: 'period', message: expect.stringContaining('expected a period of 2009 to 2036') }],
        }),
      );
    }
  });
});
