import type { PlanComponent } from '@attain/contracts';
import { Exact } from '@attain/values';
import { curveKind } from '../component.js';
import type { MeasureUnit } from './company-check.js';
import type { Report } from './expression.rules.js';

/** Checks that points ascend and have one kind of value; a rate moves linearly and needs money. */
export function checkCurve(component: PlanComponent, unit: MeasureUnit | null, problem: Report): void {
  const { curve, beyond, rate, each, tiers, by, target } = component;
  if (curve === undefined) {
    if (beyond !== undefined)
      problem(['beyond'], 'value', '`beyond` continues a `curve`, and the component has no curve');
    return;
  }
  const other =
    rate !== undefined
      ? 'rate'
      : each !== undefined
        ? 'each'
        : tiers !== undefined
          ? 'tiers'
          : by !== undefined
            ? 'by'
            : undefined;
  if (other !== undefined) problem([other], 'value', `\`curve\` and \`${other}\` exclude each other`);
  const kind = curveKind(curve[0]!);
  if (kind === 'pays' && target === undefined)
    problem(['curve', 0, 'pays'], 'value', '`pays` is a share of a `target`, and the component has no target');
  if (kind !== 'pays' && target !== undefined)
    problem(['curve', 0], 'value', `the curve of a \`target\` states \`pays\`, found \`${kind}\``);
  if (kind === 'rate' && unit === 'number')
    problem(
      ['curve', 0, 'rate'],
      'type',
      `\`${component.measure}\` counts a number and not money: a point states an amount by \`earns\``,
    );
  for (const [index, point] of curve.entries()) {
    const path: (string | number)[] = ['curve', index];
    const stated = (['earns', 'rate', 'pays'] as const).filter((key) => point[key] !== undefined);
    if (stated.length !== 1)
      problem(
        path,
        'value',
        `a point states exactly one of \`earns\`, \`rate\` and \`pays\`, found ${stated.length === 0 ? 'none' : stated.join(' and ')}`,
      );
    else if (stated[0] !== kind)
      problem(
        [...path, stated[0]!],
        'value',
        `the points of a curve state one kind of value: the first \`${kind}\`, this point \`${stated[0]}\``,
      );
    const before = curve[index - 1];
    if (Exact.parse(point.at).sign() < 0)
      problem([...path, 'at'], 'value', `a point lies at 0 or above, not at ${point.at}`);
    if (before === undefined) continue;
    if (kindOf(before.at) !== kindOf(point.at))
      problem(
        [...path, 'at'],
        'type',
        `the points of a curve are all shares of the quota or all plain numbers: ${before.at} and ${point.at} are not`,
      );
    else if (Exact.parse(point.at).compare(Exact.parse(before.at)) < 0)
      problem([...path, 'at'], 'value', `points must ascend, but ${point.at} comes after ${before.at}`);
  }
}

/** Whether a bound is a share of the quota, or a plain number of the axis. */
export function kindOf(bound: string): 'share' | 'number' {
  return bound.endsWith('%') ? 'share' : 'number';
}
