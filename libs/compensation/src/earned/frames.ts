import { Exact } from '@attain/values';
import type { Credit } from '../credits/credits.js';
import { byOrder } from '../facts/order.rules.js';
import { placed } from '../plans/curves.rules.js';
import type { Window } from '../plans/quotas.rules.js';
import { ladderOf, reachedSteps } from '../plans/tiers.rules.js';
import { type WindowQuota, windowQuota } from '../plans/windows.js';
import type { Factors, PaidPart, Terms } from './entitlements.js';
import type { Why } from './lines.js';
import type { SoFar } from './so-far.js';

/** A paid record in its window. */
export interface Standee {
  readonly credit: Credit;
  factors: Factors;
  readonly start: Exact;
  readonly end: Exact;
  now: readonly PaidPart[];
  unrounded: Exact;
  amount: bigint;
  isLacking: boolean;
}
/**
 * A window with its quota and its tiers. If expressions depend on the window, their answers are those at the end of a
 * pay period.
 */
export interface Frame extends Pick<Why, 'window' | 'quota' | 'ladder' | 'curve'> {
  readonly soFar?: SoFar;
}
/** The records that have entered under a frame, and the retroactive tiers that the axis has reached in it. */
export interface Stand {
  readonly frame: Frame;
  steps: number;
  readonly standing: Standee[];
}

export function standIn(frame: Frame, standing: Standee[], sum: Exact): Stand {
  return { frame, standing, steps: frame.ladder === null ? 0 : reachedSteps(frame.ladder, sum) };
}

/** The quota that the tiers of a window refer to; null if none of them does. */
export function quotaIn({ world, participant, version, component }: Terms, window: Window): WindowQuota | null {
  // For a ratio, a bound in % is compared with the ratio itself.
  if (component.axis.ratio !== null) return { amount: Exact.one, parts: [], missing: null };
  if (!component.needsQuota) return null;
  const stamp = Math.max(world.touched.settings, world.touched.quotas(participant));
  const known = world.remember(`quotas ${component.key} ${participant}`, stamp, () => new Map<string, WindowQuota>());
  let quota = known.get(window.from);
  if (quota === undefined)
    known.set(
      window.from,
      (quota = windowQuota(
        world,
        participant,
        component.axisName,
        window,
        version,
        component.axis.unit === 'money' ? component.currency : null,
      )),
    );
  return quota;
}

/** A window with its quota and its tiers on the axis. */
export function frameOf(terms: Terms, window: Window): Frame {
  const { version, component } = terms;
  const quota = quotaIn(terms, window);
  const ladder = component.tiers.length > 0 ? ladderOf(component.tiers, quota?.amount ?? null) : null;
  const curve = component.curve === null ? null : placed(component.curve, quota?.amount ?? null);
  return {
    window: { from: window.from, to: window.to, name: window.period?.name ?? version.plan },
    quota,
    ladder,
    curve,
  };
}

/** Paid records and records of the axis in one order; a record that is both appears once. */
export function merged(
  paid: readonly Credit[],
  axis: readonly Credit[],
): { paid: Credit | null; own: Credit | null }[] {
  const both: { paid: Credit | null; own: Credit | null }[] = [];
  let [p, a] = [0, 0];
  while (p < paid.length || a < axis.length) {
    const [credit, own] = [paid[p], axis[a]];
    const order = credit === undefined ? 1 : own === undefined ? -1 : credit === own ? 0 : byOrder(credit, own);
    both.push({ paid: order <= 0 ? credit! : null, own: order >= 0 ? own! : null });
    if (order <= 0) p += 1;
    if (order >= 0) a += 1;
  }
  return both;
}
