import { describe, expect, it } from '@jest/globals';
import { documentOf, formatProblem, parseDocuments } from '../index.js';

const read = (text: string | Uint8Array) => parseDocuments(text, 'plans/ae.yaml');
const only = (text: string) => {
  const { documents, problems } = read(text);
  expect(problems).toEqual([]);
  expect(documents).toHaveLength(1);
  return documents[0]!;
};
const messages = (text: string | Uint8Array) => read(text).problems.map(formatProblem);

describe('a document', () => {
  it('keeps every scalar as the text that was written', () => {
    const text =
      'id: 0012\nversion: 2025.10\nanswer: NO\nprice: 9999.99\nnothing: ~\nblank:\nquoted: "a: b"\nlong: >-\n  one\n  two\ndate: 2025-03-31\nhex: 0x1F\nexponent: 1e3\n"spaced key": yes\n12: x\n';
    expect(only(text).value).toEqual({
      id: '0012',
      version: '2025.10',
      answer: 'NO',
      price: '9999.99',
      nothing: '~',
      blank: '',
      quoted: 'a: b',
      long: 'one two',
      date: '2025-03-31',
      hex: '0x1F',
      exponent: '1e3',
      'spaced key': 'yes',
      12: 'x',
    });
  });

  it('knows the line and column of each part', () => {
    const node = only('plan: AE\ncomponents:\n  - name: A\n    tiers: [ { from: 0%, rate: 5% }, { from: 50% } ]\n');
    expect(node.locate(['plan'])).toEqual({ line: 1, column: 7 });
    expect(node.locate(['plan'], 'key')).toEqual({ line: 1, column: 1 });
    expect(node.locate(['components'])).toEqual({ line: 2, column: 1 });
    expect(node.locate(['components', 0, 'tiers', 1, 'from'])).toEqual({ line: 4, column: 46 });
    expect(node.locate(['components', 0, 'tiers', 1, 'rate'])).toEqual({ line: 4, column: 38 });
    expect(node.locate(['components', 7, 'tiers'])).toEqual({ line: 2, column: 1 });
    expect(node.locate([])).toEqual({ line: 1, column: 1 });
  });

  it('may share a file with others, each with its own lines', () => {
    const { documents } = read('plan: A\n---\n# the second\nplan: B\nversion: 2\n');
    expect(documents.map(({ value }) => value)).toEqual([{ plan: 'A' }, { plan: 'B', version: '2' }]);
    expect(documents[1]!.locate(['version'])).toEqual({ line: 5, column: 10 });
  });

  it('may repeat itself by anchors', () => {
    const node = only('a: &tiers [ { from: 0% } ]\nb: *tiers\n');
    expect(node.value).toEqual({ a: [{ from: '0%' }], b: [{ from: '0%' }] });
    expect(node.locate(['b', 0, 'from'])).toEqual({ line: 1, column: 21 });
  });

  it('may have a byte order mark and lines that end in CRLF', () => {
    expect(only('\uFEFFplan: A\r\nversion: 1\r\n').value).toEqual({ plan: 'A', version: '1' });
    expect(read(Buffer.from('\uFEFFplan: Ä\n')).documents[0]!.value).toEqual({ plan: 'Ä' });
  });

  it('may be JSON, as a text or as a value', () => {
    expect(only('{"plan": "A", "version": 1, "retroactive": true}').value).toEqual({
      plan: 'A',
      version: '1',
      retroactive: 'true',
    });
    const value = { plan: 'A', version: 1.5, tiers: [{ retroactive: true, when: null }] };
    expect(documentOf(value, 'request').value).toEqual({
      plan: 'A',
      version: '1.5',
      tiers: [{ retroactive: 'yes', when: '' }],
    });
  });
});

