import { describe, expect, it } from '@jest/globals';
import { importing } from '../imports/importing.fixture.js';

const starting = importing();
const header = 'id,agent,value,engaged,closed,state\n';
const crm = (more: Record<string, unknown> = {}) => ({
  source: 'crm',
  files: 'export.csv',
  as: 'deals',
  columns: {
    id: 'id',
    owner: { from: 'agent', find: 'people.name' },
    amount: 'value',
    opened: 'engaged',
    closed: 'closed',
  },
  status: { from: 'state', won: ['Closed Won'], lost: ['Closed Lost'] },
  ...more,
});

/** Code and message of what an export is warned of; each row is its cells behind the id. */
async function warned(
  rows: readonly string[],
  document: Record<string, unknown> = crm(),
  people = { ann: 'Ann' } as Record<string, string>,
) {
  const at = await starting();
  await at.people(people);
  await at.map(document);
  const { warnings } = await at.bring(header + rows.map((row, index) => `D${index},${row}\n`).join(''));
  return { at, warnings, texts: warnings.map(({ code, message }) => `${code}: ${message}`) };
}
const won = 'Ann,10.50,2025-01-01,2025-02-20,Closed Won';
const open = 'Ann,10.50,2025-01-01,,Negotiation';

describe('A status in neither list', () => {
  it('that is a word for an open deal warns of nothing', async () => {
    expect(
      (await warned([won, open, 'Ann,1.50,2025-01-01,,Proposal', 'Ann,1.50,2025-01-01,,Close Plan'])).texts,
    ).toEqual([]);
  });
  it.each([
    ['Closed Wonn', 'the state "Closed Wonn", which is neither won nor lost (did you mean "Closed Won"?)'],
    ['closed won', '(did you mean "Closed Won"?)'],
    ['Closed-Won', '(did you mean "Closed Won"?)'],
    ['Closed Won (renewal)', '(did you mean "Closed Won"?)'],
    ['Closed', '(did you mean "Closed Won"?)'],
    ['Signed', 'neither won nor lost, and it closed on 2025-02-10'],
    ['', '1 row has no state, and it closed on 2025-02-10'],
  ])('as %p warns with its row', async (state, message) => {
    const { warnings, texts } = await warned([won, open, `Ann,10.50,2025-01-01,2025-02-10,${state}`]);
    expect(texts).toEqual([expect.stringContaining(message)]);
    expect(warnings[0]).toMatchObject({
      code: 'STATUS_UNKNOWN',
      about: { kind: 'row', source: 'crm', as: 'deals', file: 'export.csv', row: 4 },
    });
  });
  it('is open where rows of other open states are dated as well, since they expect to close', async () => {
    expect(
      (await warned([won, 'Ann,1.50,2025-01-01,2025-03-10,Negotiation', 'Ann,1.50,2025-01-01,2025-02-10,Proposal']))
        .texts,
    ).toEqual([]);
  });
  it('is one warning for all its rows, beside the warning that nothing is won', async () => {
    const rows = Array.from({ length: 6 }, () => 'Ann,10.50,2025-01-01,2025-02-10,Won');
    expect((await warned(rows)).texts).toEqual([
      expect.stringContaining('6 rows have the state "Won"'),
      expect.stringContaining('STATUS_NEVER_WON: none of 6 rows has the state "Closed Won" (it has "Won")'),
    ]);
  });
});

describe('The dates of an export', () => {
  const form = (dates: string) => crm({ dates });
  it('that exist only in the other form give a warning, beside the waiting rows', async () => {
    const rows = ['Ann,10.50,05.01.2025,20.02.2025,Closed Won', 'Ann,10.50,06.01.2025,03.02.2025,Closed Won'];
    expect((await warned(rows, form('MM.dd.yyyy'))).texts).toEqual([
      expect.stringContaining(
        'DATE_FORM: the source reads dates as MM.dd.yyyy, but 1 of 4 dates exist only as dd.MM.yyyy, and 0 only as MM.dd.yyyy',
      ),
    ]);
    expect((await warned(rows, form('dd.MM.yyyy'))).texts).toEqual([]);
  });
  it('by which rows close before they open, while the other form has none, are doubted', async () => {
    const rows = ['Ann,10.50,10/11/2024,04/12/2024,Closed Won', 'Ann,10.50,01/02/2025,02/03/2025,Closed Won'];
    expect((await warned(rows, form('M/d/yyyy'))).texts.filter((text) => text.startsWith('DATE'))).toEqual([
      expect.stringContaining('1 row would close before opening, and as d/M/yyyy none would'),
    ]);
    expect((await warned(rows, form('d/M/yyyy'))).texts).toEqual([]);
  });
  it('that fill few days of many months are doubted, but not the first of each month', async () => {
    const rows = (day: (month: number) => string) =>
      Array.from({ length: 9 }, (_, index) => `Ann,10.50,,${day(index + 1)},Closed Won`);
    const pad = (n: number) => String(n).padStart(2, '0');
    expect(
      (
        await warned(
          rows((n) => `${pad(n)}.0${1 + (n % 2)}.2025`),
          form('MM.dd.yyyy'),
        )
      ).texts,
    ).toEqual([
      expect.stringContaining(
        'none of 9 dates has a day above 12: they lie on 2 days of 9 months, and as dd.MM.yyyy on 9 days of 2 months',
      ),
    ]);
    expect(
      (
        await warned(
          rows((n) => `01.${pad(n)}.2025`),
          form('dd.MM.yyyy'),
        )
      ).texts,
    ).toEqual([]);
  });
});

describe('The amounts of an export', () => {
  it('with three decimals each are doubted', async () => {
    expect((await warned([won.replace('10.50', '12.500'), won.replace('10.50', '8.250')])).texts).toEqual([
      expect.stringContaining('NUMBER_FORM: 2 amounts such as 12.500 have exactly three decimals when read as 1234.56'),
    ]);
    expect((await warned([won.replace('10.50', '"12,500"')], crm({ numbers: '1.234,56' }))).texts).toEqual([
      expect.stringContaining('write `numbers: 1,234.56`'),
    ]);
    expect((await warned([won.replace('10.50', '12500')])).texts).toEqual([]);
  });
});

describe('An export', () => {
  it('without rows is a warning that names the retracted records', async () => {
    const { at } = await warned([won, won]);
    expect((await at.bring(header, { complete: true })).warnings).toMatchObject([
      {
        code: 'EXPORT_EMPTY',
        message: 'export.csv has no rows of deals; 2 records that it had before were retracted: check the export',
      },
    ]);
  });
  it('that looks up a name of two people names both', async () => {
    expect((await warned([open.replace('Ann', '')], crm(), { ann: 'Ann', ann2: 'Ann' })).texts).toEqual([
      expect.stringContaining('NAME_SHARED: "Ann" is the name of 2 people'),
    ]);
  });
  it('has its warnings as long as they apply: an event when they change, and none while they stay', async () => {
    const { at } = await warned([won, 'Ann,10.50,2025-01-01,2025-02-10,Closed Wonn']);
    expect(await at.stored(['reading'])).toHaveLength(1);
    await at.bring(`${header}D0,${won}\nD1,Ann,10.50,2025-01-01,2025-02-10,Closed Wonn\n`);
    expect(await at.stored(['reading'])).toHaveLength(1);
    await at.bring(`${header}D0,${won}\nD1,${won}\n`);
    expect(await at.stored(['reading'])).toHaveLength(2);
  });
});
