import { describe, expect, it } from '@jest/globals';
import { readable, TextChunks } from './utf8.js';

function decode(bytes: Buffer, size: number, encoding = 'utf-8'): { text: string; broken: boolean } {
  const chunks = new TextChunks(encoding);
  let text = '';
  for (let at = 0; at < bytes.length; at += size) text += chunks.write(bytes.subarray(at, at + size));
  return { text: text + chunks.end(), broken: chunks.broken };
}

describe('Bytes of an export', () => {
  it('are UTF-8 wherever a chunk ends', () => {
    const text = 'id,name\n1,Zürich 🙂\n2,東京\n';
    for (let size = 1; size < 12; size += 1) expect(decode(Buffer.from(text), size)).toEqual({ text, broken: false });
  });
  it('may begin with a byte order mark, which is no part of the first column', () => {
    expect(decode(Buffer.from('\uFEFFid\n'), 2).text).toBe('id\n');
  });
  it('that are no UTF-8 are kept and shown, on their own line only', () => {
    const { text, broken } = decode(
      Buffer.concat([Buffer.from('1,é\n2,caf'), Buffer.from([0xe9]), Buffer.from('\n3,ü\n')]),
      4,
    );
    expect(broken).toBe(true);
    expect(readable(text)).toBe('1,é\n2,caf\\xE9\n3,ü\n');
    expect(text.split('\n').map((line) => line.isWellFormed())).toEqual([true, false, true, true]);
  });
  it('are read in the encoding that the source names', () => {
    expect(decode(Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]), 2, 'windows-1252').text).toBe('café\n');
    expect(decode(Buffer.from('\uFEFFid\n7\n', 'utf16le'), 3, 'utf-16le').text).toBe('id\n7\n');
  });
});
