import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { DocumentPath, DocumentProblem, PathProblem } from './problems.js';
import { readUtf8 } from './utf8.js';

/** A document with all scalars as text, and with the place of each of its parts. */
export interface DocumentNode {
  readonly file: string;
  /** Mappings, lists and texts; a value that is absent is the empty text. */
  readonly value: unknown;
  /** The place of a part, or of its key, lines and columns from 1; for an absent part, the beginning of the nearest enclosing one. */
  locate(path: DocumentPath, part?: 'value' | 'key'): { line: number; column: number };
}

/** The limits of reading a document; smaller for a request than for a file, because other requests wait. */
export interface DocumentLimits {
  readonly characters: number;
  /** Commas, colons, brackets and the like, which determine the reader's work; also the parts between them, including those of every alias. */
  readonly marks: number;
}
const ofFiles: DocumentLimits = { characters: 16 * 1024 * 1024, marks: 1_000_000 };
export const ofRequests: DocumentLimits = { characters: 256 * 1024, marks: 10_000 };
const deepest = 48;
const mostProblems = 100;
// The characters that YAML allows in a stream, without the byte order mark, which may only begin one.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\ufffe\uffff]/;

/** Reads YAML 1.2, any number of documents; an unreadable document has problems instead. Bytes must be UTF-8. */
export function parseDocuments(
  text: string | Uint8Array,
  file: string,
  limits: DocumentLimits = ofFiles,
): { documents: DocumentNode[]; problems: DocumentProblem[] } {
  const problem = (line: number, column: number, message: string) => ({
    documents: [],
    problems: [{ file, line, column, path: [], code: 'syntax', message }],
  });
  if (text.length > limits.characters) return problem(1, 1, `a document of more than ${sizeOf(limits.characters)}`);
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
      `a control character (U+${point}) is not allowed in a document`,
    );
  }
  const overflow = markBeyond(source, limits.marks);
  if (overflow >= 0) {
    const before = source.slice(0, overflow).split('\n');
    return problem(before.length, before.at(-1)!.length + 1, `a document of more than ${limits.marks} parts`);
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
    const reader = new Reader(document, lines, file, limits.marks);
    const node = reader.read();
    if (node) documents.push(node);
    problems.push(...reader.problems.slice(0, mostProblems));
  }
  return { documents, problems };
}

/** A document that arrived as JSON, as in a request: numbers and booleans become text; it has no lines. */
export function documentOf(value: unknown, file: string): DocumentNode {
  return { file, value: textual(value), locate: () => ({ line: 1, column: 1 }) };
}

/** Adds line and column to problems with a path, and sorts them by their place in the file. */
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

function sizeOf(characters: number): string {
  return characters < 1024 * 1024 ? `${characters / 1024} KiB` : `${characters / 1024 / 1024} MiB`;
}

const MARKS = new Set([...'\n,:[]{}-?&*!%'].map((mark) => mark.charCodeAt(0)));

/** The offset of the mark after the last allowed one, or -1. */
function markBeyond(source: string, most: number): number {
  if (source.length <= most) return -1;
  let marks = 0;
  for (let at = 0; at < source.length; at += 1) {
    if (!MARKS.has(source.charCodeAt(at))) continue;
    marks += 1;
    if (marks > most) return at;
  }
  return -1;
}

/** The contents of an anchor, read once: its number of parts and its depth. */
interface Anchored {
  readonly value: unknown;
  readonly parts: number;
  readonly height: number;
}

class Reader {
  readonly problems: DocumentProblem[] = [];
  private readonly targets = new Map<Alias, Node>();
  private readonly anchored = new Map<Node, Anchored>();
  private readonly pairs = new Map<YAMLMap, Map<string, Pair>>();
  private parts = 0;
  private height = 0;

  constructor(
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
    private readonly file: string,
    private readonly mostParts: number,
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
    this.anchor(contents, new Map());
    const value = this.value(contents, 0, []);
    if (contents !== null && !isMap(this.resolved(contents)))
      this.problem(this.start(contents), 'syntax', 'a document is a mapping of keys to values');
    else if (contents === null || (isMap(contents) && contents.items.length === 0))
      this.problem(this.document.range[0], 'syntax', 'the document is empty');
    if (this.problems.some(({ code }) => code === 'syntax')) return undefined;
    return { file: this.file, value, locate: (path, part = 'value') => this.locate(path, part) };
  }

