import { describe, expect, it } from '@jest/globals';
import { BadPattern, dateReader } from './dates.rules.js';

describe('A date', () => {
  it.each([
    ['yyyy-MM-dd', '2017-03-01', '2017-03-01'],
    ['M/d/yyyy', '3/1/2017', '2017-03-01'],
    ['M/d/yyyy', '12/31/2017', '2017-12-31'],
    ['dd.MM.yyyy', '01.03.2017', '2017-03-01'],
    ['d MMM yyyy', '1 Mar 2017', '2017-03-01'],
    ['MMMM d, yyyy', 'March 1, 2017', '2017-03-01'],
    ['yyyyMMdd', '20170301', '2017-03-01'],
    ['yyyy-MM-dd HH:mm:ss', '2017-03-01 23:59:00', '2017-03-01'],
    ["yyyy-MM-dd'T'HH:mm:ss'Z'", '2017-03-01T00:00:00Z', '2017-03-01'],
    ['M/d/yyyy h:mm a', '3/1/2017 4:05 PM', '2017-03-01'],
  ])('written as %s is read: %s', (pattern, text, date) => {
    expect(dateReader([pattern])(text)).toEqual({ date });
  });
  it.each([
    ['yyyy-MM-dd', '2017-02-30', 'a date that exists'],
    ['yyyy-MM-dd', '03/01/2017', 'a date written as yyyy-MM-dd'],
    ['M/d/yyyy', '2/29/2017', 'a date that exists'],
    ['M/d/yyyy', '13/1/2017', 'a date that exists'],
    ['M/d/yyyy', '2017-03-01', 'a date written as M/d/yyyy'],
    ['dd.MM.yyyy', '1.3.2017', 'a date written as dd.MM.yyyy'],
  ])('written as %s is not guessed: %s', (pattern, text, expected) => {
    expect(dateReader([pattern])(text)).toEqual({ expected });
  });
  it('in one of several forms is read by the one that fits', () => {
    const read = dateReader(['yyyy-MM-dd', 'M/d/yyyy']);
    expect(read('2017-03-01')).toEqual(read('3/1/2017'));
    expect(read('1.3.2017')).toEqual({ expected: 'a date written as yyyy-MM-dd or M/d/yyyy' });
  });
  it('that could be two days is an error that names both', () => {
    const read = dateReader(['M/d/yyyy', 'd/M/yyyy']);
    expect(read('3/4/2017')).toEqual({
      expected: 'one date, but it is 2017-03-04 as M/d/yyyy and 2017-04-03 as d/M/yyyy',
    });
    expect(read('3/3/2017')).toEqual({ date: '2017-03-03' });
    expect(read('3/14/2017')).toEqual({ date: '2017-03-14' });
  });
  it.each(['M/d/yy', 'yyyy-MM', 'yyyy-MM-dd-MM', 'yyyy-MM-ddX', 'yyyy-QQ-dd'])(
    'is never read by the form %s',
    (pattern) => {
      expect(() => dateReader([pattern])).toThrow(BadPattern);
    },
  );
});
