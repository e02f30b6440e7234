/** A record that could not be cut into cells; `raw` is its text as far as it was kept, bytes that are no UTF-8 as `\xE9`. */
export interface BadRecord {
  readonly row: number;
  readonly expected: string;
  readonly found: string;
  readonly raw: string;
}
export interface CsvSink {
  /** The header is row 1; blank lines count as rows and are left out. */
  record(cells: string[], row: number): void;
  bad(record: BadRecord): void;
}
export interface CsvLimits {
  readonly delimiter: string;
  /** Characters of one record, with the line ends inside its quotes. */
  readonly longest: number;
}

const QUOTE = 0x22;
const RETURN = 0x0d;
const LINE = 0x0a;
const SHOWN = 1000;

/**
 * Cuts CSV (RFC 4180, line ends LF or CRLF) into records, a chunk of text at a time. A record with a broken quote ends
 * with its first line, and reading continues with the next line, so that no further row is lost.
 */
export class CsvRecords {
  private rest = '';
  private row = 0;
  private skipped = 0;
  private begun = '';

  constructor(
    private readonly limits: CsvLimits,
    private readonly sink: CsvSink,
  ) {}

  write(text: string): void {
    this.cut(this.rest === '' ? text : this.rest + text, false);
  }

  end(): void {
    const rest = this.rest;
    this.rest = '';
    if (this.skipped > 0) this.overlong();
    else if (rest !== '') this.cut(rest, true);
  }

  private cut(text: string, last: boolean): void {
    let at = 0;
    let quote = text.indexOf('"');
    if (this.skipped > 0) {
      const end = text.indexOf('\n');
      this.skipped += end < 0 ? text.length : end;
      this.rest = '';
      if (end < 0) return;
      this.overlong();
      at = end + 1;
    }
    const { delimiter, longest } = this.limits;
    while (at < text.length) {
      let end = text.indexOf('\n', at);
      if (end < 0) {
        if (!last) break;
        end = text.length;
      }
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
      if (quote < 0 || quote >= end) {
        const until = text.charCodeAt(end - 1) === RETURN && end > at ? end - 1 : end;
        this.row += 1;
        if (until - at > longest) this.sink.bad(this.tooLong(text.slice(at, at + SHOWN), until - at));
        else if (until > at) this.sink.record(text.slice(at, until).split(delimiter), this.row);
        at = end + 1;
        continue;
      }
      const next = this.quoted(text, at, last);
      if (next < 0) break;
      at = next;
    }
    this.rest = at >= text.length ? '' : text.slice(at);
    if (this.rest.length > longest) this.giveUp();
  }

  /** Reads a record with a quote; returns the start of the next record, or −1 if more text is needed. */
  private quoted(text: string, from: number, last: boolean): number {
    const { delimiter, longest } = this.limits;
    const cells: string[] = [];
    let at = from;
    for (;;) {
      if (text.charCodeAt(at) !== QUOTE) {
        const line = endOf(text, at);
        const mark = text.indexOf(delimiter, at);
        if (mark >= 0 && mark < line) {
          cells.push(text.slice(at, mark));
          at = mark + 1;
          continue;
        }
        if (line === text.length && !last) return -1;
        cells.push(text.slice(at, line > at && text.charCodeAt(line - 1) === RETURN ? line - 1 : line));
        return this.emit(cells, line + 1);
      }
      let close = text.indexOf('"', at + 1);
      while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) close = text.indexOf('"', close + 2);
      if (close < 0 || (close + 1 === text.length && !last)) {
        if (!last && text.length - from <= longest) return -1;
        return this.broken(text, from, 'a closing quote');
      }
      cells.push(text.slice(at + 1, close).replaceAll('""', '"'));
      at = close + 1;
      if (text.charCodeAt(at) === RETURN && (text.charCodeAt(at + 1) === LINE || (last && at + 1 === text.length)))
        at += 1;
      else if (text.charCodeAt(at) === RETURN && at + 1 === text.length) return -1;
      if (at >= text.length || text.charCodeAt(at) === LINE) return this.emit(cells, at + 1);
      if (!text.startsWith(delimiter, at))
        return this.broken(text, from, 'a delimiter or the end of the line after a closing quote');
      at += 1;
    }
  }

  private emit(cells: string[], next: number): number {
    this.row += 1;
    this.sink.record(cells, this.row);
    return next;
  }

  private broken(text: string, from: number, expected: string): number {
    const end = endOf(text, from);
    this.row += 1;
    const raw = text.slice(from, text.charCodeAt(end - 1) === RETURN ? end - 1 : end);
    this.sink.bad({ row: this.row, expected, found: raw.slice(0, 100), raw });
    return end + 1;
  }

  /** A record without an end within the limit: an unclosed quote loses its first line, an endless line is lost whole. */
  private giveUp(): void {
    const text = this.rest;
    if (text.includes('\n')) {
      this.rest = '';
      this.cut(text.slice(this.broken(text, 0, 'a closing quote')), false);
      return;
    }
    this.skipped = text.length;
    this.begun = text.slice(0, SHOWN);
    this.rest = '';
  }

  private overlong(): void {
    this.row += 1;
    this.sink.bad(this.tooLong(this.begun, this.skipped));
    this.skipped = 0;
    this.begun = '';
  }

  private tooLong(beginning: string, length: number): BadRecord {
    return {
      row: this.row,
      expected: `a line of at most ${this.limits.longest} characters`,
      found: `${length} characters`,
      raw: beginning,
    };
  }
}

function endOf(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
