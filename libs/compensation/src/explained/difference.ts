import type { CauseKind } from '@attain/contracts';
import { Exact, type Period } from '@attain/values';
import type { Line } from '../earned/lines.js';
import { causeKind } from '../paid/causes.rules.js';
import type { Change } from '../paid/changes.js';
import { type Paid, paidAs } from '../paid/conversion.js';
import { exactMoney, moneyText } from '../plans/text.js';
import { paidExplanation } from './conversion.js';
import { nameOf } from './earning.js';
import { type Changed, type Explanation, node, sumOf, takenBack, whole } from './explanation.js';
import { type Input, roundingText, slice, type Trace, traceOf } from './trace.js';

/** The reason that the number of a closed period changed: the fact, with the lines with it and without it. */
export function traceOfChange({ line, before, after, amount, cause, period, approval }: Change): Trace {
  const [now, then] = [described(after.whole()), described(before.whole())];
  const { version, component } = line;
  const { paidIn: currency } = component;
  const kind = causeKind(cause)!;
  const inputs: Input[] = [{ event: cause.fact.id, what: kind, value: cause.fact.stream }];
  if (approval !== undefined) inputs.push({ event: approval.fact.id, what: 'approval', value: approval.fact.stream });
  const seen = new Set([cause.fact.id]);
  for (const input of [
    ...now.lines.map((one) => traceOf(after.world, one)),
    ...then.lines.map((one) => traceOf(before.world, one)),
  ].flatMap((trace) => trace.inputs)) {
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

/** The changes in pay by holds and releases, whose amounts are already earned. */
function described({ lines, amount }: { lines: readonly Line[]; amount: bigint }): {
  lines: readonly Line[];
  amount: bigint;
  isHeld: boolean;
} {
  const isHeld = lines.length > 0 && lines.every(({ kind }) => kind === 'hold' || kind === 'release');
  return { lines, isHeld, amount: isHeld ? lines.reduce((sum, line) => sum + line.amount, 0n) : amount };
}

/**
 * The number of a closed period with a fact and without it, side by side: the lines of both, each converted as the
 * period was; those without the fact are taken back. `changed` names the differences.
 */
export function explanationOfChange(
  { after, before, cause, period, approval, line }: Change,
  concerns: Period,
  { amount, currency }: Pick<Paid, 'amount' | 'currency'>,
): Explanation {
  const side = ({ world, whole: group }: Change['after']): Explanation[] =>
    group().lines.map((own) =>
      paidExplanation(world, own, concerns, paidAs(world, own.amount, own, concerns, currency)),
    );
  const [now, then] = [side(after), side(before)];
  const kind = causeKind(cause)!;
  const parts = [
    node('after', currency, `${nameOf(line)} of ${period} with the ${causeNoun(kind)}`, now),
    takenBack(node('before', currency, `${nameOf(line)} of ${period} before it`, then)),
  ];
  const inputs: Input[] = [{ event: cause.fact.id, what: kind, value: cause.fact.stream }];
  if (approval !== undefined) inputs.push({ event: approval.fact.id, what: 'approval', value: approval.fact.stream });
  const sentence = `${period} changes because of the ${causeNoun(kind)}: ${sumText(then)} → ${sumText(now)} ${currency}`;
  return whole('difference', amount, currency, sentence, parts, 'rounding differences', {
    inputs,
    changed: changedBetween(then, now),
  });
}

const nouns: Partial<Record<CauseKind, string>> = {
  won: 'win',
  lost: 'loss',
  reopened: 'reopening',
  changed: 'change',
  cancelled: 'cancellation',
  refunded: 'refund',
  credited: 'credit note',
  churned: 'churn',
  retracted: 'retraction',
  paid: 'payment',
  approve: 'approval',
  adjust: 'adjustment',
  sign: 'signature',
};
/** The noun of a kind of cause, such as cancellation for `cancelled`. */
function causeNoun(kind: CauseKind): string {
  return nouns[kind] ?? kind;
}

function sumText(parts: readonly Explanation[]): string {
  return sumOf(parts).toString();
}

/** The differences between the two sides: the facts they depend on, how they are computed, and their sums. */
function changedBetween(then: readonly Explanation[], now: readonly Explanation[]): Changed[] {
  const [before, after] = [then, now].map((lines) => new Map(lines.flatMap(statedBy)));
  const changed = [...new Set([...before!.keys(), ...after!.keys()])].map((what) => ({
    what,
    before: before!.get(what) ?? null,
    after: after!.get(what) ?? null,
  }));
  return [
    ...changed.filter((one) => one.before !== one.after),
    { what: 'amount', before: sumText(then), after: sumText(now) },
  ];
}

/** The inputs and the calculation of a line, by name. */
function statedBy(line: Explanation): [string, string][] {
  const own = line.from?.[0] ?? line;
  const inputs = (own.inputs ?? []).map(({ what, value }): [string, string] => [what, value]);
  const terms = own.parts.filter(({ kind }) => kind !== 'rounding').map(({ sentence }) => sentence);
  return [
    ...inputs,
    [`${line.kind}${line.date === undefined ? '' : ` of ${line.date}`}`, `${terms.join(' + ')} = ${line.amount}`],
  ];
}
