import type { SourceDocument } from '@attain/contracts';
import { Malformed } from '@attain/service';
import type { QuarantineDocument } from '../quarantine/quarantine.projection.js';
import { WHOLE_LINE } from '../quarantine/whole-line.js';
import type { Batch } from './batch.js';
import { compiled } from './import-run.js';
import type { Line } from './lines.js';
import { dealSourceOf, type Known } from './lookup.queries.js';
import { isProblem, type Mapping } from './mapping.rules.js';
import { assembled } from './records.rules.js';
import { hand, type TakeRows } from './rows-import.js';

interface Waiting {
  readonly row: QuarantineDocument;
  readonly line: Line;
  readonly mapping: Mapping;
}

/** Reads waiting rows again. Unreadable rows stay with the present reason; lines that could not be cut into cells stay too. */
export async function replayed(
  batch: Batch,
  rows: readonly QuarantineDocument[],
  document: SourceDocument,
  known: Known,
  take: TakeRows | undefined,
  only?: string,
): Promise<void> {
  const waiting = withKeyOf(only, readable(batch, rows, document, known));
  batch.counts.rows += waiting.length;
  if (take) await replayedRows(batch, waiting, take);
  else replayedRecords(batch, waiting, document, known);
  await batch.flush();
  await batch.release(waiting.map(({ row }) => row).filter(({ quarantine }) => !batch.waiting.has(quarantine)));
}

/** The requested row with the other rows of its record, which are read together; by default all rows. */
function withKeyOf(only: string | undefined, all: readonly Waiting[]): readonly Waiting[] {
  if (only === undefined) return all;
  const one = all.find(({ row }) => row.quarantine === only);
  const key = one?.mapping.key(one.line.cells);
  return all.filter(
    (waiting) => waiting === one || (key !== undefined && waiting.mapping.key(waiting.line.cells) === key),
  );
}

function readable(
  batch: Batch,
  rows: readonly QuarantineDocument[],
  document: SourceDocument,
  known: Known,
): Waiting[] {
  const mappings = new Map<string, { header: readonly string[]; mapping: Mapping }>();
  const all: Waiting[] = [];
  for (const row of rows) {
    const header = Object.keys(row.raw);
    if (header.length === 1 && header[0] === WHOLE_LINE) continue;
    const place = header.join('\u0000');
    let found = mappings.get(place);
    if (!found) {
      try {
        mappings.set(place, (found = { header, mapping: compiled(document, batch.plan.as, header, known, row.file) }));
      } catch (error) {
        // Rows of an older layout wait until the mapping reads that layout again.
        if (error instanceof Malformed && mappings.size + 1 < rows.length) continue;
        throw error;
      }
    }
    all.push({
      row,
      mapping: found.mapping,
      line: {
        file: row.file,
        row: row.row,
        header: found.header,
        cells: header.map((name) => row.corrected[name] ?? row.raw[name]!),
        waiting: row.raw,
      },
    });
  }
  return all;
}

function replayedRecords(batch: Batch, waiting: readonly Waiting[], document: SourceDocument, known: Known): void {
  const deals = document.deal?.of ?? dealSourceOf(known, document.source);
  const records = new Map<string, Waiting[]>();
  for (const one of waiting) {
    const key = one.mapping.key(one.line.cells);
    if (key === undefined)
      batch.quarantineLines([one.line], { field: 'id', expected: 'the fields that identify the record', found: null });
    else records.set(key, [...(records.get(key) ?? []), one]);
  }
  const whole = batch.plan.as === 'splits' || batch.plan.as === 'reversals' || document.group !== undefined;
  for (const [key, ones] of records) {
    const lines = ones.map(({ line }) => line);
    if (!whole && lines.length > 1) {
      const rows = lines.map(({ row }) => `row ${row}`).join(' and ');
      for (const line of lines)
        batch.quarantineLines([line], {
          field: 'id',
          expected: `rows of one record that say the same, but ${rows} differ`,
          found: key,
        });
      continue;
    }
    const mappingOf = new Map(ones.map(({ line, mapping }) => [line, mapping]));
    const record = assembled((line) => mappingOf.get(line)!, key, lines, deals);
    if ('line' in record) batch.quarantineLines(lines, record, record.line);
    else batch.add(record, lines);
  }
}

async function replayedRows(batch: Batch, waiting: readonly Waiting[], take: TakeRows): Promise<void> {
  const lines: Line[] = [];
  const rows: Readonly<Record<string, string>>[] = [];
  for (const { line, mapping } of waiting) {
    const row = mapping.read(line.cells);
    if (isProblem(row)) batch.quarantineLines([line], row);
    else {
      lines.push(line);
      rows.push(row.fields);
    }
  }
  if (rows.length > 0) await hand(batch, lines, rows, take, false);
}
