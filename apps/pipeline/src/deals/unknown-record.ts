import { Refused } from '@attain/eventsourcing';
import type { DealRef } from './deal.decider.js';

/** Names the deal or the invoice in a refusal, because a decider knows its stream and not the stream's name. */
export async function namingUnknown<T>(
  kind: 'deal' | 'invoice',
  { source, id }: DealRef,
  work: Promise<T>,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== `${kind.toUpperCase()}_UNKNOWN`) throw error;
    throw new Refused(error.code, `${kind} "${id}" does not exist in source ${source}`, { source, id });
  }
}
