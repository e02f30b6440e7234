import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyTable } from './key-table.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 200);

describe('The keys of a file', () => {
  it('show the last row of each key, whether there are several, and whether these differ', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 4 }), fc.constantFrom('x', 'y')), {
          minLength: 1,
          maxLength: 300,
        }),
        (rows) => {
          const table = new KeyTable(16);
          const known = new Map<string, { last: number; bodies: string[] }>();
          rows.forEach(([key, body], index) => {
            table.add(key, [key, body], [0, 1], index + 1);
            known.set(key, { last: index + 1, bodies: [...(known.get(key)?.bodies ?? []), body] });
          });
          expect(table.size).toBe(known.size);
          for (const [key, { last, bodies }] of known) {
            expect(table.entry(key)).toMatchObject({
              last,
              many: bodies.length > 1,
              conflict: new Set(bodies).size > 1,
            });
          }
          expect(table.has('not there')).toBe(false);
        },
      ),
      { numRuns },
    );
  });
});
