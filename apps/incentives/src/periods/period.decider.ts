import type { EventOf, periodClosed } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import type { LocalDate } from '@attain/values';

export type PeriodClosed = EventOf<typeof periodClosed>;
/** The period is the stream; what its statements follow from is computed when it is decided, so that a request told again is the same request. */
export interface ClosePeriod {
  type: 'ClosePeriod';
  period: string;
}
/** What the period's statements follow from, and the day on which it is asked for in the company's time zone. */
export interface Reckoning extends Omit<PeriodClosed['data'], 'period'> {
  on: LocalDate;
}
export interface PeriodState {
  closed: boolean;
}

/** `reckon` is asked once the period is known to be open; it may throw Refused (PERIOD_CLOSED, PERIOD_UNKNOWN). */
export function periodDecider(reckon: () => Reckoning): Decider<PeriodState, ClosePeriod, PeriodClosed> {
  return {
    category: 'period',
    initial: { closed: false },
    decide({ period }, { closed }) {
      if (closed) throw new Refused('PERIOD_CLOSED', `${period} is closed`, { period });
      const { on, ...data } = reckon();
      if (on < data.effective) {
        throw new Refused('PERIOD_NOT_OVER', `${period} ends on ${data.effective}, and today is ${on}`, { period, ends: data.effective });
      }
      return [{ type: 'PeriodClosed', data: { period, ...data } }];
    },
    evolve: () => ({ closed: true }),
  };
}
