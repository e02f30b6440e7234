import { describe, expect, it } from '@jest/globals';
import { unreadFiles } from './unread.rules.js';

const read = new Set(['company.yaml', 'people.csv', 'plans/ae.yaml', 'sources/crm.yaml', 'exports/sales_pipeline.csv']);
const unread = (...more: string[]) =>
  unreadFiles([...read, ...more], read).map(({ path, message }) => `${path}: ${message}`);

describe('A company folder', () => {
  it('without unread files gives no warning, not even with a note in it', () => {
    expect(
      unread(
        'README.md',
        'demo.yaml',
        '.git/config.yaml',
        'plans/notes.md',
        'docs/scan.pdf',
        'scenarios/a.yaml',
        'node_modules/x/y.json',
      ),
    ).toEqual([]);
  });
  it.each([
    ['Plans/m.yaml', 'Plans: the folder is not read (did you mean plans/?); Plans/m.yaml is left out'],
    ['plan/m.yaml', 'plan: the folder is not read (did you mean plans/?); plan/m.yaml is left out'],
    ['source/erp.yaml', 'source: the folder is not read (did you mean sources/?); source/erp.yaml is left out'],
    [
      'old/m.yaml',
      'old: the folder is not read: a company folder has tables/, plans/, sources/, exports/, scenarios/; old/m.yaml is left out',
    ],
    ['quota.csv', 'quota.csv: the file is not read (did you mean quotas.csv?)'],
    ['Quotas.csv', 'Quotas.csv: the file is not read (did you mean quotas.csv?)'],
    ['ae.yaml', 'ae.yaml: the file is not read: plans belong in plans/, sources in sources/'],
    ['plans/m.YAML', 'plans/m.YAML: the file is not read: a company folder has plans/*.yaml, with no folder below'],
    [
      'plans/2026/m.yaml',
      'plans/2026/m.yaml: the file is not read: a company folder has plans/*.yaml, with no folder below',
    ],
    [
      'plans/m.yaml.txt',
      'plans/m.yaml.txt: the file is not read: a company folder has plans/*.yaml, with no folder below',
    ],
    [
      'tables/rates.CSV',
      'tables/rates.CSV: the file is not read: a company folder has tables/*.csv, with no folder below',
    ],
    [
      'exports/sales_pipeline-2.csv',
      'exports/sales_pipeline-2.csv: no source names this export, but one names exports/sales_pipeline.csv: extend its `files` if both belong together',
    ],
  ])('with %s warns that the file is not read', (path, message) => {
    expect(unread(path)).toEqual([message]);
  });
  it('may contain exports unlike those that are read', () => {
    expect(unread('exports/data_dictionary.csv')).toEqual([]);
  });
});
