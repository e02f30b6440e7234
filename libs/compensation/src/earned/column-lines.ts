import type { LineKind } from '@attain/contracts';
import type { LocalDate } from '@attain/values';
import { type Credit, type Credits, firstFrom } from '../credits/credits.js';
import { byOrder } from '../facts/order.rules.js';
import type { SourceRecord } from '../facts/records.js';
import type { PlanLife } from '../plans/world.js';
import { Cuts } from './cut-columns.rules.js';
import { endOf, spansOf } from './earning.js';
import type { Terms } from './entitlements.js';
import { byMove, type Explained, type Line, type Lines } from './lines.js';
import { Run } from './run.js';
import type { Earning, StandingColumns, TrueUps } from './standing-columns.rules.js';

/**
 * The inputs of the columns of a version's component: the paid credits, those of its axis beside them, and whether each
 * is payable.
 */
export interface Columned {
  readonly credits: Credits;
  readonly axis: Credits;
  readonly payable: Uint8Array;
  /** The indexes of the first credit in the columns and of the one after the last. */
  readonly first: number;
  readonly after: number;
}

/**
 * The lines of one version's component beside its credits: one line for each payable credit, its reversal, and
 * true-ups.
 */
export class ColumnLines implements Lines, Earning {
  readonly exceptions = [];
  readonly credits: Credits;
  readonly payable: Uint8Array;
  readonly first: number;
  readonly offset: number;
  readonly earned: Float64Array;
  readonly taken: Float64Array | null;
  readonly trueUps: TrueUps = { record: [], cause: [], amount: [] };
  readonly answered = new Cuts(0);
  readonly columns: StandingColumns;
  private readonly axis: Credits;
  private own = 0;
  private minor = 0;
  private readonly explained = new Map<number, ReadonlyMap<string, Explained>>();

  constructor(
    readonly terms: Terms,
    private readonly life: PlanLife,
    { credits, axis, payable, first, after }: Columned,
  ) {
    [this.credits, this.axis, this.payable, this.first, this.offset] = [credits, axis, payable, first, first];
    const [paid, moved] = [credits.columns!, axis.columns!];
    this.columns = { full: paid.full, left: paid.left, axisFull: moved.full, axisLeft: moved.left, payable };
    this.earned = new Float64Array(after - first);
    this.taken = paid.isReversed || moved.isReversed ? new Float64Array(after - first) : null;
  }

  /** Adds a record's amounts to the columns. */
  add({ minor, reversed }: { minor: number; reversed: number }, paid: number): void {
    this.minor += minor;
    this.own += paid + reversed;
  }

  get count(): number {
    return this.own + this.trueUps.record.length + this.answered.count;
  }

  between(from?: LocalDate, to?: LocalDate): readonly Line[] {
    const start = from === undefined ? this.first : Math.max(this.first, firstFrom(this.credits.list, from));
    const end = this.endAt(to);
    const lines: Line[] = [];
    for (let i = start; i < end; i += 1) this.addTo(lines, i);
    // A record of a later version may true up records of this one.
    const [begin, last] = [from === undefined ? 0 : firstFrom(this.credits.list, from), this.causesTo(to)];
    const { cause } = this.trueUps;
    const trueUps: Line[] = [];
    for (let n = 0; n < cause.length; n += 1) if (begin <= cause[n]! && cause[n]! < last) trueUps.push(this.trueUp(n));
    const answers = this.answers(from, to);
    for (const line of answers.length === 0 ? trueUps : [...trueUps, ...answers].sort(byMove)) lines.push(line);
    return lines;
  }

  ofRecords(isOf: (record: SourceRecord) => boolean): readonly Line[] {
    const { list } = this.credits;
    const lines: Line[] = [];
    for (let i = this.first; i < this.endAt(undefined); i += 1) if (isOf(list[i]!.record)) this.addTo(lines, i);
    const trueUps: Line[] = [];
    const { record } = this.trueUps;
    for (let n = 0; n < record.length; n += 1) if (isOf(list[record[n]!]!.record)) trueUps.push(this.trueUp(n));
    const answers = this.answers().filter(({ credit }) => isOf(credit!.record));
    return [...lines, ...(answers.length === 0 ? trueUps : [...trueUps, ...answers].sort(byMove))];
  }