  private value(node: unknown, depth: number, path: (string | number)[]): unknown {
    this.count(1, node, path);
    if (this.parts >= this.mostParts) return '';
    if (depth > deepest) {
      this.problem(this.start(node), 'syntax', `nested more than ${deepest} deep`, path);
      return '';
    }
    this.height = Math.max(this.height, depth);
    if (isAlias(node)) return this.aliased(node, depth, path);
    const anchor = isScalar(node) || isSeq(node) || isMap(node) ? node.anchor : undefined;
    if (anchor === undefined) return this.plain(node, depth, path);
    const [parts, height] = [this.parts, this.height];
    this.height = depth;
    const value = this.plain(node, depth, path);
    this.anchored.set(node as Node, { value, parts: this.parts - parts, height: this.height - depth });
    this.height = Math.max(this.height, height);
    return value;
  }

  private plain(node: unknown, depth: number, path: (string | number)[]): unknown {
    if (isSeq(node)) return node.items.map((item, index) => this.value(item, depth + 1, [...path, index]));
    if (isMap(node)) return this.mapping(node, depth, path);
    return isScalar(node) && node.value !== null ? String(node.value) : '';
  }

  /** An alias costs nothing to read and counts as all contents of its anchor. */
  private aliased(node: Alias, depth: number, path: (string | number)[]): unknown {
    const target = this.targets.get(node);
    const known = target && this.anchored.get(target);
    if (target === undefined)
      this.problem(this.start(node), 'syntax', `there is no anchor \`&${node.source}\` before this`, path);
    // An anchor that is still being read contains itself.
    else if (known === undefined || depth + known.height > deepest)
      this.problem(this.start(node), 'syntax', `nested more than ${deepest} deep`, path);
    if (known === undefined) return '';
    this.height = Math.max(this.height, depth + known.height);
    this.count(known.parts, node, path);
    return known.value;
  }

  private count(parts: number, node: unknown, path: (string | number)[]): void {
    const before = this.parts;
    this.parts += parts;
    if (before < this.mostParts && this.parts >= this.mostParts)
      this.problem(this.start(node), 'syntax', `a document of more than ${this.mostParts} parts`, path);
  }

  /** Finds the anchor of each alias: the last one of its name before it. */
  private anchor(node: unknown, anchors: Map<string, Node>): void {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target) this.targets.set(node, target);
      return;
    }
    if (!isScalar(node) && !isSeq(node) && !isMap(node)) return;
    if (node.anchor !== undefined) anchors.set(node.anchor, node as Node);
    if (isSeq(node)) for (const item of node.items) this.anchor(item, anchors);
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        this.anchor(key, anchors);
        this.anchor(value, anchors);
      }
    }
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
          `\`${key}\` has no value: in { } a comma ends a value (put a text with a comma in single quotes, write numbers as 1234.56)`,
          [...path, key],
        );
      else if (first !== undefined)
        this.problem(start, 'duplicate-key', `the key \`${key}\` appears twice here, first in line ${first}`, [
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
        const pair = this.pairsOf(node).get(String(key));
        if (pair === undefined) break;
        node = this.resolved(pair.value);
        // A scalar is located by its own place, a mapping or a list by its key.
        const isKey = part === 'key' && index === path.length - 1;
        offset = !isKey && isScalar(node) && node.source !== '' ? this.start(node) : this.start(pair.key);
      } else break;
    }
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  private pairsOf(map: YAMLMap): Map<string, Pair> {
    let pairs = this.pairs.get(map);
    if (pairs === undefined) {
      this.pairs.set(map, (pairs = new Map()));
      for (const pair of map.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
        if (key !== undefined && !pairs.has(key)) pairs.set(key, pair);
      }
    }
    return pairs;
  }

  private resolved(node: unknown): unknown {
    return isAlias(node) ? this.targets.get(node) : node;
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

/** A syntax error in the words of this documentation, with its correction. */
function explained({ code, message }: YAMLError): string {
  if (message.includes('call stack')) return 'nested too deeply';
  if (code === 'TAB_AS_INDENT') return 'a tab cannot indent: use spaces';
  const plain = words.reduce((text, [pattern, word]) => text.replace(pattern, word), message);
  const what = `${plain.charAt(0).toLowerCase()}${plain.slice(1)}`;
  if (code === 'BAD_SCALAR_START') return `${what}: put the value in quotation marks`;
  const advice =
    'put a value in single quotes if it contains `: ` or ` #`, or in { } and [ ] one of `, [ ] { }`, or if it continues after a quotation mark';
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
