import { Refused } from '@attain/eventsourcing';
import { dayBefore, isCurrency, isRecordable, type LocalDate } from '@attain/values';
import type { AssignmentRow } from './participants.answers.js';

export type { AssignmentRow } from './participants.answers.js';

export type Assignment = { readonly from: LocalDate } & Partial<Omit<AssignmentRow, 'from'>>;
/** Null clears, an absent field stays. */
export interface AssignmentChange extends Partial<Omit<AssignmentRow, 'fields'>> {
  readonly from: LocalDate;
  readonly fields?: Readonly<Record<string, string | null>>;
}
/** In the order of their days, no two on the same day. */
export type AssignmentRows = readonly AssignmentRow[];

/** The `from` of a row that has none in its file. No other date lies outside the years that a company may record. */
export const SINCE_EVER: LocalDate = '0001-01-01';

export function rowOf(participant: string, row: Assignment): AssignmentRow {
  const text = (value: string | null | undefined) => (value === undefined || value === '' ? null : value);
  const full: AssignmentRow = {
    from: row.from,
    to: text(row.to),
    role: text(row.role),
    manager: text(row.manager),
    team: text(row.team),
    region: text(row.region),
    currency: text(row.currency),
    fields: Object.fromEntries(Object.entries(row.fields ?? {}).filter(([, value]) => value !== '')),
  };
  for (const field of ['from', 'to'] as const) {
    const date = full[field];
    if (date !== null && date !== SINCE_EVER && !isRecordable(date))
      throw invalid(participant, field, 'a date from 1900-01-01 to 2199-12-31 such as 2025-03-31', date);
  }
  if (full.currency !== null && !isCurrency(full.currency))
    throw invalid(participant, 'currency', 'an ISO 4217 code such as USD', full.currency);
  if (full.to !== null && full.to < full.from) throw invalid(participant, 'to', `a date from ${full.from} on`, full.to);
  if (full.manager === participant)
    throw new Refused('HIERARCHY_CYCLE', `${participant} cannot be the manager of ${participant}`, {
      cycle: [participant, participant],
    });
  return full;
}

/**
 * The rows with a new row, which replaces the row with the same `from`. It ends the row before, and the row after ends it, if
 * these were open or followed each other without a gap; throws Refused OVERLAP otherwise.
 */
export function placed(participant: string, rows: AssignmentRows, row: AssignmentRow): AssignmentRows {
  const before = rows.findLast((other) => other.from < row.from);
  const after = rows.find((other) => other.from > row.from);
  const others = rows.filter((other) => other.from !== row.from);
  const next = after && rows[rows.indexOf(after) - 1];
  let placed = row;
  if (after && (row.to === null || row.to >= after.from)) {
    if (row.to !== null) throw overlap(participant, row, after);
    placed = { ...row, to: dayBefore(after.from) };
  }
  if (!before || (before.to !== null && before.to < row.from)) return sorted([...others, placed]);
  const runsOn = before.to === null || (after !== undefined && next === before && before.to === dayBefore(after.from));
  if (!runsOn) throw overlap(participant, row, before);
  return sorted(
    others.map((other) => (other === before ? { ...before, to: dayBefore(row.from) } : other)).concat(placed),
  );
}

/** The rows of a file: an open one ends the day before the next begins; throws Refused OVERLAP and DUPLICATE_ROW. */
export function laidOut(participant: string, rows: AssignmentRows): AssignmentRows {
  const inOrder = sorted(rows);
  return inOrder.map((row, index) => {
    const next = inOrder[index + 1];
    if (!next) return row;
    if (next.from === row.from)
      throw new Refused('DUPLICATE_ROW', `${participant}: two rows begin on ${row.from}`, {
        participant,
        from: row.from,
      });
    if (row.to !== null && row.to >= next.from) throw overlap(participant, next, row);
    return row.to === null ? { ...row, to: dayBefore(next.from) } : row;
  });
}

/** The row of a change: the row of that day, else the last row before it, with the changed fields. */
export function changedRow(participant: string, rows: AssignmentRows, change: AssignmentChange): AssignmentRow {
  const base = rows.findLast((row) => row.from <= change.from);
  // A row that had ended before does not end the new one.
  const until = base && base.to !== null && base.to >= change.from ? base.to : null;
  const { fields, ...own } = change;
  const merged: Assignment = { ...base, to: until, ...without(own) };
  return rowOf(participant, { ...merged, fields: withoutNull({ ...base?.fields, ...fields }) });
}

export function sameRow(a: AssignmentRow, b: AssignmentRow): boolean {
  const keys = Object.keys(a.fields);
  return (
    a.from === b.from &&
    a.to === b.to &&
    a.role === b.role &&
    a.manager === b.manager &&
    a.team === b.team &&
    a.region === b.region &&
    a.currency === b.currency &&
    keys.length === Object.keys(b.fields).length &&
    keys.every((key) => a.fields[key] === b.fields[key])
  );
}

function sorted(rows: AssignmentRows): AssignmentRows {
  return [...rows].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}

function without<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

function withoutNull(fields: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== null));
}

function invalid(participant: string, field: string, expected: string, found: string): Refused {
  return new Refused(
    'INVALID_FIELD',
    `${participant}: ${field}: expected ${expected}, found ${JSON.stringify(found)}`,
    { field },
  );
}

function overlap(participant: string, row: AssignmentRow, other: AssignmentRow): Refused {
  const span = ({ from, to }: AssignmentRow) => `${from}..${to ?? ''}`;
  return new Refused('OVERLAP', `${participant}: the row ${span(row)} overlaps the row ${span(other)}`, {
    row: span(row),
    overlaps: span(other),
  });
}
