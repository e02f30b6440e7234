import { suggestion, type PipelineEvent } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { WHOLE_LINE } from './whole-line.js';

export type QuarantineEvent = Extract<PipelineEvent, { type: `Row${string}` }>;
type Quarantined = Extract<QuarantineEvent, { type: 'RowQuarantined' }>['data'];
export type WaitingRow = Readonly<Quarantined>;
type Cells = Readonly<Record<string, string>>;
export type QuarantineCommand =
  | { readonly do: 'quarantine'; readonly row: WaitingRow }
  | { readonly do: 'correct'; readonly quarantine: string; readonly source: string; readonly cells: Cells }
  | { readonly do: 'release'; readonly quarantine: string; readonly source: string };

export interface QuarantineState {
  /** The waiting row; null if it does not wait. */
  readonly row: WaitingRow | null;
  /** The cells that a person has corrected. */
  readonly cells: Cells;
}

/**
 * One row of an export: the same row with the same reason waits once, however often it is read. A row that was corrected and then
 * recorded does not wait again when the next export has it unchanged.
 */
export const quarantineDecider: Decider<QuarantineState, QuarantineCommand, QuarantineEvent> = {
  category: 'quarantine',
  initial: { row: null, cells: {} },
  decide(command, { row: waiting, cells }) {
    switch (command.do) {
      case 'release':
        return waiting === null
          ? []
          : [{ type: 'RowReleased', data: { quarantine: command.quarantine, source: command.source } }];
      case 'correct':
        return corrected(command, waiting, cells);
      case 'quarantine': {
        const { row } = command;
        if (waiting === null && Object.keys(cells).length > 0)
          throw new Refused(
            'CORRECTED',
            `The row ${row.quarantine} was corrected before, and the export has it unchanged.`,
          );
        const same =
          waiting !== null &&
          waiting.field === row.field &&
          waiting.expected === row.expected &&
          waiting.found === row.found;
        return same ? [] : [{ type: 'RowQuarantined', data: { ...row, raw: { ...row.raw } } }];
      }
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'RowQuarantined':
        return { ...state, row: event.data };
      case 'RowCorrected':
        return { ...state, cells: { ...state.cells, ...event.data.cells } };
      case 'RowReleased':
        return { ...state, row: null };
    }
  },
};

function corrected(
  { quarantine, source, cells }: Extract<QuarantineCommand, { do: 'correct' }>,
  waiting: WaitingRow | null,
  before: Cells,
): QuarantineEvent[] {
  if (waiting === null)
    throw new Refused('NOT_WAITING', `The row ${quarantine} does not wait in quarantine.`, { quarantine });
  const columns = Object.keys(waiting.raw);
  if (columns.length === 1 && columns[0] === WHOLE_LINE)
    throw new Refused(
      'NOT_CORRECTABLE',
      `The row ${quarantine} could not be cut into cells; correct the file and import it again.`,
      { quarantine },
    );
  const unknown = Object.keys(cells).find((column) => !columns.includes(column));
  if (unknown !== undefined)
    throw new Refused(
      'UNKNOWN_COLUMN',
      `The row has no column ${JSON.stringify(unknown)}${suggestion(unknown, columns)}.`,
      {
        column: unknown,
      },
    );
  const news = Object.entries(cells).filter(([column, text]) => (before[column] ?? waiting.raw[column]) !== text);
  return news.length === 0
    ? []
    : [{ type: 'RowCorrected', data: { quarantine, source, cells: Object.fromEntries(news) } }];
}
