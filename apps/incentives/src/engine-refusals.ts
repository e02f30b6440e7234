import { Refused } from '@attain/eventsourcing';

/** Asks the engine, which knows no event store: its refusals become the service's (PERIOD_CLOSED, PERIOD_UNKNOWN, CURRENCIES_DIFFER). */
export function answerOf<Answer>(question: () => Answer): Answer {
  try {
    return question();
  } catch (error) {
    if (error instanceof Error && error.name === 'Refused' && 'code' in error)
      throw new Refused(String(error.code), error.message);
    throw error;
  }
}
