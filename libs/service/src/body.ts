import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Malformed } from './problem.js';

/** The greatest depth of lists and objects in JSON. */
const DEEPEST = 64;
const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [...'"\\[]{}'].map((mark) =>
  mark.charCodeAt(0),
);

/** Refuses a JSON body before it is parsed, in time linear in its bytes; for the `verify` hook of the body parser. */
export function checkJson(
  _request: IncomingMessage,
  _response: ServerResponse,
  bytes: Buffer,
  encoding?: string | null,
): void {
  // In another encoding the bytes of a bracket may be part of a letter; RFC 8259 allows only UTF-8.
  if (encoding != null && !/^utf-?8$/i.test(encoding))
    throw new Malformed([
      { field: 'Content-Type', message: `expected the charset utf-8, found ${JSON.stringify(encoding)}` },
    ]);
  if (!isUtf8(bytes))
    throw new Malformed([{ field: 'body', message: 'expected JSON in UTF-8, found bytes that are not' }]);
  const deep = tooDeepAt(bytes);
  if (deep >= 0)
    throw new Malformed([
      {
        field: 'body',
        message: `expected at most ${DEEPEST} levels of lists and objects, found more at byte ${deep + 1}`,
      },
    ]);
}

/** The index of the byte that opens one level too many, or -1. The parser refuses what is not JSON. */
export function tooDeepAt(bytes: Uint8Array, deepest = DEEPEST): number {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (isText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      depth += 1;
      if (depth > deepest) return at;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1;
  }
  return -1;
}
