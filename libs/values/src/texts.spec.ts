import { describe, expect, it } from '@jest/globals';
import { explainedFault, idFault, idOf, textFault } from './texts.js';

const points = (...codes: number[]) => codes.map((code) => String.fromCharCode(code));
const hidden = points(
  ...[0x00, 0x01, 0x09, 0x0a, 0x0d, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9f],
  ...[0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
  ...[0x200b, 0x2028, 0x2029, 0x2060, 0xfeff, 0xd800, 0xdbff, 0xdc00, 0xdfff],
);

describe('an id', () => {
  it('is one id in both spellings of the same characters', () => {
    expect(idOf('Zoe\u0308')).toBe(idOf('Zo\u00eb'));
    expect(idOf('\u1100\u1161')).toBe('\uac00');
  });

  it.each(hidden)('cannot hold %j, anywhere in it', (character) => {
    const point = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    for (const [text, at] of [
      [`${character}ann`, 1],
      [`an${character}n`, 3],
      [`\u{1f600}${character}`, 2],
    ] as const)
      expect(idFault(text)).toEqual({ kind: 'character', point, at });
  });

  it('may be of any letters, with signs, spaces and joined emoji', () => {
    for (const text of [
      'ann',
      '0012',
      'EMEA / DACH',
      'a:b~c',
      'مها',
      '株式会社',
      '\u{1f469}\u200d\u{1f4bb}',
      'x'.repeat(400),
    ])
      expect(idFault(text)).toBeUndefined();
  });

  it('is neither nothing nor longer than 400 characters', () => {
    expect(explainedFault(idFault('')!)).toBe('expected an id, found nothing');
    expect(explainedFault(idFault('x'.repeat(401))!)).toBe('expected at most 400 characters');
    expect(explainedFault(idFault('an\u202en')!)).toBe('cannot hold the character U+202E, found at character 3');
  });
});

describe('any text', () => {
  it('may have lines, but neither a NUL nor half of a surrogate pair', () => {
    expect(textFault('two\nlines\t\u{1f600}')).toBeUndefined();
    expect(textFault('a\0')).toMatchObject({ point: 'U+0000', at: 2 });
    expect(textFault('\ud83d')).toMatchObject({ point: 'U+D83D', at: 1 });
  });
});
