import { relative, resolve } from 'node:path';
import { getCompany } from '@attain/client';
import type { CompanyContents } from '@attain/pipeline';
import { agreed, type Given } from './answering.js';
import type { Api } from './api.js';
import { Answered } from './refused.js';
import { columns, counted, table, type Terminal } from './terminal.js';

/** Asks before an import changes a company that exists. A company that begins with the import has nobody to pay yet. */
export async function agreedToImport(
  api: Api,
  terminal: Terminal,
  options: Given,
  effect: (company: string) => string,
): Promise<void> {
  if (options.yes) return;
  const company = await companyAt(api);
  if (company !== undefined) await agreed(terminal, options, effect(company));
}

/** The name of the company; undefined while none is configured. */
async function companyAt(api: Api): Promise<string | undefined> {
  try {
    const { company } = await api.ask(getCompany);
    return typeof company === 'string' ? `the company ${company}` : 'the company';
  } catch (error) {
    if (!(error instanceof Answered)) throw error;
    if (error.status === 404) return undefined;
    // A program may import one source and see nothing.
    if (error.status === 403) return 'the company';
    throw error;
  }
}

interface Exports {
  source?: string;
  kind?: string;
  complete?: boolean;
  keepEntered?: boolean;
}

export function effectOfExports(
  files: readonly string[],
  { source, kind = 'records', complete, keepEntered }: Exports,
  company: string,
): string {
  return [
    `${counted(files.length, 'file')} will be imported as ${kind} of ${source} into ${company}:`,
    ...files.map((file) => `  ${file}`),
    `New and changed records will be stored. Records that the ${files.length === 1 ? 'file lacks' : 'files lack'} will ${complete ? 'be retracted' : 'stay'}.`,
    `Values that somebody entered by hand will be ${keepEntered ? 'kept' : 'overwritten'}.`,
  ].join('\n');
}

export function effectOfFolder(
  dir: string,
  contents: CompanyContents,
  overwrite: boolean | undefined,
  company: string,
): string {
  const parts = ['tables', 'people', 'relations', 'rates', 'plans', 'quotas', 'objectives'] as const;
  const rows = [
    ['company.yaml', '1'],
    ...parts.map((part) => [part, String(contents[part].length)]).filter(([, count]) => count !== '0'),
    ...contents.sources.map(({ source, as, files }) => [
      `${as} of ${source}`,
      files.map((file) => relative(resolve(dir), file)).join(', ') || 'no file',
    ]),
  ];
  return [
    `The folder ${dir} will be imported into ${company}:`,
    table(columns(['part', 'rows or files']), rows).trimEnd(),
    'Changes will be stored. Rows and records that the folder lacks will be retracted.',
    `Values that somebody entered by hand will be ${overwrite ? 'overwritten' : 'kept'}.`,
  ].join('\n');
}
