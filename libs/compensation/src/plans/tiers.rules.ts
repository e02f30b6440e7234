import { Exact } from '@attain/values';

/** A tier as a plan writes it; `percent`: `from` is a share of the quota, else the axis itself. */
export interface TierRule {
  readonly from: Exact;
  readonly percent: boolean;
  /**
   * A tier that also pays the axis below it, from the given point on if there is one; null if it pays only its own
   * slice.
   */
  readonly retroactive: { readonly from: Exact; readonly percent: boolean } | 'all' | null;
}
export type Crossing = 'split' | 'higher' | 'lower';

/** A tier with its bounds on the axis. */
export interface Step {
  /** Index in the plan's list. */
  readonly tier: number;
  readonly from: Exact;
  /** A retroactive tier also pays the slice between this bound and its own; null: all below it; undefined: not retroactive. */
  readonly back: Exact | null | undefined;
}
export interface Ladder {
  /** By their bounds, lowest first; if two have the same bound, the later one applies. */
  readonly steps: readonly Step[];
  /** Whether the first tier refers to a quota that does not exist. */
  readonly unfounded: boolean;
  readonly retroactive: boolean;
  readonly cuts: readonly Exact[];
}

/** A part of a record's stretch of the axis; nothing is paid for it if `step` is null. */
export interface Part {
  readonly step: Step | null;
  readonly from: Exact;
  readonly to: Exact;
}

/**
 * The tiers of a window on its axis. Without a quota (null or 0) a tier from 0% applies, and other shares of the quota
 * are never reached. `exists`: whether the hurdle of a tier is met; without that the tier does not apply.
 */
export function ladderOf(
  tiers: readonly TierRule[],
  quota: Exact | null,
  exists: (tier: number) => boolean = () => true,
): Ladder {
  const founded = quota !== null && quota.sign() > 0;
  const place = ({ from, percent }: { from: Exact; percent: boolean }): Exact | undefined => {
    if (!percent) return from;
    if (from.isZero()) return Exact.zero;
    return founded ? from.times(quota) : undefined;
  };
  const steps: Step[] = [];
  tiers.forEach((rule, tier) => {
    const from = exists(tier) ? place(rule) : undefined;
    if (from === undefined) return;
    const { retroactive } = rule;
    const back = retroactive === null ? undefined : retroactive === 'all' ? null : place(retroactive);
    steps.push({ tier, from, back });
  });
  steps.sort((a, b) => a.from.compare(b.from) || a.tier - b.tier);
  const cuts = steps.flatMap(({ from, back }) => (back ? [from, back] : [from]));
  const first = tiers.find((_, tier) => exists(tier));
  return {
    steps,
    unfounded: first !== undefined && place(first) === undefined,
    retroactive: steps.some(({ back }) => back !== undefined),
    cuts: cuts.sort((a, b) => a.compare(b)),
  };
}

/**
 * The tier that contains a point of the axis. Lower bounds are inclusive; a first tier that begins at 0 also applies
 * below 0.
 */
export function stepAt(ladder: Ladder, point: Exact): Step | null {
  const { steps } = ladder;
  for (let i = steps.length - 1; i >= 0; i -= 1) if (steps[i]!.from.compare(point) <= 0) return steps[i]!;
  return firstBelowZero(ladder);
}

function firstBelowZero({ steps: [first] }: Ladder): Step | null {
  return first !== undefined && first.from.isZero() ? first : null;
}

/** The tier that pays for a point once the axis is at `reached`: its own, or the highest retroactive one above it. */
export function payingStep(ladder: Ladder, point: Exact, reached: Exact): Step | null {
  const own = stepAt(ladder, point);
  if (!ladder.retroactive) return own;
  const { steps } = ladder;
  for (let i = steps.length - 1; i >= 0; i -= 1) {
    const step = steps[i]!;
    if (step === own) return own;
    if (step.back === undefined || step.from.compare(reached) > 0) continue;
    if (step.back === null || step.back.compare(point) <= 0) return step;
  }
  return own;
}

/**
 * The parts of a record that moves the axis from `start` to `end`, once the axis is at `reached`. A record that covers
 * no stretch is one part without length, paid at its place.
 */
export function partsOf(ladder: Ladder, crossing: Crossing, start: Exact, end: Exact, reached: Exact): readonly Part[] {
  const order = start.compare(end);
  if (order === 0) return [{ step: payingStep(ladder, start, reached), from: start, to: end }];
  const [low, high] = order < 0 ? [start, end] : [end, start];
  if (crossing !== 'split') {
    const step = crossing === 'lower' ? stepAt(ladder, low) : stepBelow(ladder, high);
    return [{ step, from: low, to: high }];
  }
  const parts: Part[] = [];
  let from = low;
  for (const cut of [...ladder.cuts, high]) {
    if (cut.compare(from) <= 0) continue;
    const to = cut.compare(high) < 0 ? cut : high;
    const step = payingStep(ladder, from, reached);
    const before = parts.at(-1);
    if (before !== undefined && before.step === step) parts[parts.length - 1] = { step, from: before.from, to };
    else parts.push({ step, from, to });
    from = to;
    if (from.compare(high) >= 0) break;
  }
  return parts;
}

// The tier just below a point, because a record that ends on a bound does not cross it.
function stepBelow(ladder: Ladder, point: Exact): Step | null {
  const { steps } = ladder;
  for (let i = steps.length - 1; i >= 0; i -= 1) if (steps[i]!.from.compare(point) < 0) return steps[i]!;
  return firstBelowZero(ladder);
}

/** The reached retroactive tiers as one number: while it is the same, no earlier record changes. */
export function reachedSteps(ladder: Ladder, reached: Exact): number {
  let count = 0;
  for (const step of ladder.steps) if (step.back !== undefined && step.from.compare(reached) <= 0) count += 1;
  return count;
}
