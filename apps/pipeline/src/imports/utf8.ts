import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

const LINE = 0x0a;
/** A byte that is no UTF-8 becomes the half surrogate U+DC00 + byte, which no UTF-8 text holds, and nothing is lost. */
const ESCAPE = 0xdc00;

/** Bytes to text in chunks that end where a line ends, so that no character is cut in two. */
export class TextChunks {
  private rest: Buffer = Buffer.alloc(0);
  private first = true;
  /** Whether any byte so far was escaped. */
  broken = false;
  private readonly decoder: TextDecoder | undefined;

  constructor(
    encoding = 'utf-8',
    private readonly longest = 1 << 20,
  ) {
    this.decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding);
  }

  write(chunk: Buffer): string {
    if (this.decoder) return this.decoder.decode(chunk, { stream: true });
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const end = bytes.lastIndexOf(LINE) + 1;
    // An endless line is passed on in pieces, cut at the beginning of a character.
    const cut = end === 0 && bytes.length > this.longest ? wholeCharacters(bytes) : end;
    this.rest = bytes.subarray(cut);
    return this.text(bytes.subarray(0, cut));
  }

  end(): string {
    if (this.decoder) return this.decoder.decode();
    const rest = this.rest;
    this.rest = Buffer.alloc(0);
    return this.text(rest);
  }

  private text(bytes: Buffer): string {
    const start =
      this.first && bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    if (bytes.length > 0) this.first = false;
    const body = start === 0 ? bytes : bytes.subarray(start);
    if (isAscii(body)) return body.toString('latin1');
    if (isUtf8(body)) return body.toString('utf8');
    this.broken = true;
    return escaped(body);
  }
}

/** The text as people can read it, each escaped byte as `\xE9`. */
export function readable(text: string): string {
  if (text.isWellFormed()) return text;
  return Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    if (character.length > 1 || code < 0xd800 || code > 0xdfff) return character;
    return `\\x${(code & 0xff).toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

function wholeCharacters(bytes: Buffer): number {
  let cut = bytes.length;
  for (let back = 0; back < 3 && cut > 0 && (bytes[cut - 1]! & 0xc0) === 0x80; back += 1) cut -= 1;
  return cut > 0 && bytes[cut - 1]! >= 0xc0 ? cut - 1 : bytes.length;
}

function escaped(bytes: Buffer): string {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length;) {
    const line = bytes.indexOf(LINE, from);
    const to = line < 0 ? bytes.length : line + 1;
    const part = bytes.subarray(from, to);
    parts.push(isUtf8(part) ? part.toString('utf8') : escapedLine(part));
    from = to;
  }
  return parts.join('');
}

function escapedLine(line: Buffer): string {
  let text = '';
  for (let at = 0; at < line.length;) {
    const lead = line[at]!;
    const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    const character = line.subarray(at, at + length);
    if (isUtf8(character)) {
      text += character.toString('utf8');
      at += length;
    } else {
      text += String.fromCharCode(ESCAPE + lead);
      at += 1;
    }
  }
  return text;
}
