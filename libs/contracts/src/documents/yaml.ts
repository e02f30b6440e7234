import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { DocumentPath, DocumentProblem, PathProblem } from './problems.js';
import { readUtf8 } from './utf8.js';

/** A document whose scalars are all their text, and which knows where each of its parts stands. */
export interface DocumentNode {
  readonly file: string;
  /** Mappings, lists and texts; a value that is absent is the empty text. */
  readonly value: unknown;
  /** Where a part stands, or the key that it stands under, lines and columns from 1; of a part that is absent, where the nearest one around it begins. */
  locate(path: DocumentPath, part?: 'value' | 'key'): { line: number; column: number };
}

const largest = 16 * 1024 * 1024;
const deepest = 48;
const mostParts = 1_000_000;
const mostProblems = 100;
// What YAML allows in a stream, without the byte order mark, which only begins one.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\ufffe\uffff]/;

/** Reads YAML 1.2, any number of documents; a document that cannot be read has problems instead. Bytes must be UTF-8. */
export function parseDocuments(
  text: string | Uint8Array,
  file: string,
): { documents: DocumentNode[]; problems: DocumentProblem[] } {
  const problem = (line: number, column: number, message: string) => ({
    documents: [],
    problems: [{ file, line, column, path: [], code: 'syntax', message }],
  });
  if (text.length > largest) return problem(1, 1, `a document of more than ${largest / 1024 / 1024} MiB`);
  const read = typeof text === 'string' ? { text } : readUtf8(text);
  if ('message' in read) return problem(read.line, read.column, read.message);
  const source = read.text.startsWith('\uFEFF') ? read.text.slice(1) : read.text;
  const control = forbidden.exec(source);
  if (control) {
    const before = source.slice(0, control.index).split('\n');
    const point = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return problem(
      before.length,
      before.at(-1)!.length + 1,
      `a control character (U+${point}) cannot stand in a document`,
    );
  }
  const lines = new LineCounter();
  const parsed = parseAllDocuments(source, {
    schema: 'failsafe',
    version: '1.2',
    uniqueKeys: false,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
  });
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
    .map(({ path, code, message }) => ({
      file: node.file,
      ...node.locate(path, code === 'unknown-key' ? 'key' : 'value'),
      path,
      code,
      message,
    }))
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .slice(0, mostProblems);
}

class Reader {
  readonly problems: DocumentProblem[] = [];
  private readonly targets = new Map<Alias, unknown>();
  private parts = 0;

  constructor(
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
    private readonly file: string,
  ) {}

  read(): DocumentNode | undefined {
    const { errors, warnings, contents } = this.document;
    const [fatal] = errors;
    if (fatal !== undefined) {
      this.problem(fatal.pos[0], 'syntax', explained(fatal));
      return undefined;
    }
    for (const warning of warnings)
      if (warning.code === 'TAG_RESOLVE_FAILED')
        this.problem(
          warning.pos[0],
          'syntax',
          'tags such as `!!int` have no meaning here: every scalar is read as its text',
        );
    const value = this.value(contents, 0, []);
    if (contents !== null && !isMap(this.resolved(contents)))
      this.problem(this.start(contents), 'syntax', 'a document is a mapping of keys to values');
    else if (contents === null || (isMap(contents) && contents.items.length === 0))
      this.problem(this.document.range[0], 'syntax', 'the document is empty');
    if (this.problems.some(({ code }) => code === 'syntax')) return undefined;
    return { file: this.file, value, locate: (path, part = 'value') => this.locate(path, part) };
  }

  private value(node: unknown, depth: number, path: (string | number)[]): unknown {
    this.parts += 1;
    if (this.parts === mostParts)
      this.problem(this.start(node), 'syntax', `a document of more than ${mostParts} parts`, path);
    if (this.parts >= mostParts) return '';
    if (depth > deepest) {
      this.problem(this.start(node), 'syntax', `nested more than ${deepest} deep`, path);
      return '';
    }
    if (isAlias(node)) {
      const target = this.resolved(node);
      if (target === undefined)
        this.problem(this.start(node), 'syntax', `there is no anchor \`&${node.source}\` before this`, path);
      return target === undefined ? '' : this.value(target, depth + 1, path);
    }
    if (isSeq(node)) return node.items.map((item, index) => this.value(item, depth + 1, [...path, index]));
    if (isMap(node)) return this.mapping(node, depth, path);
    return isScalar(node) && node.value !== null ? String(node.value) : '';
  }

