import { Refused } from '@attain/eventsourcing';

/** Turns refusals of the engine into refusals of the service (PERIOD_CLOSED, PERIOD_UNKNOWN, CURRENCIES_DIFFER). */
export function answerOf<Answer>(question: () => Answer): Answer {
  try {
    return question();
  } catch (error) {
    if (error instanceof Error && error.name === 'Refused' && 'code' in error)
      throw new Refused(String(error.code), error.message);
    throw error;
  }
}
