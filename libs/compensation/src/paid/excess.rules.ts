import { Exact, type FiscalCalendar, LAST_RECORDABLE, type LocalDate, type Period } from '@attain/values';
import { type Line, NO_REASON } from '../earned/lines.js';
import type { AmountCap } from '../plans/plans.js';
import { moneyText } from '../plans/text.js';
import { payPeriodOf } from '../plans/pay-periods.js';
import { periodOf } from '../plans/windows.js';
import type { PlanLife, World } from '../plans/world.js';

/** What is held beside records is told apart from the lines of windows by this key. */
const EXCESS = 'excess';

/** What a line adds to the cap window of a day, by the end of its pay period. */
interface Entry {
  readonly amount: bigint;
  readonly day: LocalDate;
  readonly end: LocalDate;
}

/**
 * Carried excess is earned and held: what a cap's window sums to above the cap is payable when a later period has room, or on leaving.
 * Each pay period has at most one line, `hold` for what it adds to what is held, `release` for what it takes from it. A clawback frees
 * no room.
 */
export function excessLines(world: World, participant: string, life: PlanLife, name: string, lines: readonly Line[]): readonly Line[] {
  const counted = carries(life, name) ? lines.filter(({ kind }) => kind !== 'clawback') : [];
  const [first] = counted;
  if (first === undefined) return [];
  const { version: { calendar }, component: { pays } } = first;
  const entries = counted.flatMap((line) => entriesOf(line));
  const ends = entries.map(({ end }) => end).sort();
  const seen = world.view.after > world.view.before ? world.view.after : world.view.before;
  const limit = seen < LAST_RECORDABLE ? seen : LAST_RECORDABLE;
  const left = world.rows(participant).at(-1)?.to ?? null;
  const found: Line[] = [];
  let [before, last] = [0n, ''];
  for (let period = periodOf(calendar, ends[0]!, pays); period.to <= limit; period = calendar.next(period)) {
    const cap = capOn(life, name, period.to);
    const held = cap === null || (left !== null && left <= period.to) ? 0n : last >= ends.at(-1)! ? heldLater(before, cap, calendar, last, period.to) : heldAt(entries, cap, calendar, period.to, (day) => capOn(life, name, day)?.amount ?? cap.amount);
    if (held !== before) found.push(heldLine(first, period, cap, before, held));
    if (period.to >= ends.at(-1)! && (held === 0n || cap!.amount <= 0n)) break;
    [before, last] = [held, period.to];
  }
  return found;
}

export function carries(life: PlanLife, name: string): boolean {
  return life.versions.some(({ version }) => version.components.some((component) => component.name === name && component.cap?.isCarried === true));
}

/** A multiplier counts in the windows of the lines that it multiplies. */
function entriesOf(line: Line): Entry[] {
  const { date, amount, multiplies } = line;
  const { to: end } = payPeriodOf(line, date);
  return (multiplies ?? [{ day: date, amount }]).map((part) => ({ day: part.day, amount: part.amount, end }));
}

/** The carrying cap of the version that holds on a day, or of the last one before it. */
function capOn(life: PlanLife, name: string, date: LocalDate): CarryingCap | null {
  const { version } = life.versions.findLast(({ from }) => from <= date) ?? life.versions[0]!;
  const cap = version.components.find((component) => component.name === name)?.cap ?? null;
  return cap === null || cap.per === 'deal' || !cap.isCarried ? null : { ...cap, per: cap.per };
}
type CarryingCap = AmountCap & { readonly per: Exclude<AmountCap['per'], 'deal'> };

/** What is held at the end of a pay period: window after window the excess joins what the next one may pay. */
function heldAt(entries: readonly Entry[], cap: CarryingCap, calendar: FiscalCalendar, to: LocalDate, mostIn: (last: LocalDate) => bigint): bigint {
  const reached = entries.filter(({ end }) => end <= to);
  const start = reached.reduce((least, { day }) => (day < least ? day : least), to);
  let held = 0n;
  for (let window = periodOf(calendar, start, cap.per); window.from <= to; window = calendar.next(window)) {
    const total = reached.reduce((sum, { day, amount }) => (window.from <= day && day <= window.to ? sum + amount : sum), held);
    const most = mostIn(window.to);
    held = total > most ? total - most : 0n;
  }
  return held;
}

/** After the last line each window that begins pays what the cap has room for. */
function heldLater(before: bigint, cap: CarryingCap, calendar: FiscalCalendar, last: LocalDate, to: LocalDate): bigint {
  let held = before;
  for (let window = calendar.next(periodOf(calendar, last, cap.per)); window.from <= to; window = calendar.next(window)) held = held > cap.amount ? held - cap.amount : 0n;
  return held;
}

function heldLine({ participant, version, component }: Line, period: Period, cap: AmountCap | null, before: bigint, held: bigint): Line {
  const amount = before - held;
  const money = (minor: bigint) => `${moneyText(minor, component.paidIn)} ${component.paidIn}`;
  const limit = `${money(held)} is held, ${money(before)} before: ${cap === null ? 'no cap holds it any longer' : `at most ${money(cap.amount)} per ${cap.per}, the excess is carried`}`;
  const explained = { unrounded: Exact.of(amount), why: { ...NO_REASON, limit } };
  return { kind: held > before ? 'hold' : 'release', participant, version, component, credit: null, window: EXCESS, cause: null, date: period.to, amount, explain: () => explained };
}
