import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatWarning } from '@attain/contracts';
import { relative } from 'node:path';
import { scratch, writeFolder } from '../journeys/booted.fixture.js';
import { checkFolder } from './check-folder.js';

const company: Readonly<Record<string, string>> = {
  'company.yaml':
    'company: Wheels\ncurrency: EUR\ntimeZone: Europe/Berlin\nmeasures:\n  revenue: { counts: amount, of: deals }\n',
  'people.csv': [
    'id,name,role,manager,team,currency,from,to',
    'lea,Lea Vogt,Sales Manager,,South,EUR,2026-01-01,',
    'tom,Tom Krämer,Account Executive,lea,South,EUR,2026-01-01,',
    'ida,Ida Stone,Account Executive,lea,South,EUR,2026-01-01,',
    '',
  ].join('\n'),
  'quotas.csv':
    'for,measure,period,amount,credit\ntom,revenue,2026-Q3,30000,sales\nida,revenue,2026-Q3,40000,sales\nlea,revenue,2026-Q3,70000,reports\n',
  'rates.csv': 'from,to,date,rate\nUSD,EUR,2026-07-01,0.92\nUSD,EUR,2026-08-01,0.91\nUSD,EUR,2026-09-01,0.90\n',
  'plans/seller.yaml': [
    'plan: Seller',
    'version: 2026.1',
    'effective: { from: 2026-01-01 }',
    'assignedTo: { roles: [Account Executive] }',
    'currency: EUR',
    'pays: monthly',
    'components:',
    '  - name: Commission',
    '    measure: revenue',
    '    per: quarter',
    '    tiers:',
    '      - { from: 0%,   rate: 5% }',
    '      - { from: 80%,  rate: 8% }',
    '      - { from: 100%, rate: 12% }',
    '',
  ].join('\n'),
  'plans/lead.yaml':
    'plan: Lead\nversion: 2026.1\neffective: { from: 2026-01-01 }\nassignedTo: { roles: [Sales Manager] }\npays: monthly\ncomponents:\n  - { name: Override, credit: reports, measure: revenue, rate: 1% }\n',
  'sources/crm.yaml': [
    'source: crm',
    'files: exports/crm.csv',
    'as: deals',
    'delimiter: ;',
    'numbers: 1.234,56',
    'dates: dd.MM.yyyy',
    'columns: { id: Nr, name: Titel, owner: { from: Wer, find: people.name }, account: Kunde, opened: Angelegt, closed: Abschluss, amount: Betrag, currency: Währung }',
    'status: { from: Status, won: [Gewonnen], lost: [Verloren] }',
    '',
  ].join('\n'),
  'sources/shop.yaml':
    'source: shop\nfiles: exports/shop.csv\nas: deals\nnumbers: 1,234.56\ndates: MM/dd/yyyy\ncolumns: { id: ID, name: Name, owner: { from: Owner, find: people.name }, account: Company, closed: Closed, amount: Amount, currency: Currency }\nstatus: { from: Stage, won: [Closed Won] }\n',
  'exports/crm.csv': [
    'Nr;Titel;Wer;Kunde;Status;Angelegt;Abschluss;Betrag;Währung',
    '1;Flotte;Tom Krämer;Stadtwerke Kiel;Gewonnen;01.06.2026;13.07.2026;12.500,00;EUR',
    '2;Lieferung;Ida Stone;Hotel Seeblick;Gewonnen;10.06.2026;25.08.2026;38.250,50;EUR',
    '3;Kurier;Tom Krämer;FastKurier;Verloren;02.06.2026;30.07.2026;14.000,00;EUR',
    '4;Polizei;Ida Stone;Land Bayern;Offen;02.09.2026;;120.000,00;EUR',
    '',
  ].join('\n'),
  'exports/shop.csv':
    'ID,Name,Owner,Company,Stage,Closed,Amount,Currency\nS1,Parks,Ida Stone,NPS,Closed Won,08/15/2026,"7,250.75",USD\nS2,Resort,Tom Krämer,Vail,Qualified,,"1,500.00",USD\n',
};

let place: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  place = await scratch();
});
afterEach(() => place.gone());

/** Errors and warnings of the company after some files were changed, with the folder's own paths. */
async function found(...changes: [file: string, from: string, to: string | undefined][]): Promise<string[]> {
  const files: Record<string, string> = { ...company };
  for (const [file, from, to] of changes) {
    if (to === undefined) {
      files[from] = files[file]!;
      delete files[file];
    } else {
      expect(files[file] ?? '').toContain(from);
      files[file] = (files[file] ?? '').replaceAll(from, to);
    }
  }
  await writeFolder(place.path, files);
  const { problems, warnings } = await checkFolder(place.path);
  const shown = [
    ...problems.map((problem) => ({ ...problem, code: `error ${problem.code}` })),
    ...warnings.map((warning) => ({ ...warning, code: `${warning.code}` })),
  ];
  const near = relative(process.cwd(), place.path);
  return shown.map((one) =>
    formatWarning({ ...one, severity: 'warning', about: null }).replace(
      near.startsWith('..') ? `${place.path}/` : `${near}/`,
      '',
    ),
  );
}

