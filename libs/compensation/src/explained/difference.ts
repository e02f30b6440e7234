import { Exact } from '@attain/values';
import type { Line } from '../earned/lines.js';
import { causeKind } from '../paid/causes.rules.js';
import type { Change } from '../paid/changes.js';
import { exactMoney, moneyText } from '../plans/text.js';
import { type Input, roundingText, slice, type Trace, traceOf } from './trace.js';

/** Why a closed period's number moved: the fact, and what stands with it and without it. */
export function traceOfChange({ line, before, after, amount, cause, period, approval }: Change): Trace {
  const [now, then] = [told(after.whole()), told(before.whole())];
  const { version, component } = line;
  const { paidIn: currency } = component;
  const kind = causeKind(cause)!;
  const inputs: Input[] = [{ event: cause.fact.id, what: kind, value: cause.fact.stream }];
  if (approval !== undefined) inputs.push({ event: approval.fact.id, what: 'approval', value: approval.fact.stream });
  const seen = new Set([cause.fact.id]);
  for (const input of [...now.lines.map((one) => traceOf(after.world, one)), ...then.lines.map((one) => traceOf(before.world, one))].flatMap((trace) => trace.inputs)) {
    if (!seen.has(input.event)) inputs.push(input);
    seen.add(input.event);
  }
  const total = exactMoney(Exact.of(now.isHeld || then.isHeld ? now.amount - then.amount : amount), currency);
  const taken = exactMoney(Exact.of(-then.amount), currency);
  return {
    planHash: version.hash,
    rule: `${version.plan} ${version.version}, ${component.name}: what ${period} amounts to with the ${kind} and was before it`,
    inputs,
    slices: [slice(exactMoney(Exact.of(now.amount), currency)), slice(taken)],
    arithmetic: `${moneyText(now.amount, currency)} − ${moneyText(then.amount, currency)} = ${total}`,
    unrounded: total,
    rounding: roundingText(component),
  };
}

/** Of what is only held, or released, what that changes of the pay: all of it is earned already. */
function told({ lines, amount }: { lines: readonly Line[]; amount: bigint }): { lines: readonly Line[]; amount: bigint; isHeld: boolean } {
  const isHeld = lines.length > 0 && lines.every(({ kind }) => kind === 'hold' || kind === 'release');
  return { lines, isHeld, amount: isHeld ? lines.reduce((sum, line) => sum + line.amount, 0n) : amount };
}
