import { explanationText } from '@attain/compensation';
import type { LineExplanation } from '@attain/incentives';
import { Exact } from '@attain/values';
import { grouped } from './terminal.js';

type Fact = LineExplanation['cause'];

/** The explanation of a line for people: the tree of its amounts, then the rule, and the facts that it depends on. */
export function lineText({
  participant,
  period,
  line,
  explanation,
  explained,
  differs,
  inputs,
  cause,
}: LineExplanation): string {
  const { trace } = line;
  const why =
    trace === null
      ? differs !== null
        ? differenceText(line, differs)
        : [`  withheld    the explanation goes back to days on which you were not above ${participant}`]
      : [
          ...(explanation === null ? slices(trace) : explanationText(explanation, '  ', grouped)),
          ...(differs === null ? [] : differenceText(line, differs)),
          `  rule        ${trace.rule}`,
          `  arithmetic  ${trace.arithmetic}`,
          `  rounding    ${trace.unrounded} → ${line.earned} (${trace.rounding})`,
          ...inputs.map(({ what, value, fact }) => `  input       ${what} = ${value}: ${factText(fact)}`),
          ...(line.cause ? [`  cause       ${line.cause.kind}: ${factText(cause)}`] : []),
          `  plan hash   ${trace.planHash}`,
          ...(explained === null ? [] : [`  computed    ${computedText(explained)}, as known at ${explained.known}`]),
        ];
  return [
    `${participant}, ${period}: ${line.kind} ${grouped(line.payable)} ${line.payableCurrency}, ${line.component === '' ? '' : `${line.component} of `}${line.plan} ${line.version}${line.record ? `, ${line.record.source}:${line.record.id}` : ''}`,
    `  line        ${line.id}`,
    ...why,
  ]
    .map((text) => `${text}\n`)
    .join('');
}

function computedText({ engine, tree }: NonNullable<LineExplanation['explained']>): string {
  if (engine !== null) return `by engine ${engine}`;
  return `by an engine that did not name itself${tree === null ? '' : `, the tree by engine ${tree}`}`;
}

/** Why an issued line has no tree. */
function differenceText(
  line: LineExplanation['line'],
  { keys, computed }: NonNullable<LineExplanation['differs']>,
): string[] {
  if (computed === null) return ["  unexplained today's engine computes no such line"];
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return [
    "  unexplained today's engine computes another line",
    ...keys.map(
      (key) =>
        `  ${key.padEnd(11)} issued ${text(line[key as keyof typeof line])}, computed now ${text(computed[key as keyof typeof computed])}`,
    ),
  ];
}

/** A share in percent, or an amount for a unit. */
export function percent(rate: string | null): string {
  if (rate === null) return '';
  const value = Exact.parse(rate);
  // An amount for a unit is not a share.
  return value.abs().compare(Exact.one) >= 0
    ? rate
    : `${value
        .times(Exact.of(100))
        .toDecimal(4, 'half-up')
        .replace(/\.?0+$/, '')}%`;
}

function slices({ slices: all }: NonNullable<LineExplanation['line']['trace']>): string[] {
  return all.map(
    ({ credited, rate, amount, from, to, adds }) =>
      `  slice       ${grouped(credited)} @ ${percent(rate)} = ${grouped(amount)}${from === null ? '' : `  (from ${from}${to === null ? '' : ` to ${to}`})`}${adds === null ? '' : `, adds ${percent(adds)}`}`,
  );
}

function factText(fact: Fact): string {
  return fact
    ? `${fact.type} of ${fact.stream}, ${fact.recorded} by ${fact.actor}${fact.reason === null ? '' : `, because: ${fact.reason}`} (${fact.event})`
    : 'an event that the log does not have';
}
