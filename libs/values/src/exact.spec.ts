import { describe, expect, it, test } from '@jest/globals';
import { Exact } from './exact.js';

const exact = (text: string) => Exact.parse(text);

describe('parse', () => {
  test.each([
    ['9999.99', '9999.99'],
    ['0012', '12'],
    ['2025.10', '2025.1'],
    ['-0.50', '-0.5'],
    ['-0.0', '0'],
    ['6%', '0.06'],
    ['5.125%', '0.05125'],
    ['150%', '1.5'],
    ['1/3', '1/3'],
    ['-2/6', '-1/3'],
    ['2/8', '0.25'],
    ['123456789012345678901234567890.12', '123456789012345678901234567890.12'],
    ['0.00000000000000000000001', '0.00000000000000000000001'],
  ])('reads %s as %s', (text, canonical) => {
    expect(exact(text).toString()).toBe(canonical);
  });

  test.each(
    [
      '',
      ' ',
      '1e400',
      '1e3',
      '1.234,56',
      '1,234',
      '.5',
      '5.',
      '+5',
      '--5',
      ' 5',
      '5 ',
      '5\n',
      '6 %',
      '%',
      '1/0',
      '0/0',
    ].concat(['1/-3', '1/3%', '1.5/3', '/3', '1/', 'NaN', 'Infinity', '0x10', '1_000', '٣', '−5', '1n']),
  )('refuses %j', (text) => {
    expect(() => exact(text)).toThrow(RangeError);
  });
});

describe('of', () => {
  it('takes numbers and bigints', () => {
    expect(Exact.of(1)).toEqual(Exact.one);
    expect(`${Exact.of(3n, 4n)}`).toBe('0.75');
    expect(`${Exact.of(3, -4)}`).toBe('-0.75');
    expect(`${Exact.of(-3n, -4)}`).toBe('0.75');
    expect(Exact.of(0, -7)).toStrictEqual(Exact.zero);
  });

  test.each([[0.1], [NaN], [Infinity], [2 ** 53]])('refuses %d, which is not an exact integer', (number) => {
    expect(() => Exact.of(number)).toThrow(RangeError);
    expect(() => Exact.of(1, number)).toThrow(RangeError);
    expect(() => Exact.of(1n, number)).toThrow(RangeError);
  });

  it('refuses a denominator of 0', () => {
    expect(() => Exact.of(1, 0)).toThrow(RangeError);
    expect(() => Exact.of(1n, 0n)).toThrow(RangeError);
  });
});

describe('arithmetic', () => {
  it('adds what floats cannot', () => {
    expect(exact('0.1').plus(exact('0.2'))).toEqual(exact('0.3'));
  });

  it('goes over 2^53 and back', () => {
    const edge = Exact.of(Number.MAX_SAFE_INTEGER);
    expect(`${edge.plus(Exact.one)}`).toBe('9007199254740992');
    expect(edge.plus(Exact.one).minus(Exact.one)).toStrictEqual(edge);
    expect(`${edge.times(edge)}`).toBe('81129638414606663681390495662081');
    expect(edge.times(edge).over(edge)).toStrictEqual(edge);
  });

  it('keeps thirds', () => {
    const third = exact('1/3');
    expect(third.plus(third).plus(third)).toStrictEqual(Exact.one);
    expect(Exact.one.over(Exact.of(3)).toString()).toBe('1/3');
  });

  it('has one zero', () => {
    expect(Exact.zero.negated()).toStrictEqual(Exact.zero);
    expect(Exact.of(-5).times(Exact.zero)).toStrictEqual(Exact.zero);
    expect(Exact.zero.over(Exact.of(-5))).toStrictEqual(Exact.zero);
    expect(exact('-1/3').plus(exact('1/3'))).toStrictEqual(Exact.zero);
  });

  it('compares neighbours that floats cannot distinguish', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(Exact.of(most, most - 1).compare(Exact.of(most - 1, most - 2))).toBe(-1);
    expect(Exact.of(most - 1, most - 2).compare(Exact.of(most, most - 1))).toBe(1);
  });

  it('refuses to divide by 0', () => {
    expect(() => Exact.one.over(Exact.zero)).toThrow(RangeError);
    expect(() => Exact.zero.over(exact('0.00'))).toThrow(RangeError);
  });

  it('calls a value unwieldy beyond 512 bits, above or below the line', () => {
    const large = Exact.of(2n ** 512n);
    expect(large.isUnwieldy()).toBe(false);
    expect(Exact.parse(`-${'9'.repeat(30)}.${'9'.repeat(20)}`).isUnwieldy()).toBe(false);
    expect(
      [large.plus(Exact.one), large.plus(Exact.one).negated(), Exact.one.over(large.plus(Exact.one))].map((value) =>
        value.isUnwieldy(),
      ),
    ).toEqual([true, true, true]);
  });
});

