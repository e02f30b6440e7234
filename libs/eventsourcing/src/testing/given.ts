import { expect } from '@jest/globals';
import { type Decider, Refused } from '../decider.js';

interface Refusal {
  refused: string;
}

/** The expectation of `then` for a command that is refused. */
export function refused(code: string): Refusal {
  return { refused: code };
}

/**
 * Tests a decider in sentences: `const { given } = behaviour(quotaDecider)`, then
 * `given([assigned]).when(change).then([changed])` or `.then(refused('PERIOD_CLOSED'))`; `[]` expects no change.
 */
export function behaviour<S, C, E extends { type: string; data: unknown }>(
  decider: Decider<S, C, E>,
): {
  given(events: readonly E[]): { when(command: C): { then(expected: readonly E[] | Refusal): void } };
} {
  return {
    given: (events) => ({
      when: (command) => ({
        then(expected) {
          const state = events.reduce((before, event) => decider.evolve(before, event), decider.initial);
          let outcome: readonly E[] | Refusal;
          try {
            outcome = decider.decide(command, state);
          } catch (error) {
            if (!(error instanceof Refused)) throw error;
            outcome = refused(error.code);
          }
          expect(outcome).toEqual(expected);
        },
      }),
    }),
  };
}
