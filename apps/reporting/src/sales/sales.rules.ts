import type { PersonRow } from '@attain/compensation';
import { dayAfter, dayBefore, Exact, type FiscalCalendar, type LocalDate } from '@attain/values';

/** Deals of one status that share a key; amounts in units of the currency. */
export interface SoldGroup {
  key: string | null;
  status: 'won' | 'lost';
  currency: string;
  deals: number;
  amount: Exact;
  reversed: Exact;
}
export interface SalesRow {
  key: string | null;
  currency: string;
  won: number;
  lost: number;
  amount: Exact;
  reversed: Exact;
  /** amount − reversed. */
  net: Exact;
  /** won ÷ (won + lost) of the key in all currencies, since a lost deal often has none; null without either. */
  winRate: Exact | null;
}
/** Rows in order of key, then currency; currencies are never added. A lost deal counts, its amount doesn't. */
export function salesRows(groups: readonly SoldGroup[]): SalesRow[] {
  const rows = new Map<string, SalesRow>();
  for (const { key, status, currency, deals, amount, reversed } of groups) {
    const at = JSON.stringify([key, currency]);
    const row = rows.get(at) ?? {
      key,
      currency,
      won: 0,
      lost: 0,
      amount: Exact.zero,
      reversed: Exact.zero,
      net: Exact.zero,
      winRate: null,
    };
    rows.set(
      at,
      status === 'lost'
        ? { ...row, lost: row.lost + deals }
        : {
            ...row,
            won: row.won + deals,
            amount: row.amount.plus(amount),
            reversed: row.reversed.plus(reversed),
            net: row.net.plus(amount).minus(reversed),
          },
    );
  }
  const closed = Map.groupBy(rows.values(), ({ key }) => key);
  return [...rows.values()]
    .map((row) => ({ ...row, winRate: winRate(closed.get(row.key) ?? []) }))
    .sort((a, b) => compare(a.key, b.key) || compare(a.currency, b.currency));
}

export function winRate(rows: readonly { won: number; lost: number }[]): Exact | null {
  const won = rows.reduce((sum, row) => sum + row.won, 0);
  const closed = rows.reduce((sum, row) => sum + row.won + row.lost, 0);
  return closed === 0 ? null : Exact.of(won, closed);
}

/** Name of the period of a kind that a closing date falls in. */
export function periodKey(
  closed: LocalDate | null,
  kind: 'month' | 'quarter',
  calendar: FiscalCalendar,
): string | null {
  return closed === null ? null : calendar.periodOf(closed, kind).name;
}

/** The teams and regions of people by day; of overlapping rows the latest is in force. */
export class Places {
  private readonly rows = new Map<string, PersonRow[]>();

  constructor(
    rows: readonly PersonRow[],
    private readonly kind: 'team' | 'region',
  ) {
    for (const row of rows) this.rows.set(row.participant, [...(this.rows.get(row.participant) ?? []), row]);
    for (const own of this.rows.values()) own.sort((a, b) => compare(b.from, a.from));
  }

  /** The team or region on a day; without a day, that of the latest row. Null where there was none. */
  at(participant: string | null, date: LocalDate | null): string | null {
    const own = (participant !== null && this.rows.get(participant)) || [];
    const row = date === null ? own[0] : own.find(({ from }) => from <= date);
    return row && (date === null || row.to === null || date <= row.to) ? row[this.kind] : null;
  }

  /** Spans of days, both inclusive, within which nobody moves; they follow one another, and cover all days from `from` to `to`. */
  spans(from?: LocalDate, to?: LocalDate): DaySpan[] {
    const moves = [...this.rows.values()]
      .flat()
      .flatMap((row) => [row.from, ...(row.to === null ? [] : [dayAfter(row.to)])]);
    const begins = [...new Set(moves)]
      .filter((date) => (from === undefined || date > from) && (to === undefined || date <= to))
      .sort();
    const ends = begins.map(dayBefore);
    return [from, ...begins].map((begin, index) => ({
      ...(begin && { from: begin }),
      ...((ends[index] ?? to) && { to: ends[index] ?? to }),
    }));
  }
}

/** Days, both inclusive; open where a side is absent. */
export interface DaySpan {
  from?: LocalDate;
  to?: LocalDate;
}

function compare(a: string | null, b: string | null): number {
  return a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1;
}
