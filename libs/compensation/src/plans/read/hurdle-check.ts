import type { PlanComponent } from '@attain/contracts';
import { readCondition, type Report } from './expression.rules.js';
import { namesOfWindow, type PlanContext } from './plan-context.js';

/** A hurdle of a tier is a condition about the participant and the window of the component so far. */
export function checkHurdles(
  { tiers = [], per }: PlanComponent,
  { environment, measures }: PlanContext,
  problem: Report,
): void {
  for (const [index, { when }] of tiers.entries()) {
    if (when === undefined) continue;
    const path = ['tiers', index, 'when'];
    readCondition(when, path, namesOfWindow(environment, measures), problem, null);
    if (per === 'deal')
      problem(
        path,
        'value',
        'a hurdle is met or not at the end of a pay period, in a window of time (month | quarter | half | year | plan), not in one of a deal',
      );
  }
}
