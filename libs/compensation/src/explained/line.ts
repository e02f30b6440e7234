import type { Explained, Line } from '../earned/lines.js';
import type { World } from '../plans/world.js';
import { adjustmentParts } from './adjustment.js';
import { amountCapParts, amountCapSentence, countCapParts, countCapSentence } from './cap.js';
import { clawbackParts, clawbackSentence } from './clawback.js';
import { contestParts } from './contest.js';
import { earningParts, earningSentence } from './earning.js';
import { type Explanation, leaf, type Reason, whole } from './explanation.js';
import { heldParts, heldSentence } from './hold.js';
import { multiplierParts, multiplierSentence } from './multiplier.js';
import { reversalSentence } from './reversal.js';
import { targetParts, targetText } from './target.js';
import { traceOf } from './trace.js';
import { entitledParts, trueUpSentence } from './true-up.js';

/** The explanation of a component's line or of an adjustment, in the currency or unit in which it is earned. */
export function explanationOf(world: World, line: Line): Explanation {
  const { kind, amount, component, date } = line;
  const { rule, inputs, rounding } = traceOf(world, line);
  const { sentence, parts } = reasonOf(world, line, line.explain());
  return whole(kind, amount, component.paidIn, sentence, parts, rounding, { date, rule, inputs });
}

function reasonOf(world: World, line: Line, explained: Explained): Reason {
  const { why, unrounded } = explained;
  const { component, kind } = line;
  const limit = why.limit ?? '';
  if (why.target !== undefined)
    return { sentence: targetText(line, explained, why.target), parts: targetParts(why.target, component, unrounded) };
  if (why.contest !== undefined) return { sentence: limit, parts: contestParts(line, explained, why.contest) };
  if (why.held !== undefined) return { sentence: heldSentence(line, limit), parts: heldParts(line, why.held) };
  if (why.cut !== undefined)
    return { sentence: amountCapSentence(line, why.cut), parts: amountCapParts(line, why.cut) };
  if (why.counted !== undefined)
    return { sentence: countCapSentence(line, why.counted), parts: countCapParts(line, why.counted) };
  if (why.multiplied !== undefined)
    return { sentence: multiplierSentence(line, limit), parts: multiplierParts(line, why.multiplied) };
  if (why.taken !== undefined)
    return {
      sentence: clawbackSentence(line, limit),
      parts: clawbackParts(line, why.taken, (other) => explanationOf(world, other)),
    };
  if (kind === 'adjustment') return { sentence: limit, parts: adjustmentParts(line, explained) };
  if (kind === 'true-up') return { sentence: trueUpSentence(line, explained), parts: entitledParts(line, why) };
  if (kind === 'reversal') return { sentence: reversalSentence(world, line), parts: entitledParts(line, why) };
  if (kind === 'earning') return { sentence: earningSentence(line, explained), parts: earningParts(line, explained) };
  return { sentence: limit, parts: [leaf('slice', unrounded, component.paidIn, limit || 'its amount')] };
}