describe('A sound company folder', () => {
  it('warns of nothing', async () => {
    expect(await found()).toEqual([]);
  });
});

describe('A mistake that the formats allow is a warning at its place', () => {
  it.each<[string, [string, string, string | undefined][], string]>([
    [
      'no rates of a currency',
      [['rates.csv', 'USD,EUR,', 'GBP,EUR,']],
      'exports/shop.csv:2:1: warning RATE_MISSING: there is no rate from USD to EUR: 1 won deal (7,250.75 USD)',
    ],
    [
      'a role that nobody has',
      [['plans/seller.yaml', 'roles: [Account Executive]', 'roles: [Account Exec]']],
      'plans/seller.yaml:4:23: warning PLAN_UNASSIGNED: nobody has the role "Account Exec" (did you mean "Account Executive", which 2 people have?)',
    ],
    [
      'a role of one person that is mistyped',
      [['people.csv', 'Tom Krämer,Account Executive', 'Tom Krämer,Acount Executive']],
      'people.csv:3:1: warning PERSON_WITHOUT_PLAN: tom (role "Acount Executive") is in no plan',
    ],
    [
      'no quota for one person',
      [['quotas.csv', 'ida,revenue,2026-Q3,40000,sales\n', '']],
      'people.csv:4:1: warning QUOTA_MISSING: ida has credits',
    ],
    [
      'a tier without %',
      [['plans/seller.yaml', 'from: 80%,', 'from: 80,']],
      'plans/seller.yaml:13:17: warning error type: the tier begins at 80',
    ],
    [
      'a plan in a currency without rates',
      [['plans/seller.yaml', 'currency: EUR', 'currency: GBP']],
      'exports/crm.csv:2:1: warning RATE_MISSING: there is no rate from EUR to GBP: 2 won deals (50,750.50 EUR)',
    ],
    [
      'a won deal without an owner',
      [['exports/crm.csv', 'Flotte;Tom Krämer;', 'Flotte;;']],
      'exports/crm.csv:2:1: warning DEAL_WITHOUT_OWNER: the won deal crm:1 ("Flotte", 12,500.00 EUR, 2026-07-13)',
    ],
    [
      'a misspelt status',
      [['exports/crm.csv', 'Kiel;Gewonnen', 'Kiel;Gewonnnen']],
      'exports/crm.csv:2:1: warning STATUS_UNKNOWN: 1 row has the Status "Gewonnnen", which is neither won nor lost (did you mean "Gewonnen"?)',
    ],
    [
      'a won deal without an amount',
      [['exports/crm.csv', ';12.500,00;', ';;']],
      'exports/crm.csv:2:1: warning DEAL_WITHOUT_AMOUNT: the won deal crm:1',
    ],
    [
      'a folder in capitals',
      [['plans/lead.yaml', 'Plans/lead.yaml', undefined]],
      'Plans:1:1: warning FILE_NOT_READ: the folder is not read (did you mean plans/?)',
    ],
    [
      'two plans for one role',
      [
        [
          'plans/lead.yaml',
          company['plans/lead.yaml']!,
          company['plans/seller.yaml']!.replace('plan: Seller', 'plan: Seller 2'),
        ],
      ],
      'warning PLANS_OVERLAP: ida and tom are in the plans Seller 2026.1 and Seller 2 2026.1',
    ],
    [
      'a row that ends before its deals',
      [
        [
          'people.csv',
          'tom,Tom Krämer,Account Executive,lea,South,EUR,2026-01-01,',
          'tom,Tom Krämer,Account Executive,lea,South,EUR,2026-01-01,2026-06-30',
        ],
      ],
      "people.csv:3:1: warning PERSON_ABSENT: tom's row ends on 2026-06-30, before 1 won deal (12,500.00 EUR, closed on 2026-07-13)",
    ],
    [
      'one deal in two sources',
      [
        [
          'exports/shop.csv',
          'S2,',
          'S9,Fleet,Tom Krämer,Stadtwerke Kiel GmbH,Closed Won,07/14/2026,"12,500.00",EUR\nS2,',
        ],
      ],
      'warning DEAL_TWICE: crm:1 and shop:S9 look like the same deal',
    ],
    [
      'a manager measured by own sales',
      [['quotas.csv', '70000,reports', '70000,sales']],
      'quotas.csv:4:1: warning QUOTA_CREDIT: lea manages',
    ],
    [
      'months and days in each other’s places',
      [['sources/crm.yaml', 'dd.MM.yyyy', 'MM.dd.yyyy']],
      'sources/crm.yaml:6:8: warning DATE_FORM: the source reads dates as MM.dd.yyyy, but 3 of 7 dates exist only as dd.MM.yyyy',
    ],
    [
      'an old rate',
      [['rates.csv', '2026-', '2025-']],
      'rates.csv:4:1: warning RATE_OLD: the rate from USD to EUR of 2025-09-01 is up to 348 days old',
    ],
  ])('%s', async (_, changes, warning) => {
    expect(await found(...changes)).toEqual(expect.arrayContaining([expect.stringContaining(warning)]));
  });
});
