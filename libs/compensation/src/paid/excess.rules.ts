import { Exact, type FiscalCalendar, LAST_RECORDABLE, type LocalDate, type Period } from '@attain/values';
import { allocated } from '../earned/amount-caps.rules.js';
import { type Exceptional, type Line, NO_REASON, recordKey } from '../earned/lines.js';
import { planExchange } from '../earned/plan-cap.rules.js';
import { mostOfTarget } from '../earned/targets.js';
import type { AmountCap } from '../plans/component.js';
import type { PlanVersion } from '../plans/plans.js';
import { moneyText } from '../plans/text.js';
import { payPeriodOf } from '../plans/pay-periods.js';
import { periodOf } from '../plans/windows.js';
import type { PlanLife, World } from '../plans/world.js';

/** The key that separates holds without a record from the lines of windows. */
const EXCESS = 'excess';
const PLAN_EXCESS = 'excess of the plan';

/**
 * The amount that a line adds to the cap window of a day by the end of its pay period; `worth` is in the currency of
 * the cap.
 */
interface Entry {
  readonly amount: bigint;
  readonly worth: bigint;
  readonly day: LocalDate;
  readonly end: LocalDate;
}

/**
 * Carried excess is earned and held: the part of a window's sum above the cap is payable when a later period has room,
 * or when the participant leaves. Each pay period has at most one line: `hold` if the held amount grows, `release` if
 * it shrinks. A clawback frees no room.
 */
export function excessLines(
  world: World,
  participant: string,
  life: PlanLife,
  name: string,
  lines: readonly Line[],
): readonly Line[] {
  const counted = carries(life, name) ? lines.filter(({ kind }) => kind !== 'clawback') : [];
  const [first] = counted;
  if (first === undefined) return [];
  const found: Line[] = [];
  let before = 0n;
  for (const { period, cap, held } of heldPeriods(
    world,
    participant,
    first.version.calendar,
    first.component.pays,
    counted.flatMap(entriesOf),
    capsOf(life, name, counted),
  )) {
    if (held !== before) found.push(heldLine(first, { period, cap, before, held, key: EXCESS }));
    before = held;
  }
  return found;
}

/**
 * The cap of a component that carries its excess, by day: an amount, or a share of the target of the window that
 * contains the day.
 */
function capsOf(life: PlanLife, name: string, lines: readonly Line[]): (date: LocalDate) => CarryingCap | null {
  const targets = new Map(
    lines.flatMap((line) =>
      line.kind === 'earning' && line.credit === null && line.window !== undefined
        ? [[line.window, line] as const]
        : [],
    ),
  );
  return (date) => {
    const version = versionOn(life, date);
    const component = version.components.find((one) => one.name === name);
    if (component === undefined) return null;
    const { cap, capShare, per } = component;
    if (capShare === null || !capShare.isCarried || per === null || per === 'deal' || per === 'plan')
      return carryingCap(cap);
    // A window without a target has no room.
    const target = targets.get(periodOf(version.calendar, date, per).from);
    return {
      amount: target === undefined ? 0n : mostOfTarget(target, capShare.share),
      per,
      isCarried: true,
      isPaidAtEnd: true,
    };
  };
}

const NOTHING_HELD: { lines: readonly Line[]; exceptions: readonly Exceptional[] } = { lines: [], exceptions: [] };

/**
 * The part of each component that a plan's cap holds. The cap applies to the pay of all components after their own
 * caps. The held amount falls on the last lines, as with other caps. A line in another currency counts at its worth in
 * the plan's currency; points and days off do not count.
 */
export function planExcessLines(
  world: World,
  participant: string,
  life: PlanLife,
  name: string,
  linesOf: (name: string) => readonly Line[],
): typeof NOTHING_HELD {
  if (!planCarries(life)) return NOTHING_HELD;
  const own = new Map(
    namesOf(life).map((one) => [
      one,
      linesOf(one).filter(({ kind, component }) => kind !== 'clawback' && component.isMoney),
    ]),
  );
  const [first] = own.get(name) ?? [];
  if (first === undefined) return NOTHING_HELD;
  const { exchange, exceptions } = planExchange(world);
  const lines = [...own].flatMap(([one, counted]) => [
    ...counted,
    ...excessLines(world, participant, life, one, counted),
  ]);
  const entries = lines.flatMap((line, index) =>
    entriesOf(line).map((entry) => ({ ...entry, worth: exchange.toCap(line, entry.amount), line, index })),
  );
  const keys = [...new Set(lines.filter(({ component }) => component.name === name).map(recordKey))];
  const periods: { period: Period; cap: CarryingCap | null; held: bigint }[] = [];
  for (const { period, cap, held: whole } of heldPeriods(
    world,
    participant,
    first.version.calendar,
    first.version.pays,
    entries,
    (date) => carryingCap(versionOn(life, date).cap),
  )) {
    const falls = allocated(
      entries.filter(({ end }) => end <= period.to),
      whole,
      exchange,
    );
    periods.push({ period, cap, held: keys.reduce((sum, key) => sum + (falls.get(key) ?? 0n), 0n) });
  }
  const found: Line[] = [];
  let before = 0n;
  for (const { period, cap, held } of inOwnPeriods(periods, first, reachedIn(world))) {
    if (held !== before)
      found.push(heldLine(first, { period, cap, before, held, key: PLAN_EXCESS, currency: first.version.currency }));
    before = held;
  }
  return { lines: found, exceptions: [...exceptions.values()].filter(({ component }) => component.name === name) };
}

