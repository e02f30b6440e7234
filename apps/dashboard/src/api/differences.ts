import { getDifference } from '@attain/client';
import { useQuery } from '@tanstack/react-query';
import { answerOf } from './client.js';

/** What moved the pay of a period between two instants; the causes sum to the difference. */
export function useDifference(period: string, participant: string, from: string, to: string, enabled = true) {
  return useQuery({
    queryKey: ['difference', period, participant, from, to],
    enabled,
    queryFn: () => answerOf(getDifference({ path: { period, participant }, query: { from, to } })),
  });
}
