import { Exact, type LocalDate } from '@attain/values';
import { type Credit, type Credits, firstAfter } from '../credits/credits.js';
import type { SourceRecord } from '../facts/records.js';
import type { WindowKind } from '../plans/component.js';
import { type Paying, payPeriodOf } from '../plans/pay-periods.js';
import type { PlanLife, World } from '../plans/world.js';
import { amountCuts } from './amount-caps.rules.js';
import type { ColumnLines } from './column-lines.js';
import {
  countCutsOf,
  Cuts,
  dealCutsOf,
  type EarnedColumns,
  type Factor,
  multipliedBy,
  type PayEnd,
  windowCutsOf,
} from './cut-columns.rules.js';
import { countCuts } from './count-caps.rules.js';
import { wholeRounding } from './entitling.js';
import type { Line, Lines } from './lines.js';
import { type Span, spansOf } from './earning.js';
import { multiplierAt, multiplierLines } from './multipliers.js';
import { payPeriodsOf } from './so-far.js';

/**
 * The changes by a multiplier or a cap in the lines of a component, in columns beside them; null if the exact way is
 * needed.
 */
export function cutColumns(world: World, life: PlanLife, own: ColumnLines): CutLines | null {
  const { cap, count, multiplier } = own.terms.component;
  if ([cap, count, multiplier].filter((one) => one !== null).length !== 1) return null;
  if (own.trueUps.record.length + own.answered.count > 0 || own.credits.columns!.isDated) return null;
  const columns: EarnedColumns = {
    list: own.credits.list,
    anyUndone: own.credits.columns!.anyUndone,
    payable: own.payable,
    first: own.first,
    earned: own.earned,
    taken: own.taken,
  };
  if (count !== null) {
    if (count.per === 'deal') return null;
    return cutLines(own, 'cap', byCount(own, columns, life), (lines) => countCuts(lines, life));
  }
  if (!areSingle(own)) return null;
  if (multiplier !== null)
    return cutLines(
      own,
      'multiplier',
      byMultiplier(world, life, own, columns),
      (lines) => multiplierLines(world, life, lines).lines,
    );
  const most = Number(cap!.amount);
  if (cap!.isCarried) return null;
  return cutLines(
    own,
    'cap',
    cap!.per === 'deal' ? dealCutsOf(columns, most) : byAmount(own, columns, most, life),
    (lines) => amountCuts(lines, ({ component }) => component.cap),
  );
}

function cutLines(
  own: ColumnLines,
  kind: CutLines['kind'],
  cuts: Cuts | null,
  exactly: (lines: readonly Line[]) => readonly Line[],
): CutLines | null {
  return cuts === null || !cuts.isExact ? null : new CutLines(own, kind, cuts, exactly);
}

/** Lines in columns with the changes by a multiplier or a cap. */
export class CutLines implements Lines {
  readonly exceptions = [];
  private again: readonly Line[] | null = null;

  constructor(
    readonly own: ColumnLines,
    readonly kind: 'cap' | 'multiplier',
    private readonly cuts: Cuts,
    private readonly exactly: (lines: readonly Line[]) => readonly Line[],
  ) {}

  between(from?: LocalDate, to?: LocalDate): readonly Line[] {
    return [...this.own.between(from, to), ...this.changes(from, to)];
  }

  ofRecords(isOf: (record: SourceRecord) => boolean): readonly Line[] {
    return [...this.own.ofRecords(isOf), ...this.changes().filter(({ credit }) => isOf(credit!.record))];
  }

  /** The changes by the cap or the multiplier, dated in a span. */
  changes(from?: LocalDate, to?: LocalDate): Line[] {
    const lines: Line[] = [];
    for (let n = 0; n < this.cuts.count; n += 1) {
      const day = this.cuts.day(n);
      if ((from === undefined || from <= day) && (to === undefined || day <= to)) lines.push(this.line(n));
    }
    return lines;
  }

  get count(): number {
    return this.own.count + this.cuts.count;
  }

  total(): bigint {
    return this.own.total() + BigInt(this.cuts.sum);
  }