  private mapping(node: YAMLMap, depth: number, path: (string | number)[]): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    const lines = new Map<string, number>();
    for (const pair of node.items) {
      const start = this.start(pair.key);
      const key = isScalar(pair.key) && pair.key.value !== null ? String(pair.key.value) : '';
      const first = lines.get(key);
      if (key === '' || key === '__proto__')
        this.problem(start, 'syntax', key === '' ? 'a key is a text' : 'a key cannot be `__proto__`', path);
      else if (pair.value === null)
        this.problem(
          start,
          'syntax',
          `\`${key}\` has no value: in { } a comma ends one (a text that holds a comma stands in single quotes, numbers are written 1234.56)`,
          [...path, key],
        );
      else if (first !== undefined)
        this.problem(start, 'duplicate-key', `the key \`${key}\` stands twice here, first in line ${first}`, [
          ...path,
          key,
        ]);
      else {
        lines.set(key, this.lines.linePos(start).line);
        value[key] = this.value(pair.value, depth + 1, [...path, key]);
      }
    }
    return value;
  }

  private locate(path: DocumentPath, part: 'value' | 'key'): { line: number; column: number } {
    let node: unknown = this.resolved(this.document.contents);
    let offset = this.start(node);
    for (const [index, key] of path.entries()) {
      if (isSeq(node) && typeof key === 'number' && key < node.items.length) {
        node = this.resolved(node.items[key]);
        offset = this.start(node);
      } else if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
        if (pair === undefined) break;
        node = this.resolved(pair.value);
        // A scalar is pointed at itself, a mapping or a list by its key.
        const isKey = part === 'key' && index === path.length - 1;
        offset = !isKey && isScalar(node) && node.source !== '' ? this.start(node) : this.start(pair.key);
      } else break;
    }
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  private resolved(node: unknown): unknown {
    if (!isAlias(node)) return node;
    if (!this.targets.has(node)) this.targets.set(node, node.resolve(this.document));
    return this.targets.get(node);
  }

  private start(node: unknown): number {
    return (node as Node | null | undefined)?.range?.[0] ?? this.document.range[0];
  }

  private problem(offset: number, code: string, message: string, path: (string | number)[] = []): void {
    const { line, col } = this.lines.linePos(offset);
    this.problems.push({ file: this.file, line: Math.max(line, 1), column: Math.max(col, 1), path, code, message });
  }
}

const words: readonly (readonly [RegExp, string])[] = [
  [/flow sequence in block collection/i, 'a list in [ ]'],
  [/flow map in block collection/i, 'a mapping in { }'],
  [/flow-seq-start/, '`[`'],
  [/flow-map-start/, '`{`'],
  [/flow-seq-end/, '`]`'],
  [/flow-map-end/, '`}`'],
  [/scalar at node end/, 'text after a value'],
  [/at node end/, 'after a value'],
];

/** An error of syntax in the words of these pages, with what to do about it. */
function explained({ code, message }: YAMLError): string {
  if (message.includes('call stack')) return 'nested too deeply';
  if (code === 'TAB_AS_INDENT') return 'a tab cannot indent: use spaces';
  const plain = words.reduce((text, [pattern, word]) => text.replace(pattern, word), message);
  const what = `${plain.charAt(0).toLowerCase()}${plain.slice(1)}`;
  if (code === 'BAD_SCALAR_START') return `${what}: put the value in quotation marks`;
  const advice =
    'a value that holds `: ` or ` #`, or in { } and [ ] one of `, [ ] { }`, stands in single quotes, and so does one that goes on after a quotation mark';
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'MULTILINE_IMPLICIT_KEY')
    return `not a mapping of keys to values, or wrongly indented (${advice})`;
  return `${what} (${advice})`;
}

function textual(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textual);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, textual(part)]));
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null || value === undefined ? '' : String(value);
}
