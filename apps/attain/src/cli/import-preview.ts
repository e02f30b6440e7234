import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type ImportPreview, previewImport } from '@attain/client';
import { formatProblem, parseDocuments } from '@attain/contracts';
import type { Api } from './api.js';
import { columns, counted, exitCodes, Stop, table } from './terminal.js';

export interface PreviewOptions {
  source?: string;
  kind?: string;
  mapping?: string;
}

/** Previews an import of the file; `mapping` is a file of keys that replace the guessed ones. */
export async function previewed(api: Api, file: string, options: PreviewOptions): Promise<ImportPreview> {
  const { source, kind, mapping } = options;
  return api.ask(previewImport, {
    body: await openAsBlob(file),
    query: {
      name: basename(file),
      source,
      as: kind,
      mapping: mapping === undefined ? undefined : JSON.stringify(await mappingIn(mapping)),
    },
  });
}

async function mappingIn(file: string): Promise<unknown> {
  const { documents, problems } = parseDocuments(await readFile(file), file);
  const [first] = documents;
  if (problems.length > 0 || first === undefined)
    throw new Stop(exitCodes.no, problems.map(formatProblem).join('\n') || `${file} holds no document`);
  return first.value;
}

export function previewText(preview: ImportPreview): string {
  const { counts, errors, problems, stopped, warnings, yaml } = preview;
  const notes = [
    ...errors.map(({ field, message }) => `mapping: ${field}: ${message}`),
    ...problems.map(
      ({ row, field, expected, found }) =>
        `row ${row}: ${field === null ? '' : `${field}: `}expected ${expected}${found === null ? '' : `, found ${JSON.stringify(found)}`}`,
    ),
    ...warnings.map(({ code, message }) => `warning ${code}: ${message}`),
    ...(stopped === null ? [] : [stopped]),
  ];
  const { rows, opened, changed, unchanged, quarantined } = counts;
  const sum = `${counted(rows, 'row')}: ${opened} new, ${changed} changed, ${unchanged} unchanged, ${quarantined} would wait in quarantine`;
  return [
    columnTable(preview),
    formTable(preview),
    rowTable(preview),
    ...notes.map((note) => `${note}\n`),
    `${sum}\n`,
    `\n# sources/${preview.source}.yaml\n${yaml}`,
  ].join('');
}

function columnTable({ columns: all }: ImportPreview): string {
  return table(
    columns(['column', 'sample', 'field', 'guess', 'reason']),
    all.map(({ header, samples, field, verdict, reason }) => [
      header,
      (samples[0] ?? '').slice(0, 24),
      field ?? '',
      verdict,
      reason,
    ]),
  );
}

function formTable({ forms }: ImportPreview): string {
  return table(
    columns(['written', 'as', 'guess', 'reason']),
    forms.map(({ key, value, verdict, reason }) => [key, value, verdict, reason]),
  );
}

function rowTable({ rows, columns: all }: ImportPreview): string {
  if (rows.length === 0) return '';
  const fields = all.flatMap(({ field }) => field ?? []);
  return table(
    columns(['row', ...fields, 'status'], ['row', 'amount']),
    rows.map(({ row, fields: values, status, problem }) => [
      String(row),
      ...fields.map((field) => (values?.[field] ?? '').slice(0, 20)),
      problem === null ? (status ?? '') : 'waits',
    ]),
  );
}
