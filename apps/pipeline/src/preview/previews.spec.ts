import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EVENT_STORE } from '@attain/service';
import { describe, expect, it } from '@jest/globals';
import { importing, context } from '../imports/importing.fixture.js';
import type { ImportPreview } from './preview.answers.js';
import { type PreviewRequest, Previews } from './previews.js';

const at = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const maven = at('../shared/data/maven_crm/');
const itShared = existsSync(maven) ? it : it.skip;
const exported = (file: string) => readFile(at(`docs/source-mappings/exports/${file}`));

const starting = importing();
/** Previews a text where Nora Quinn and Omar Reyes sell. */
async function previewed(text: string | Buffer, more: Partial<PreviewRequest> = {}) {
  const place = await starting();
  await place.people({ nora: 'Nora Quinn', omar: 'Omar Reyes' });
  const before = await place.head();
  const preview = await place.instance
    .get(Previews)
    .of(
      { path: await place.file(text, 'deals.csv'), source: undefined, as: undefined, stated: {}, ...more },
      context,
      new AbortController().signal,
    );
  expect(await place.instance.get(EVENT_STORE).head()).toBe(before);
  return { preview, place };
}
const fieldsIn = ({ columns }: ImportPreview) =>
  Object.fromEntries(columns.flatMap(({ field, header }) => (field === null ? [] : [[field, header]])));
const formsIn = ({ forms }: ImportPreview) => Object.fromEntries(forms.map(({ key, value }) => [key, value]));