  total(): bigint {
    return BigInt(this.minor);
  }

  /** All amounts, in the order of the lines. */
  amounts(): string {
    const { count } = this.answered;
    const answered = Array.from({ length: count }, (_, n) => this.answered.amount(n));
    return [this.earned, this.taken ?? [], this.trueUps.amount, ...(count === 0 ? [] : [answered])].join(';');
  }

  /**
   * The lines dated up to a day that differ from an earlier computation of the same component; null if that computed
   * another component.
   */
  differing(before: ColumnLines, to: LocalDate): { gone: Line[]; come: Line[] } | null {
    if (before.terms.component !== this.terms.component || before.terms.version !== this.terms.version) return null;
    const gone: Line[] = [];
    const come: Line[] = [];
    let [i, j] = [before.first, this.first];
    const [lastOld, lastNow] = [before.endAt(to), this.endAt(to)];
    while (i < lastOld || j < lastNow) {
      const alike = Math.min(this.alikeFrom(before, i, j), lastOld - i, lastNow - j);
      [i, j] = [i + alike, j + alike];
      if (i >= lastOld && j >= lastNow) break;
      const [old, now] = [i < lastOld ? before.credits.list[i]! : null, j < lastNow ? this.credits.list[j]! : null];
      if (old === now && before.isSameAs(i, this, j)) [i, j] = [i + 1, j + 1];
      else {
        const order = old === null ? 1 : now === null ? -1 : byOrder(old, now);
        if (order <= 0) before.addTo(gone, i++);
        if (order >= 0) this.addTo(come, j++);
      }
    }
    this.differingTrueUps(before, [before.causesTo(to), this.causesTo(to)], gone, come);
    return { gone: [...gone, ...before.answers(undefined, to)], come: [...come, ...this.answers(undefined, to)] };
  }

  /** How many records from here on have the same lines on both sides, if nothing is reversed; else 0. */
  private alikeFrom(before: ColumnLines, from: number, to: number): number {
    if (before.taken !== null || this.taken !== null) return 0;
    const [list, known] = [this.credits.list, before.credits.list];
    const [paid, earned, paidBefore, earnedBefore] = [this.payable, this.earned, before.payable, before.earned];
    const most = Math.min(known.length - from, list.length - to);
    let n = 0;
    while (
      n < most &&
      known[from + n] === list[to + n] &&
      paidBefore[from + n] === paid[to + n] &&
      earnedBefore[from + n - before.first] === earned[to + n - this.first]
    )
      n += 1;
    return n;
  }

  private differingTrueUps(
    before: ColumnLines,
    [lastOld, lastNow]: readonly [number, number],
    gone: Line[],
    come: Line[],
  ): void {
    const { record, cause, amount } = before.trueUps;
    const old = new Map<Credit, number[]>();
    for (let n = 0; n < record.length && cause[n]! < lastOld; n += 1) {
      const credit = before.credits.list[record[n]!]!;
      const known = old.get(credit);
      if (known === undefined) old.set(credit, [n]);
      else known.push(n);
    }
    const now = this.trueUps;
    for (let n = 0; n < now.record.length && now.cause[n]! < lastNow; n += 1) {
      const known = old.get(this.credits.list[now.record[n]!]!) ?? [];
      const at = known.findIndex(
        (m) => amount[m] === now.amount[n] && before.credits.list[cause[m]!] === this.credits.list[now.cause[n]!],
      );
      if (at < 0) come.push(this.trueUp(n));
      else known.splice(at, 1);
    }
    for (const rest of old.values()) for (const n of rest) gone.push(before.trueUp(n));
  }

