import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import type { SourceDocument } from '@attain/contracts';
import { Turns } from '@attain/service';
import { type ImportFile, readLines } from '../imports/lines.js';
import { delimiterOf, encodingOf } from './forms.rules.js';
import type { FormGuess } from './guesses.js';
import { ColumnProfile } from './profile.rules.js';

/** How a file is cut into cells. */
export type FileForm = Pick<SourceDocument, 'delimiter' | 'encoding'>;
export interface FirstLine {
  readonly row: number;
  readonly header: readonly string[];
  /** Null where the row could not be cut into cells. */
  readonly cells: readonly string[] | null;
}

const HEAD = 256 * 1024;
/** The number of rows for recognising columns; the preview itself reads all rows. */
const LOOKED_AT = 50_000;

/** Thrown when enough rows were read. */
class Enough extends Error {
  override readonly name = 'Enough';
}

/** Encoding and delimiter, guessed where nothing states them. */
export async function formOf(
  file: ImportFile,
  stated: FileForm,
): Promise<{ form: FileForm; written: FileForm; guesses: FormGuess[] }> {
  const head = await headOf(file);
  const encoding = stated.encoding ?? (encodingOf(head, await isAllUtf8(file)) as NonNullable<FileForm['encoding']>);
  const text = new TextDecoder(encoding).decode(head);
  const guess = delimiterOf(text);
  const delimiter = stated.delimiter ?? (guess === '\t' ? 'tab' : guess);
  const guesses: FormGuess[] = [
    {
      key: 'delimiter',
      value: delimiter,
      verdict: 'certain',
      reason: 'it cuts most rows into as many cells as the header',
    },
    {
      key: 'encoding',
      value: encoding,
      verdict: encoding === 'windows-1252' ? 'likely' : 'certain',
      reason:
        encoding === 'windows-1252'
          ? 'some bytes are no UTF-8, and Windows programs of western Europe write files so'
          : 'every byte is read in this encoding',
    },
  ];
  return {
    form: { delimiter, encoding },
    written: { ...(delimiter !== ',' && { delimiter }), ...(encoding !== 'utf-8' && { encoding }) },
    guesses,
  };
}

/** A profile of each column. */
export async function surveyed(file: ImportFile, form: FileForm): Promise<ColumnProfile[]> {
  let profiles: ColumnProfile[] = [];
  let rows = 0;
  await untilEnough(file, form, {
    header: (header) => (profiles = header.map((name) => new ColumnProfile(name))),
    line({ cells }) {
      cells.forEach((cell, at) => profiles[at]!.add(cell));
      rows += 1;
      if (rows >= LOOKED_AT) throw new Enough();
    },
    bad: () => undefined,
  });
  return profiles;
}

export async function firstLines(file: ImportFile, form: FileForm, count: number): Promise<FirstLine[]> {
  const lines: FirstLine[] = [];
  let header: readonly string[] = [];
  const take = (line: FirstLine): void => {
    lines.push(line);
    if (lines.length >= count) throw new Enough();
  };
  await untilEnough(file, form, {
    header: (names) => (header = names),
    line: ({ row, cells }) => take({ row, cells, header }),
    bad: ({ row }) => take({ row, cells: null, header }),
  });
  return lines;
}

async function untilEnough(
  file: ImportFile,
  form: FileForm,
  sink: Omit<Parameters<typeof readLines>[2], 'chunk'>,
): Promise<void> {
  try {
    await readLines(file, form, { ...sink, chunk: () => undefined });
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
}

async function headOf({ path }: ImportFile): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function isAllUtf8({ path }: ImportFile): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const others = new Turns();
  try {
    for await (const chunk of createReadStream(path)) {
      decoder.decode(chunk as Buffer, { stream: true });
      await others.next();
    }
    decoder.decode();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return false;
    throw error;
  }
}
