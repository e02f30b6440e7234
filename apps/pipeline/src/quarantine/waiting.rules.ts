import { canonicalJson, sha256, uuidOf } from '@attain/values';
import type { BadRecord } from '../imports/csv.rules.js';
import type { Line } from '../imports/lines.js';
import type { CellProblem } from '../imports/cells.rules.js';
import type { WaitingRow } from './quarantine.decider.js';
import { WHOLE_LINE } from './whole-line.js';

const LONGEST_FOUND = 200;

export interface Waits {
  readonly import: string;
  readonly source: string;
  readonly as: string;
}

/** The cells of a row by the names of their columns; a name that appears twice gets a number. */
function rawOf({ header, cells }: Pick<Line, 'header' | 'cells'>): Record<string, string> {
  const raw: Record<string, string> = {};
  header.forEach((name, index) => {
    let free = name;
    for (let n = 2; free in raw; n += 1) free = `${name} (${n})`;
    raw[free] = cells[index]!;
  });
  return raw;
}

export function waitingLine(waits: Waits, line: Line, problem: CellProblem): WaitingRow {
  return waiting(waits, line.file, line.row, line.waiting ?? rawOf(line), problem);
}

export function waitingRecord(waits: Waits, file: string, { row, expected, found, raw }: BadRecord): WaitingRow {
  return waiting(waits, file, row, { [WHOLE_LINE]: raw }, { field: null, expected, found });
}

/** Identified by its content, so that the same row of the next export is not stored again. */
function waiting(
  { import: id, source, as }: Waits,
  file: string,
  row: number,
  raw: Record<string, string>,
  { field, expected, found }: CellProblem,
): WaitingRow {
  const quarantine = uuidOf('quarantine', source, as, sha256(canonicalJson(raw)));
  return {
    quarantine,
    import: id,
    source,
    file,
    row,
    field,
    expected,
    found: found === null ? null : found.slice(0, LONGEST_FOUND),
    raw,
  };
}

/** Key of a waiting row's stream behind `quarantine-`. */
export function waitingKey(as: string, { source, quarantine }: { source: string; quarantine: string }): string {
  return `${source}~${as}~${quarantine}`;
}
