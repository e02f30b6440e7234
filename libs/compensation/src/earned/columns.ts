import type { LineKind } from '@attain/contracts';
import { Exact, type LocalDate } from '@attain/values';
import { type Credits, firstFrom } from '../credits/credits.js';
import { creditsFor, endOf, payableOf, spansOf } from './earning.js';
import type { Terms } from './entitlements.js';
import type { Explained, Line, Lines } from './lines.js';
import { byOrder } from '../facts/order.rules.js';
import { minorFactor } from '../facts/money.rules.js';
import type { Component, Pay } from '../plans/plans.js';
import type { Window } from '../plans/quotas.rules.js';
import { quotaIn, Run } from './run.js';
import { payStretches, type Rates, ratesOf, type Slopes, slopesOf, type Stretches } from './slopes.rules.js';
import { ladderOf } from '../plans/tiers.rules.js';
import type { PlanInForce, PlanLife } from '../plans/world.js';

/**
 * The lines of a version's component as columns beside its credits, for what most plans are: fixed rates on whole minor
 * units, flat or in tiers that pay their own slice. Null where the exact way has to be gone. Both give the same lines.
 */
export function columnLines(terms: Terms, life: PlanLife, inForce: PlanInForce): ColumnLines | null {
  const { component } = terms;
  const { tiers, per, rounding } = component;
  if (component.axis.ratio !== null) return null;
  const rates = fixedRates(component);
  const step = rounding.step.wholeNumber();
  if (rates === null || step === undefined) return null;
  const { paid: credits } = creditsFor(terms);
  const { columns } = credits;
  if (columns === null) return null;
  const payable = payableOf(terms, inForce, credits);
  const offset = firstFrom(credits.list, inForce.from);
  const end = endOf(credits, inForce.to);
  const lines = new ColumnLines(terms, life, credits, payable, offset, end);
  const rule = { mode: rounding.mode, step };

  if (tiers.length === 0 || per === null || per === 'deal') {
    // In the window of its deal a dated reversal stands behind it.
    if (tiers.length > 0 && columns.isDated) return null;
    const slopes = tiers.length === 0 ? flatSlopes(rates) : alone(component, rates);
    if (slopes === null || !fits(columns.size, slopes, rates, step)) return null;
    lines.add(payStretches(slopes, rule, { ...lines.stretches, first: offset, after: end, restarts: true }), countOf(payable, offset, end));
    return lines;
  }

  for (const { window, first, after } of spansOf(terms, life, per, credits)) {
    if (after <= offset || first >= end) continue;
    const paid = countOf(payable, first, after);
    if (paid === 0) continue;
    const slopes = slopesIn(terms, window, rates);
    if (slopes === null || !fits(columns.size, slopes, rates, step)) return null;
    lines.add(payStretches(slopes, rule, { ...lines.stretches, first, after, restarts: false }), paid);
  }
  return lines;
}

/** The lines of one version's component, beside its credits: one for each that is payable, and what its reversal takes. */
export class ColumnLines implements Lines {
  readonly exceptions = [];
  readonly earned: Float64Array;
  readonly taken: Float64Array | null;
  readonly stretches: Omit<Stretches, 'first' | 'after' | 'restarts'>;
  count = 0;
  private minor = 0;
  private readonly explained = new Map<number, ReadonlyMap<string, Explained>>();

  constructor(
    private readonly terms: Terms,
    private readonly life: PlanLife,
    readonly credits: Credits,
    readonly payable: Uint8Array,
    /** Index of the credit that the columns begin with, and of the one after their last. */
    readonly first: number,
    after: number,
  ) {
    const { full, left, isReversed } = credits.columns!;
    this.earned = new Float64Array(after - first);
    this.taken = isReversed ? new Float64Array(after - first) : null;
    this.stretches = { full, left, payable, offset: first, earned: this.earned, taken: this.taken };
  }

  /** Takes note of what was written into the columns. */
  add({ minor, reversed }: { minor: number; reversed: number }, paid: number): void {
    this.minor += minor;
    this.count += paid + reversed;
  }

  between(from?: LocalDate, to?: LocalDate): readonly Line[] {
    const start = from === undefined ? this.first : Math.max(this.first, firstFrom(this.credits.list, from));
    const end = this.endAt(to);
    const lines: Line[] = [];
    for (let i = start; i < end; i += 1) this.addTo(lines, i);
    return lines;
  }

  total(): bigint {
    return BigInt(this.minor);
  }

  /** The lines dated up to a day that differ from an earlier computation of the same component; null where that was another one. */
  differing(before: ColumnLines, to: LocalDate): { gone: Line[]; come: Line[] } | null {
    if (before.terms.component !== this.terms.component || before.terms.version !== this.terms.version) return null;
    const gone: Line[] = [];
    const come: Line[] = [];
    let [i, j] = [before.first, this.first];
    const [lastOld, lastNow] = [before.endAt(to), this.endAt(to)];
    while (i < lastOld || j < lastNow) {
      const [old, now] = [i < lastOld ? before.credits.list[i]! : null, j < lastNow ? this.credits.list[j]! : null];
      if (old === now && before.isSameAs(i, this, j)) [i, j] = [i + 1, j + 1];
      else {
        const order = old === null ? 1 : now === null ? -1 : byOrder(old, now);
        if (order <= 0) before.addTo(gone, i++);
        if (order >= 0) this.addTo(come, j++);
      }
    }
    return { gone, come };
  }

  private endAt(to: LocalDate | undefined): number {
    const end = this.first + this.earned.length;
    return to === undefined ? end : Math.min(end, endOf(this.credits, to));
  }

