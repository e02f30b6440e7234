import type { Line } from '../earned/lines.js';
import { reversalsIn } from '../facts/reversals.rules.js';
import { moneyText } from '../plans/text.js';
import type { World } from '../plans/world.js';
import { nameOf } from './earning.js';

/**
 * A reversal undoes the record's own line: its parts are the entitlements of the record with the reversal and without
 * it.
 */
export function reversalSentence(world: World, line: Line): string {
  const { amount, component, credit } = line;
  const state = credit === null ? undefined : world.record(credit.record);
  const reversals = (state === undefined ? [] : reversalsIn(state, world.view)).map(
    ({ kind, date, amount: part }) => `${kind} on ${date}${part === null ? '' : ` for ${part}`}`,
  );
  return `${nameOf(line)} changes by ${moneyText(amount, component.paidIn)} ${component.paidIn}, because it was ${reversals.join(', ') || 'reversed'}`;
}
