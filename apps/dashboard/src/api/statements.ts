import { getStatement, listStatements } from '@attain/client';
import { useQuery } from '@tanstack/react-query';
import { answerOf } from './client.js';
import { useCut } from './cut.js';

export function useStatement(period: string | undefined, participant: string | null) {
  const cut = useCut();
  return useQuery({
    queryKey: ['statement', period, participant, cut],
    enabled: period !== undefined && participant !== null,
    queryFn: () =>
      answerOf(getStatement({ path: { period: period ?? '', participant: participant ?? '' }, query: cut })),
  });
}

export function useStatements(period: string | undefined) {
  const cut = useCut();
  return useQuery({
    queryKey: ['statements', period, cut],
    enabled: period !== undefined,
    queryFn: async () => (await answerOf(listStatements({ path: { period: period ?? '' }, query: cut }))).rows,
  });
}
