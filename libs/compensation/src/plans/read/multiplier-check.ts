import type { PlanComponent } from '@attain/contracts';
import { namesOfWindow, type PlanContext } from './plan-context.js';
import { cut, named, readExpression, type Report } from './expression.rules.js';

/** A multiplier is a rate that depends on the participant and on attainment in the component's window. */
export function checkMultiplier(
  component: PlanComponent,
  { environment, measures }: PlanContext,
  problem: Report,
): void {
  const { multiplier, per } = component;
  if (multiplier === undefined) return;
  const read = readExpression(multiplier, ['multiplier'], namesOfWindow(environment, measures), problem, null);
  if (read !== undefined && read.type !== 'rate' && read.type !== 'number')
    problem(['multiplier'], 'type', `expected a rate such as 120%, but \`${cut(multiplier)}\` is ${named(read.type)}`);
  if (per === undefined || per === 'deal')
    problem(
      ['multiplier'],
      'missing',
      'missing: `per`, the window of time of a multiplier (month | quarter | half | year | plan)',
    );
}
