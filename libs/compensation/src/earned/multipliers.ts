import { Exact, type LocalDate } from '@attain/values';
import { scoreKey } from '../facts/objectives.rules.js';
import { byOrder } from '../facts/order.rules.js';
import { participant as subject, subjectOf } from '../credits/subjects.js';
import { type Standing, standingOf } from '../credits/standings.js';
import type { Component, PlanVersion } from '../plans/plans.js';
import type { Window } from '../plans/quotas.rules.js';
import { rounded } from '../plans/rounding.rules.js';
import { shareText } from '../plans/text.js';
import { periodOf, windowOf } from '../plans/windows.js';
import type { PlanLife, World } from '../plans/world.js';
import { type Exceptional, type Line, NO_REASON, placeOf, recordKey, recordOf, type Why } from './lines.js';

interface Multiplied {
  readonly window: Window;
  readonly lines: Line[];
}
/** What a multiplier is at the end of a pay period. */
interface Multiplier {
  /** Null: undefined, which counts as 0. */
  readonly value: Exact | null;
  readonly standings: readonly { readonly measure: string; readonly name: string; readonly standing: Standing }[];
}

/**
 * A multiplier m is evaluated at the end of each pay period on the window so far, and gives (m − 1) × the lines of each record; what
 * changes at a later end is a true-up there. An undefined multiplier counts as 0.
 */
export function multiplierLines(world: World, life: PlanLife, lines: readonly Line[]): { lines: Line[]; exceptions: Exceptional[] } {
  const windows = new Map<string, Multiplied>();
  for (const line of lines) {
    const { per, multiplier } = line.component;
    if (multiplier === null || per === null || per === 'deal') continue;
    const window = windowOf(per, line.date, line.version.calendar, life);
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
  const first = lines.reduce((least, { date }) => (date < least ? date : least), lines[0]!.date);
  const { version: { calendar }, component: { pays } } = lines[0]!;
  const given = new Map<string, bigint>();
  const found: Line[] = [];
  const exceptions: Exceptional[] = [];
  // The line of a window stands at its end, whatever the last fact.
  const bound = lines.reduce((last, { date }) => (date > last ? date : last), lastDay(world, window.to));
  for (let period = periodOf(calendar, first, pays); period.from <= bound; period = calendar.next(period)) {
    const records = Map.groupBy(lines.filter(({ date }) => date <= period.to), multipliedKey);
    const known = new Map<PlanVersion, Multiplier>();
    // Where nothing is new an exception would only repeat the one before, and would depend on how far the facts reach.
    const lacks = new Set<PlanVersion>();
    for (const [key, own] of records) {
      const { participant, version, component, credit, window: start } = own[0]!;
      const multiplier = known.get(version) ?? multiplierAt(world, participant, version, component, window, period.to);
      known.set(version, multiplier);
      const factor = (multiplier.value ?? Exact.zero).minus(Exact.one);
      const multiplies = changesOf(key, own, factor, given);
      const change = multiplies.reduce((sum, { amount }) => sum + amount, 0n);
      const isNew = change !== 0n || own.some(({ date }) => date >= period.from);
      if (multiplier.value === null && isNew && !lacks.has(version)) {
        lacks.add(version);
        exceptions.push(lacking(own[0]!, multiplier, period.to, window));
      }
      if (multiplies.every(({ amount }) => amount === 0n)) continue;
      const why = { ...NO_REASON, limit: `${component.multiplier!.text} = ${multiplier.value === null ? 'undefined, which counts as 0' : shareText(multiplier.value)} on ${period.to}`, inputs: inputsOf(multiplier) };
      found.push({ kind: 'multiplier', participant, version, component, credit, ...(start !== undefined && { window: start }), cause: null, date: period.to, amount: change, multiplies, explain: () => ({ unrounded: Exact.of(change), why }) });
    }
  }
  return { lines: found, exceptions };
}

/** What the multiplier of a record changes, by the cap windows of the lines that it multiplies: rounded once, for all of them together. */
function changesOf(key: string, own: readonly Line[], factor: Exact, given: Map<string, bigint>): NonNullable<Line['multiplies']> {
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

/** A record has one line, with what its dated reversals take; each version multiplies its own lines. */
function multipliedKey(line: Line): string {
  return JSON.stringify([recordKey(line), line.version.version]);
}

/** The last day of a window that the world can see. */
function lastDay({ view, facts }: World, to: LocalDate): LocalDate {
  const reached = view.before > view.after ? view.before : view.after;
  // Nothing changes after the last date of a fact.
  const seen = reached < facts.lastDate ? reached : facts.lastDate;
  return to < seen ? to : seen;
}

function multiplierAt(world: World, me: string, version: PlanVersion, { multiplier }: Component, window: Window, date: LocalDate): Multiplier {
  const standings: { measure: string; name: string; standing: Standing }[] = [];
  const value = multiplier!.value({
    world,
    me,
    date,
    score: (objective) => world.scores(me).get(scoreKey(window.period?.name ?? '', objective))?.score ?? Exact.zero,
    attainment: (measure, among) => {
      const who = among === null ? subject(me) : subjectOf(groupNamed(world, among, date), world);
      const standing = standingOf(world, who, measure, window, date, version);
      standings.push({ measure, name: who.name, standing });
      return standing.attained;
    },
  });
  return { value: value instanceof Exact ? value : null, standings };
}

/** What a field of the participant names: a team or a region of that day. */
export function groupNamed(world: World, name: string, date: LocalDate): { team: string } | { region: string } {
  for (const person of world.facts.people.keys()) if (world.row(person, date)?.team === name) return { team: name };
  return { region: name };
}

function inputsOf({ standings }: Multiplier): NonNullable<Why['inputs']> {
  return standings.flatMap(({ measure, name, standing: { quota } }) =>
    quota.parts.map(({ quota: { event, period, amount } }) => ({ event, what: `quota ${measure} of ${name} ${period}`, value: amount.toString() })),
  );
}

function lacking({ participant, version, component, credit }: Line, { standings }: Multiplier, date: LocalDate, window: Window): Exceptional {
  const missing = standings.find(({ standing }) => standing.attained === null);
  const name = window.period?.name ?? version.plan;
  const detail = missing === undefined ? `${component.multiplier!.text} is undefined` : `no quota for ${missing.measure} of ${missing.name} in ${name}`;
  return { exception: { code: missing === undefined ? 'UNDEFINED' : 'NO_QUOTA', plan: version.plan, component: component.name, participant, record: recordOf(credit), detail }, version, component, date };
}
