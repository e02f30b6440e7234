import type { Row } from './rows.js';

/** RFC 4180 with LF: the header has the names of fields, an absent value is empty, a list or an object is JSON. */
export function csvOf(fields: readonly string[], rows: readonly Row[]): string {
  return [fields, ...rows.map((row) => fields.map((field) => textOf(row[field])))]
    .map((cells) => `${cells.map(quoted).join(',')}\n`)
    .join('');
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return JSON.stringify(value);
  return typeof value === 'string' ? harmless(value) : String(value);
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front; a negative number does not. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) && !/^-\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