  private endAt(to: LocalDate | undefined): number {
    const end = this.first + this.earned.length;
    return to === undefined ? end : Math.min(end, endOf(this.credits, to));
  }

  private causesTo(to: LocalDate | undefined): number {
    return to === undefined ? this.credits.list.length : endOf(this.credits, to);
  }

  private isSameAs(i: number, other: ColumnLines, j: number): boolean {
    const [a, b] = [i - this.first, j - other.first];
    return (
      this.payable[i] === other.payable[j] &&
      this.earned[a] === other.earned[b] &&
      (this.taken?.[a] ?? 0) === (other.taken?.[b] ?? 0) &&
      this.isReversed(i) === other.isReversed(j)
    );
  }

  private isReversed(index: number): boolean {
    const { full, left, axisFull, axisLeft } = this.columns;
    return left[index] !== full[index] || axisLeft[index] !== axisFull[index];
  }

  private addTo(lines: Line[], index: number): void {
    if (this.payable[index] === 0) return;
    lines.push(this.line('earning', index, null, this.earned[index - this.first]!));
    if (this.isReversed(index)) lines.push(this.line('reversal', index, null, this.taken![index - this.first]!));
  }

  private trueUp(n: number): Line {
    const { record, cause, amount } = this.trueUps;
    return this.line('true-up', record[n]!, cause[n]!, amount[n]!);
  }

  /** The lines of answers about a window, dated in a span. */
  private answers(from?: LocalDate, to?: LocalDate): Line[] {
    const lines: Line[] = [];
    for (let n = 0; n < this.answered.count; n += 1) {
      const day = this.answered.day(n);
      if ((from === undefined || from <= day) && (to === undefined || day <= to))
        lines.push(this.line('true-up', this.answered.record(n), null, this.answered.amount(n), day));
    }
    return lines;
  }

  private line(kind: LineKind, index: number, cause: number | null, amount: number, day?: LocalDate): Line {
    const { participant, version, component } = this.terms;
    const credit = this.credits.list[index]!;
    const mover = cause === null ? null : this.axis.list[cause]!;
    return {
      kind,
      participant,
      version,
      component,
      credit,
      cause: mover,
      date: day ?? (mover ?? credit).date,
      amount: BigInt(amount),
      explain: () => this.explain(kind, index, cause, day),
    };
  }

  // Computed the exact way for the window of the line.
  private explain(kind: LineKind, index: number, cause: number | null, day: LocalDate | undefined): Explained {
    const { list } = this.credits;
    const { per, tiers, curve } = this.terms.component;
    const run = new Run(this.terms);
    if ((tiers.length === 0 && curve === null) || per === null || per === 'deal') {
      run.alone(list[index]!, this.axis.list[index]!);
      return run.lines.find((line) => line.kind === kind)!.explain();
    }
    const span = spansOf(this.terms, this.life, per, this.credits).find(({ after }) => index < after)!;
    let explained = this.explained.get(span.first);
    if (explained === undefined) {
      const records = list.slice(span.first, span.after).filter((_, offset) => this.payable[span.first + offset] === 1);
      const axis = this.axis.list.slice(span.first, span.after);
      run.window(span.window, records, axis);
      const placesOf = (credits: readonly Credit[]) =>
        new Map(credits.map((credit, offset) => [credit, span.first + offset]));
      const [at, moved] = [placesOf(list.slice(span.first, span.after)), placesOf(axis)];
      explained = new Map(
        run.lines.map((line) => [
          placeKey(line.kind, at.get(line.credit!)!, line.cause === null ? line.date : moved.get(line.cause)!),
          line.explain(),
        ]),
      );
      this.explained.set(span.first, explained);
    }
    return explained.get(placeKey(kind, index, cause ?? day ?? list[index]!.date))!;
  }
}

/** `moved`: the record that moved a true-up, or the day of another line. */
function placeKey(kind: LineKind, index: number, moved: number | LocalDate): string {
  return `${kind} ${index} ${moved}`;
}
