import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { eventTypes } from './events/index.js';
import { problemsBy } from './schemas.fixture.js';
import { publishedSchemas } from './schemas.js';

const folder = new URL('../schemas/', import.meta.url);
const text = (file: URL) => readFileSync(file, 'utf8');
const published = (file: string) => JSON.parse(text(new URL(file, folder))) as object;
const compiled = (file: string) => problemsBy(published(file));
const golden = (type: string, version: number) =>
  JSON.parse(text(new URL(`../golden/${type}.v${version}.json`, import.meta.url))) as Record<string, unknown>;
const versions = [...eventTypes.values()].flatMap(({ type, version }) =>
  Array.from({ length: version }, (_, older) => [type, older + 1] as const),
);

describe('the published JSON Schemas', () => {
  it.each([...publishedSchemas()])(
    'match the code; after an intended change run `npm run schemas -w @attain/contracts`: %s',
    (file, schema) => {
      expect(published(file)).toEqual(schema);
    },
  );

  it('keep every version of every event, and nothing else', () => {
    const older = versions.map(([type, version]) => `events/${type}.v${version}.schema.json`);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
    expect(files.sort()).toEqual([...new Set([...older, ...publishedSchemas().keys()])].sort());
  });

  it.each(versions)('accept a stored %s v%i, and reject it with a key more or less', (type, version) => {
    const { schema: today, version: newest } = eventTypes.get(type)!;
    const problems = compiled(`events/${type}.v${version}.schema.json`);
    const data = golden(type, version);
    expect(problems(data)).toEqual([]);
    expect(problems({ ...data, unheardOf: 'x' })).not.toEqual([]);
    if (version < newest) return;
    for (const key of Object.keys(data)) {
      const { [key]: _, ...rest } = data;
      for (const wrong of [rest, { ...data, [key]: 1 }, { ...data, [key]: '' }])
        expect(problems(wrong).length === 0).toBe(today.safeParse(wrong).success);
    }
  });
});

const plan = `
attain: 1
plan: Account executive
version: 2025.10
effective: { from: 2025-01-01 }
assignedTo: { roles: [Account Executive], people: 0012 }
pays: monthly
components:
  - name: New business
    measure: revenue
    per: year
    tiers:
      - { from: 0%, rate: 6% }
      - { from: 100%, rate: 8%, retroactive: true }
  - { name: Logo bounty, measure: newLogos, each: 200, cap: { count: 10, per: month } }
examples:
  - { name: a deal, quota: 100000, deals: [ 90000, { amount: 30000, product: 500 } ], lines: [ 9000, 4000 ], total: 13000 }
`;
const source = `
source: crm
files: exports/sales_pipeline*.csv
as: deals
dates: yyyy-MM-dd
columns: { id: opportunity_id, owner: { from: sales_agent, find: people.name }, product: { from: product, replace: { 500: GTK 500 } } }
status: { from: deal_stage, won: [Won], lost: Lost }
`;
const company = `
company: Maven Hardware
currency: USD
measures: { wins: { counts: 1, of: deals } }
seasons: [ 20%, 20%, 20%, 40% ]
prorate: no
`;
const scenario = `
scenario: A quota corrected in March
company: { currency: USD, people: [ { id: 7, role: AE, from: 2025-01-01 } ], quotas: [ { for: 7, measure: revenue, period: 2025, amount: 100000 } ] }
history:
  - { at: 2025-01-20, won: { id: D1, owner: 7, amount: 75000, closed: 2025-01-15 } }
  - close: 2025-01
  - { at: 2025-03-10, quota: { for: 7, measure: revenue, period: 2025-01, amount: none, reason: corrected } }
expect:
  - { statement: { participant: 7, period: 2025-01 }, payable: 9000 }
  - { quota: { participant: 7, measure: revenue, period: 2025-01 }, amount: 80000 }
`;

