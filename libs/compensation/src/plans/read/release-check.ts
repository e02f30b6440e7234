import type { PlanComponent } from '@attain/contracts';
import { suggestion } from '@attain/contracts';
import { Exact } from '@attain/values';
import { type ReleaseOn, releaseOf } from '../releases.js';
import type { PlanContext } from './plan-context.js';
import { named, type Report } from './expression.rules.js';

/**
 * Pay that is released on a payment, an approval or a date belongs to a record; the parts of a release make up all of
 * the earnings.
 */
export function checkRelease(component: PlanComponent, { environment }: PlanContext, problem: Report): void {
  const { release } = component;
  if (release === undefined) return;
  const parts = releaseOf(component);
  const isList = Array.isArray(release);
  const total = parts.reduce((sum, { share }) => sum.plus(share), Exact.zero);
  if (!total.equals(Exact.one))
    problem(['release'], 'value', `the shares of a release sum to 100%, found ${total.times(Exact.of(100))}%`);
  parts.forEach(({ share, on }, index) => {
    const path = isList ? ['release', index] : ['release'];
    if (share.sign() <= 0)
      problem([...path, 'share'], 'value', `a share of a release is above 0%, found ${share.times(Exact.of(100))}%`);
    checkOn(on, isList ? [...path, 'on'] : path, component, environment.deal, problem);
  });
}

function checkOn(
  on: ReleaseOn,
  path: (string | number)[],
  component: PlanComponent,
  fields: PlanContext['environment']['deal'],
  problem: Report,
): void {
  if (on.kind === 'after') return;
  const whole = (['target', 'objectives', 'contest'] as const).find((key) => component[key] !== undefined);
  if (whole !== undefined) {
    problem(
      path,
      'value',
      `a \`${whole}\` pays no single record, so that nothing releases it but a time: write \`release: { after: 30 days }\``,
    );
    return;
  }
  if (on.kind !== 'date') return;
  const type = fields.get(on.field);
  if (type === 'date') return;
  const dates = [...fields].filter(([, of]) => of === 'date').map(([field]) => field);
  const known = suggestion(on.field, ['payment', 'approval', ...dates]);
  problem(
    path,
    type === undefined ? 'unknown-name' : 'type',
    type === undefined
      ? `unknown release \`${on.field}\`${known}`
      : `expected payment, approval or a date field, but \`${on.field}\` is ${named(type)}${known}`,
  );
}
