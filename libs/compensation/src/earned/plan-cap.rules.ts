import { Exact } from '@attain/values';
import { conversionDate, payFactor, rateText } from '../plans/conversions.rules.js';
import { statementPeriodOf } from '../plans/pay-periods.js';
import type { World } from '../plans/world.js';
import { amountCuts, type Exchange } from './amount-caps.rules.js';
import { type Exceptional, type Line, recordOf } from './lines.js';

/** The cuts by the cap of a plan in the lines of its components. Lines of points or days off do not count. */
export function planCapLines(
  world: World,
  lines: readonly Line[],
): { lines: readonly Line[]; exceptions: readonly Exceptional[] } {
  const { exchange, exceptions } = planExchange(world);
  const cuts = amountCuts(
    lines,
    ({ version, component }) => (component.isMoney && version.cap?.isCarried !== true ? version.cap : null),
    exchange,
  );
  return { lines: cuts, exceptions: [...exceptions.values()] };
}

/**
 * The cap of a plan is money in the plan's currency. A line in another currency counts at the rate by which the plan
 * pays it; without a rate it does not count.
 */
export function planExchange(world: World): { exchange: Exchange; exceptions: ReadonlyMap<string, Exceptional> } {
  const exceptions = new Map<string, Exceptional>();
  const factors = new Map<Line, Exact | null>();
  const factorOf = (line: Line): Exact | null => {
    let factor = factors.get(line);
    if (factor === undefined) {
      const { version, component, participant, credit, date } = line;
      const day = conversionDate(line, statementPeriodOf(line, date));
      factors.set(line, (factor = payFactor(world, version, component.currency, version.currency, day)));
      const detail = `no rate from ${component.currency} to ${version.currency} ${rateText(version, day)}: it does not count for the cap of the plan`;
      if (factor === null)
        exceptions.set(JSON.stringify([component.name, credit?.source, credit?.id, detail]), {
          exception: {
            code: 'RATE_MISSING',
            plan: version.plan,
            component: component.name,
            participant,
            record: recordOf(credit),
            detail,
          },
          version,
          component,
          date,
        });
    }
    return factor;
  };
  const exchange: Exchange = {
    currencyOf: ({ version }) => version.currency,
    toCap: (line, amount) =>
      factorOf(line) === Exact.one
        ? amount
        : Exact.of(amount)
            .times(factorOf(line) ?? Exact.zero)
            .round('half-up'),
    fromCap: (line, amount) =>
      factorOf(line) === Exact.one ? amount : Exact.of(amount).over(factorOf(line)!).round('half-up'),
  };
  return { exchange, exceptions };
}