  private isSameAs(i: number, other: ColumnLines, j: number): boolean {
    const [a, b] = [i - this.first, j - other.first];
    return this.payable[i] === other.payable[j] && this.earned[a] === other.earned[b] && (this.taken?.[a] ?? 0) === (other.taken?.[b] ?? 0);
  }

  private addTo(lines: Line[], index: number): void {
    if (this.payable[index] === 0) return;
    const { left, full } = this.credits.columns!;
    lines.push(this.line('earning', index, this.earned[index - this.first]!));
    if (left[index] !== full[index]) lines.push(this.line('reversal', index, this.taken![index - this.first]!));
  }

  private line(kind: LineKind, index: number, amount: number): Line {
    const { participant, version, component } = this.terms;
    const credit = this.credits.list[index]!;
    return { kind, participant, version, component, credit, cause: null, date: credit.date, amount: BigInt(amount), explain: () => this.explain(kind, index) };
  }

  // The exact way, of the window that the line stands in.
  private explain(kind: LineKind, index: number): Explained {
    const { list } = this.credits;
    const { per, tiers } = this.terms.component;
    const run = new Run(this.terms);
    if (tiers.length === 0 || per === null || per === 'deal') {
      run.alone(list[index]!, list[index]!);
      return run.lines.find((line) => line.kind === kind)!.explain();
    }
    const span = spansOf(this.terms, this.life, per, this.credits).find(({ after }) => index < after)!;
    let explained = this.explained.get(span.first);
    if (explained === undefined) {
      const records = list.slice(span.first, span.after).filter((_, offset) => this.payable[span.first + offset] === 1);
      run.window(span.window, records, list.slice(span.first, span.after));
      const at = new Map(list.slice(span.first, span.after).map((credit, offset) => [credit, span.first + offset]));
      explained = new Map(run.lines.map((line) => [`${line.kind}${at.get(line.credit!)}`, line.explain()]));
      this.explained.set(span.first, explained);
    }
    return explained.get(`${kind}${index}`)!;
  }
}

const ratesOfComponents = new WeakMap<Component, Rates | null>();

const slopesOfComponents = new WeakMap<Component, Map<number | 'none', Slopes | null>>();

/** The slopes of a window: those of another one with the same quota, where there was one. */
function slopesIn(terms: Terms, window: Window, rates: Rates): Slopes | null {
  const { component } = terms;
  const quota = quotaIn(terms, window);
  if (quota !== null && quota.missing !== null) return null;
  const amount = quota?.amount ?? null;
  const key = amount === null ? 'none' : amount.wholeNumber();
  let known = slopesOfComponents.get(component);
  if (known === undefined) slopesOfComponents.set(component, (known = new Map()));
  const found = key === undefined ? undefined : known.get(key);
  if (found !== undefined) return found;
  const ladder = ladderOf(component.tiers, amount);
  const slopes = ladder.unfounded ? null : slopesOf(ladder, rates);
  if (key !== undefined && known.size < 100_000) known.set(key, slopes);
  return slopes;
}

/** What each tier (or, without tiers, the base) pays for one unit of the measure, where columns can hold it: the same for every record. */
function fixedRates(component: Component): Rates | null {
  let rates = ratesOfComponents.get(component);
  if (rates === undefined) ratesOfComponents.set(component, (rates = isPlain(component) ? computedRates(component) : null));
  return rates;
}

function isPlain({ isMoney, tiers, curve, crossing, axis, measure, rounding, count, cap, multiplier, isWindowed }: Component): boolean {
  if (!isMoney || isWindowed || rounding.perTotal || count !== null || cap !== null || multiplier !== null || curve !== null) return false;
  return tiers.length === 0 || (crossing === 'split' && axis.key === measure.key && tiers.every(({ retroactive }) => retroactive === null));
}

function computedRates({ base, tiers, measure, currency }: Component): Rates | null {
  const unit = measure.unit === 'money' ? Exact.one : minorFactor(currency);
  const fixed = (pay: Pay | null): Exact | null => pay?.formula.constant?.times(unit) ?? null;
  const factors = tiers.length === 0 ? [fixed(base)] : tiers.map(({ pay }) => (pay.kind === 'times' ? multiplied(fixed(base), pay) : fixed(pay)));
  return factors.every((factor) => factor !== null) ? ratesOf(factors) : null;
}

function multiplied(base: Exact | null, { formula }: Pay): Exact | null {
  return base === null || formula.constant === null ? null : base.times(formula.constant);
}

function flatSlopes({ unit, rates }: Rates): Slopes {
  return { scale: 1, unit, from: Float64Array.of(Number.NEGATIVE_INFINITY), rate: Float64Array.of(rates[0]!), paid: Float64Array.of(0) };
}

// A window of one deal has no quota.
function alone({ tiers }: Component, rates: Rates): Slopes | null {
  const ladder = ladderOf(tiers, null);
  return ladder.unfounded ? null : slopesOf(ladder, rates);
}

/** Whether everything that is computed on the way stays a whole number below 2^53: `size` bounds every sum and every amount. */
function fits(size: number, { scale, from, unit }: Slopes, { largest }: Rates, step: number): boolean {
  const bound = from.length > 1 ? Math.max(Math.abs(from[1]!), Math.abs(from.at(-1)!)) : 0;
  return (2 * size * scale + 2 * bound) * largest * 2 < Number.MAX_SAFE_INTEGER && unit * step * 2 < Number.MAX_SAFE_INTEGER;
}

function countOf(payable: Uint8Array, first: number, after: number): number {
  let count = 0;
  for (let i = first; i < after; i += 1) count += payable[i]!;
  return count;
}