describe('a problem of reading names file, line and column', () => {
  it.each([
    [
      'a key that appears twice',
      'plan: A\nversion: 1\nplan: B\n',
      'plans/ae.yaml:3:1: plan: the key `plan` appears twice here, first in line 1',
    ],
    [
      'also in braces',
      'a: { b: 1, c: 2, b: 3 }',
      'plans/ae.yaml:1:18: a.b: the key `b` appears twice here, first in line 1',
    ],
    ['a tab', 'plan:\n\tname: A\n', 'plans/ae.yaml:2:1: a tab cannot indent: use spaces'],
    [
      'a list that is not closed',
      'a: [ 1, 2\nb: 3\n',
      'plans/ae.yaml:2:1: a list in [ ] must be sufficiently indented and end with a ]',
    ],
    ['a text that is not closed', 'a: "x\nb: 1\n', 'plans/ae.yaml:3:1: missing closing "quote'],
    [
      'an expression with a colon',
      'where: type: "New"\n',
      'plans/ae.yaml:1:8: not a mapping of keys to values, or wrongly indented',
    ],
    [
      'an expression that begins with a text',
      'where: "New" = type\n',
      'plans/ae.yaml:1:14: unexpected text after a value',
    ],
    [
      'an expression with brackets in braces',
      'a: { where: type in ["New"] }',
      'plans/ae.yaml:1:21: unexpected `[` after a value',
    ],
    [
      'a number with a comma in braces',
      'a: { amount: 1.234,56 }',
      'plans/ae.yaml:1:20: a."56": `56` has no value: in { } a comma ends a value',
    ],
    [
      'a value that begins with @',
      'a: @b',
      'plans/ae.yaml:1:4: plain value cannot start with reserved character @: put the value in quotation marks',
    ],
    ['an unknown anchor', 'a: *b', 'plans/ae.yaml:1:4: a: there is no anchor `&b` before this'],
    ['a tag', 'a: !!int 5', 'plans/ae.yaml:1:4: tags such as `!!int` have no meaning here'],
    ['a list as a key', '? [a]\n: b', 'plans/ae.yaml:1:3: a key is a text'],
    ['a key of JavaScript', '__proto__: x', 'plans/ae.yaml:1:1: a key cannot be `__proto__`'],
    [
      'a control character',
      'a: x\nb: y\u0007\n',
      'plans/ae.yaml:2:5: a control character (U+0007) is not allowed in a document',
    ],
    ['a list', '- a\n', 'plans/ae.yaml:1:1: a document is a mapping of keys to values'],
    ['a text', 'hello\n', 'plans/ae.yaml:1:1: a document is a mapping of keys to values'],
    ['an empty mapping', '{}\n', 'plans/ae.yaml:1:1: the document is empty'],
    ['nothing', '', 'plans/ae.yaml:1:1: the file holds no document'],
    ['a comment', '# to do\n', 'plans/ae.yaml:1:1: the file holds no document'],
  ])('%s', (_, text, message) => {
    const found = messages(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  it('UTF-8 that is broken, cut off, or UTF-16', () => {
    expect(messages(Buffer.from([0x61, 0x3a, 0x20, 0x78, 0x0a, 0x62, 0x3a, 0x20, 0xe4, 0x0a]))).toEqual([
      'plans/ae.yaml:2:4: not UTF-8 (byte 0xE4): save the file as UTF-8',
    ]);
    expect(messages(Buffer.from([0x61, 0x3a, 0x20, 0xc3]))).toEqual([
      'plans/ae.yaml:1:4: not UTF-8 (byte 0xC3): save the file as UTF-8',
    ]);
    expect(messages(Buffer.from('\uFEFFa: b', 'utf16le'))).toEqual([
      'plans/ae.yaml:1:1: the file is UTF-16: save it as UTF-8',
    ]);
  });

  it('anchors are read once, however often an alias names them', () => {
    const shared = only('a: &a { x: 1 }\nb: [*a, *a]\nc: &a 2\nd: *a').value as Record<string, unknown>;
    expect(shared).toEqual({ a: { x: '1' }, b: [{ x: '1' }, { x: '1' }], c: '2', d: '2' });
    expect((shared['b'] as unknown[])[0]).toBe(shared['a']);
    // Were each alias searched for, this would take minutes.
    const many = `a: &a x\nb: [${Array(200_000).fill('*a').join(',')}]`;
    expect((only(many).value as { b: string[] }).b).toHaveLength(200_000);
  });

  it('and an alias counts as all contents of its anchor, in parts and in depth', () => {
    const limits = { characters: 100_000, marks: 1000 };
    const read = (text: string) =>
      parseDocuments(text, 'f.yaml', limits).problems.map(({ line, message }) => `${line}: ${message}`);
    const ten = `[${Array(10).fill('x').join(', ')}]`;
    expect(read(`a: &a ${ten}\nb: [${Array(80).fill('*a').join(',')}]`)).toEqual([]);
    expect(read(`a: &a ${ten}\nb: [${Array(120).fill('*a').join(',')}]`)).toEqual([
      '2: a document of more than 1000 parts',
    ]);
    const deep = (levels: number) => `a: &a ${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(read(`${deep(24)}\nb: ${'['.repeat(20)}*a${']'.repeat(20)}`)).toEqual([]);
    expect(read(`${deep(24)}\nb: ${'['.repeat(30)}*a${']'.repeat(30)}`)).toEqual(['2: nested more than 48 deep']);
    expect(read(`a: [${Array(1001).fill('x').join(',')}]`)).toEqual(['1: a document of more than 1000 parts']);
  });

  it('and is bounded: depth, size, and anchors that multiply', () => {
    expect(messages(`a: ${'['.repeat(10_000)}`)[0]).toContain('nested too deeply');
    expect(messages(`a: ${'['.repeat(60)}${']'.repeat(60)}`)[0]).toContain('nested more than 48 deep');
    expect(messages('a: &a [ *a ]')[0]).toContain('nested more than 48 deep');
    const lines = [
      'a0: &a0 [ x, x, x, x, x, x, x, x, x, x ]',
      ...Array.from(
        { length: 8 },
        (_, level) => `a${level + 1}: &a${level + 1} [ ${Array(10).fill(`*a${level}`).join(', ')} ]`,
      ),
    ];
    expect(messages(lines.join('\n'))[0]).toContain('a document of more than 1000000 parts');
    expect(messages('a'.repeat(17 * 1024 * 1024))[0]).toContain('a document of more than 16 MiB');
  });
});
