import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CsvSplitter } from '../index.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 200);

const cell = fc
  .oneof(
    fc.constantFrom('', 'x', 'Moses Frase', '1,054.00', 'a "b"', 'line\nend', '\r\n', '"', 'ß€🙂', ' '),
    fc.string({ maxLength: 8, unit: 'grapheme' }),
  )
  .filter((text) => !text.includes('\0') && !/^\r|\r$/.test(text));
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) =>
    fc
      .array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 })
      .map((rows) => ({ width, rows })),
  );

const written = (cells: string[], mode: 'always' | 'needed') =>
  cells
    .map((text) =>
      mode === 'always' || text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text,
    )
    .join(',');

function split(bytes: Uint8Array, cuts: readonly number[]) {
  const splitter = new CsvSplitter({ maxRecordBytes: 400, pieceBytes: 1 });
  const rows: string[][] = [];
  const problems: string[] = [];
  const take = (batch: ReturnType<CsvSplitter['push']>) => {
    for (const row of batch?.rows ?? []) rows.push([`${row.row}/${row.line}`, ...row.cells]);
    for (const problem of batch?.problems ?? []) problems.push(`${problem.row}/${problem.line}: ${problem.message}`);
  };
  let from = 0;
  for (const cut of [...cuts.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b), bytes.length]) {
    take(splitter.push(bytes.subarray(from, cut)));
    from = cut;
  }
  take(splitter.end());
  return { rows, problems };
}

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });

describe('CSV', () => {
  it('that was written is read as it was, whatever the pieces it comes in', () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('always' as const, 'needed' as const),
        fc.boolean(),
        cuts,
        ({ width, rows }, lineEnd, mode, closed, at) => {
          const header = Array.from({ length: width }, (_, index) => `c${index}`);
          const text =
            [header.join(','), ...rows.map((row) => written(row, mode))].join(lineEnd) + (closed ? lineEnd : '');
          const read = split(new TextEncoder().encode(text), at);
          expect(read.problems).toEqual([]);
          expect(read.rows.map(([, ...cells]) => cells)).toEqual(rows);
        },
      ),
      { numRuns },
    );
  });

  it('of any bytes gives the same rows and problems for the same bytes, whatever the pieces', () => {
    const hostile = fc.array(fc.constantFrom(',', '"', '""', '\n', '\r\n', 'x', 'yy', 'é', '\0', ',"', '",'), {
      maxLength: 150,
    });
    fc.assert(
      fc.property(hostile, fc.uint8Array({ maxLength: 6 }), cuts, (parts, noise, at) => {
        const bytes = Buffer.concat([Buffer.from(`a,b\n${parts.join('')}`), noise, Buffer.from('\nlast,1\n')]);
        const whole = split(bytes, []);
        expect(split(bytes, at)).toEqual(whole);
      }),
      { numRuns },
    );
  });

  it('loses no row of which the quotation marks are in order', () => {
    const line = fc.array(fc.constantFrom('x', 'y', ' ', ','), { maxLength: 6 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(
        fc.array(
          line.filter((text) => text !== ''),
          { maxLength: 30 },
        ),
        cuts,
        (lines, at) => {
          const { rows, problems } = split(new TextEncoder().encode(`a,b\n${lines.join('\n')}\n`), at);
          expect(rows.length + problems.length).toBe(lines.length);
        },
      ),
      { numRuns },
    );
  });
});
