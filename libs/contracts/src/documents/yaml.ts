import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, type YAMLError, type YAMLMap } from 'yaml';
import type { DocumentPath, DocumentProblem, PathProblem } from './problems.js';
import { readUtf8 } from './utf8.js';

/** A document whose scalars are all their text, and which knows where each of its parts stands. */
export interface DocumentNode {
  readonly file: string;
  /** Mappings, lists and texts; a value that is absent is the empty text. */
  readonly value: unknown;
  /** Where a part stands, lines and columns from 1; of a part that is absent, where the nearest one around it begins. */
  locate(path: DocumentPath): { line: number; column: number };
}

const largest = 16 * 1024 * 1024;
const deepest = 48;
const mostParts = 1_000_000;
const mostProblems = 100;
// What YAML allows in a stream, without the byte order mark, which only begins one.
// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\ufffe\uffff]/;

/** Reads YAML 1.2, any number of documents; a document that cannot be read has problems instead. Bytes must be UTF-8. */
export function parseDocuments(text: string | Uint8Array, file: string): { documents: DocumentNode[]; problems: DocumentProblem[] } {
  const problem = (line: number, column: number, message: string) => ({ documents: [], problems: [{ file, line, column, path: [], code: 'syntax', message }] });
  if (text.length > largest) return problem(1, 1, `a document of more than ${largest / 1024 / 1024} MiB`);
  const read = typeof text === 'string' ? { text } : readUtf8(text);
  if ('message' in read) return problem(read.line, read.column, read.message);
  const source = read.text.startsWith('\uFEFF') ? read.text.slice(1) : read.text;
  const control = forbidden.exec(source);
  if (control) {
    const before = source.slice(0, control.index).split('\n');
    const point = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return problem(before.length, before.at(-1)!.length + 1, `a control character (U+${point}) cannot stand in a document`);
  }
  const lines = new LineCounter();
  const parsed = parseAllDocuments(source, { schema: 'failsafe', version: '1.2', lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  if ('empty' in parsed) return problem(1, 1, 'the file holds no document');
  const documents: DocumentNode[] = [];
  const problems: DocumentProblem[] = [];
  for (const document of parsed) {
    const reader = new Reader(document, lines, file);
    const node = reader.read();
    if (node) documents.push(node);
    problems.push(...reader.problems.slice(0, mostProblems));
  }
  return { documents, problems };
}

/** A document that came as JSON, as in a request: numbers, yes and no become texts; it has no lines. */
export function documentOf(value: unknown, file: string): DocumentNode {
  return { file, value: textual(value), locate: () => ({ line: 1, column: 1 }) };
}

/** Gives problems that name a path their line and column, in the order in which they stand in the file. */
export function located(node: DocumentNode, problems: readonly PathProblem[]): DocumentProblem[] {
  return problems
    .map(({ path, code, message }) => ({ file: node.file, ...node.locate(path), path, code, message }))
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .slice(0, mostProblems);
}

class Reader {
  readonly problems: DocumentProblem[] = [];
  private parts = 0;

  constructor(
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
    private readonly file: string,
  ) {}

  read(): DocumentNode | undefined {
    const { errors, warnings, contents } = this.document;
    const duplicates = errors.filter(({ code }) => code === 'DUPLICATE_KEY');
    const fatal = errors.find(({ code }) => code !== 'DUPLICATE_KEY');
    if (fatal !== undefined) this.problem(fatal.pos[0], 'syntax', explained(fatal));
    for (const warning of warnings) if (warning.code === 'TAG_RESOLVE_FAILED') this.problem(warning.pos[0], 'syntax', 'tags such as `!!int` have no meaning here: every scalar is read as its text');
    for (const duplicate of duplicates) this.problem(duplicate.pos[0], 'duplicate-key', 'this key stands twice in its mapping');
    if (fatal !== undefined) return undefined;
    const value = this.value(contents, 0, []);
    if (contents !== null && !isMap(this.resolved(contents))) this.problem(this.start(contents), 'value', 'a document is a mapping of keys to values');
    else if (contents === null || (isMap(contents) && contents.items.length === 0)) this.problem(this.document.range[0], 'syntax', 'the document is empty');
    else return { file: this.file, value, locate: (path) => this.locate(path) };
    return undefined;
  }

  private value(node: unknown, depth: number, path: (string | number)[]): unknown {
    this.parts += 1;
    if (this.parts === mostParts) this.problem(this.start(node), 'syntax', `a document of more than ${mostParts} parts`, path);
    if (this.parts >= mostParts) return '';
    if (depth > deepest) {
      this.problem(this.start(node), 'syntax', `nested more than ${deepest} deep`, path);
      return '';
    }
    if (isAlias(node)) {
      const target = this.resolved(node);
      if (target === undefined) this.problem(this.start(node), 'syntax', `there is no anchor \`&${node.source}\` before this`, path);
      return target === undefined ? '' : this.value(target, depth + 1, path);
    }
    if (isSeq(node)) return node.items.map((item, index) => this.value(item, depth + 1, [...path, index]));
    if (isMap(node)) return this.mapping(node, depth, path);
    return isScalar(node) && node.value !== null ? String(node.value) : '';
  }

  private mapping(node: YAMLMap, depth: number, path: (string | number)[]): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    for (const pair of node.items) {
      const key = isScalar(pair.key) && pair.key.value !== null ? String(pair.key.value) : undefined;
      if (key === undefined || key === '' || key === '__proto__') {
        this.problem(this.start(pair.key), 'syntax', key === '__proto__' ? 'a key cannot be `__proto__`' : 'a key is a text', path);
      } else if (!Object.hasOwn(value, key)) value[key] = this.value(pair.value, depth + 1, [...path, key]);
    }
    return value;
  }

  private locate(path: DocumentPath): { line: number; column: number } {
    let node: unknown = this.resolved(this.document.contents);
    let offset = this.start(node);
    for (const key of path) {
      if (isSeq(node) && typeof key === 'number' && key < node.items.length) {
        node = this.resolved(node.items[key]);
        offset = this.start(node);
      } else if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
        if (pair === undefined) break;
        node = this.resolved(pair.value);
        // A scalar is pointed at itself, a mapping or a list by its key.
        offset = isScalar(node) && node.source !== '' ? this.start(node) : this.start(pair.key);
      } else break;
    }
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  private resolved(node: unknown): unknown {
    return isAlias(node) ? (node as Alias).resolve(this.document) : node;
  }

  private start(node: unknown): number {
    return (node as Node | null | undefined)?.range?.[0] ?? this.document.range[0];
  }

  private problem(offset: number, code: string, message: string, path: (string | number)[] = []): void {
    const { line, col } = this.lines.linePos(offset);
    this.problems.push({ file: this.file, line: Math.max(line, 1), column: Math.max(col, 1), path, code, message });
  }
}

/** What to do about an error of syntax, where that is clear. */
function explained({ code, message }: YAMLError): string {
  const quote = 'a value that holds `: `, `#`, or in { } and [ ] also `,`, stands in single quotes';
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab cannot indent: use spaces';
    case 'BAD_SCALAR_START':
      return `${message}: put the value in quotation marks`;
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return `not a mapping of keys to values, or wrongly indented (${quote})`;
    case 'UNEXPECTED_TOKEN':
    case 'BAD_INDENT':
    case 'MISSING_CHAR':
      if (message.includes('call stack')) return 'nested too deeply';
      return `${message.charAt(0).toLowerCase()}${message.slice(1)} (${quote}, and so does one that begins with a quotation mark but goes on after it)`;
    default:
      return message.includes('call stack') ? 'nested too deeply' : `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  }
}

function textual(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textual);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, textual(part)]));
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null || value === undefined ? '' : String(value);
}