describe('an editor that checks a document during writing', () => {
  const written = { company, plan, source, scenario };

  it.each(Object.entries(written))(
    'takes a %s with its numbers and truth values as YAML has them',
    (kind, document) => {
      expect(compiled(`documents/${kind}.v1.schema.json`)(parse(document))).toEqual([]);
    },
  );

  it.each([
    ['company', company.replace('seasons', 'seasnos')],
    ['company', company.replace('USD', 'usd')],
    ['plan', plan.replace('retroactive', 'retroactiv')],
    ['plan', plan.replace('pays: monthly', 'pays: weekly')],
    ['plan', plan.replace('plan: Account executive', '')],
    ['plan', plan.replace('rate: 6%', 'rate: [6%]')],
    ['source', source.replace('as: deals', 'as: dreams')],
    ['source', source.replace('find: people.name', 'find: nobody')],
    ['scenario', scenario.replace('close: 2025-01', 'shut: 2025-01')],
    ['scenario', scenario.replace('amount: 80000', 'sum: 80000')],
  ])('marks a wrong key or word in a %s', (kind, document) => {
    expect(compiled(`documents/${kind}.v1.schema.json`)(parse(document))).not.toEqual([]);
  });

  it.each([
    ['person', { id: '0012', name: 'Ann', manager: '', from: '2025-01-01', to: '', level: 'senior' }, { name: 'Ann' }],
    [
      'quota',
      {
        for: 'ann',
        measure: 'revenue',
        period: '2025-Q1',
        amount: 'none',
        credit: 'reports through mentor',
        reason: '',
      },
      { for: 'ann', measure: 'revenue', period: 'spring', amount: '1' },
    ],
    [
      'relation',
      { person: 'ann', relation: 'mentor', other: 'zoe', from: '', to: '' },
      { person: 'ann', relation: 'mentor' },
    ],
    [
      'rate',
      { from: 'EUR', to: 'USD', date: '2025-01-31', rate: '1.0393' },
      { from: 'EUR', to: 'USD', date: '2025-01-31', rate: '1,0393' },
    ],
    [
      'objective',
      { for: 'ann', component: 'Objectives', period: '2025-Q1', name: 'Playbook', weight: '1/3' },
      { for: 'ann', component: 'Objectives', period: '2025-Q1', name: 'Playbook', weight: 'third' },
    ],
    ['table-row', { line: '*', margin: '0.25', rate: '6%' }, { line: ['*'] }],
  ])('takes the cells of a %s and marks wrong ones', (kind, right, wrong) => {
    const problems = compiled(`documents/${kind}.v1.schema.json`);
    expect(problems(right)).toEqual([]);
    expect(problems(wrong)).not.toEqual([]);
  });

  const documents = [...publishedSchemas().keys()].filter((file) => file.startsWith('documents/'));
  it.each(documents)('shows a description of every key: %s', (file) => {
    const described = propertiesIn(published(file));
    expect(described.filter(({ description }) => !/^.{8,}\.$/.test(description ?? '')).map(({ key }) => key)).toEqual(
      [],
    );
    expect(described.length > 0).toBe(file !== 'documents/table-row.v1.schema.json');
  });

  const shared = new URL('../../../../shared/scenarios/', import.meta.url);
  const itShared = existsSync(shared) ? it : it.skip;
  itShared('takes every worked example beside the repository (skipped where ../shared is absent)', () => {
    const problems = compiled('documents/scenario.v1.schema.json');
    const files = readdirSync(shared).filter((file) => file.endsWith('.yaml'));
    expect(files.length).toBeGreaterThan(0);
    const refused = files.flatMap((file) =>
      parseAllDocuments(text(new URL(file, shared))).flatMap((document) =>
        problems(document.toJS()).map((problem) => ({ file, problem })),
      ),
    );
    expect(refused).toEqual([]);
  });
});

function propertiesIn(schema: unknown): { key: string; description: string | undefined }[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { properties?: Record<string, { description?: string }> };
  const own = Object.entries(properties ?? {}).map(([key, { description }]) => ({ key, description }));
  return [...own, ...Object.values(schema).flatMap(propertiesIn)];
}
