import { hash, randomUUID } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ATTAIN = '8f0c2c56-6c6d-5b0e-9f0e-3f5d1a7a11a1';
const ATTAIN_HEX = ATTAIN.replaceAll('-', '');
/** Characters that JSON writes without an escape. */
const PLAIN = /^[ !#-[\]-~]*$/;
const keyTexts = new Map<string, string>();
const scratch = Buffer.allocUnsafe(16_384);

/**
 * A UUID of version 5 that depends only on its arguments; other parts, or other boundaries between them, give another UUID.
 * `namespace` is a UUID, or any name, from which a namespace of Attain is derived. Throws RangeError without parts and
 * on a part that contains a NUL or half a surrogate pair.
 */
export function uuidOf(namespace: string, ...parts: readonly string[]): string {
  if (parts.length === 0) throw new RangeError('A UUID of no parts');
  for (const part of [namespace, ...parts]) {
    if (part.includes('\0') || !part.isWellFormed())
      throw new RangeError(`Not a part of an id: ${JSON.stringify(part)}`);
  }
  return UUID.test(namespace) ? version5(namespace, parts) : version5(ATTAIN, [namespace, ...parts]);
}

/** A random UUID. */
export function newUuid(): string {
  return randomUUID();
}

/** Orders texts by their bytes in UTF-8, on every machine alike: negative, 0 or positive. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return byteRank(x) - byteRank(y);
  }
  return a.length - b.length;
}

/**
 * JSON with one text for one value, as RFC 8785 defines it: keys in UTF-16 order, no spaces, undefined keys absent, a bigint as its decimal text
 * in quotation marks, other values by their `toJSON`. Throws TypeError on values that JSON cannot represent.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return `"${value}"`;
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`JSON has no ${value}`);
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : canonicalObject(value);
    default:
      throw new TypeError(`JSON has no ${typeof value}`);
  }
}

/** The SHA-256 of a text in UTF-8, as 64 hexadecimal digits. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

function canonicalObject(value: object): string {
  if ('toJSON' in value && typeof value.toJSON === 'function') return canonicalJson(value.toJSON());
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    const kind = Object.prototype.toString.call(value);
    if (kind !== '[object Object]') throw new TypeError(`JSON has no ${kind.slice('[object '.length, -1)}`);
  }
  let text = '';
  for (const key of sortedKeys(value)) {
    const entry: unknown = (value as Record<string, unknown>)[key];
    if (entry !== undefined) text += `${text === '' ? '' : ','}${keyText(key)}:${canonicalJson(entry)}`;
  }
  return `{${text}}`;
}

function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  for (let i = 1; i < keys.length; i += 1) if ((keys[i - 1] as string) > (keys[i] as string)) return keys.sort();
  return keys;
}

// An import writes the same few field names a million times.
function keyText(key: string): string {
  let text = keyTexts.get(key);
  if (text === undefined) {
    text = JSON.stringify(key);
    if (keyTexts.size < 1000) keyTexts.set(key, text);
  }
  return text;
}

function version5(namespace: string, parts: readonly string[]): string {
  const text = parts.join('\0');
  const length = 16 + text.length * 3;
  const bytes = length <= scratch.length ? scratch : Buffer.allocUnsafe(length);
  bytes.write(namespace === ATTAIN ? ATTAIN_HEX : namespace.replaceAll('-', ''), 'hex');
  const digest = hash('sha1', bytes.subarray(0, 16 + bytes.write(text, 16)), 'hex');
  const variant = '89ab'.charAt(parseInt(digest.charAt(16), 16) & 0x3);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

// Surrogates represent code points above U+FFFF but are themselves below U+E000.
function byteRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
