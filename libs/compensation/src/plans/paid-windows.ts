import type { Facts } from '../facts/facts.js';
import { planVersion } from './plans.js';

const known = new WeakMap<Facts, { settings: number; pays: boolean }>();

/** Whether any version that was ever published pays a window as a whole when it ends, so that the day of a cut matters beyond every fact. */
export function paysWindows(facts: Facts): boolean {
  let found = known.get(facts);
  if (found === undefined || found.settings !== facts.touched.settings) {
    const published = [...facts.plans.values()].flat();
    const pays = published.some(({ fact }) => fact.type === 'PlanPublished' && planVersion(fact).components.some(({ contest }) => contest !== null));
    known.set(facts, (found = { settings: facts.touched.settings, pays }));
  }
  return found.pays;
}