/** A component that pays less often than its plan holds and releases at the end of its own pay periods. */
function inOwnPeriods<Held extends { readonly period: Period }>(
  periods: readonly Held[],
  paying: Line,
  limit: LocalDate,
): Held[] {
  const last = new Map<LocalDate, Held>();
  for (const one of periods) {
    const own = payPeriodOf(paying, one.period.to);
    if (own.to <= limit) last.set(own.to, { ...one, period: own });
  }
  return [...last.values()];
}

/** The amount held at the end of each pay period, until nothing is held. */
function* heldPeriods(
  world: World,
  participant: string,
  calendar: FiscalCalendar,
  pays: PlanVersion['pays'],
  entries: readonly Entry[],
  capOn: (date: LocalDate) => CarryingCap | null,
): Generator<{ period: Period; cap: CarryingCap | null; held: bigint }> {
  const ends = entries.map(({ end }) => end).sort();
  const limit = reachedIn(world);
  const left = world.rows(participant).at(-1)?.to ?? null;
  let [before, last] = [0n, ''];
  for (let period = periodOf(calendar, ends[0]!, pays); period.to <= limit; period = calendar.next(period)) {
    const cap = capOn(period.to);
    const held =
      cap === null || (left !== null && left <= period.to)
        ? 0n
        : last >= ends.at(-1)!
          ? heldLater(before, cap, calendar, last, period.to)
          : heldAt(entries, cap, calendar, period.to, (day) =>
              cap.isPaidAtEnd && day > period.to ? 0n : (capOn(day)?.amount ?? null),
            );
    yield { period, cap, held };
    // If no later window has room, only leaving the plan releases the held amount.
    if (period.to >= ends.at(-1)! && (held === 0n || (cap!.amount <= 0n && (left === null || left > limit)))) return;
    [before, last] = [held, period.to];
  }
}

/** The last day in a world. */
function reachedIn({ view }: World): LocalDate {
  const seen = view.after > view.before ? view.after : view.before;
  return seen < LAST_RECORDABLE ? seen : LAST_RECORDABLE;
}

export function carries(life: PlanLife, name: string): boolean {
  return life.versions.some(({ version }) =>
    version.components.some(
      (component) =>
        component.name === name && (component.cap?.isCarried === true || component.capShare?.isCarried === true),
    ),
  );
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
  return (multiplies ?? [{ day: date, amount }]).map((part) => ({
    day: part.day,
    amount: part.amount,
    worth: part.amount,
    end,
  }));
}

/** The version in force on a day, or the last one before it. */
function versionOn(life: PlanLife, date: LocalDate): PlanVersion {
  return (life.versions.findLast(({ from }) => from <= date) ?? life.versions[0]!).version;
}

function carryingCap(cap: AmountCap | null): CarryingCap | null {
  return cap === null || cap.per === 'deal' || !cap.isCarried ? null : { ...cap, per: cap.per, isPaidAtEnd: false };
}
interface CarryingCap extends AmountCap {
  readonly per: Exclude<AmountCap['per'], 'deal'>;
  /** A target is paid after its window has ended and leaves no room before. */
  readonly isPaidAtEnd: boolean;
}

/**
 * The amount held at the end of a pay period: by window, the excess is added to the amount that the next window may
 * pay.
 */
function heldAt(
  entries: readonly Entry[],
  cap: CarryingCap,
  calendar: FiscalCalendar,
  to: LocalDate,
  mostIn: (last: LocalDate) => bigint | null,
): bigint {
  const reached = entries.filter(({ end }) => end <= to);
  const start = reached.reduce((least, { day }) => (day < least ? day : least), to);
  let held = 0n;
  for (let window = periodOf(calendar, start, cap.per); window.from <= to; window = calendar.next(window)) {
    const total = reached.reduce(
      (sum, { day, worth }) => (window.from <= day && day <= window.to ? sum + worth : sum),
      held,
    );
    const most = mostIn(window.to);
    // A window of a version without the cap has paid everything.
    held = most !== null && total > most ? total - most : 0n;
  }
  return held;
}

/** After the last line, each window that begins pays as much as the cap has room for. */
function heldLater(before: bigint, cap: CarryingCap, calendar: FiscalCalendar, last: LocalDate, to: LocalDate): bigint {
  let held = before;
  for (let window = calendar.next(periodOf(calendar, last, cap.per)); window.from <= to; window = calendar.next(window))
    held = held > cap.amount ? held - cap.amount : 0n;
  return held;
}

interface Held {
  readonly period: Period;
  readonly cap: AmountCap | null;
  readonly before: bigint;
  readonly held: bigint;
  readonly key: typeof EXCESS | typeof PLAN_EXCESS;
  /** The currency of the cap. */
  readonly currency?: string;
}

function heldLine(
  { participant, version, component }: Line,
  { period, cap, before, held, key, currency = component.paidIn }: Held,
): Line {
  const amount = before - held;
  const money = (minor: bigint) => `${moneyText(minor, component.paidIn)} ${component.paidIn}`;
  const text =
    cap === null
      ? 'no cap holds it any longer'
      : `at most ${moneyText(cap.amount, currency)} ${currency} per ${cap.per}${key === PLAN_EXCESS ? ' of all components of the plan' : ''}, the excess is carried`;
  const limit = `${money(held)} is held, ${money(before)} before: ${text}`;
  const now = held === 0n ? [] : [{ kind: 'held' as const, text, amount: held, date: period.to }];
  const explained = { unrounded: Exact.of(amount), why: { ...NO_REASON, limit, held: { before, now } } };
  return {
    kind: held > before ? 'hold' : 'release',
    participant,
    version,
    component,
    credit: null,
    window: key,
    cause: null,
    date: period.to,
    amount,
    explain: () => explained,
  };
}
