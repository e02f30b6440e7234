import type { LocalDate } from '@attain/values';
import { type Credit, firstAfter } from '../credits/credits.js';
import type { PlanLife } from '../plans/world.js';
import { periodOf } from '../plans/windows.js';
import { ColumnLines } from './column-lines.js';
import { areSingle, payEnds } from './cut-columns.js';
import { Cuts, type EarnedColumns, windowCutsOf } from './cut-columns.rules.js';
import { type Line, type Lines, NO_LINES } from './lines.js';

/**
 * Like `planCapLines`, if the lines of all components are in columns of the plan's currency and pay periods; null if
 * the exact way is needed. `exactly` makes the same lines by `planCapLines`, for explanations.
 */
export function planCapColumns(
  life: PlanLife,
  components: readonly Lines[],
  exactly: () => readonly Line[],
): readonly Line[] | null {
  const [inForce] = life.versions;
  if (inForce === undefined || life.versions.length > 1) return null;
  const { cap, calendar } = inForce.version;
  if (cap === null || cap.isCarried || cap.per === 'deal') return null;
  const { per } = cap;
  const own = counted(components);
  const merged = own === null ? null : mergedByDate(own);
  if (merged === null) return null;
  const { list } = merged.columns;
  const cuts = new Cuts(0);
  for (let first = 0; first < list.length;) {
    const window = periodOf(calendar, list[first]!.date, per);
    const after = firstAfter(list, window.to);
    const ends = payEnds(merged.lines[0]!.terms, list, window, first, after);
    windowCutsOf(merged.columns, Number(cap.amount), { first, after }, ends, cuts);
    first = after;
  }
  return linesOf(cuts, merged, exactly);
}

/**
 * The components that count, which pay money; null if the lines of one are not in columns, or differ from the plan's
 * cap in currency or pay period.
 */
function counted(components: readonly Lines[]): readonly ColumnLines[] | null {
  const own: ColumnLines[] = [];
  for (const lines of components) {
    if (lines === NO_LINES) continue;
    if (!(lines instanceof ColumnLines)) return null;
    const { component, version } = lines.terms;
    if (!component.isMoney) continue;
    const hasTrueUps = lines.trueUps.record.length + lines.answered.count > 0;
    if (component.currency !== version.currency || component.pays !== version.pays || hasTrueUps) return null;
    if (lines.credits.columns!.isDated || !areSingle(lines)) return null;
    own.push(lines);
  }
  return own;
}

interface Merged {
  readonly lines: readonly ColumnLines[];
  readonly columns: EarnedColumns;
  /** For each record, the component's place among `lines`. */
  readonly of: Int32Array;
}

/** The records of all components in one order: by date, then by component. Null if their sum is not exact. */
function mergedByDate(lines: readonly ColumnLines[]): Merged | null {
  const most = lines.reduce((sum, { earned }) => sum + earned.length, 0);
  const [of, earned, taken] = [new Int32Array(most), new Float64Array(most), new Float64Array(most)];
  const list: Credit[] = [];
  const next = lines.map((own) => own.first);
  let size = 0;
  for (;;) {
    const place = earliest(lines, next);
    if (place < 0) break;
    const own = lines[place]!;
    const at = next[place]! - own.first;
    const n = list.push(own.credits.list[next[place]!]!) - 1;
    of[n] = place;
    earned[n] = own.earned[at]!;
    taken[n] = own.taken === null ? 0 : own.taken[at]!;
    size += Math.abs(earned[n]!) + Math.abs(taken[n]!);
    next[place]! += 1;
  }
  if (size > Number.MAX_SAFE_INTEGER) return null;
  const payable = new Uint8Array(list.length).fill(1);
  return { lines, of, columns: { list, anyUndone: false, payable, first: 0, earned, taken } };
}

/** The component whose next payable record comes first; −1 after the last record. */
function earliest(lines: readonly ColumnLines[], next: number[]): number {
  let [found, date]: [number, LocalDate] = [-1, ''];
  for (let place = 0; place < lines.length; place += 1) {
    const { payable, credits, offset, earned } = lines[place]!;
    const end = offset + earned.length;
    let at = next[place]!;
    while (at < end && payable[at] === 0) at += 1;
    next[place] = at;
    if (at === end) continue;
    if (lines.length === 1) return place;
    const own = credits.list[at]!.date;
    if (found < 0 || own < date) [found, date] = [place, own];
  }
  return found;
}

function linesOf(cuts: Cuts, { lines, columns, of }: Merged, exactly: () => readonly Line[]): readonly Line[] {
  let known: Map<Credit | null, Line[]> | null = null;
  const explainedBy = (line: Line): Line => {
    known ??= Map.groupBy(exactly(), ({ credit }) => credit);
    return known.get(line.credit)!.find(({ component, date }) => component === line.component && date === line.date)!;
  };
  return Array.from({ length: cuts.count }, (_, n) => {
    const record = cuts.record(n);
    const { participant, version, component } = lines[of[record]!]!.terms;
    const line: Line = {
      kind: 'cap',
      participant,
      version,
      component,
      credit: columns.list[record]!,
      cause: null,
      date: cuts.day(n),
      amount: BigInt(cuts.amount(n)),
      explain: () => explainedBy(line).explain(),
    };
    return line;
  });
}
