import { relative } from 'node:path';
import type {
  DocumentProblem,
  ObjectiveRow,
  PersonRow,
  QuotaRow,
  RateRow,
  RelationRow,
  SourceDocument,
} from '@attain/contracts';

/** Where something was written: lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
export interface Written<T> {
  readonly value: T;
  readonly at: Place;
}

/** A document as it was written, with the place of each part. */
export interface WrittenDocument {
  readonly file: string;
  readonly value: Readonly<Record<string, unknown>>;
  locate(path: readonly (string | number)[]): { line: number; column: number };
}

interface TableRows {
  readonly table: string;
  readonly columns: string[];
  readonly rows: string[][];
}
/** A table, and the place of each of its rows. */
export interface WrittenTable extends Written<TableRows> {
  readonly rows: readonly Place[];
}

/** A source and the files that it names, as absolute paths. */
export interface WrittenSource {
  readonly document: WrittenDocument;
  readonly source: string;
  readonly as: SourceDocument['as'];
  readonly files: readonly string[];
}

/** A company's own data, in a folder or inside a scenario; deals come from the sources. */
export interface CompanyContents {
  readonly company: WrittenDocument;
  readonly people: readonly Written<PersonRow>[];
  readonly quotas: readonly Written<QuotaRow>[];
  readonly objectives: readonly Written<ObjectiveRow>[];
  readonly relations: readonly Written<RelationRow>[];
  readonly rates: readonly Written<RateRow>[];
  readonly tables: readonly WrittenTable[];
  readonly plans: readonly WrittenDocument[];
  readonly sources: readonly WrittenSource[];
}

/** The path of a file relative to the directory of the command. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' ? '.' : near.startsWith('..') ? path : near;
}

/** A problem at a place, in the form in which documents have theirs. */
export function problemAt(at: Place, message: string, code = 'value', path: (string | number)[] = []): DocumentProblem {
  return { ...at, path, code, message };
}

/** Orders problems by file, line and column. */
export function inOrder(problems: readonly DocumentProblem[]): DocumentProblem[] {
  return [...problems].sort((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column,
  );
}

const importOrder = [
  'people',
  'leaves',
  'scores',
  'accounts',
  'quotas',
  'deals',
  'items',
  'splits',
  'invoices',
  'payments',
  'activities',
  'reversals',
];

/** Files that others refer to come first. */
export function inImportOrder({ sources }: CompanyContents): CompanyContents['sources'] {
  const rank = (as: string) => (importOrder.includes(as) ? importOrder.indexOf(as) : importOrder.length);
  return sources.toSorted((a, b) => rank(a.as) - rank(b.as));
}
