import { Exact, type LocalDate } from '@attain/values';
import { moneyText } from '../plans/text.js';
import type { AmountCap } from '../plans/plans.js';
import { periodOf } from '../plans/windows.js';
import { type Line, NO_REASON, recordKey } from './lines.js';

interface Capped {
  readonly cap: AmountCap;
  /** In the order of the statement. */
  readonly lines: { readonly line: Line; readonly point: LocalDate; readonly index: number }[];
  readonly name: string;
}

/**
 * The cuts of a cap by amount. At the end of each pay period, or of the cap's window where that comes first, it cuts what the window's
 * lines sum to above it, from the last line backwards, and no record below 0. A line says what changed since the point before.
 */
export function amountCuts(lines: readonly Line[], capOf: (line: Line) => AmountCap | null): Line[] {
  const windows = new Map<string, Capped>();
  lines.forEach((line, index) => {
    const cap = capOf(line);
    if (cap === null) return;
    const { calendar, pays } = line.version;
    const payEnd = periodOf(calendar, line.date, pays).to;
    const window = cap.per === 'deal' ? null : periodOf(calendar, line.date, cap.per);
    const name = window?.name ?? nameOf(line);
    const known = windows.get(name);
    const capped: Capped = { cap, name, lines: known?.lines ?? [] };
    capped.lines.push({ line, index, point: window !== null && window.to < payEnd ? window.to : payEnd });
    // Of versions with different caps the latest one holds.
    windows.set(name, capped);
  });
  return [...windows.values()].flatMap(cutsOf);
}

function cutsOf({ cap, lines, name }: Capped): Line[] {
  const cuts: Line[] = [];
  let before = new Map<string, bigint>();
  for (const point of [...new Set(lines.map((entry) => entry.point))].sort()) {
    const reached = lines.filter((entry) => entry.point <= point);
    const total = reached.reduce((sum, { line }) => sum + line.amount, 0n);
    const now = allocated(reached, total - cap.amount);
    for (const { line } of reached) {
      const key = recordKey(line);
      const change = (now.get(key) ?? 0n) - (before.get(key) ?? 0n);
      if (change === 0n) continue;
      before.set(key, now.get(key) ?? 0n);
      const { participant, version, component, credit, window } = line;
      const limit = `${moneyText(total, component.currency)} ${component.currency} in ${name}, at most ${moneyText(cap.amount, component.currency)} per ${cap.per}`;
      const explained = { unrounded: Exact.of(-change), why: { ...NO_REASON, limit } };
      cuts.push({ kind: 'cap', participant, version, component, credit, ...(window !== undefined && { window }), cause: null, date: point, amount: -change, explain: () => explained });
    }
    before = now;
  }
  return cuts;
}

function nameOf({ credit, date }: Line): string {
  return credit === null ? `the window that ends on ${date}` : `${credit.source}:${credit.id}`;
}

/** How an excess falls on records: on the last line first, by date and then as the statement shows them. */
function allocated(entries: Capped['lines'], excess: bigint): Map<string, bigint> {
  const cut = new Map<string, bigint>();
  if (excess <= 0n) return cut;
  const left = new Map<string, bigint>();
  for (const { line } of entries) left.set(recordKey(line), (left.get(recordKey(line)) ?? 0n) + line.amount);
  let rest = excess;
  for (const { line } of [...entries].sort((a, b) => (a.line.date === b.line.date ? b.index - a.index : a.line.date < b.line.date ? 1 : -1))) {
    const key = recordKey(line);
    const most = least(rest, line.amount, left.get(key)!);
    if (most <= 0n) continue;
    cut.set(key, (cut.get(key) ?? 0n) + most);
    left.set(key, left.get(key)! - most);
    rest -= most;
    if (rest === 0n) break;
  }
  return cut;
}

function least(...amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => (a < b ? a : b));
}
