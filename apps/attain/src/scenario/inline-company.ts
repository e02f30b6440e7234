import type { DocumentNode, DocumentProblem, InlineCompany } from '@attain/contracts';
import {
  companyBeside,
  type CompanyContents,
  LeadsOut,
  problemAt,
  readFolder,
  type Written,
  type WrittenDocument,
} from '@attain/pipeline';
import type { ScenarioInFile } from './scenario-file.js';

const inOwnFiles = ['people', 'quotas', 'rates', 'relations', 'objectives', 'tables', 'plans'] as const;

/** The company of a scenario: a folder that it names, or its own contents. */
export async function companyOf({
  node,
  document,
}: ScenarioInFile): Promise<{ contents: CompanyContents | undefined; problems: DocumentProblem[] }> {
  const { company } = document;
  if (typeof company === 'string') {
    try {
      return await readFolder(await companyBeside(node.file, company));
    } catch (error) {
      if (!(error instanceof LeadsOut)) throw error;
      return {
        contents: undefined,
        problems: [problemAt({ file: node.file, ...node.locate(['company']) }, error.message, 'outside')],
      };
    }
  }
  return { contents: contentsOf(node, company), problems: [] };
}

function contentsOf(node: DocumentNode, company: InlineCompany): CompanyContents {
  const written = (node.value as { company: Record<string, unknown> }).company;
  const at = (path: (string | number)[]) => ({ file: node.file, ...node.locate(['company', ...path]) });
  const rows = <T>(key: string, values: readonly T[] = []): Written<T>[] =>
    values.map((value, index) => ({ value, at: at([key, index]) }));
  const part = (value: Record<string, unknown>, path: (string | number)[]): WrittenDocument => ({
    file: node.file,
    value,
    locate: (inside) => node.locate([...path, ...inside]),
  });
  const own = Object.fromEntries(Object.entries(written).filter(([key]) => !inOwnFiles.some((other) => other === key)));
  const plans = (written.plans ?? []) as Record<string, unknown>[];
  return {
    company: part(own, ['company']),
    people: rows('people', company.people),
    quotas: rows('quotas', company.quotas),
    objectives: rows('objectives', company.objectives),
    relations: rows('relations', company.relations),
    rates: rows('rates', company.rates),
    tables: Object.entries(company.tables ?? {}).map(([table, tableRows]) => {
      const columns = [...new Set(tableRows.flatMap((row) => Object.keys(row)))];
      const cells = tableRows.map((row) => columns.map((column) => row[column] ?? ''));
      return {
        value: { table, columns, rows: cells },
        at: at(['tables', table]),
        rows: cells.map((_, index) => at(['tables', table, index])),
      };
    }),
    plans: plans.map((plan, index) => part(plan, ['company', 'plans', index])),
    sources: [],
  };
}
