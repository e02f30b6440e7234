import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute, basename } from 'node:path';
import type { SourceDocument } from '@attain/contracts';
import { Malformed, Turns } from '@attain/service';
import { type BadRecord, CsvRecords } from './csv.rules.js';
import { readable, TextChunks } from './utf8.js';

/** A file with its path, and its name for people. */
export interface ImportFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
}
/** A row of a file, by its number with the header as row 1. */
export interface Line {
  readonly file: string;
  readonly row: number;
  readonly cells: readonly string[];
  readonly header: readonly string[];
  /** The original cells of a waiting row that a person has corrected. */
  readonly waiting?: Readonly<Record<string, string>>;
}
export interface LineSink {
  /** Throws to stop. */
  header(header: readonly string[]): void;
  line(line: Line): void;
  /** A malformed row: broken quotes, bytes that are no UTF-8, too many columns. */
  bad(record: BadRecord): void;
  /** After each chunk; nothing more is read before it resolves. */
  chunk(bytes: number): Promise<void> | void;
}

/** The limits of characters and columns in a row: more indicate that the file is no table. */
const LONGEST_ROW = 1 << 20;
const MOST_COLUMNS = 1000;
/** Bytes of one chunk, which are read in less than one turn. */
const CHUNK = 64 * 1024;

export async function importFile(path: string): Promise<ImportFile> {
  const name = isAbsolute(path) ? basename(path) : path;
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new Malformed([{ field: 'files', message: `there is no file ${name}` }]);
  return { path, name, bytes: found.size };
}

/** Reads one file from its beginning to its end, in constant memory. */
export async function readLines(
  file: ImportFile,
  document: Pick<SourceDocument, 'delimiter' | 'encoding'>,
  sink: LineSink,
  signal?: AbortSignal,
): Promise<void> {
  const chunks = new TextChunks(document.encoding, LONGEST_ROW);
  let header: readonly string[] | undefined;
  const delimiter = document.delimiter === 'tab' ? '\t' : (document.delimiter ?? ',');
  const records = new CsvRecords(
    { delimiter, longest: LONGEST_ROW },
    {
      record(cells, row) {
        if (header === undefined) {
          header = headerOf(file, cells);
          sink.header(header);
          return;
        }
        if (cells.length !== header.length) {
          sink.bad({
            row,
            expected: `${header.length} columns`,
            found: `${cells.length} columns`,
            raw: cells.join(delimiter),
          });
        } else if (chunks.broken && !cells.every((cell) => cell.isWellFormed())) {
          const broken = cells.findIndex((cell) => !cell.isWellFormed());
          const found = readable(cells[broken]!).slice(0, 100);
          sink.bad({
            row,
            expected: `UTF-8 in ${header[broken]} (or \`encoding\` in the source)`,
            found,
            raw: readable(cells.join(delimiter)),
          });
        } else sink.line({ file: file.name, row, cells, header });
      },
      bad(record) {
        if (header === undefined)
          throw new Malformed([
            {
              field: 'files',
              message: `${file.name}: row ${record.row}: expected ${record.expected}, found ${record.found}`,
            },
          ]);
        sink.bad(chunks.broken ? { ...record, found: readable(record.found), raw: readable(record.raw) } : record);
      },
    },
  );
  const others = new Turns();
  for await (const chunk of createReadStream(file.path, { highWaterMark: CHUNK })) {
    signal?.throwIfAborted();
    const bytes = chunk as Buffer;
    records.write(chunks.write(bytes));
    await sink.chunk(bytes.length);
    await others.next();
  }
  records.write(chunks.end());
  records.end();
  if (header === undefined)
    throw new Malformed([{ field: 'files', message: `${file.name}: expected a header and rows, found nothing` }]);
  await sink.chunk(0);
}

function headerOf(file: ImportFile, cells: readonly string[]): readonly string[] {
  const wrong = (message: string) => new Malformed([{ field: 'files', message: `${file.name}: row 1: ${message}` }]);
  if (cells.length > MOST_COLUMNS) throw wrong(`expected at most ${MOST_COLUMNS} columns, found ${cells.length}`);
  const bad = cells.find((cell) => !cell.isWellFormed());
  if (bad !== undefined)
    throw wrong(`expected UTF-8 (or \`encoding\` in the source), found ${readable(bad).slice(0, 100)}`);
  return cells.map((cell) => cell.trim());
}
