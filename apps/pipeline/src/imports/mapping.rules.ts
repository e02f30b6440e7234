import { type SourceDocument, suggestion } from '@attain/contracts';
import { compareBytes, idOf } from '@attain/values';
import { type CellProblem, cellReader, type CellReader, type Lookups } from './cells.rules.js';
import { BadPattern, dateReader } from './dates.rules.js';
import { type As, type CellKind, type FieldSet, isRelated } from './fields.rules.js';
import { numberReader } from './numbers.rules.js';

/** A row as the mapping reads it. */
export interface MappedRow {
  /** Fields that are not blank, by name. */
  readonly fields: Record<string, string>;
  readonly status: 'open' | 'won' | 'lost';
}
export interface Mapping {
  readonly as: As;
  /** The field that identifies the record of a row. */
  readonly keyed: string;
  readonly source: string;
  /** Text of the cells that identify the record; rows that share it are one record. Undefined where they are blank. */
  key(cells: readonly string[]): string | undefined;
  /** Reads a whole row, or returns the error of its first bad cell. */
  read(cells: readonly string[]): MappedRow | CellProblem;
  /** The readable fields, even if others are invalid. */
  readable(cells: readonly string[]): Readonly<Record<string, string>>;
  /** The columns that are read, by name; rows with the same values in them are equal. */
  readonly columns: readonly number[];
  readonly header: readonly string[];
  /** The kind of a field, by which lines of one deal are put together. */
  kindOf(field: string): CellKind;
  /** The columns of dates, amounts and status in the file; a field of several columns has none. */
  readonly written: {
    readonly dates: ReadonlyMap<string, number>;
    readonly amounts: readonly number[];
    readonly status: number | undefined;
  };
  /** Source of the deal of a row, if it is another source. */
  readonly dealOf: string | undefined;
}
/** The document does not fit this file; `path` is inside the document. */
export interface MappingProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}
export class BadMapping extends Error {
  override readonly name = 'BadMapping';
  constructor(readonly problems: readonly MappingProblem[]) {
    super(problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  }
}

export function isProblem(row: MappedRow | CellProblem): row is CellProblem {
  return 'expected' in row;
}

/** The field that identifies the record of a row. */
export function keyField(as: As, columns: Readonly<Record<string, unknown>>): string {
  if (as === 'reversals' && columns['deal'] === undefined && columns['invoice'] !== undefined) return 'invoice';
  return as === 'splits' || as === 'reversals'
    ? 'deal'
    : as === 'quotas'
      ? 'for'
      : as === 'leaves' || as === 'scores'
        ? 'participant'
        : 'id';
}

type Problem = (path: (string | number)[], message: string) => void;
type At = (column: string, path: (string | number)[]) => number;

/** The columns of a header: the place of each, and the used ones. */
function columnsIn(
  header: readonly string[],
  document: SourceDocument,
  problem: Problem,
): { index: ReadonlyMap<string, number>; used: ReadonlySet<number>; at: At } {
  const index = new Map<string, number>();
  const twice = new Set<string>();
  header.forEach((name, at) => (index.has(name) ? twice.add(name) : index.set(name, at)));
  const used = new Set<number>();
  const at: At = (column, path) => {
    const found = index.get(column);
    if (found === undefined)
      problem(
        path,
        `the file has no column ${JSON.stringify(column)}${suggestion(column, header)}${hint(header, document)}`,
      );
    else if (twice.has(column)) problem(path, `the column ${JSON.stringify(column)} appears twice in the file`);
    else used.add(found);
    return found ?? -1;
  };
  return { index, used, at };
}

/** The reader of each field, and the columns of dates and amounts. */
function readersOf({
  document,
  as,
  columns,
  set,
  lookups,
  at,
  problem,
}: {
  document: SourceDocument;
  as: As;
  columns: SourceDocument['columns'];
  set: FieldSet;
  lookups: Lookups;
  at: At;
  problem: Problem;
}): { readers: { field: string; read: CellReader }[]; dates: Map<string, number>; amounts: number[] } {
  const dates = dateReaderOf(document, problem);
  const numbers = numberReader(document.numbers, document.strip);
  const readers: { field: string; read: CellReader }[] = [];
  const written = { dates: new Map<string, number>(), amounts: [] as number[] };
  for (const [field, column] of Object.entries(columns)) {
    const kind = set.fields[field] ?? (set.open ? 'text' : undefined);
    if (kind === undefined) {
      problem(
        ['columns', field],
        `${as} have no field ${JSON.stringify(field)}${suggestion(field, Object.keys(set.fields))}${as === 'deals' ? '; own fields of deals are named in company.yaml under fields' : ''}`,
      );
      continue;
    }
    const form = typeof column === 'string' ? { from: [column] } : Array.isArray(column) ? { from: column } : column;
    const from = form.from.map((name, i) => at(name, ['columns', field, ...(form.from.length > 1 ? [i] : [])]));
    const reader = cellReader({ field, kind, from, form, lookups, dates, numbers });
    if (typeof reader === 'string') problem(['columns', field], reader);
    else readers.push({ field, read: reader });
    if (from.length === 1 && kind === 'date') written.dates.set(field, from[0]!);
    if (from.length === 1 && field === 'amount') written.amounts.push(from[0]!);
  }
  return { readers, ...written };
}

/** Compiles a document for one header. Throws BadMapping with all problems. */
export function mapping(
  document: SourceDocument,
  as: As,
  header: readonly string[],
  set: FieldSet,
  lookups: Lookups,
): Mapping {
  const problems: MappingProblem[] = [];
  const problem: Problem = (path, message) => void problems.push({ path, message });
  const { index, used, at } = columnsIn(header, document, problem);
  const columns = { ...document.columns };
  if (document.deal) columns['deal'] = document.deal;
  const { readers, dates, amounts } = readersOf({ document, as, columns, set, lookups, at, problem });
  const written = { dates, amounts, status: document.status && index.get(document.status.from) };
  if (as === 'reversals' && !columns['deal'] && !columns['invoice'])
    problem(['columns'], 'missing: reversals need the field deal, or invoice');
  for (const field of set.required) if (!columns[field]) problem(['columns'], `missing: ${as} need the field ${field}`);

  const group = document.group === undefined ? -1 : at(document.group, ['group']);
  if (document.group !== undefined && as !== 'deals') problem(['group'], 'only rows of deals can be lines of one');
  const keyed = columns[keyField(as, columns)];
  const keyColumns =
    keyed === undefined ? [] : typeof keyed === 'string' ? [keyed] : Array.isArray(keyed) ? keyed : keyed.from;
  if (group >= 0 && keyColumns.join('\n') !== document.group)
    problem(['group'], `rows are grouped by ${document.group}, so the deal’s id must be read from there too`);
  const keys = keyColumns.map((name) => index.get(name) ?? -1);
  const status = statusOf(document, as, at, problem);
  if (problems.length > 0) throw new BadMapping(problems);

  const required = set.required.filter((field) => field !== 'id');
  // Read only to find invalid values, because the key has the value already.
  const identity = as === 'deals' || as === 'accounts' || isRelated(as) ? 'id' : undefined;
  return {
    as,
    keyed: keyField(as, columns),
    source: document.source,
    header,
    written,
    columns: [...used].sort((a, b) => compareBytes(header[a]!, header[b]!)),
    kindOf: (field) => set.fields[field] ?? 'text',
    dealOf: keyed !== undefined && typeof keyed === 'object' && 'of' in keyed ? keyed.of : undefined,
    key: (cells) => keyOf(cells, keys),
    readable: (cells) =>
      Object.fromEntries(
        readers.flatMap(({ field, read }) =>
          [read(cells)].flatMap((value) => (typeof value === 'string' && value !== '' ? [[field, value]] : [])),
        ),
      ),
    read(cells) {
      const fields: Record<string, string> = {};
      for (const { field, read } of readers) {
        const value = read(cells);
        if (typeof value === 'string') {
          if (value !== '' && field !== identity) fields[field] = value;
        } else return value;
      }
      for (const field of required)
        if (fields[field] === undefined) return { field, expected: `a ${field}`, found: null };
      const reached = status(cells);
      if (reached === 'won' && as === 'deals' && fields['closed'] === undefined) {
        return { field: 'closed', expected: 'a date, since the deal is won', found: null };
      }
      return { fields, status: reached };
    },
  };
}

function keyOf(cells: readonly string[], keys: readonly number[]): string | undefined {
  const [first] = keys;
  if (keys.length === 1) return idOf(cells[first!]!.trim()) || undefined;
  const parts = keys.map((key) => cells[key]!.trim());
  return parts.includes('') ? undefined : idOf(parts.join('-'));
}

function dateReaderOf(document: SourceDocument, problem: Problem) {
  try {
    return dateReader(document.dates ?? ['yyyy-MM-dd']);
  } catch (error) {
    if (!(error instanceof BadPattern)) throw error;
    problem(['dates'], error.message);
    return dateReader(['yyyy-MM-dd']);
  }
}

function statusOf(
  document: SourceDocument,
  as: As,
  at: At,
  problem: Problem,
): (cells: readonly string[]) => MappedRow['status'] {
  const { status } = document;
  if (status === undefined) return () => 'won';
  if (as !== 'deals') problem(['status'], 'only deals are won or lost');
  const from = at(status.from, ['status', 'from']);
  const reached = new Map<string, MappedRow['status']>();
  for (const name of status.won ?? []) reached.set(name, 'won');
  for (const name of status.lost ?? []) {
    if (reached.has(name)) problem(['status', 'lost'], `${JSON.stringify(name)} cannot be both won and lost`);
    reached.set(name, 'lost');
  }
  return (cells) => reached.get(cells[from]!.trim()) ?? 'open';
}

/** A file of one column whose name contains another delimiter was probably cut at the wrong delimiter. */
function hint(header: readonly string[], document: SourceDocument): string {
  if (header.length > 1) return '';
  const other = [';', '\t', '|', ','].find((mark) => mark !== (document.delimiter ?? ',') && header[0]?.includes(mark));
  return other === undefined
    ? ''
    : `; its columns seem to be delimited by ${other === '\t' ? 'tab' : JSON.stringify(other)}: state \`delimiter\``;
}
