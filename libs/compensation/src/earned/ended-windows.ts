import { dayAfter } from '@attain/values';
import { OPEN, reach } from '../facts/view.js';
import type { WindowOfTime } from '../plans/component.js';
import type { Window } from '../plans/quotas.rules.js';
import { windowOf } from '../plans/windows.js';
import type { PlanInForce, PlanLife, World } from '../plans/world.js';

/**
 * The ended windows of a kind that a version pays as a whole: the version is in force at their start, or is the first
 * of its plan. A world without an end date ends with the window of its last fact.
 */
export function endedWindows(
  { view, facts }: World,
  life: PlanLife,
  inForce: PlanInForce,
  kind: WindowOfTime,
): readonly Window[] {
  // The end of a window follows from the version, as a deal's dates follow from the deal.
  const reached = reach(view, Number(facts.fact(inForce.version.event)?.position ?? 0));
  const last = reached < OPEN ? reached : facts.days.lastIn(view);
  const windows: Window[] = [];
  for (let day = inForce.from; day <= inForce.to && day <= last;) {
    const window = windowOf(kind, day, inForce.version.calendar, life);
    if (window.to > reached || window.to >= OPEN) break;
    const start = window.from > life.from ? window.from : life.from;
    if (start >= inForce.from) windows.push(window);
    day = dayAfter(window.to);
  }
  return windows;
}
