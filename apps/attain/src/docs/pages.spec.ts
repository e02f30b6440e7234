import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../journeys/company.fixture.js';
import { fieldsOf, importable } from '@attain/pipeline';
import { textOf } from './pages.fixture.js';

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  properties?: Record<string, { description: string }>;
}

/** The columns of a document with the sentence that an editor shows, as rows of a table. */
function rowsOf(kind: string): string[] {
  const schema = JSON.parse(
    readFileSync(join(root, `libs/contracts/schemas/documents/${kind}.v1.schema.json`), 'utf8'),
  ) as Schema;
  const { properties = {} } = schema.$ref === undefined ? schema : schema.$defs![schema.$ref.split('/').at(-1)!]!;
  return Object.entries(properties).map(([key, { description }]) => `| \`${key}\` | ${description} |`);
}

describe('Company folder', () => {
  const page = textOf('docs/company-folder.md').replaceAll(' (required)', '');
  const section = (heading: string) => page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';

  it.each([
    ['company', '`company.yaml`'],
    ['person', '`people.csv`'],
    ['quota', '`quotas.csv`'],
    ['relation', '`relations.csv`'],
    ['rate', '`rates.csv`'],
    ['objective', '`objectives.csv`'],
    ['source', 'Sources'],
    ['leave', 'Leaves and scores'],
    ['score', 'Leaves and scores'],
  ])('has every column of a %s with the description that an editor shows', (kind, heading) => {
    expect(rowsOf(kind).filter((row) => !section(heading).includes(row))).toEqual([]);
  });
});

describe('Source mappings', () => {
  const page = textOf('docs/source-mappings.md');

  it.each(['salesforce', 'hubspot', 'pipedrive'])('shows the mapping of %s as it is imported', (source) => {
    expect(page).toContain(
      `\`\`\`yaml\n${readFileSync(join(root, `docs/source-mappings/sources/${source}.yaml`), 'utf8')}\`\`\`\n`,
    );
    const heading = readFileSync(
      join(root, `docs/source-mappings/exports/${source}-${source === 'salesforce' ? 'opportunities' : 'deals'}.csv`),
      'utf8',
    );
    expect(page).toContain(`\`\`\`csv\n${heading}\`\`\`\n`);
  });

  it.each(importable)('names every field that a source of %s fills', (kind) => {
    const { fields, required } = fieldsOf(kind, undefined);
    const row =
      page.split('\n').find((line) => line.startsWith('|') && line.split('|')[1]!.includes(`\`${kind}\``)) ?? '';
    const inherits = row.includes('those of an item') || row.includes('the fields of a deal');
    const shown = row.includes('the columns of')
      ? []
      : Object.keys(fields).filter(
          (field) => !inherits || required.includes(field) || !(field in fieldsOf('deals', undefined).fields),
        );
    expect(shown.filter((field) => !row.includes(`\`${field}\``))).toEqual([]);
    expect(row).not.toBe('');
  });
});
