import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needsOf } from '@attain/compensation';
import { parseDocuments, validateCompany, validatePlan } from '@attain/contracts';
import { Injectable } from '@nestjs/common';
import type { PlanTemplate } from './templates.answers.js';

/** The plans that `attain init` writes, which lie beside the services. */
const folder = join(import.meta.dirname, '../../../attain/plans');

/** The typical plans that come with the product, read once. */
@Injectable()
export class TemplateQueries {
  private read: PlanTemplate[] | undefined;

  all(): PlanTemplate[] {
    this.read ??= existsSync(folder) ? templates() : [];
    return this.read;
  }
}

function templates(): PlanTemplate[] {
  const company = validateCompany(
    parseDocuments(readFileSync(join(folder, 'company.yaml')), 'company.yaml').documents[0]!,
  );
  const written = documentIn('company.yaml');
  const tables = readdirSync(join(folder, 'tables')).map((file) => file.replace('.csv', ''));
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== 'company.yaml');
  return files.sort().map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const plan = validatePlan(parseDocuments(text, file).documents[0]!).value!;
    const needs = needsOf(plan, company.value!, tables);
    return {
      name: file.replace('.yaml', ''),
      useFor: /^# Use it for: (.*)$/m.exec(text)?.[1] ?? '',
      document: documentIn(file),
      roles: plan.assignedTo.roles ?? [],
      measures: picked(written['measures'], needs.measures),
      fields: picked(written['fields'], needs.fields) as Record<string, string>,
      tables: needs.tables.map(tableIn),
      records: needs.records,
    };
  });
}

/** A document as it is written, each scalar its text. */
function documentIn(file: string): Record<string, unknown> {
  return parseDocuments(readFileSync(join(folder, file)), file).documents[0]!.value as Record<string, unknown>;
}

function picked(all: unknown, names: readonly string[]): Record<string, unknown> {
  const entries = Object.entries((all ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter(([name]) => names.includes(name)));
}

/** The tables of the library hold no quotation marks. */
function tableIn(table: string): PlanTemplate['tables'][number] {
  const [columns = [], ...rows] = readFileSync(join(folder, `tables/${table}.csv`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return { table, columns, rows };
}
