import { describe, expect, it } from '@jest/globals';
import { messages } from './documents.fixture.js';

const company = (text: string) => `currency: USD\n${text}`;
const source = (text: string) => `source: crm\nfiles: a.csv\nas: deals\ncolumns: { id: opportunity_id }\n${text}`;

describe('a company that is not of its form', () => {
  it.each([
    ['currency: usd', ['f.yaml:1:11: currency: expected a currency by its ISO 4217 code, such as USD, found `usd`']],
    ['company: X', ['f.yaml:1:1: currency: missing: expected a currency by its ISO 4217 code, such as USD']],
    [
      company('timeZone: Mars/Olympus'),
      ['f.yaml:2:11: timeZone: expected a time zone such as America/Chicago, found `Mars/Olympus`'],
    ],
    [
      company('fiscalYear: { starts: 02-30 }'),
      ['f.yaml:2:1: fiscalYear: Not a start of a fiscal year: "02-30" (write 02-01)'],
    ],
    [
      company('fiscalYear: { calendar: 4-4-5 }'),
      ['f.yaml:2:1: fiscalYear: Not a first day of the week: undefined (write Monday)'],
    ],
    [company('seasons: [ 20%, 20% ]'), ['f.yaml:2:1: seasons: expected 4 shares (quarters) or 12 (months), found 2']],
    [company('seasons: [ 20%, 20%, 30%, 40% ]'), ['f.yaml:2:1: seasons: the shares sum to 110.00%, not to 100%']],
    [
      company('seasons: [ 20%, 20%, 20%, 40 ]'),
      ['f.yaml:2:27: seasons[3]: expected a share such as 50% or 1/3, found `40`'],
    ],
    [
      company('measures: { r: { counts: amount } }'),
      ['f.yaml:2:13: measures.r: missing: `of`, expected one of deals | items | invoices | payments | activities'],
    ],
    [
      company('measures: { r: { of: deal, counts: amount } }'),
      [
        'f.yaml:2:22: measures.r.of: expected one of deals | items | invoices | payments | activities, found `deal` (did you mean "deals"?)',
      ],
    ],
    [
      company('measures: { r: {} }'),
      ['f.yaml:2:13: measures.r: missing: a measure has `counts` (an expression) and `of`, or `is` (measures)'],
    ],
    [
      company('measures: { r: { is: a + b, of: deals } }'),
      ['f.yaml:2:33: measures.r.of: a measure with `is` has no `of`: it takes that of its measures'],
    ],
    [
      company('access: { formerManagers: never }'),
      ['f.yaml:2:27: access.formerManagers: expected one of keep | none, found `never`'],
    ],
    [
      company('fields: { cost: mony }'),
      [
        'f.yaml:2:17: fields.cost: expected one of money | number | rate | date | text | yes/no, found `mony` (did you mean "money"?)',
      ],
    ],
    [
      company('leaderboards: { shows: amounts }'),
      ['f.yaml:2:24: leaderboards.shows: expected one of rank | percent, found `amounts`'],
    ],
    [
      company('stages: [ { nam: x, probability: 10 } ]'),
      [
        'f.yaml:2:11: stages[0].name: missing: expected a name',
        'f.yaml:2:13: stages[0].nam: unknown key "nam" in a stage (did you mean "name"?)',
        'f.yaml:2:34: stages[0].probability: expected a share such as 50% or 1/3, found `10`',
      ],
    ],
    [
      company('payDay: 32 of the next month'),
      ['f.yaml:2:9: payDay: expected last day, or e.g. `15 of the next month`, found `32 of the next month`'],
    ],
  ])('%#: states the expected value', (text, problems) => expect(messages('company', text)).toEqual(problems));
});

describe('a source that is not of its form', () => {
  it.each([
    [
      source('').replace('deals', 'deal'),
      [
        'f.yaml:3:5: as: expected one of deals | items | people | accounts | invoices | payments | activities | splits | reversals | leaves | scores | quotas, found `deal` (did you mean "deals"?)',
      ],
    ],
    [
      source('').replace('opportunity_id', '{ form: x }'),
      [
        'f.yaml:4:12: columns.id.from: missing: expected a name',
        'f.yaml:4:18: columns.id.form: unknown key "form" in a column (did you mean "from"?)',
      ],
    ],
    [
      source('dates: mm/dd'),
      ['f.yaml:5:8: dates: expected a form of dates with yyyy, MM and dd, such as yyyy-MM-dd, found `mm/dd`'],
    ],
    [source('delimiter: ";;"'), ['f.yaml:5:12: delimiter: expected one character, or tab, found `;;`']],
    [
      source('numbers: 1,234'),
      ['f.yaml:5:10: numbers: expected a number such as 1.234,56 that shows how numbers are written, found `1,234`'],
    ],
    [source('numbers: 1.234.56'), ['f.yaml:5:10: numbers: the marks of thousands and decimals are the same']],
    [
      source('encoding: latin1'),
      [
        'f.yaml:5:11: encoding: expected one of utf-8 | utf-16le | utf-16be | windows-1252 | iso-8859-1 | iso-8859-15, found `latin1`',
      ],
    ],
    [
      source('status: { from: s, wonn: [W] }'),
      ['f.yaml:5:20: status.wonn: unknown key "wonn" in a status (did you mean "won"?)'],
    ],
  ])('%#: states the expected value', (text, problems) => expect(messages('source', text)).toEqual(problems));
});
