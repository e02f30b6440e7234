import { Exact, roundToMinor, type Rounding } from '@attain/values';

/** How a line becomes payable money: rounded to whole minor units, or to a multiple of `step` of them. */
export interface RoundingRule {
  readonly mode: Rounding;
  /** In minor units. */
  readonly step: Exact;
  /** Once for a component's pay period, instead of once for each line. */
  readonly perTotal: boolean;
}

export function rounded(minor: Exact, rule: RoundingRule): bigint {
  return roundToMinor(minor, rule.mode, rule.step);
}

/**
 * Spreads the rounded total of lines over them: each is cut to whole steps and the rest goes to the largest remainders,
 * and to the first of equal ones. A negative total is mirrored.
 */
export function spreadTotal(lines: readonly Exact[], rule: RoundingRule): bigint[] {
  const total = lines.reduce((sum, line) => sum.plus(line), Exact.zero);
  const sign = total.sign() < 0 ? Exact.of(-1) : Exact.one;
  const parts = lines.map((line, index) => {
    const steps = line.times(sign).over(rule.step);
    const whole = steps.floor();
    return { index, whole, rest: steps.minus(Exact.of(whole)) };
  });
  const step = rule.step.floor();
  let left = rounded(total.times(sign), rule) / step - parts.reduce((sum, { whole }) => sum + whole, 0n);
  const amounts = parts.map(({ whole }) => whole);
  for (const { index } of [...parts].sort((a, b) => b.rest.compare(a.rest) || a.index - b.index)) {
    if (left <= 0n) break;
    amounts[index] = amounts[index]! + 1n;
    left -= 1n;
  }
  return amounts.map((amount) => amount * step * (total.sign() < 0 ? -1n : 1n));
}
