import { describe, expect, it } from '@jest/globals';
import type { AttainmentRow, LineRow } from '@attain/compensation';
import * as inSteps from './csv.rules.js';

const written = (steps: Generator<undefined, string>): string => {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
};
const linesCsv = (rows: readonly LineRow[]) => written(inSteps.linesCsv(rows));
const attainmentCsv = (rows: readonly AttainmentRow[]) => written(inSteps.attainmentCsv(rows));
const line = (of: Partial<LineRow>): LineRow => ({
  plan: 'AE',
  version: '1',
  period: '2025-01',
  participant: 'ann',
  component: 'Commission',
  source: 'crm',
  record: 'D1',
  kind: 'earning',
  for: '',
  date: '2025-01-15',
  causedBy: '',
  credited: '75000.00',
  earned: '7500.00',
  earnedCurrency: 'USD',
  payable: '7500.00',
  payableCurrency: 'USD',
  cause: '',
  ...of,
});

describe('rows for other programs', () => {
  it('have the columns of the format, and no others', () => {
    expect(linesCsv([])).toBe(
      'plan,version,period,participant,component,source,record,kind,for,date,causedBy,credited,earned,earnedCurrency,payable,payableCurrency,cause\n',
    );
    expect(attainmentCsv([])).toBe('period,for,measure,quota,credited,attainment,currency\n');
  });

  it('are sorted by all columns in byte order', () => {
    const rows = [line({ record: 'D2' }), line({ plan: 'ae' }), line({ record: 'D10' }), line({ plan: 'Ä' })];
    const records = (csv: string) =>
      csv
        .split('\n')
        .slice(1, -1)
        .map((row) => row.split(',').filter((_, i) => i === 0 || i === 6));
    expect(records(linesCsv(rows))).toEqual([
      ['AE', 'D10'],
      ['AE', 'D2'],
      ['ae', 'D1'],
      ['Ä', 'D1'],
    ]);
    expect(linesCsv(rows.reverse())).toBe(linesCsv(rows));
  });

  it('are quoted only where CSV needs it', () => {
    const row: AttainmentRow = {
      period: '2025',
      for: 'Smith, "Bob"',
      measure: 'new logos',
      quota: '10',
      credited: '5',
      attainment: '0.500000',
      currency: '',
    };
    expect(attainmentCsv([row]).split('\n')[1]).toBe('2025,"Smith, ""Bob""",new logos,10,5,0.500000,');
  });

  it('give a spreadsheet no formula: such a text gets an apostrophe before it, also inside quotation marks', () => {
    const hostile = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '="a",b', '=1\n2'];
    const texts = linesCsv(
      hostile.map((record) =>
        line({
          record,
          source: record,
          component: record,
          plan: record,
          participant: record,
          causedBy: record,
          cause: record,
        }),
      ),
    );
    const cells = (text: string) => `'${text.replaceAll('"', '""')}`;
    for (const text of hostile) {
      const shown = /[",\r\n]/.test(text) ? `"${cells(text)}"` : cells(text);
      expect(texts.split(shown)).toHaveLength(8);
    }
    expect(
      attainmentCsv([
        {
          period: '2025',
          for: '-ann',
          measure: '@m',
          quota: '-5',
          credited: '-10.00',
          attainment: '-0.500000',
          currency: '',
        },
      ]).split('\n')[1],
    ).toBe("2025,'-ann,'@m,-5,-10.00,-0.500000,");
  });

  it('leave numbers as they are, and texts that hold such a character further on', () => {
    const [, row] = linesCsv([
      line({ credited: '-50.00', earned: '-6.25', payable: '-6.25', record: 'D-1', component: 'a=b' }),
    ]).split('\n');
    expect(row).toBe('AE,1,2025-01,ann,a=b,crm,D-1,earning,,2025-01-15,,-50.00,-6.25,USD,-6.25,USD,');
  });

  it('are sorted by the text, not by its replacement', () => {
    const records = linesCsv(['A', '=Z', '%', '-'].map((record) => line({ record })))
      .split('\n')
      .slice(1, -1)
      .map((row) => row.split(',')[6]);
    expect(records).toEqual(['%', "'-", "'=Z", 'A']);
  });
});
