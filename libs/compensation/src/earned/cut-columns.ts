import { Exact, type LocalDate } from '@attain/values';
import type { Credits } from '../credits/credits.js';
import type { SourceRecord } from '../facts/records.js';
import { payPeriodOf } from '../plans/pay-periods.js';
import { periodOf, windowOf } from '../plans/windows.js';
import type { PlanLife, World } from '../plans/world.js';
import { amountCuts } from './amount-caps.rules.js';
import type { ColumnLines } from './column-lines.js';
import {
  countCutsOf,
  type Cuts,
  dealCutsOf,
  type EarnedColumns,
  type Factor,
  multipliedBy,
  noCuts,
  windowCutsOf,
} from './cut-columns.rules.js';
import { capEnd, countCuts } from './count-caps.rules.js';
import type { Line, Lines } from './lines.js';
import { multiplierAt, multiplierLines } from './multipliers.js';
import { payPeriodsOf } from './so-far.js';

/** What a multiplier or a cap changes in the lines of a component, in columns beside them; null where lines decide one by one. */
export function cutColumns(world: World, life: PlanLife, own: ColumnLines): CutLines | null {
  const { cap, count, multiplier, rounding } = own.terms.component;
  const step = rounding.step.wholeNumber();
  if (step === undefined || [cap, count, multiplier].filter((one) => one !== null).length !== 1) return null;
  if (own.trueUps.record.length > 0 || own.credits.columns!.isDated) return null;
  const columns: EarnedColumns = {
    list: own.credits.list,
    payable: own.payable,
    first: own.first,
    earned: own.earned,
    taken: own.taken,
  };
  if (count !== null) {
    if (count.per === 'deal') return null;
    return new CutLines(own, 'cap', byCount(own, columns, life), (lines) => countCuts(lines, life));
  }
  if (!areSingle(own)) return null;
  if (multiplier !== null) {
    const cuts = byMultiplier(world, life, own, columns, step);
    return cuts === null
      ? null
      : new CutLines(own, 'multiplier', cuts, (lines) => multiplierLines(world, life, lines).lines);
  }
  const most = Number(cap!.amount);
  if (cap!.isCarried) return null;
  return new CutLines(
    own,
    'cap',
    cap!.per === 'deal' ? dealCutsOf(columns, most) : byAmount(own, columns, most),
    (lines) => amountCuts(lines, ({ component }) => component.cap),
  );
}

/** Lines in columns, and what a multiplier or a cap changes in them. */
export class CutLines implements Lines {
  readonly exceptions = [];
  private again: readonly Line[] | null = null;

  constructor(
    readonly own: ColumnLines,
    private readonly kind: 'cap' | 'multiplier',
    private readonly cuts: Cuts,
    private readonly exactly: (lines: readonly Line[]) => readonly Line[],
  ) {}

  between(from?: LocalDate, to?: LocalDate): readonly Line[] {
    return [...this.own.between(from, to), ...this.changes(from, to)];
  }

  /** What the cap or the multiplier changes, dated in a span. */
  changes(from?: LocalDate, to?: LocalDate): Line[] {
    const lines: Line[] = [];
    const { day } = this.cuts;
    for (let n = 0; n < day.length; n += 1)
      if ((from === undefined || from <= day[n]!) && (to === undefined || day[n]! <= to)) lines.push(this.line(n));
    return lines;
  }

  get count(): number {
    return this.own.count + this.cuts.record.length;
  }

  total(): bigint {
    return this.cuts.amount.reduce((sum, amount) => sum + BigInt(amount), this.own.total());
  }

  private line(n: number): Line {
    const { participant, version, component } = this.own.terms;
    const credit = this.own.credits.list[this.cuts.record[n]!]!;
    const amount = BigInt(this.cuts.amount[n]!);
    const multiplies = this.kind === 'multiplier' ? { multiplies: [{ day: credit.date, amount }] } : {};
    return {
      kind: this.kind,
      participant,
      version,
      component,
      credit,
      cause: null,
      date: this.cuts.day[n]!,
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

/** Whether no record has two credits, which are cut and multiplied together. Records of different kinds may share an id. */
function areSingle({ credits, terms }: ColumnLines): boolean {
  if (terms.component.measure.of.length !== 1) return false;
  let known = single.get(credits);
  if (known === undefined) {
    const { list } = credits;
    single.set(credits, (known = new Set<SourceRecord>(list.map(({ record }) => record)).size === list.length));
  }
  return known;
}

function byCount({ terms }: ColumnLines, columns: EarnedColumns, life: PlanLife): Cuts {
  const { version, component } = terms;
  const { limit, per } = component.count!;
  return countCutsOf(columns, limit, (date) => {
    const [window, payEnd] = [capEnd(per, date, version, life), payPeriodOf(terms, date).to];
    return { window, day: window < payEnd ? window : payEnd };
  });
}

function byAmount({ terms }: ColumnLines, columns: EarnedColumns, most: number): Cuts {
  const { version, component } = terms;
  const per = component.cap!.per;
  const cuts = noCuts();
  if (per === 'deal') return cuts;
  eachStretch(
    columns,
    (date) => periodOf(version.calendar, date, per),
    (window, first, after) => {
      const ends: { after: number; day: LocalDate }[] = [];
      for (let i = first; i < after;) {
        const period = payPeriodOf(terms, columns.list[i]!.date);
        do i += 1;
        while (i < after && columns.list[i]!.date <= period.to);
        ends.push({ after: i, day: window.to < period.to && window.to >= period.from ? window.to : period.to });
      }
      windowCutsOf(columns, most, { first, after }, ends, cuts);
    },
  );
  return cuts;
}

function byMultiplier(
  world: World,
  life: PlanLife,
  { terms }: ColumnLines,
  columns: EarnedColumns,
  step: number,
): Cuts | null {
  const { version, component } = terms;
  const { per } = component;
  const cuts = noCuts();
  if (per === null || per === 'deal') return cuts;
  let isExact = true;
  eachStretch(
    columns,
    (date) => windowOf(per, date, version.calendar, life),
    (window, first, after) => {
      const days = columns.list.slice(first, after).filter((_, index) => columns.payable[first + index] === 1);
      if (!isExact || days.length === 0) return;
      const factors: Factor[] = [];
      for (const { to } of payPeriodsOf({ world, version, component }, window, [days[0]!, days.at(-1)!])) {
        const ratio = multiplierAt(terms, window, to).value?.minus(Exact.one).ratio();
        // An undefined one is an exception.
        if (ratio === undefined) return void (isExact = false);
        factors.push({ to, numerator: ratio[0], denominator: ratio[1] });
      }
      isExact = multipliedBy(columns, factors, { first, after }, { mode: component.rounding.mode, step }, cuts);
    },
  );
  return isExact ? cuts : null;
}

/** The records of each window that a day decides, in order. */
function eachStretch<Window extends { readonly to: LocalDate }>(
  { list, first, earned }: EarnedColumns,
  windowOn: (date: LocalDate) => Window,
  visit: (window: Window, first: number, after: number) => void,
): void {
  const end = first + earned.length;
  for (let begin = first; begin < end;) {
    const window = windowOn(list[begin]!.date);
    let after = begin + 1;
    while (after < end && list[after]!.date <= window.to) after += 1;
    visit(window, begin, after);
    begin = after;
  }
}
