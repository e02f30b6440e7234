import { Batch } from '../imports/batch.js';
import type { WaitingRow } from '../quarantine/quarantine.decider.js';

export type Problem = Pick<WaitingRow, 'row' | 'field' | 'expected' | 'found'>;

/** The number of rows whose problem is kept; further rows are only counted. */
const MOST_KEPT = 10_000;

/** Executes the rows without storing, and keeps the problems of rows that would wait. */
export class PreviewBatch extends Batch {
  readonly problems: Problem[] = [];

  override quarantine(row: WaitingRow): void {
    const { row: place, field, expected, found } = row;
    if (this.problems.length < MOST_KEPT) this.problems.push({ row: place, field, expected, found });
    super.quarantine(row);
  }
}
