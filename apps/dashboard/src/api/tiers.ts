import { listTiers } from '@attain/client';
import { useQuery } from '@tanstack/react-query';
import { answerOf } from './client.js';
import { useCut } from './cut.js';

/** A participant's position on the tiers of each component by the end of a period. */
export function useTiers(period: string | undefined, participant: string | null) {
  const cut = useCut();
  return useQuery({
    queryKey: ['tiers', period, participant, cut],
    enabled: period !== undefined && participant !== null,
    queryFn: async () =>
      (await answerOf(listTiers({ path: { period: period ?? '', participant: participant ?? '' }, query: cut }))).rows,
  });
}
