import type { EventOf, exceptionAccepted, periodClosed } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import type { LocalDate } from '@attain/values';
import { type CloseControls, type OpenException, requireOver } from './closing.rules.js';

export type PeriodClosed = EventOf<typeof periodClosed>;
type ExceptionAccepted = EventOf<typeof exceptionAccepted>;
export type PeriodEvent = PeriodClosed | ExceptionAccepted;
/**
 * The period is the stream. The statements are computed inside the decision, so that a repeated request is the same
 * request.
 */
export interface ClosePeriod extends CloseControls {
  readonly do: 'close';
  period: string;
}
/** The basis of the period's statements, and the day of the request in the company's time zone. */
export interface Reckoning extends Omit<PeriodClosed['data'], 'period'> {
  on: LocalDate;
  /** The exceptions that the caller accepts, and the reason. */
  accepted?: readonly (OpenException & { reason: string })[];
}
export interface PeriodState {
  closed: boolean;
}

/** `reckon` is asked once the period is known to be open; it may throw Refused (PERIOD_CLOSED, PERIOD_UNKNOWN). */
export function periodDecider(reckon: () => Reckoning): Decider<PeriodState, ClosePeriod, PeriodEvent> {
  return {
    category: 'period',
    initial: { closed: false },
    decide({ period }, { closed }) {
      if (closed) throw new Refused('PERIOD_CLOSED', `${period} is closed`, { period });
      const { on, accepted = [], ...data } = reckon();
      requireOver(period, data.effective, on);
      return [
        ...accepted.map((exception) => ({ type: 'ExceptionAccepted' as const, data: exception })),
        { type: 'PeriodClosed', data: { period, ...data } },
      ];
    },
    evolve: (state, { type }) => (type === 'PeriodClosed' ? { closed: true } : state),
  };
}