describe('rounding (AT-30)', () => {
  test.each([
    ['2.345', 'half-up', '2.35'],
    ['2.344999', 'half-up', '2.34'],
    ['-2.345', 'half-up', '-2.35'],
    ['2.345', 'half-even', '2.34'],
    ['2.355', 'half-even', '2.36'],
    ['-2.345', 'half-even', '-2.34'],
    ['-0.004', 'half-up', '0.00'],
    ['1/3', 'half-up', '0.33'],
    ['12345678901234567890.125', 'half-even', '12345678901234567890.12'],
    ['12345678901234567890.125', 'half-up', '12345678901234567890.13'],
    ['-12345678901234567890.125', 'half-up', '-12345678901234567890.13'],
    ['12345678901234567890.135', 'half-even', '12345678901234567890.14'],
  ] as const)('%s, %s, is %s', (text, mode, rounded) => {
    expect(exact(text).toDecimal(2, mode)).toBe(rounded);
  });

  it('computes the products of AT-30', () => {
    const product = (rate: string) => exact('97570.49').times(exact(rate)).toDecimal(2, 'half-up');
    expect([product('5.12%'), product('5.13%')]).toEqual(['4995.61', '5005.37']);
  });

  it('writes as many digits as asked', () => {
    expect(exact('1234.5').toDecimal(0, 'half-up')).toBe('1235');
    expect(exact('1/3').toDecimal(20, 'half-up')).toBe('0.33333333333333333333');
    expect(() => Exact.one.toDecimal(-1, 'half-up')).toThrow(RangeError);
    expect(() => Exact.one.toDecimal(1.5, 'half-up')).toThrow(RangeError);
  });

  test.each([
    ['2.5', 2n],
    ['-2.5', -3n],
    ['-2', -2n],
    ['-1/3', -1n],
    ['-12345678901234567890.5', -12345678901234567891n],
    ['-12345678901234567890', -12345678901234567890n],
    ['9007199254740991/2', 4503599627370495n],
  ])('floor of %s is %s', (text, floor) => {
    expect(exact(text).floor()).toBe(floor);
  });
});

describe('as a value', () => {
  it('goes into JSON as text', () => {
    expect(JSON.stringify({ rate: exact('6%') })).toBe('{"rate":"0.06"}');
  });

  it('refuses the operators of JavaScript', () => {
    const [two, ten] = [Exact.of(2), Exact.of(10)];
    expect(() => ten < two).toThrow(TypeError);
    expect(() => Number(two)).toThrow(TypeError);
  });

  it('has a sign', () => {
    expect(['-2', '0', '1/3', '-12345678901234567890'].map((text) => exact(text).sign())).toEqual([-1, 0, 1, -1]);
    expect(['-2', '12345678901234567890'].map((text) => `${exact(text).abs()}`)).toEqual(['2', '12345678901234567890']);
    expect([Exact.zero.isZero(), Exact.one.isZero()]).toEqual([true, false]);
  });
});

describe('as plain numbers', () => {
  it('gives numerator and denominator while both are below 2^53', () => {
    expect([Exact.parse('-2/6').ratio(), Exact.parse('12.50').ratio(), Exact.of(2n ** 60n).ratio()]).toEqual([
      [-1, 3],
      [25, 2],
      undefined,
    ]);
  });
  it('gives whole numbers below 2^53', () => {
    expect(
      [Exact.of(-7), Exact.zero, Exact.parse('0.5'), Exact.of(2n ** 60n)].map((value) => value.wholeNumber()),
    ).toEqual([-7, 0, undefined, undefined]);
  });
});
