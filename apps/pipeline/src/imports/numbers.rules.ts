import { literally } from './pattern.rules.js';

/** A cell as a plain decimal such as `-1234.56`, or undefined if it is no number. */
export type NumberReader = (text: string) => string | undefined;

const PLAIN = /^-?\d{1,30}(\.\d{1,20})?$/;

/**
 * Reads numbers as a sample shows them: `1.234,56`, `1,234.56`, `1 234,56`, `1234.56` (the default); marks of thousands may be left
 * out, but not be in the wrong place. `strip` is removed before. Exponents are no numbers.
 */
export function numberReader(sample: string | undefined, strip: readonly string[] = []): NumberReader {
  const thousands = sample && sample.length === 8 ? sample[1] : undefined;
  const point = sample ? sample[sample.length - 3]! : '.';
  const read = thousands === undefined && point === '.' ? plain : grouped(thousands, point);
  if (strip.length === 0) return read;
  return (text) => {
    let bare = text;
    for (const part of strip) bare = bare.replaceAll(part, '');
    return read(bare.trim());
  };
}

function plain(text: string): string | undefined {
  return PLAIN.test(text) ? text : undefined;
}

function grouped(thousands: string | undefined, point: string): NumberReader {
  const whole = thousands === undefined ? '\\d{1,30}' : `(?:\\d{1,30}|\\d{1,3}(?:${literally(thousands)}\\d{3}){1,9})`;
  const pattern = new RegExp(`^-?${whole}(?:${literally(point)}\\d{1,20})?$`);
  return (text) => {
    // A narrow or hard space is how many programs write the space between thousands.
    const spaced = thousands === ' ' ? text.replace(/[\u00a0\u202f]/g, ' ') : text;
    if (!pattern.test(spaced)) return undefined;
    const bare = thousands === undefined ? spaced : spaced.replaceAll(thousands, '');
    return point === '.' ? bare : bare.replace(point, '.');
  };
}
