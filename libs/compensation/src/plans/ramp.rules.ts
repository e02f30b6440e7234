import { Exact, type FiscalCalendar, type Period } from '@attain/values';
import type { Row } from '../facts/people.rules.js';
import { presentSpans } from './presence.rules.js';

/** Shares of the quota by role, one for each calendar month since the first in the role. */
export type Ramp = ReadonlyMap<string, readonly Exact[]>;

/** A month's share in the ramp of the role held at its end, or held last in it; null for a role without a ramp. */
export function rampShare(rows: readonly Row[], month: Period, ramp: Ramp, calendar: FiscalCalendar): Exact | null {
  const held = presentSpans(rows).findLast(({ from, to }) => from <= month.to && to >= month.from);
  const role = held?.row.role ?? null;
  const shares = role === null ? undefined : ramp.get(role);
  if (shares === undefined) return null;
  const first = rows.find((row) => row.role === role)!.from;
  let at = calendar.periodOf(first, 'month');
  for (const share of shares) {
    if (at.name === month.name) return share;
    at = calendar.next(at);
  }
  return Exact.one;
}
