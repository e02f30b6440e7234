import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocuments } from '@attain/contracts';
import { Injectable } from '@nestjs/common';
import { libraryFolder, libraryPlans } from './plan-library.js';
import type { PlanTemplate } from './templates.answers.js';

/** The typical plans that come with the product, read once. */
@Injectable()
export class TemplateQueries {
  private read: PlanTemplate[] | undefined;

  all(): PlanTemplate[] {
    return (this.read ??= templates());
  }
}

function templates(): PlanTemplate[] {
  const company = documentIn('company.yaml');
  return libraryPlans().map(({ name, useFor, text, document, needs }) => ({
    name,
    useFor,
    text,
    document: documentIn(`${name}.yaml`),
    roles: document.assignedTo.roles ?? [],
    measures: picked(company['measures'], needs.measures),
    fields: picked(company['fields'], needs.fields) as Record<string, string>,
    tables: needs.tables.map(tableIn),
    records: needs.records,
  }));
}

/** A document as it is written, each scalar its text. */
function documentIn(file: string): Record<string, unknown> {
  return parseDocuments(readFileSync(join(libraryFolder, file)), file).documents[0]!.value as Record<string, unknown>;
}

function picked(all: unknown, names: readonly string[]): Record<string, unknown> {
  const entries = Object.entries((all ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter(([name]) => names.includes(name)));
}

/** The tables of the library hold no quotation marks. */
function tableIn(table: string): PlanTemplate['tables'][number] {
  const [columns = [], ...rows] = readFileSync(join(libraryFolder, `tables/${table}.csv`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return { table, columns, rows };
}
