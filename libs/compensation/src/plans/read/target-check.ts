import type { PlanComponent } from '@attain/contracts';
import { namesOfWindow, type PlanContext } from './plan-context.js';
import { cut, named, readExpression, type Report } from './expression.rules.js';

/**
 * A target pays each window of time as a whole, in one way: by `tiers` or a `curve` that state `pays`, or by
 * `objectives`.
 */
export function checkTarget(component: PlanComponent, { environment, measures }: PlanContext, problem: Report): void {
  const { name, target, objectives, tiers, curve, per, rate, each, where, crossing, cap, measure, unit } = component;
  if (target === undefined) {
    if (objectives !== undefined)
      problem([], 'missing', `missing: \`target\`, what the objectives of \`${name}\` pay at 100%`);
    if (cap?.share !== undefined)
      problem(['cap', 'share'], 'value', '`share` is a share of a `target`, and the component has none');
    return;
  }
  if (per === 'deal')
    problem(['per'], 'value', 'a target is of a window of time (month | quarter | half | year | plan), not of a deal');
  else if (per === undefined && tiers === undefined && curve === undefined && objectives === undefined)
    problem([], 'missing', 'missing: `per`, the window of the target');
  const ways = Object.entries({ tiers, curve, objectives }).flatMap(([key, way]) => (way === undefined ? [] : [key]));
  if (ways.length === 0)
    problem(
      [],
      'missing',
      `the component \`${name}\` does not state how its target is paid: by \`tiers\` or a \`curve\` that state \`pays\`, or by \`objectives\``,
    );
  if (ways.length > 1)
    problem([ways[1]!], 'value', `a target is paid in one way: either by \`${ways[0]}\` or by \`${ways[1]}\``);
  for (const [key, value] of Object.entries({ rate, each, where, crossing })) {
    if (value !== undefined)
      problem([key], 'value', `\`${key}\` is of single records, and a \`target\` pays a window as a whole`);
  }
  if (cap?.count !== undefined)
    problem(
      ['cap', 'count'],
      'value',
      'a `count` limits records, and a `target` pays a window as a whole: cap it by an `amount` or a `share`',
    );
  for (const [index, tier] of (tiers ?? []).entries()) {
    if (tier.pays === undefined)
      problem(['tiers', index], 'value', 'a tier of a `target` states `pays`, the share of the target that it pays');
    if ((tier.retroactive ?? 'no') !== 'no')
      problem(
        ['tiers', index, 'retroactive'],
        'value',
        'a tier of a `target` pays for the whole window, so that `retroactive` has no meaning',
      );
  }
  if (target === 'assigned') {
    if (measure === undefined)
      problem(
        ['target'],
        'missing',
        'an `assigned` target belongs to a quota: name the measure of the quota by `measure`',
      );
    return;
  }
  const read = readExpression(target, ['target'], namesOfWindow(environment, measures), problem, null);
  if (read?.type === 'money' && unit !== undefined)
    problem(
      ['target'],
      'type',
      `the component pays in \`${unit}\`, but \`${cut(target)}\` is money: expected a number such as 2`,
    );
  else if (read !== undefined && read.type !== 'money' && read.type !== 'number')
    problem(['target'], 'type', `expected an amount such as 9000, but \`${cut(target)}\` is ${named(read.type)}`);
}
