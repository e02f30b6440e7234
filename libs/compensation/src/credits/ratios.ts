import { Exact, type LocalDate } from '@attain/values';
import type { CreditRules } from '../plans/credit-rules.js';
import type { Measure, Ratio } from '../plans/measures.js';
import { minorFactor } from '../facts/money.rules.js';
import { byOrder } from '../facts/order.rules.js';
import type { World } from '../plans/world.js';
import { Credit, creditsOf, firstAfter, firstFrom } from './credits.js';
import type { CreditMoney } from './shares.js';
import { stampOf, type Subject } from './subjects.js';

/** The ratio of two sums of a window, money in major units; null (undefined) where the divisor is 0. */
export function ratioBetween(
  world: World,
  subject: Subject,
  { dividend, divisor }: Ratio,
  rules: CreditRules,
  money: CreditMoney,
  from: LocalDate,
  to: LocalDate,
): Exact | null {
  const [above, below] = [dividend, divisor].map((measure) =>
    sumBetween(creditsOf(world, subject, measure, rules, money).list, from, to).over(unitOf(measure, money)),
  );
  return below!.isZero() ? null : above!.over(below!);
}

/** The sum of the credits of a window; unknown amounts count as 0. */
export function sumBetween(list: readonly Credit[], from: LocalDate, to: LocalDate): Exact {
  let sum = Exact.zero;
  const after = firstAfter(list, to);
  for (let i = firstFrom(list, from); i < after; i += 1) sum = sum.plus(list[i]!.left);
  return sum;
}

/**
 * The records of a ratio's sums from a day on, each with the change that it causes: the running sum of the changes is
 * the ratio of the sums up to and including the record. If the divisor is 0 the ratio is undefined.
 */
export function ratioSteps(
  world: World,
  subject: Subject,
  measure: Measure,
  rules: CreditRules,
  money: CreditMoney,
  from: LocalDate,
  to: LocalDate,
): readonly Credit[] {
  const key = `ratio ${JSON.stringify([subject.key, rules.key, measure.key, money.currency, from, to])}`;
  return world.remember(
    key,
    stampOf(world, subject, rules),
    () => {
      const { dividend, divisor } = measure.ratio!;
      const sides = [dividend, divisor].map((side) => {
        const { list } = creditsOf(world, subject, side, rules, money);
        return list.slice(firstFrom(list, from), firstAfter(list, to));
      });
      const units = [unitOf(dividend, money), unitOf(divisor, money)] as const;
      const both = sides
        .flatMap((list, side) => list.map((credit) => ({ credit, side })))
        .sort((a, b) => byOrder(a.credit, b.credit) || a.side - b.side);
      return stepsOf(both, units);
    },
    'facts',
  );
}

function stepsOf(
  both: readonly { readonly credit: Credit; readonly side: number }[],
  units: readonly [Exact, Exact],
): Credit[] {
  const sums: [Exact, Exact] = [Exact.zero, Exact.zero];
  const steps: Credit[] = [];
  let ratio = Exact.zero;
  for (let i = 0; i < both.length;) {
    const { credit } = both[i]!;
    const full: [Exact, Exact] = [...sums];
    let blocked: Credit['blocked'] = null;
    for (; i < both.length && byOrder(both[i]!.credit, credit) === 0; i += 1) {
      const { credit: own, side } = both[i]!;
      blocked ??= own.blocked;
      full[side as 0 | 1] = full[side as 0 | 1].plus(own.full.over(units[side]!));
      sums[side as 0 | 1] = sums[side as 0 | 1].plus(own.left.over(units[side]!));
    }
    if (sums[1].isZero() || full[1].isZero()) blocked ??= 'UNDEFINED';
    if (blocked !== null) {
      steps.push(
        new Credit(credit.record, credit.date, credit.time, Exact.zero, Exact.zero, credit.undone, blocked, credit.nth),
      );
      continue;
    }
    const left = sums[0].over(sums[1]);
    steps.push(
      new Credit(
        credit.record,
        credit.date,
        credit.time,
        full[0].over(full[1]).minus(ratio),
        left.minus(ratio),
        credit.undone,
        null,
        credit.nth,
      ),
    );
    ratio = left;
  }
  return steps;
}

function unitOf({ unit }: Measure, { currency }: CreditMoney): Exact {
  return unit === 'money' ? minorFactor(currency) : Exact.one;
}
