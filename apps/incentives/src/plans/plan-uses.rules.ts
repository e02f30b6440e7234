import type { Uses } from '@attain/compensation';

export interface Table {
  table: string;
  columns: string[];
  rows: string[][];
}

/** Keys of a company document that pay depends on; its name and format number are left out. */
const copied = [
  'currency',
  'timeZone',
  'fiscalYear',
  'measures',
  'seasons',
  'ramp',
  'prorate',
  'payDay',
  'stages',
  'fields',
] as const;

/** The copy of the company that a version is published with: its settings, and of its tables those that an expression names. */
export function usesOf(
  document: Readonly<Record<string, unknown>>,
  company: Readonly<Record<string, unknown>>,
  tables: readonly Table[],
): Uses {
  const uses = Object.fromEntries(copied.flatMap((key) => (company[key] === undefined ? [] : [[key, company[key]]])));
  const texts = [...textsIn(document['components']), ...textsIn(uses['measures'])];
  const named = tables.filter(({ table }) => texts.some((text) => text.includes(`"${table}"`)));
  return {
    ...uses,
    ...(named.length > 0 && {
      tables: Object.fromEntries(named.map(({ table, columns, rows }) => [table, { columns, rows }])),
    }),
  } as Uses;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
