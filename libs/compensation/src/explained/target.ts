import type { StatementLine } from '@attain/contracts';
import { Exact } from '@attain/values';
import type { Explained, Line, PaidTarget } from '../earned/lines.js';
import { sees } from '../facts/view.js';
import { countedText, exactMoney, shareText } from '../plans/text.js';
import type { World } from '../plans/world.js';
import { type Explanation, leaf } from './explanation.js';

type Trace = StatementLine['trace'];

/** The number of records that are listed: the latest ones, so that the explanation of a large window stays readable. */
const MOST_RECORDS = 100;

/** A slice for each share of the target; they sum to the line. */
export function targetSlices(
  { target, shares }: PaidTarget,
  { paidIn: currency }: Line['component'],
  unrounded: Exact,
): Trace['slices'] {
  const slices = shares.map(({ part, paid, from }) => {
    const own = (target.amount ?? Exact.zero).times(part);
    return {
      tier: null,
      from,
      to: null,
      credited: exactMoney(own, currency),
      rate: shareText(paid),
      amount: exactMoney(own.times(paid), currency),
      adds: null,
    };
  });
  return slices.length > 0
    ? slices
    : [
        {
          tier: null,
          from: null,
          to: null,
          credited: '0',
          rate: '0%',
          amount: exactMoney(unrounded, currency),
          adds: null,
        },
      ];
}

/** The share of the target that a window pays, with the reason. */
export function targetText({ component }: Line, { why }: Explained, paid: PaidTarget): string {
  const { target, shares, reached } = paid;
  const { currency, paidIn, axisName, axis } = component;
  const amount = target.amount === null ? 'no target' : `the target ${exactMoney(target.amount, paidIn)} ${paidIn}`;
  const part = target.part.equals(Exact.one) ? '' : `, for ${shareText(target.part)} of the window`;
  const share = shares.reduce((sum, { part: weight, paid: own }) => sum.plus(weight.times(own)), Exact.zero);
  const whole = `${shareText(share)} of ${amount} for ${why.window!.name}${part}`;
  if (component.target!.objectives !== null)
    return [
      whole,
      ...shares.map(({ name, part: weight, paid: score }) => `${name} ${shareText(score)} × ${shareText(weight)}`),
    ].join('; ');
  if (axis.ratio !== null) return `${whole}; ${axisName} is ${reached === null ? 'undefined' : shareText(reached)}`;
  const quota = why.quota?.amount ?? null;
  const of = quota === null ? '' : ` of the quota ${countedText(quota, axis.unit, currency)}`;
  return `${whole}; ${axisName} reached ${countedText(reached ?? Exact.zero, axis.unit, currency)}${of}`;
}

/** The events that a window's line depends on, beside its plan, its participant and its quota. */
export function targetInputs(
  world: World,
  { component, participant }: Line,
  { target, shares, records }: PaidTarget,
): Trace['inputs'] {
  const targets = target.parts.map(({ quota: { event, period, target: amount } }) => ({
    event,
    what: `target ${component.measureName} ${period}`,
    value: String(amount),
  }));
  const scores = shares.flatMap(({ name, paid, event }) =>
    event === null ? [] : [{ event, what: `score of ${participant} for ${name}`, value: shareText(paid) }],
  );
  const named = records.slice(-MOST_RECORDS).flatMap(({ record, source, id, left }) => {
    const event = record.entries.findLast(({ at }) => sees(world.view, at))?.fact.id;
    return event === undefined
      ? []
      : [{ event, what: `${source}:${id}`, value: countedText(left, component.axis.unit, component.currency) }];
  });
  return [...targets, ...scores, ...named];
}

/** Each share of the target that the window pays. */
export function targetParts(
  { target, shares }: PaidTarget,
  { paidIn: currency }: Line['component'],
  unrounded: Exact,
): Explanation[] {
  if (shares.length === 0) return [leaf('share', unrounded, currency, 'no share of the target is reached')];
  return shares.map(({ name, part, paid, from }) => {
    const own = (target.amount ?? Exact.zero).times(part);
    return leaf(
      'share',
      own.times(paid),
      currency,
      `${shareText(paid)} of ${exactMoney(own, currency)} ${currency} for ${name}${from === null ? '' : `, from ${from}`}`,
    );
  });
}
