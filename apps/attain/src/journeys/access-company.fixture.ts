/**
 * Mo, pat and ann ask. Until the end of January 2025 xen was in mo's team, and then in pat's; fay comes to mo in 2031, and
 * sue is two levels below mo. Everybody has a deal of January and one of March, an open one, and quotas; each amount is a canary.
 */
const folder = {
  'company.yaml': `company: Matrix
currency: USD
measures: { revenue: { counts: amount, of: deals } }
stages: [ { name: Signing, probability: 50%, category: commit } ]
`,
  'people.csv': `id,name,role,manager,team,region,from,to
vic,Vic,Director,,,,2024-01-01,
mo,Mo,Manager,vic,Falcons,West,2024-01-01,
pat,Pat,Manager,vic,Herons,East,2024-01-01,
ann,Ann,AE,mo,Falcons,West,2024-01-01,
bob,Bob,AE,mo,Falcons,West,2024-01-01,
lea,Lea,AE,mo,Falcons,West,2024-01-01,
sue,Sue,AE,lea,Falcons,West,2024-01-01,
xen,Xen,AE,mo,Falcons,West,2024-01-01,2025-01-31
xen,Xen,AE,pat,Herons,East,2025-02-01,
fay,Fay,AE,pat,Herons,East,2024-01-01,2030-12-31
fay,Fay,AE,mo,Falcons,West,2031-01-01,
`,
  'plans/ae.yaml': `plan: AE
version: 1
effective: { from: 2025-01-01 }
assignedTo: { roles: [AE, Manager] }
pays: monthly
components:
  - { name: Commission, measure: revenue, rate: 10% }
  - { name: Quarter, measure: revenue, per: quarter, tiers: [ { from: 0%, rate: 1% }, { from: 100%, rate: 2% } ] }
`,
  'sources/crm.yaml': `source: crm
files: exports/deals.csv
as: deals
dates: yyyy-MM-dd
status: { from: status, won: [Won], lost: [Lost] }
columns: { id: id, owner: { from: owner, find: people.id }, amount: amount, closed: closed, stage: stage }
`,
};

export const people = ['ann', 'bob', 'lea', 'sue', 'xen', 'fay', 'mo', 'pat'] as const;
export type Person = (typeof people)[number];
const base = (person: Person, kind: number) => 10_000_019 + people.indexOf(person) * 100_003 + kind * 1_000_003;
/** The records of each person, by name, and as words that occur nowhere else. */
const amounts = Object.fromEntries(
  people.map((person) => [
    person,
    {
      january: base(person, 1),
      march: base(person, 2),
      open: base(person, 3),
      quotaJanuary: base(person, 4),
      quotaMarch: base(person, 5),
      quotaQuarter: base(person, 6),
      quota2031: base(person, 7),
    },
  ]),
) as Record<
  Person,
  Record<'january' | 'march' | 'open' | 'quotaJanuary' | 'quotaMarch' | 'quotaQuarter' | 'quota2031', number>
>;

export const files = {
  ...folder,
  'quotas.csv': `for,measure,period,amount,credit\n${people
    .flatMap((person) => {
      const { quotaJanuary, quotaMarch, quotaQuarter, quota2031 } = amounts[person];
      return [
        ['2025-01', quotaJanuary],
        ['2025-03', quotaMarch],
        ['2025-Q2', quotaQuarter],
        ['2031-01', quota2031],
      ].map(([period, amount]) => `${person},revenue,${period},${amount},sales\n`);
    })
    .join('')}`,
  'exports/deals.csv': `id,owner,amount,closed,stage,status\n${people
    .flatMap((person) => {
      const { january, march, open } = amounts[person];
      return [
        `${person}-1,${person},${january},2025-01-15,Signing,Won\n`,
        `${person}-3,${person},${march},2025-03-15,Signing,Won\n`,
        `${person}-0,${person},${open},2025-12-15,Signing,Open\n`,
      ];
    })
    .join('')}`,
};

export const ids = people.flatMap((person) => [`${person}-1`, `${person}-3`, `${person}-0`]);

export interface Canary {
  readonly what: string;
  readonly words: readonly string[];
}
/** The canaries of a person: of January, of March, of today, and of 2031. */
export function canariesOf(person: Person): Record<'january' | 'march' | 'today' | 'future' | 'quarter', Canary[]> {
  const { january, march, open, quotaJanuary, quotaMarch, quotaQuarter, quota2031 } = amounts[person];
  const pay = (amount: number) => [(amount / 10).toFixed(2), (amount / 100).toFixed(2)];
  return {
    january: [
      { what: `deal of ${person} in January`, words: [String(january)] },
      { what: `pay of ${person} for January`, words: pay(january) },
      { what: `quota of ${person} for January`, words: [String(quotaJanuary)] },
    ],
    march: [
      { what: `deal of ${person} in March`, words: [String(march)] },
      { what: `pay of ${person} for March`, words: pay(march) },
      { what: `quota of ${person} for March`, words: [String(quotaMarch)] },
    ],
    quarter: [{ what: `quota of ${person} for the second quarter`, words: [String(quotaQuarter)] }],
    today: [{ what: `open deal of ${person}`, words: [String(open)] }],
    future: [{ what: `quota of ${person} for 2031`, words: [String(quota2031)] }],
  };
}

/** Hostile values of each parameter that an operation takes, by its name; of all others none. */
const dates = ['1999-12-31', '2025-01-20', '2025-03-20', '2031-01-15', '2099-01-01'];
export const hostile: Readonly<Record<string, readonly string[]>> = {
  on: dates,
  asOf: dates,
  effective: dates,
  at: dates,
  from: dates,
  to: dates,
  closedFrom: ['2025-03-01', '2025-01-01'],
  closedTo: ['2025-01-31', '2025-03-31'],
  period: ['2025-01', '2025-03', '2025-Q1', '2025', '2031-01'],
  year: ['2025'],
  owner: ['xen', 'fay', 'sue', 'pat'],
  for: ['xen', 'fay', 'sue', 'pat', 'Herons'],
  by: ['participant', 'team', 'rep', 'owner', 'month', 'company', 'stage'],
  every: ['month'],
  horizon: ['1'],
  status: ['open', 'won'],
  plan: ['AE'],
  measure: ['revenue'],
  source: ['crm'],
};
