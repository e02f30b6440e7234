import { describe, expect, it } from '@jest/globals';
import { Refused } from '@attain/eventsourcing';
import { type PeriodEvent, periodDecider, type Reckoning } from './period.decider.js';

const january: Reckoning = {
  on: '2025-01-31',
  effective: '2025-01-31',
  known: '2025-02-01T05:59:59.999Z',
  position: '42',
  participants: 3,
  runHash: 'abc',
};
const close = { do: 'close', period: '2025-01' } as const;
const decide = (reckoning: Reckoning, given: readonly PeriodEvent[] = []) => {
  const decider = periodDecider(() => reckoning);
  return decider.decide(close, given.reduce(decider.evolve, decider.initial));
};
const codeOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
  return undefined;
};

describe('a period', () => {
  it('is closed with the cut that its statements follow from', () => {
    expect(decide(january)).toEqual([
      {
        type: 'PeriodClosed',
        data: {
          period: '2025-01',
          effective: '2025-01-31',
          known: '2025-02-01T05:59:59.999Z',
          position: '42',
          participants: 3,
          runHash: 'abc',
        },
      },
    ]);
  });

  it('is closed once', () => {
    const given = decide(january);
    expect(codeOf(() => decide(january, given))).toBe('PERIOD_CLOSED');
  });

  it('is closed with accepted exceptions, each with its reason', () => {
    const exception = {
      period: '2025-01',
      code: 'NO_QUOTA',
      plan: 'AE',
      component: 'Commission',
      participant: 'ann',
      record: null,
      detail: 'no quota',
      reason: 'joined late',
    } as const;
    const events = decide({ ...january, accepted: [exception] });
    expect(events.map(({ type }) => type)).toEqual(['ExceptionAccepted', 'PeriodClosed']);
    expect(events[0]).toEqual({ type: 'ExceptionAccepted', data: exception });
    expect(codeOf(() => decide(january, events))).toBe('PERIOD_CLOSED');
    expect(decide(january, events.slice(0, 1))).toMatchObject([{ type: 'PeriodClosed' }]);
  });

  it('is not closed before its last day', () => {
    expect(codeOf(() => decide({ ...january, on: '2025-01-30' }))).toBe('PERIOD_NOT_OVER');
  });

  it('that is unknown is refused with the code of the engine', () => {
    const decider = periodDecider(() => {
      throw new Refused('PERIOD_UNKNOWN', 'no such period');
    });
    expect(codeOf(() => decider.decide({ ...close, period: '2025-13' }, decider.initial))).toBe('PERIOD_UNKNOWN');
  });
});
