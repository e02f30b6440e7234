import type { PlanningEvent } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';

export type TableEvent = Extract<PlanningEvent, { type: `Table${string}` }>;

/** A rate table: the last column has the value, the others are the keys. */
export interface Table {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}
export type TableCommand =
  { readonly do: 'define'; readonly table: Table } | { readonly do: 'retract'; readonly table: string };

export const tableDecider: Decider<Table | null, TableCommand, TableEvent> = {
  category: 'table',
  initial: null,
  decide,
  evolve,
};

function decide(command: TableCommand, state: Table | null): readonly TableEvent[] {
  if (command.do === 'retract')
    return state === null ? [] : [{ type: 'TableRetracted', data: { table: command.table } }];
  const { table, columns, rows } = command.table;
  if (columns.length < 2)
    throw new Refused('INVALID_TABLE', `${table}: expected two columns at least, the last one answers`, {
      field: 'columns',
    });
  const twice = columns.find((column, index) => columns.indexOf(column) !== index || column === '');
  if (twice !== undefined)
    throw new Refused('INVALID_TABLE', `${table}: the column ${JSON.stringify(twice)} is blank or appears twice`, {
      field: 'columns',
    });
  rows.forEach((row, index) => {
    if (row.length !== columns.length) {
      throw new Refused(
        'INVALID_TABLE',
        `${table}: row ${index + 2} has ${row.length} columns, not ${columns.length}`,
        { field: `rows.${index}` },
      );
    }
  });
  if (state !== null && JSON.stringify([state.columns, state.rows]) === JSON.stringify([columns, rows])) return [];
  return [{ type: 'TableDefined', data: { table, columns: [...columns], rows: rows.map((row) => [...row]) } }];
}

function evolve(_: Table | null, event: TableEvent): Table | null {
  return event.type === 'TableDefined' ? event.data : null;
}
