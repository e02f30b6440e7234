import { Exact } from '@attain/values';
import { causeKind } from '../paid/causes.rules.js';
import type { Change } from '../paid/changes.js';
import { exactMoney, moneyText } from '../plans/text.js';
import { type Input, roundingText, slice, type Trace, traceOf } from './trace.js';

/** Why a closed period's number moved: the fact, and what stands with it and without it. */
export function traceOfChange({ line, before, after, amount, cause, period }: Change): Trace {
  const { version, component } = line;
  const { currency } = component;
  const kind = causeKind(cause)!;
  const inputs: Input[] = [{ event: cause.fact.id, what: kind, value: cause.fact.stream }];
  const seen = new Set([cause.fact.id]);
  for (const input of [after, before].flatMap(({ world, lines }) => lines.flatMap((one) => traceOf(world, one).inputs))) {
    if (!seen.has(input.event)) inputs.push(input);
    seen.add(input.event);
  }
  const [now, then] = [moneyText(after.amount, currency), moneyText(before.amount, currency)];
  const total = exactMoney(Exact.of(amount), currency);
  const taken = exactMoney(Exact.of(-before.amount), currency);
  return {
    planHash: version.hash,
    rule: `${version.plan} ${version.version}, ${component.name}: what ${period} amounts to with the ${kind} and was before it`,
    inputs,
    slices: [slice(exactMoney(Exact.of(after.amount), currency)), slice(taken)],
    arithmetic: `${now} − ${then} = ${total}`,
    unrounded: total,
    rounding: roundingText(component),
  };
}