describe('The preview of an export', () => {
  it('recognises the columns of Salesforce, and reads every row', async () => {
    const { preview } = await previewed(await exported('salesforce-opportunities.csv'));
    expect(fieldsIn(preview)).toEqual({
      id: 'Opportunity ID',
      name: 'Opportunity Name',
      account: 'Account Name',
      owner: 'Opportunity Owner',
      type: 'Type',
      stage: 'Stage',
      amount: 'Amount',
      currency: 'Amount Currency',
      opened: 'Created Date',
      closed: 'Close Date',
    });
    expect(preview.counts).toEqual({ rows: 4, opened: 4, changed: 0, unchanged: 0, quarantined: 0 });
    expect(preview.rows[0]).toEqual({
      row: 2,
      status: 'won',
      problem: null,
      fields: {
        id: '0065e00000AbC1dAAF',
        name: 'Harbor Logistics - Platform',
        account: 'Harbor Logistics',
        owner: 'nora',
        type: 'New Business',
        stage: 'Closed Won',
        amount: '48000.00',
        currency: 'USD',
        opened: '2025-11-20',
        closed: '2026-01-14',
      },
    });
    expect(preview.rows.map(({ status }) => status)).toEqual(['won', 'won', 'lost', 'open']);
  });

  it('recognises owners with an address beside the name, and times of HubSpot', async () => {
    const { preview } = await previewed(await exported('hubspot-deals.csv'));
    expect(preview.mapping).toMatchObject({
      dates: 'yyyy-MM-dd HH:mm',
      columns: {
        id: 'Record ID',
        owner: {
          from: 'Deal owner',
          find: 'people.name',
          replace: { 'Nora Quinn (nora.quinn@example.com)': 'Nora Quinn' },
        },
      },
      status: { from: 'Deal Stage', won: ['Closed won (Sales Pipeline)'], lost: ['Closed lost (Sales Pipeline)'] },
    });
    expect(preview.counts).toMatchObject({ opened: 3, quarantined: 0 });
  });

  it('recognises semicolons, decimal commas and days before months of Pipedrive', async () => {
    const { preview } = await previewed(await exported('pipedrive-deals.csv'));
    expect(formsIn(preview)).toMatchObject({
      delimiter: ';',
      encoding: 'utf-8',
      numbers: '1.234,56',
      dates: 'd.M.yyyy HH:mm:ss',
      status: 'Deal - Status',
    });
    expect(preview.mapping).toMatchObject({ columns: { stage: 'Deal - Stage', amount: 'Deal - Value' } });
    expect(preview.rows.map(({ fields }) => fields?.['amount'])).toEqual(['12500.00', '9800.50', '7000.00']);
  });

  it('suggests a mapping that imports the same file just so', async () => {
    const text = await exported('pipedrive-deals.csv');
    const { preview, place } = await previewed(text);
    await place.map({ ...preview.mapping, source: 'crm' });
    expect(await place.bring(text)).toMatchObject({ opened: 3, quarantined: 0 });
    expect((await place.deals()).get('412')).toMatchObject({
      amount: '12500.00',
      owner: 'nora',
      closed: '2026-01-28',
      status: 'won',
    });
  });

  it('lists row, field, expected and found of each row that would wait, and stores nothing', async () => {
    const text =
      'id,owner,amount,close date,stage\nD1,Nora Quinn,100,2026-01-05,Won\nD2,Nora Quinn,100,2026-02-31,Won\n';
    const { preview } = await previewed(text);
    const problem = { row: 3, field: 'closed', expected: 'a date that exists', found: '2026-02-31' };
    expect(preview.problems).toEqual([problem]);
    expect(preview.rows[1]).toEqual({ row: 3, fields: null, status: null, problem });
    expect(preview.counts).toMatchObject({ rows: 2, opened: 1, quarantined: 1 });
  });

  it('asks to look at dates and numbers that can be read in two ways', async () => {
    const text = 'id;amount;close date\nD1;12.500;01/02/2026\nD2;7.000;03/04/2026\n';
    const { preview } = await previewed(text);
    expect(preview.forms.filter(({ verdict }) => verdict === 'likely').map(({ key }) => key)).toEqual([
      'numbers',
      'dates',
      'status',
    ]);
    expect(preview.rows[0]?.fields).toMatchObject({ amount: '12500', closed: '2026-02-01' });
    const { preview: stated } = await previewed(text, { stated: { dates: 'MM/dd/yyyy', numbers: '1234.56' } });
    expect(stated.rows[0]?.fields).toMatchObject({ amount: '12.500', closed: '2026-01-02' });
  });

  it('reads a file that is no UTF-8 as Windows writes it', async () => {
    const { preview } = await previewed(Buffer.from('id,name,amount,closed\nD1,M\xfcller,5,2026-01-01\n', 'latin1'));
    expect(formsIn(preview)).toMatchObject({ encoding: 'windows-1252' });
    expect(preview.rows[0]?.fields).toMatchObject({ name: 'Müller' });
  });

  it('lists the errors of a mapping for the file, and reads no row', async () => {
    const { preview } = await previewed('a,b\n,1\n', { stated: { columns: { id: 'Deal ID' } } });
    expect(preview.errors).toEqual([{ field: 'columns.id', message: expect.stringContaining('no column "Deal ID"') }]);
    expect(preview.rows).toEqual([]);
  });

  it('compares with the stored records if the source was imported before', async () => {
    const place = await starting();
    await place.map({
      source: 'crm',
      files: 'deals.csv',
      as: 'deals',
      columns: { id: 'id', amount: 'value', closed: 'closed' },
    });
    await place.bring('id,value,closed\nD1,5,2026-01-01\nD2,6,2026-01-01\n');
    const path = await place.file('id,value,closed\nD1,5,2026-01-01\nD2,7,2026-01-01\nD3,8,2026-01-01\n', 'next.csv');
    const request = { path, source: 'crm', as: undefined, stated: {} };
    const preview = await place.instance.get(Previews).of(request, context, new AbortController().signal);
    expect(preview.counts).toEqual({ rows: 3, opened: 1, changed: 1, unchanged: 1, quarantined: 0 });
    expect(preview.columns.map(({ verdict }) => verdict)).toEqual(['stated', 'stated', 'stated']);
    expect((await place.deals()).get('D2')).toMatchObject({ amount: '6' });
  });

  itShared('recognises the 8,800 deals of Maven, in both forms of dates', async () => {
    for (const folder of ['', 'variant_us_dates/']) {
      const { preview } = await previewed(await readFile(`${maven}${folder}sales_pipeline.csv`));
      expect(fieldsIn(preview)).toEqual({
        id: 'opportunity_id',
        owner: 'sales_agent',
        product: 'product',
        account: 'account',
        stage: 'deal_stage',
        opened: 'engage_date',
        closed: 'close_date',
        amount: 'close_value',
      });
      expect(preview.mapping['dates']).toBe(folder === '' ? undefined : 'M/d/yyyy');
      expect(preview.mapping['status']).toEqual({ from: 'deal_stage', won: ['Won'], lost: ['Lost'] });
      expect(preview.counts.rows).toBe(8800);
    }
  });
});
