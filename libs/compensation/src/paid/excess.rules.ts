import { Exact, type FiscalCalendar, LAST_RECORDABLE, type LocalDate, type Period } from '@attain/values';
import { allocated } from '../earned/amount-caps.rules.js';
import { type Line, NO_REASON, recordKey } from '../earned/lines.js';
import type { AmountCap, Component, PlanVersion } from '../plans/plans.js';
import { moneyText } from '../plans/text.js';
import { payPeriodOf } from '../plans/pay-periods.js';
import { periodOf } from '../plans/windows.js';
import type { PlanLife, World } from '../plans/world.js';

/** What is held beside records is told apart from the lines of windows by this key. */
const EXCESS = 'excess';
const PLAN_EXCESS = 'excess of the plan';

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
  const found: Line[] = [];
  let before = 0n;
  for (const { period, cap, held } of heldPeriods(world, participant, first.version.calendar, first.component.pays, counted.flatMap(entriesOf), (date) => carryingCap(componentOn(life, name, date)?.cap ?? null))) {
    if (held !== before) found.push(heldLine(first, { period, cap, before, held, key: EXCESS }));
    before = held;
  }
  return found;
}

/**
 * What the cap of a plan holds of one of its components. The cap stands on what all components pay beside what their own caps hold; what
 * it holds falls on the last lines, as what another cap cuts.
 */
export function planExcessLines(world: World, participant: string, life: PlanLife, name: string, linesOf: (name: string) => readonly Line[]): readonly Line[] {
  if (!planCarries(life)) return [];
  const own = new Map(namesOf(life).map((one) => [one, linesOf(one).filter(({ kind }) => kind !== 'clawback')]));
  const [first] = own.get(name) ?? [];
  if (first === undefined) return [];
  const lines = [...own].flatMap(([one, counted]) => [...counted, ...excessLines(world, participant, life, one, counted)]);
  const entries = lines.flatMap((line, index) => entriesOf(line).map((entry) => ({ ...entry, worth: entry.amount, line, index })));
  const keys = [...new Set(lines.filter(({ component }) => component.name === name).map(recordKey))];
  const found: Line[] = [];
  let before = 0n;
  for (const { period, cap, held: whole } of heldPeriods(world, participant, first.version.calendar, first.version.pays, entries, (date) => carryingCap(versionOn(life, date).cap))) {
    const falls = allocated(entries.filter(({ end }) => end <= period.to), whole);
    const held = keys.reduce((sum, key) => sum + (falls.get(key) ?? 0n), 0n);
    if (held !== before) found.push(heldLine(first, { period, cap, before, held, key: PLAN_EXCESS }));
    before = held;
  }
  return found;
}

/** What is held at the end of each pay period, until nothing is held any more. */
function* heldPeriods(world: World, participant: string, calendar: FiscalCalendar, pays: PlanVersion['pays'], entries: readonly Entry[], capOn: (date: LocalDate) => CarryingCap | null): Generator<{ period: Period; cap: CarryingCap | null; held: bigint }> {
  const ends = entries.map(({ end }) => end).sort();
  const seen = world.view.after > world.view.before ? world.view.after : world.view.before;
  const limit = seen < LAST_RECORDABLE ? seen : LAST_RECORDABLE;
  const left = world.rows(participant).at(-1)?.to ?? null;
  let [before, last] = [0n, ''];
  for (let period = periodOf(calendar, ends[0]!, pays); period.to <= limit; period = calendar.next(period)) {
    const cap = capOn(period.to);
    const held = cap === null || (left !== null && left <= period.to) ? 0n : last >= ends.at(-1)! ? heldLater(before, cap, calendar, last, period.to) : heldAt(entries, cap, calendar, period.to, (day) => capOn(day)?.amount ?? cap.amount);
    yield { period, cap, held };
    if (period.to >= ends.at(-1)! && (held === 0n || cap!.amount <= 0n)) return;
    [before, last] = [held, period.to];
  }
}

export function carries(life: PlanLife, name: string): boolean {
  return life.versions.some(({ version }) => version.components.some((component) => component.name === name && component.cap?.isCarried === true));
}

export function planCarries(life: PlanLife): boolean {
  return life.versions.some(({ version }) => version.cap?.isCarried === true);
}

function namesOf(life: PlanLife): readonly string[] {
  return [...new Set(life.versions.flatMap(({ version }) => version.components.map(({ name }) => name)))];
}

/** A multiplier counts in the windows of the lines that it multiplies. */
function entriesOf(line: Line): Entry[] {
  const { date, amount, multiplies } = line;
  const { to: end } = payPeriodOf(line, date);
  return (multiplies ?? [{ day: date, amount }]).map((part) => ({ day: part.day, amount: part.amount, end }));
}

/** The version that holds on a day, or the last one before it. */
function versionOn(life: PlanLife, date: LocalDate): PlanVersion {
  return (life.versions.findLast(({ from }) => from <= date) ?? life.versions[0]!).version;
}

function componentOn(life: PlanLife, name: string, date: LocalDate): Component | undefined {
  return versionOn(life, date).components.find((component) => component.name === name);
}

function carryingCap(cap: AmountCap | null): CarryingCap | null {
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

interface Held {
  readonly period: Period;
  readonly cap: AmountCap | null;
  readonly before: bigint;
  readonly held: bigint;
  readonly key: typeof EXCESS | typeof PLAN_EXCESS;
}

function heldLine({ participant, version, component }: Line, { period, cap, before, held, key }: Held): Line {
  const amount = before - held;
  const money = (minor: bigint) => `${moneyText(minor, component.paidIn)} ${component.paidIn}`;
  const text = cap === null ? 'no cap holds it any longer' : `at most ${money(cap.amount)} per ${cap.per}${key === PLAN_EXCESS ? ' of all components of the plan' : ''}, the excess is carried`;
  const limit = `${money(held)} is held, ${money(before)} before: ${text}`;
  const now = held === 0n ? [] : [{ kind: 'held' as const, text, amount: held, date: period.to }];
  const explained = { unrounded: Exact.of(amount), why: { ...NO_REASON, limit, held: { before, now } } };
  return { kind: held > before ? 'hold' : 'release', participant, version, component, credit: null, window: key, cause: null, date: period.to, amount, explain: () => explained };
}
