import { describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { xlsxOf } from './xlsx.js';

const columns = [
  { name: 'id', type: 'text' },
  { name: 'amount', type: 'decimal' },
  { name: 'own', type: 'other' },
] as const;
const source = { question: '/v1/deals?format=xlsx', asOf: null, position: '1042', more: false };
const texts = async (rows: object[]) => {
  const file = unzipSync(await xlsxOf(columns, rows as Record<string, unknown>[], source));
  return Object.values(file)
    .map((bytes) => new TextDecoder().decode(bytes))
    .join('\n');
};

describe('A workbook', () => {
  it('has the rows and their source, and no text of it is a formula', async () => {
    const text = await texts([{ id: '=HYPERLINK("x")', amount: '1054.50', own: { a: 1 } }]);
    expect(text).not.toContain('<f>');
    expect(text).toContain('=HYPERLINK(');
    expect(text).toContain('<v>1054.5</v>');
    for (const part of [source.question, source.position, 'asOf']) expect(text).toContain(part);
  });

  it('holds a decimal as a text where a spreadsheet would round it', async () => {
    const text = await texts([{ id: 'D1', amount: '1234567890123456.78', own: null }]);
    expect(text).toContain('1234567890123456.78');
    expect(text).not.toContain('<v>1234567890123456</v>');
  });

  it('is the same bytes for the same rows', async () => {
    const rows = [{ id: 'D1', amount: '1', own: null }];
    const first = await xlsxOf(columns, rows, source);
    await new Promise((resume) => setTimeout(resume, 5));
    expect((await xlsxOf(columns, rows, source)).equals(first)).toBe(true);
  });
});
