import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { demoFolder } from '../journeys/booted.fixture.js';
import { checkFolder } from './check-folder.js';

describe('The demo company', () => {
  it('has exactly the people and quotas that its rule derives from the exports', async () => {
    const { derive } = (await import(pathToFileURL(join(demoFolder, 'derive.mjs')).href)) as {
      derive(teams: string, pipeline: string): Record<string, string>;
    };
    const read = (name: string) => readFileSync(join(demoFolder, name), 'utf8');
    const derived = derive(read('exports/sales_teams.csv'), read('exports/sales_pipeline.csv'));
    expect(derived).toEqual({ 'people.csv': read('people.csv'), 'quotas.csv': read('quotas.csv') });
  });

  it('has no errors', async () => {
    expect((await checkFolder(demoFolder)).problems).toEqual([]);
  });
});
