import { type AttainmentRow, getAttainment, getCompany } from '@attain/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from './client.js';
import { useCut } from './cut.js';

function useCompany() {
  return useQuery({ queryKey: ['company'], staleTime: 60_000, queryFn: () => answerOf(getCompany()) });
}

export type AttainmentBy = 'participant' | 'team' | 'region' | 'company';

interface AttainmentQuestion {
  period: string | undefined;
  measure?: string | undefined;
  by: AttainmentBy;
  for?: string | undefined;
}

/** Quota, credit and pace of a period, of every measure where none is named. */
export function useAttainment({ period, measure, by, for: whose }: AttainmentQuestion) {
  const cut = useCut();
  return useQuery({
    queryKey: ['attainment', period, measure, by, whose, cut],
    enabled: period !== undefined,
    queryFn: async (): Promise<readonly AttainmentRow[]> => {
      const query = {
        by,
        period: period ?? '',
        ...(measure === undefined ? {} : { measure }),
        ...(whose === undefined ? {} : { for: whose }),
        ...cut,
      };
      return (await answerOf(getAttainment({ query }))).rows;
    },
  });
}

/** The measure that the reader chose; until then revenue, or else the first one that the company lists. */
export function useMeasure(): {
  measure: string | undefined;
  measures: readonly string[];
  choose: (measure: string) => void;
} {
  const { data } = useCompany();
  const [asked, choose] = useState<string>();
  const measures = Object.keys((data?.measures ?? {}) as Record<string, unknown>);
  return { measure: asked ?? (measures.includes('revenue') ? 'revenue' : measures[0]), measures, choose };
}
