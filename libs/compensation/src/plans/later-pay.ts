import type { Facts } from '../facts/facts.js';
import { type Component } from './component.js';
import { type PlanVersion, planVersion } from './plans.js';

const known = new WeakMap<Facts, { settings: number; pays: boolean }>();

/**
 * Whether any published version pays on days that no fact names, so that the day of a cut matters after the last fact.
 */
export function paysLater(facts: Facts): boolean {
  const { settings } = facts.touched;
  let found = known.get(facts);
  if (found === undefined || found.settings !== settings) {
    const published = [...facts.plans.values()].flat();
    const pays = published.some(({ fact }) => fact.type === 'PlanPublished' && isPaidLater(planVersion(fact)));
    known.set(facts, (found = { settings, pays }));
  }
  return found.pays;
}

function isPaidLater({ components, cap }: PlanVersion): boolean {
  return cap?.isCarried === true || components.some(isLater);
}

/**
 * A contest and a target pay at the end of their window; pay may be released some time after its credit, in
 * instalments, or when a later period has room; an answer at the end of a pay period may change with a tenure.
 */
function isLater({ contest, target, release, clawback, cap, asksOwn }: Component): boolean {
  const endsItsWindow = contest !== null || target !== null;
  return (
    asksOwn ||
    endsItsWindow ||
    release.some(({ on }) => on.kind === 'after') ||
    (clawback !== null && clawback.instalments > 1) ||
    cap?.isCarried === true
  );
}
