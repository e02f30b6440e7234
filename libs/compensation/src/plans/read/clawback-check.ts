import type { PlanComponent } from '@attain/contracts';
import { Exact } from '@attain/values';
import type { PlanContext } from './plan-context.js';
import type { Report } from './expression.rules.js';

/** A clawback takes a share of the earnings of records whose reversals do not undo them. */
export function checkClawback(
  component: PlanComponent,
  { environment, reversals, refused }: PlanContext,
  problem: Report,
): void {
  const { clawback, measure } = component;
  if (clawback === undefined) return;
  const { take = 'as paid', over } = clawback;
  if (measure === undefined)
    problem(
      ['clawback'],
      'value',
      'a clawback takes back what records earned, and this component pays no records of a `measure`',
    );
  else if (!refused.has(measure) && (reversals.get(measure) ?? 'undone') === 'undone')
    problem(
      ['clawback'],
      'value',
      `reversals of \`${measure}\` are undone, so nothing is left to claw back: state \`reversals: dated\` or \`kept\` in the measure`,
    );
  for (const key of ['target', 'objectives', 'contest'] as const)
    if (component[key] !== undefined)
      problem(
        ['clawback'],
        'value',
        `a clawback takes back what a record earned, and a \`${key}\` pays no single record`,
      );
  if (
    take !== 'as paid' &&
    take !== 'pro rata' &&
    (Exact.parse(take).sign() <= 0 || Exact.parse(take).compare(Exact.one) > 0)
  )
    problem(
      ['clawback', 'take'],
      'value',
      `a clawback takes back more than 0% and at most 100% of what was earned, found ${take}`,
    );
  if (take !== 'pro rata' && over !== undefined)
    problem(['clawback', 'over'], 'value', '`over` is the time of `take: pro rata`, found beside another `take`');
  if (take === 'pro rata' && over === undefined && environment.deal.get('termMonths') !== 'number')
    problem(
      ['clawback', 'take'],
      'missing',
      'pro rata needs the term of a record: the field `termMonths: number` of the company, or `over`, such as 12 months',
    );
}
