import type { SettledLine } from '../paid/draw-and-negative.rules.js';
import type { PlanVersion } from '../plans/plans.js';
import { moneyText } from '../plans/text.js';
import { carriedReason } from './carried.js';
import { drawReason } from './draw.js';
import { type Explanation, type Reason, whole } from './explanation.js';
import { recoveryReason } from './recovery.js';
import { slice, type Trace } from './trace.js';

const reasons = {
  draw: 'what is due is filled up to the draw',
  recovery: 'what is above the draw pays back what was lent',
  carried: 'a negative is carried to the next pay period, and joins what is due there',
} as const;

/** The trace of a draw, a recovery or a carried negative. */
export function traceOfSettlement(
  { plan, version, hash, event }: PlanVersion,
  currency: string,
  { kind, amount }: Pick<SettledLine, 'kind' | 'amount'>,
  due: bigint,
): Trace {
  const text = moneyText(amount, currency);
  return {
    planHash: hash,
    rule: `${plan} ${version}: ${reasons[kind]}`,
    inputs: [{ event, what: 'plan', value: `${plan} ${version}` }],
    slices: [slice(text)],
    arithmetic: `due ${moneyText(due, currency)} ${currency}, ${kind} ${text}`,
    unrounded: text,
    rounding: 'an amount that is rounded already',
  };
}

/**
 * The same as a tree: the amounts that a draw, a recovery or a carried negative depends on, and the remaining balance.
 */
export function explanationOfSettlement(
  { plan, version, event }: PlanVersion,
  currency: string,
  line: SettledLine,
): Explanation {
  const { sentence, parts } = reasonOf(currency, line);
  const inputs = [{ event, what: 'plan', value: `${plan} ${version}` }];
  return whole(line.kind, line.amount, currency, sentence, parts, 'half-up to whole minor units', {
    rule: `${plan} ${version}: ${reasons[line.kind]}`,
    inputs,
  });
}

function reasonOf(currency: string, line: SettledLine): Reason {
  switch (line.kind) {
    case 'draw':
      return drawReason(line, currency);
    case 'recovery':
      return recoveryReason(line, currency);
    case 'carried':
      return carriedReason(line, currency);
  }
}
