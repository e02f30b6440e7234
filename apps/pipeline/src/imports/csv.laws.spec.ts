import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CsvRecords } from './csv.rules.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 200);

function cellsOf(chunks: readonly string[]): string[][] {
  const records: string[][] = [];
  const csv = new CsvRecords(
    { delimiter: ',', longest: 1000 },
    { record: (cells) => records.push(cells), bad: ({ expected }) => records.push([expected]) },
  );
  for (const chunk of chunks) csv.write(chunk);
  csv.end();
  return records;
}

describe('A CSV file', () => {
  it('has the same rows however it is cut into chunks', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ';', 'é', ''), maxLength: 6 });
    const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 0, max: 60 })),
        (rows, cuts) => {
          const text = rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
          const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
          const chunks = places.slice(1).map((to, index) => text.slice(places[index], to));
          expect(cellsOf(chunks)).toEqual(rows);
        },
      ),
      { numRuns },
    );
  });

  it('never fails for any text, and numbers its rows in their order', () => {
    const noise = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é'), maxLength: 80 });
    fc.assert(
      fc.property(noise, fc.integer({ min: 1, max: 80 }), (text, cut) => {
        let rows = 0;
        const seen: number[] = [];
        const sink = {
          record: (_: string[], row: number) => void seen.push(row),
          bad: ({ row }: { row: number }) => void seen.push(row),
        };
        const csv = new CsvRecords({ delimiter: ',', longest: 1000 }, sink);
        csv.write(text.slice(0, cut));
        csv.write(text.slice(cut));
        csv.end();
        for (const row of seen) {
          expect(row).toBeGreaterThan(rows);
          rows = row;
        }
        expect(rows).toBeLessThanOrEqual(text.split('\n').length);
      }),
      { numRuns },
    );
  });
});
