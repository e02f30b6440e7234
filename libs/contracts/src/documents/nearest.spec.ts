import { describe, expect, it } from '@jest/globals';
import { nearest, suggestion } from '../index.js';

describe('the nearest known name', () => {
  const known = ['revenue', 'newLogos', 'close date', 'rate', 'roles'];
  it.each([
    ['revenu', 'revenue'],
    ['revneue', 'revenue'],
    ['Revenue', 'revenue'],
    ['new_logos', 'newLogos'],
    ['closedate', 'close date'],
    ['rat', 'rate'],
    ['role', 'roles'],
    ['bookings', undefined],
    ['', undefined],
    ['x', undefined],
  ])('of %s is %s', (name, found) => expect(nearest(name, known)).toBe(found));

  it('is suggested, or else the names where they are few', () => {
    expect(suggestion('rte', known)).toBe(' (did you mean "rate"?)');
    expect(suggestion('bookings', known)).toBe(' (known here: revenue, newLogos, close date, rate, roles)');
    expect(
      suggestion(
        'bookings',
        Array.from({ length: 20 }, (_, index) => `field number ${index}`),
      ),
    ).toBe('');
    expect(suggestion('bookings', [])).toBe('');
  });

  it('is found soon for a hostile name', () => {
    expect(nearest('a'.repeat(1_000_000), known)).toBeUndefined();
  });
});
