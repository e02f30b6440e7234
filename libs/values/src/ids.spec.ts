import { describe, expect, it, test } from '@jest/globals';
import { Exact } from './exact.js';
import { canonicalJson, compareBytes, newUuid, sha256, uuidOf } from './ids.js';

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

describe('uuidOf', () => {
  it('agrees with RFC 9562', () => {
    expect(uuidOf(DNS, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
    expect(uuidOf(DNS.toUpperCase(), 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('stays the same for ever', () => {
    expect(uuidOf('deal', 'crm', 'D1')).toBe('49c296ce-eb27-5dba-86ec-3d06592e25c8');
  });

  it('distinguishes parts', () => {
    const ids = [
      uuidOf('a', 'bc'),
      uuidOf('ab', 'c'),
      uuidOf('a', 'b', 'c'),
      uuidOf('a', '', 'bc'),
      uuidOf('a', 'bc', ''),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refuses what would make two ids one', () => {
    expect(() => uuidOf('deal')).toThrow(RangeError);
    expect(() => uuidOf('deal', 'a\0b')).toThrow(RangeError);
    expect(() => uuidOf('deal\0', 'a')).toThrow(RangeError);
    expect(() => uuidOf('deal', '\ud800')).toThrow(RangeError);
  });
});

test('newUuid gives another one each time', () => {
  expect(newUuid()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(newUuid()).not.toBe(newUuid());
});

test('compareBytes follows UTF-8, not UTF-16', () => {
  expect(['\u{1f600}', '\uffee', 'é', 'z', 'Z', '', 'zz'].sort(compareBytes)).toEqual([
    '',
    'Z',
    'z',
    'zz',
    'é',
    '\uffee',
    '\u{1f600}',
  ]);
  expect(compareBytes('ann', 'ann')).toBe(0);
});

describe('canonicalJson', () => {
  test.each<[unknown, string]>([
    [{ b: 1, a: [true, null, 'x"\n'] }, '{"a":[true,null,"x\\"\\n"],"b":1}'],
    [{ b: undefined, a: 12345678901234567890n }, '{"a":"12345678901234567890"}'],
    [{ rate: Exact.parse('6%') }, '{"rate":"0.06"}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [-0, '0'],
    [1e21, '1e+21'],
    [{ é: 1, z: 2, 10: 3, 9: 4 }, '{"10":3,"9":4,"z":2,"é":1}'],
    [{}, '{}'],
    [[], '[]'],
  ])('writes %p as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test.each<[unknown]>([
    [undefined],
    [[undefined]],
    [NaN],
    [{ a: Infinity }],
    [new Map()],
    [new Set([1])],
    [/x/],
    [Symbol('x')],
    [() => 1],
  ])('refuses %p', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});

test('sha256 is that of the bytes in UTF-8', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256('é')).toBe('4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c');
});
