import { Exact, type LocalDate } from '@attain/values';
import { byOrder } from '../facts/order.rules.js';
import type { WindowOfTime } from '../plans/component.js';
import type { PlanVersion } from '../plans/plans.js';
import type { Window } from '../plans/quotas.rules.js';
import { rounded } from '../plans/rounding.rules.js';
import { shareText } from '../plans/text.js';
import { periodOf, windowOf } from '../plans/windows.js';
import type { PlanLife, World } from '../plans/world.js';
import type { Terms } from './entitlements.js';
import { type Exceptional, type Line, NO_REASON, placeOf, recordKey, recordOf } from './lines.js';
import { exceptional, payPeriodsOf, SoFar } from './so-far.js';

interface Multiplied {
  readonly window: Window;
  readonly lines: Line[];
}
/** The value of a multiplier at the end of a pay period. */
interface Multiplier {
  /** Null if undefined, which counts as 0. */
  readonly value: Exact | null;
  readonly soFar: SoFar;
}

/**
 * A multiplier m is evaluated at the end of each pay period for the window so far, and gives (m − 1) × the lines of
 * each record. A change at a later end is a true-up there. An undefined multiplier counts as 0.
 */
export function multiplierLines(
  world: World,
  life: PlanLife,
  lines: readonly Line[],
): { lines: Line[]; exceptions: Exceptional[] } {
  const windows = new Map<string, Multiplied>();
  for (const line of lines) {
    const { per, multiplier } = line.component;
    if (multiplier === null) continue;
    const window = windowOf(per as WindowOfTime, line.date, line.version.calendar, life);
    const known = windows.get(window.from) ?? { window, lines: [] };
    known.lines.push(line);
    windows.set(window.from, known);
  }
  const found: Line[] = [];
  const exceptions: Exceptional[] = [];
  for (const multiplied of windows.values()) {
    const result = inWindow(world, multiplied);
    for (const line of result.lines) found.push(line);
    for (const exception of result.exceptions) exceptions.push(exception);
  }
  return { lines: found.sort((a, b) => byOrder(placeOf(a), placeOf(b)) || (a.date < b.date ? -1 : 1)), exceptions };
}

function inWindow(world: World, { window, lines }: Multiplied): { lines: Line[]; exceptions: Exceptional[] } {
  const given = new Map<string, bigint>();
  const found: Line[] = [];
  const exceptions: Exceptional[] = [];
  for (const period of payPeriodsOf(
    { world, version: lines[0]!.version, component: lines[0]!.component },
    window,
    lines,
  )) {
    const records = Map.groupBy(
      lines.filter(({ date }) => date <= period.to),
      multipliedKey,
    );
    const known = new Map<PlanVersion, Multiplier>();
    // Without new lines an exception would only repeat the one before, and would depend on the last day of the facts.
    const lacks = new Set<PlanVersion>();
    for (const [key, own] of records) {
      const { participant, version, component, credit, window: start } = own[0]!;
      const multiplier =
        known.get(version) ?? multiplierAt({ world, participant, version, component }, window, period.to);
      known.set(version, multiplier);
      const factor = (multiplier.value ?? Exact.zero).minus(Exact.one);
      const multiplies = changesOf(key, own, factor, given);
      const change = multiplies.reduce((sum, { amount }) => sum + amount, 0n);
      const isNew = change !== 0n || own.some(({ date }) => date >= period.from);
      if (multiplier.value === null && isNew && !lacks.has(version)) {
        lacks.add(version);
        exceptions.push(
          exceptional(
            { world, participant, version, component },
            multiplier.soFar.lacking(component.multiplier!.text),
            recordOf(credit),
            period.to,
          ),
        );
      }
      if (multiplies.every(({ amount }) => amount === 0n)) continue;
      const why = {
        ...NO_REASON,
        limit: limitText(component.multiplier!.text, multiplier, period.to),
        inputs: multiplier.soFar.inputs,
        multiplied: { by: multiplier.value ?? Exact.zero, of: own, window },
      };
      found.push({
        kind: 'multiplier',
        participant,
        version,
        component,
        credit,
        ...(start !== undefined && { window: start }),
        cause: null,
        date: period.to,
        amount: change,
        multiplies,
        explain: () => ({ unrounded: Exact.of(change), why }),
      });
    }
  }
  return { lines: found, exceptions };
}

/**
 * The changes of a record by its multiplier, by the cap windows of the multiplied lines; rounded once for all of them
 * together.
 */
function changesOf(
  key: string,
  own: readonly Line[],
  factor: Exact,
  given: Map<string, bigint>,
): NonNullable<Line['multiplies']> {
  let [sum, before] = [0n, 0n];
  return [...Map.groupBy(own, capWindows)].map(([windows, lines]) => {
    for (const { amount } of lines) sum += amount;
    const whole = rounded(Exact.of(sum).times(factor), own[0]!.component.rounding);
    const part = whole - before;
    before = whole;
    const place = `${key} ${windows}`;
    const amount = part - (given.get(place) ?? 0n);
    given.set(place, part);
    return { day: lines[0]!.date, amount };
  });
}

function capWindows({ date, component, version }: Line): string {
  const caps = [component.cap, version.cap].filter((cap) => cap !== null);
  return caps.map(({ per }) => (per === 'deal' ? '' : periodOf(version.calendar, date, per).name)).join(' ');
}

/** A record has one line together with its dated reversals; each version multiplies its own lines. */
function multipliedKey(line: Line): string {
  return JSON.stringify([recordKey(line), line.version.version]);
}

export function multiplierAt(terms: Terms, window: Window, date: LocalDate): Multiplier {
  const soFar = new SoFar(terms, window, date);
  const value = terms.component.multiplier!.value(soFar.scope);
  return { value: value instanceof Exact ? value : null, soFar };
}

/** The value of a multiplier as text, with its answers about the window. */
function limitText(formula: string, { value, soFar: { answers } }: Multiplier, date: LocalDate): string {
  const asked = answers.map(({ text, value: answer }) => `${text} = ${answer}`).join(', ');
  return `${formula} = ${value === null ? 'undefined, which counts as 0' : shareText(value)} on ${date}${asked === '' ? '' : `, because ${asked}`}`;
}
