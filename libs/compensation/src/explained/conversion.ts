import { Exact, type Period } from '@attain/values';
import type { Line } from '../earned/lines.js';
import type { Paid } from '../paid/conversion.js';
import { conversionDate, payFactor, rateText } from '../plans/conversions.rules.js';
import { moneyText } from '../plans/text.js';
import type { World } from '../plans/world.js';
import { type Explanation, leaf, whole } from './explanation.js';
import { explanationOf } from './line.js';
import type { Input } from './slice.js';

/** The explanation of a line, converted if the participant is paid in another currency. */
export function paidExplanation(
  world: World,
  line: Line,
  period: Period,
  paid: Pick<Paid, 'amount' | 'currency' | 'missing'>,
): Explanation {
  const own = explanationOf(world, line);
  const { paidIn } = line.component;
  if (paid.currency === paidIn) return own;
  const day = conversionDate(line, period);
  const factor = payFactor(world, line.version, paidIn, paid.currency, day);
  const earned = `${moneyText(line.amount, paidIn)} ${paidIn}`;
  if (factor === null)
    return whole(
      line.kind,
      paid.amount,
      paid.currency,
      `nothing is paid of ${earned}: ${paid.missing ?? `no rate to ${paid.currency}`}`,
      [leaf('conversion', Exact.zero, paid.currency, `${earned} cannot be converted`, { from: [own] })],
      '',
    );
  const converted = leaf(
    'conversion',
    Exact.of(line.amount).times(factor),
    paid.currency,
    `${earned} at ${rateName(line, paid.currency, world, day)}`,
    { inputs: rateInputs(line, paid.currency, world, day), from: [own] },
  );
  return whole(
    line.kind,
    paid.amount,
    paid.currency,
    `${earned} is paid in ${paid.currency}`,
    [converted],
    `${line.version.rounding}, once more in the pay currency`,
    { date: line.date },
  );
}

function rateName({ version, component: { paidIn } }: Line, currency: string, world: World, day: string): string {
  if (version.convert.pay === 'plan rate') return `the rate ${rateText(version, day).replace(/^among/, 'from')}`;
  const rate = world.rate(paidIn, currency, day);
  return rate === undefined ? 'no rate' : `the rate ${rate.rate} of ${rate.date}`;
}

function rateInputs({ version, component: { paidIn } }: Line, currency: string, world: World, day: string): Input[] {
  if (version.convert.pay === 'plan rate')
    return [{ event: version.event, what: 'plan rates', value: `${version.plan} ${version.version}` }];
  const rate = world.rate(paidIn, currency, day);
  return rate === undefined
    ? []
    : [{ event: rate.event, what: `rate ${paidIn} to ${currency} of ${rate.date}`, value: rate.rate.toString() }];
}
