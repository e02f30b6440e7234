import type { FedHistory } from '../fed-history.js';
import type { Demo } from '../identity/demo.js';
import type { Examples } from './examples.rules.js';

/**
 * Examples of the demo's company: its rep and its manager, whom the sign-in page names. The description is public, so
 * no other company appears in it.
 */
export function examplesOf(demo: Demo, history: FedHistory): Examples | undefined {
  const { calendar, measures, currency } = history.company();
  const rep = demo.rep.participant;
  const closed = history
    .closed()
    .map(({ period }) => calendar.period(period))
    .filter(({ kind }) => kind === 'month')
    .at(-1);
  const begun = history.people().find(({ participant }) => participant === rep)?.from;
  if (begun === undefined) return undefined;
  const month = closed ?? calendar.periodOf(begun < '1900-01-01' ? '1900-01-01' : begun, 'month');
  const year = calendar.enclosing(month, 'year');
  const [measure] = measures;
  const record =
    measure === undefined
      ? undefined
      : history.credited({ for: { participant: rep }, measure, period: year.name }).records[0]?.record;
  const named = {
    participant: rep,
    person: rep,
    for: rep,
    owner: rep,
    manager: demo.manager.participant,
    other: demo.manager.participant,
    currency,
    period: month.name,
    ...(measure !== undefined && { measure }),
    ...(record && { source: record.source }),
  };
  return {
    named,
    month: month.name,
    quarter: calendar.enclosing(month, 'quarter').name,
    year: year.name,
    day: month.to,
  };
}
