import type { PlanDocument } from '@attain/contracts';
import { Exact } from '@attain/values';
import { periodsOf } from '../draws.js';
import type { Report } from './expression.rules.js';

/** The problems of a plan's draws: amounts, periods and recovery. */
export function checkDraws({ draw }: PlanDocument, report: Report): void {
  if (draw === undefined) return;
  let next = 1;
  for (const [index, document] of [draw].flat().entries()) {
    const path = Array.isArray(draw) ? ['draw', index] : ['draw'];
    const { amount, periods, recoverable, recovers, forgive } = document;
    for (const text of [amount].flat())
      if (Exact.parse(text).sign() < 0) report([...path, 'amount'], 'value', `a draw is 0 or more, found ${text}`);
    const { from, to } = periodsOf(document, next);
    if (to !== null && to < from) report([...path, 'periods'], 'value', `periods ascend, found ${periods}`);
    else if (typeof amount !== 'string' && to !== null && to - from + 1 !== amount.length)
      report(
        [...path, 'amount'],
        'value',
        `the draw runs for ${to - from + 1} pay periods and has ${amount.length} amounts: give one amount, or one for each period`,
      );
    if (from < next)
      report(
        [...path, 'periods'],
        'value',
        `one draw of a plan runs at a time: this draw begins in period ${from}, where the one before it still runs`,
      );
    if (next === Infinity) report(path, 'value', 'the draw before this one never ends: give it `periods`');
    if (recoverable === 'no' && (recovers ?? forgive) !== undefined)
      report(
        [...path, recovers !== undefined ? 'recovers' : 'forgive'],
        'value',
        'a draw with `recoverable: no` is never paid back',
      );
    if (forgive !== undefined && to === null)
      report([...path, 'forgive'], 'value', 'a draw without an end cannot be forgiven at its end: give it `periods`');
    if (recovers?.share !== undefined && Exact.parse(recovers.share).compare(Exact.one) > 0)
      report(
        [...path, 'recovers', 'share'],
        'value',
        `at most 100% of a surplus pays a draw back, found ${recovers.share}`,
      );
    next = to === null ? Infinity : to + 1;
  }
}
