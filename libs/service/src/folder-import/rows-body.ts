import type { Readable } from 'node:stream';
import { PayloadTooLargeException, UnsupportedMediaTypeException } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { Malformed } from '../problem.js';

/** Bytes of one row, bytes of a body, and rows of it. */
const LONGEST = 64 * 1024;
const LARGEST = 256 * 1024 * 1024;
const MOST = 1_000_000;
/** Errors of rows that one answer tells. */
const MOST_ERRORS = 100;

interface Schema<Row> {
  safeParse(row: unknown): { success: true; data: Row } | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
}

/** Rows of a body with a JSON object a line. Malformed names the row, counted from 1, the field and what was expected. */
export async function rowsOf<Row>(request: IncomingMessage, schema: Schema<Row>): Promise<Row[]> {
  if (!/^application\/x-ndjson\b/i.test(request.headers['content-type'] ?? '')) throw new UnsupportedMediaTypeException('expected application/x-ndjson, one JSON object a line');
  const rows: Row[] = [];
  const errors: { field: string; message: string }[] = [];
  let row = 0;
  for await (const line of linesOf(request)) {
    row += 1;
    if (row > MOST) throw new PayloadTooLargeException(`expected at most ${MOST} rows`);
    const parsed = parse(line);
    if (parsed === undefined) errors.push({ field: `rows.${row}`, message: `expected a JSON object on a line of at most ${LONGEST} bytes` });
    else {
      const checked = schema.safeParse(parsed);
      if (checked.success) rows.push(checked.data);
      else errors.push(...checked.error.issues.map(({ path, message }) => ({ field: ['rows', row, ...path].join('.'), message })));
    }
    if (errors.length >= MOST_ERRORS) break;
  }
  if (errors.length > 0) throw new Malformed(errors.slice(0, MOST_ERRORS));
  return rows;
}

function parse(line: string): unknown {
  if (Buffer.byteLength(line) > LONGEST) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function* linesOf(body: Readable): AsyncGenerator<string> {
  const text = new TextDecoder('utf-8');
  let rest = '';
  let bytes = 0;
  // A body that is given up stays open, or the answer could not be sent.
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST) throw new PayloadTooLargeException(`expected at most ${LARGEST} bytes`);
    const lines = (rest + text.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST) lines.push(rest.slice(0, LONGEST + 1));
    for (const line of lines) if (line.trim() !== '') yield line;
    if (rest.length > LONGEST) rest = '';
  }
  if (rest.trim() !== '') yield rest;
}
