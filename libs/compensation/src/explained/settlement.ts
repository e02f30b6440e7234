import type { Settled } from '../paid/settle.rules.js';
import type { PlanVersion } from '../plans/plans.js';
import { moneyText } from '../plans/text.js';
import { slice, type Trace } from './trace.js';

const reasons = {
  draw: 'what is due is filled up to the draw',
  recovery: 'what is above the draw pays back what was lent',
  carried: 'a negative is carried to the next pay period, and joins what is due there',
} as const;

/** Why a draw, a recovery or a carried negative is its amount. */
export function traceOfSettlement({ plan, version, hash, event }: PlanVersion, currency: string, { kind, amount }: Settled['lines'][number], due: bigint): Trace {
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
