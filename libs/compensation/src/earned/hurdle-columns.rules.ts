import type { LocalDate } from '@attain/values';
import type { Entitling } from './entitling.js';
import { type Earning, scratch, type StandingColumns, stepsReached } from './standing-columns.rules.js';

/** A pay period in a window, with the tiers whose hurdles are met at its end. Its records are those before `after`. */
export interface AnsweredPeriod {
  readonly to: LocalDate;
  readonly after: number;
  readonly entitling: Entitling;
}
/** The records of a window, from `first` up to and without `after`, that entered under the same tiers. */
interface Entered {
  readonly entitling: Entitling;
  readonly first: number;
  after: number;
  /** The number of retroactive tiers that the axis has reached. */
  reached: number;
}

/**
 * Records enter under the tiers whose hurdles are met at the end of their pay period. A change for earlier records of
 * the window is a true-up on that day.
 */
export function enterPeriods(
  columns: StandingColumns,
  periods: readonly AnsweredPeriod[],
  earning: Earning,
  first: number,
): { minor: number; reversed: number } {
  const { axisLeft } = columns;
  const window = new HurdledWindow(columns, earning, first, (periods.at(-1)?.after ?? first) - first);
  let sum = 0;
  let earlier: Entered | null = null;
  let next = first;
  for (const { to, after, entitling } of periods) {
    const { scale, retroactive } = entitling;
    const begun = next;
    const own: Entered = { entitling, first: begun, after: begun, reached: stepsReached(retroactive, sum * scale) };
    for (; next < after; next += 1) {
      window.enter(entitling, next, sum);
      sum += axisLeft[next]!;
      if (earlier !== null) window.reach(earlier, sum, next);
      own.after = next;
      window.reach(own, sum, next);
    }
    if (earlier !== null && earlier.entitling !== entitling) window.answer(entitling, begun, sum, to);
    earlier = { entitling, first, after, reached: stepsReached(retroactive, sum * scale) };
  }
  return window;
}

/** The records of a window as they enter, with the entitlement of each. */
class HurdledWindow {
  minor = 0;
  reversed = 0;
  private readonly starts: Float64Array;
  private readonly entitled: Float64Array;

  constructor(
    private readonly columns: StandingColumns,
    private readonly earning: Earning,
    private readonly first: number,
    size: number,
  ) {
    [this.starts, this.entitled] = scratch(size);
  }

  /** A record enters at the point `sum` of the axis. */
  enter({ scale, retroactive, amount }: Entitling, i: number, sum: number): void {
    const { full, left, axisFull, axisLeft, payable } = this.columns;
    if (payable[i] === 0) return;
    const { offset, earned, taken } = this.earning;
    const start = sum * scale;
    const fullEnd = (sum + axisFull[i]!) * scale;
    const own = amount(i, full[i]!, start, fullEnd, stepsReached(retroactive, fullEnd));
    let kept = own;
    if (full[i] !== left[i] || axisFull[i] !== axisLeft[i]) {
      const end = (sum + axisLeft[i]!) * scale;
      kept = amount(i, left[i]!, start, end, stepsReached(retroactive, end));
      taken![i - offset] = kept - own;
      this.reversed += 1;
    }
    earned[i - offset] = own;
    this.minor += kept;
    this.starts[i - this.first] = sum;
    this.entitled[i - this.first] = kept;
  }

  /** Trues up records if the record at `cause` moves the axis to, or back from, a retroactive tier. */
  reach(records: Entered, sum: number, cause: number): void {
    const { scale, retroactive } = records.entitling;
    if (retroactive.length === 0) return;
    const reached = stepsReached(retroactive, sum * scale);
    if (reached === records.reached) return;
    records.reached = reached;
    const { record, cause: causes, amount } = this.earning.trueUps;
    for (let j = records.first; j < records.after; j += 1) {
      const change = this.changeOf(records.entitling, j, reached);
      if (change === 0) continue;
      record.push(j);
      causes.push(cause);
      amount.push(change);
    }
  }

  /** Trues up the records before `after` to the tiers of the end of a pay period. */
  answer(entitling: Entitling, after: number, sum: number, to: LocalDate): void {
    const reached = stepsReached(entitling.retroactive, sum * entitling.scale);
    for (let j = this.first; j < after; j += 1) {
      const change = this.changeOf(entitling, j, reached);
      if (change !== 0) this.earning.answered.add(j, to, change);
    }
  }

  private changeOf({ scale, amount }: Entitling, j: number, reached: number): number {
    const { left, axisLeft, payable } = this.columns;
    if (payable[j] === 0) return 0;
    const start = this.starts[j - this.first]!;
    const anew = amount(j, left[j]!, start * scale, (start + axisLeft[j]!) * scale, reached);
    const change = anew - this.entitled[j - this.first]!;
    this.entitled[j - this.first] = anew;
    this.minor += change;
    return change;
  }
}