  private line(n: number): Line {
    const { participant, version, component } = this.own.terms;
    const credit = this.own.credits.list[this.cuts.record(n)]!;
    const amount = BigInt(this.cuts.amount(n));
    const multiplies = this.kind === 'multiplier' ? { multiplies: [{ day: credit.date, amount }] } : {};
    return {
      kind: this.kind,
      participant,
      version,
      component,
      credit,
      cause: null,
      date: this.cuts.day(n),
      amount,
      ...multiplies,
      explain: () => this.explained(n),
    };
  }

  // The exact way makes the same lines in the same order.
  private explained(n: number): ReturnType<Line['explain']> {
    this.again ??= this.exactly(this.own.between());
    return this.again[n]!.explain();
  }
}

const single = new WeakMap<Credits, boolean>();

/**
 * Whether no record has two credits, because those are cut and multiplied together. Records of different kinds may
 * share an id.
 */
export function areSingle({ credits, terms }: ColumnLines): boolean {
  if (terms.component.measure.of.length !== 1) return false;
  let known = single.get(credits);
  if (known === undefined) {
    const { list } = credits;
    single.set(credits, (known = new Set<SourceRecord>(list.map(({ record }) => record)).size === list.length));
  }
  return known;
}

function byCount(own: ColumnLines, columns: EarnedColumns, life: PlanLife): Cuts {
  const { limit, per } = own.terms.component.count!;
  const cuts = new Cuts(columns.earned.length);
  for (const { window, first, after } of stretchesOf(own, life, per))
    countCutsOf(columns, limit, { first, after }, payEnds(own.terms, columns.list, window, first, after), cuts);
  return cuts;
}

function byAmount(own: ColumnLines, columns: EarnedColumns, most: number, life: PlanLife): Cuts {
  const cuts = new Cuts(0);
  for (const { window, first, after } of stretchesOf(own, life, own.terms.component.cap!.per))
    windowCutsOf(columns, most, { first, after }, payEnds(own.terms, columns.list, window, first, after), cuts);
  return cuts;
}

/**
 * The pay periods of the records of a window; a change in the last of them is dated at the end of the window if that
 * comes first.
 */
export function payEnds(
  paying: Paying,
  list: readonly Credit[],
  window: { readonly to: LocalDate },
  first: number,
  after: number,
): readonly PayEnd[] {
  const ends: PayEnd[] = [];
  for (let i = first; i < after;) {
    const { to } = payPeriodOf(paying, list[i]!.date);
    i = to < window.to ? Math.min(after, firstAfter(list, to)) : after;
    ends.push({ after: i, day: window.to < to ? window.to : to });
  }
  return ends;
}

function byMultiplier(world: World, life: PlanLife, own: ColumnLines, columns: EarnedColumns): Cuts | null {
  const { terms } = own;
  const { version, component } = terms;
  const cuts = new Cuts(columns.earned.length);
  for (const { window, first, after } of stretchesOf(own, life, component.per ?? 'deal')) {
    const [begin, end] = [columns.payable.indexOf(1, first), columns.payable.lastIndexOf(1, after - 1)];
    if (begin < 0 || begin >= after) continue;
    const factors: Factor[] = [];
    const days = [columns.list[begin]!, columns.list[end]!];
    for (const { to } of payPeriodsOf({ world, version, component }, window, days)) {
      const ratio = multiplierAt(terms, window, to).value?.minus(Exact.one).ratio();
      // An undefined multiplier is an exception.
      if (ratio === undefined) return null;
      factors.push({ to, numerator: ratio[0], denominator: ratio[1] });
    }
    if (!multipliedBy(columns, factors, { first, after }, wholeRounding(component), cuts)) return null;
  }
  return cuts;
}

/** The records in the columns for each window of a kind; none if each deal is a window. */
function* stretchesOf(
  { terms, credits, first, earned }: ColumnLines,
  life: PlanLife,
  kind: WindowKind,
): Generator<Span> {
  if (kind === 'deal') return;
  const end = first + earned.length;
  for (const span of spansOf(terms, life, kind, credits)) {
    const stretch = { window: span.window, first: Math.max(span.first, first), after: Math.min(span.after, end) };
    if (stretch.first < stretch.after) yield stretch;
  }
}
