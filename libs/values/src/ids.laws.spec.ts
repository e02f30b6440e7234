import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, compareBytes, uuidOf } from './ids.js';

const laws = { numRuns: Number(process.env['LAWS_RUNS'] ?? 200) };

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc
    .array(fc.constantFrom('a', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'), { maxLength: 4 })
    .map((parts) => parts.join('')),
);
const part = text.filter((candidate) => !candidate.includes('\0'));

test('compareBytes is the order of the UTF-8 bytes', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    laws,
  );
});

test('uuidOf gives one id of version 5 to the same parts, and another to others', () => {
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 3 }),
      fc.array(part, { minLength: 1, maxLength: 3 }),
      (a, b) => {
        expect(uuidOf('law', ...a)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(uuidOf('law', ...a) === uuidOf('law', ...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      },
    ),
    laws,
  );
});

test('canonicalJson represents the same value as JSON, with one text for any order of keys', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, entry]) => [key, shuffled(entry)]),
    );
  };
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const canonical = canonicalJson(value);
      expect(JSON.parse(canonical)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(JSON.parse(canonical))).toBe(canonical);
      expect(canonicalJson(shuffled(value))).toBe(canonical);
    }),
    laws,
  );
});
