import { Exact, type LocalDate, type Period } from '@attain/values';
import { moneyText } from '../plans/text.js';
import { payPeriodOf } from '../plans/pay-periods.js';
import type { AmountCap } from '../plans/component.js';
import { periodOf } from '../plans/windows.js';
import { type Line, NO_REASON, recordKey } from './lines.js';

/** The amount that a line adds to a cap window, evaluated at the end of the line's pay period. */
interface Entry {
  readonly line: Line;
  readonly amount: bigint;
  /** The amount in the currency of the cap. */
  readonly worth: bigint;
  readonly end: LocalDate;
  /** The place in the order of the statement. */
  readonly index: number;
}
/** Converts between the currencies of lines and the currency of their cap. */
export interface Exchange {
  currencyOf(line: Line): string;
  toCap(line: Line, amount: bigint): bigint;
  fromCap(line: Line, amount: bigint): bigint;
}
const OWN_CURRENCY: Exchange = {
  currencyOf: ({ component }) => component.paidIn,
  toCap: (_, amount) => amount,
  fromCap: (_, amount) => amount,
};

interface Capped {
  readonly cap: AmountCap;
  /** Null if the window is a deal. */
  readonly window: Period | null;
  readonly name: string;
  readonly entries: Entry[];
}

/**
 * The cuts of a cap by amount. At the end of each pay period the sum of the window's lines above the cap is cut from
 * the last line backwards, but no record falls below 0. The cut is dated at the end of the pay period, or at the end of
 * the window if that comes first; for a deal that is its last line. A multiplier counts in the window of the line that
 * it multiplies; any other line counts in the window of its own date.
 */
export function amountCuts(
  lines: readonly Line[],
  capOf: (line: Line) => AmountCap | null,
  exchange: Exchange = OWN_CURRENCY,
): Line[] {
  const windows = new Map<string, Capped>();
  lines.forEach((line, index) => {
    const cap = capOf(line);
    if (cap === null) return;
    const { calendar } = line.version;
    const { to: end } = payPeriodOf(line, line.date);
    for (const { day, amount } of line.multiplies ?? [{ day: line.date, amount: line.amount }]) {
      const window = cap.per === 'deal' ? null : periodOf(calendar, day, cap.per);
      const name = window?.name ?? nameOf(line);
      const entries = windows.get(name)?.entries ?? [];
      entries.push({ line, amount, worth: exchange.toCap(line, amount), end, index });
      // If versions have different caps, the latest version's cap applies.
      windows.set(name, { cap, window, name, entries });
    }
  });
  return [...windows.values()].flatMap((capped) => cutsOf(capped, exchange));
}

function cutsOf({ cap, window: capWindow, entries, name }: Capped, exchange: Exchange): Line[] {
  const cuts: Line[] = [];
  let before = new Map<string, bigint>();
  for (const end of [...new Set(entries.map((entry) => entry.end))].sort()) {
    const reached = entries.filter((entry) => entry.end <= end);
    const total = reached.reduce((sum, { worth }) => sum + worth, 0n);
    const now = allocated(reached, total - cap.amount, exchange);
    for (const { line } of reached) {
      const key = recordKey(line);
      const [cutNow, cutBefore] = [now.get(key) ?? 0n, before.get(key) ?? 0n];
      const change = cutNow - cutBefore;
      if (change === 0n) continue;
      before.set(key, cutNow);
      const { participant, version, component, credit, window } = line;
      const currency = exchange.currencyOf(line);
      const limit = `${moneyText(total, currency)} ${currency} in ${name}, at most ${moneyText(cap.amount, currency)}${credit === null && cap.per === 'deal' ? '' : ` per ${cap.per}`}`;
      const cut = {
        name,
        per: cap.per,
        currency,
        total,
        most: cap.amount,
        now: cutNow,
        before: cutBefore,
        of: reached,
      };
      const explained = { unrounded: Exact.of(-change), why: { ...NO_REASON, limit, cut } };
      const date = cutDay(capWindow, reached, end, line);
      cuts.push({
        kind: 'cap',
        participant,
        version,
        component,
        credit,
        ...(window !== undefined && { window }),
        cause: null,
        date,
        amount: -change,
        explain: () => explained,
      });
    }
    before = now;
  }
  return cuts;
}

function cutDay(window: Period | null, reached: readonly Entry[], end: LocalDate, line: Line): LocalDate {
  if (window === null) return reached.reduce((last, { line }) => (line.date > last ? line.date : last), '');
  return window.to < end && window.to >= payPeriodOf(line, end).from ? window.to : end;
}

function nameOf({ credit, window }: Line): string {
  return credit === null ? `the window from ${window}` : `${credit.source}:${credit.id}`;
}

/** Spreads an excess over records: the last line is cut first, by date and then by the order of the statement. */
export function allocated(
  entries: readonly Pick<Entry, 'line' | 'amount' | 'worth' | 'index'>[],
  excess: bigint,
  exchange: Exchange = OWN_CURRENCY,
): Map<string, bigint> {
  const cut = new Map<string, bigint>();
  if (excess <= 0n) return cut;
  const left = new Map<string, bigint>();
  for (const { line, worth } of entries) left.set(recordKey(line), (left.get(recordKey(line)) ?? 0n) + worth);
  let rest = excess;
  for (const { line, amount, worth } of [...entries].sort((a, b) =>
    a.line.date === b.line.date ? b.index - a.index : a.line.date < b.line.date ? 1 : -1,
  )) {
    const key = recordKey(line);
    const most = least(rest, worth, left.get(key)!);
    if (most <= 0n) continue;
    cut.set(key, (cut.get(key) ?? 0n) + (most === worth ? amount : exchange.fromCap(line, most)));
    left.set(key, left.get(key)! - most);
    rest -= most;
    if (rest === 0n) break;
  }
  return cut;
}

function least(...amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => (a < b ? a : b));
}
