import type { SourceDocument } from '@attain/contracts';
import type { Context } from '@attain/eventsourcing';
import { fromProblem, Malformed, type RowsAnswer } from '@attain/service';
import { waitingRecord } from '../quarantine/waiting.rules.js';
import type { Batch } from './batch.js';
import type { As } from './fields.rules.js';
import { compiled, type Watch } from './import-run.js';
import { type ImportFile, type Line, readLines } from './lines.js';
import type { Known } from './lookup.queries.js';
import { isProblem, type Mapping } from './mapping.rules.js';

/** Has planning record rows of people, quotas, leaves or scores, which it owns. */
export type TakeRows = (
  rows: readonly Readonly<Record<string, string>>[],
  options: { readonly source: string; readonly complete: boolean },
  context: Context,
) => Promise<RowsAnswer>;
const takenKinds = ['people', 'quotas', 'leaves', 'scores'] as const;
export type TakenKind = Extract<As, (typeof takenKinds)[number]>;

/** Whether another service records what a mapping of this kind reads. */
export function isTaken(as: As): as is TakenKind {
  return takenKinds.some((kind) => kind === as);
}

/** These rows are read as a whole, because they are few and depend on one another. */
const MOST_ROWS = 1_000_000;

/** Reads all rows, hands over the valid ones, and puts the others into quarantine. Returns whether every row was read. */
export async function importRows(
  batch: Batch,
  files: readonly ImportFile[],
  document: SourceDocument,
  known: Known,
  take: TakeRows,
  watch: Watch,
): Promise<void> {
  const lines: Line[] = [];
  const rows: Readonly<Record<string, string>>[] = [];
  const totalBytes = files.reduce((all, { bytes }) => all + bytes, 0);
  let bytes = 0;
  for (const file of files) {
    let mapping: Mapping;
    const sink: Parameters<typeof readLines>[2] = {
      header: (header) => (mapping = compiled(document, batch.plan.as, header, known, file.name)),
      line: (line) => {
        batch.counts.rows += 1;
        if (rows.length >= MOST_ROWS)
          throw new Malformed([
            { field: 'files', message: `${file.name}: expected at most ${MOST_ROWS} rows of ${batch.plan.as}` },
          ]);
        const row = mapping.read(line.cells);
        if (isProblem(row)) batch.quarantineLines([line], row);
        else {
          lines.push(line);
          rows.push(row.fields);
        }
      },
      bad: (record) => {
        batch.counts.rows += 1;
        batch.quarantine(waitingRecord(batch.plan, file.name, record));
      },
      chunk: (size) => {
        bytes += size;
        watch.progress?.({ bytes, totalBytes, rows: batch.counts.rows, quarantined: batch.counts.quarantined });
      },
    };
    await readLines(file, document, sink, watch.signal);
  }
  await hand(batch, lines, rows, take, batch.plan.complete && batch.counts.quarantined === 0);
}

/** A refused row waits with the message of the refusal. */
export async function hand(
  batch: Batch,
  lines: readonly Line[],
  rows: readonly Readonly<Record<string, string>>[],
  take: TakeRows,
  complete: boolean,
): Promise<void> {
  const taken = await take(rows, { source: batch.plan.source, complete }, batch.context);
  for (const { at, problem } of taken.refused) {
    const line = lines[at];
    if (!line) throw fromProblem(problem);
    batch.quarantineLines([line], {
      field: null,
      expected: `a valid record, but it was rejected: ${problem.detail}`,
      found: null,
    });
  }
  for (const { at, id, key, by, since, reason, instead } of taken.kept) {
    const line = lines[at];
    const name = `${id} ${key}`;
    batch.kept.set(name, {
      id: name,
      by,
      since,
      reason,
      instead: [(instead as { type: string }).type],
      ...(line && { file: line.file, row: line.row }),
    });
  }
  batch.counts.changed += taken.changed;
  batch.counts.unchanged += taken.unchanged;
  batch.counts.retracted += taken.retracted;
  await batch.took(taken.position);
  await batch.flush();
}
