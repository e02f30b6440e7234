import {
  type Company,
  getCompany,
  listDeals,
  listParticipants,
  listPlans,
  listQuotas,
  listSources,
  Refused,
} from '@attain/client';
import { useQuery } from '@tanstack/react-query';
import { answerOf } from '../../api/client.js';

/** The existing records; each step stores its result, so that a returning user continues at the same step. */
export interface SetUp {
  company: Company | null;
  people: number;
  roles: readonly string[];
  sources: number;
  deals: number;
  /** The last day on which a deal was won. */
  won: string | null;
  quotas: number;
  plans: number;
}

export function useSetUp() {
  return useQuery({
    queryKey: ['set-up'],
    queryFn: async (): Promise<SetUp> => {
      const company = await companyOrNone();
      const [people, sources, deals, won, quotas, plans] = await Promise.all([
        answerOf(listParticipants()),
        answerOf(listSources()),
        answerOf(listDeals({ query: { limit: 1 } })),
        answerOf(listDeals({ query: { limit: 1, status: ['won'], sort: '-closed' } })),
        company === null ? { rows: [] } : answerOf(listQuotas()),
        answerOf(listPlans()),
      ]);
      return {
        company,
        people: people.rows.length,
        roles: [...new Set(people.rows.flatMap(({ role }) => role ?? []))],
        sources: sources.rows.length,
        deals: deals.total,
        won: won.rows[0]?.closed ?? null,
        quotas: quotas.rows.length,
        plans: plans.rows.length,
      };
    },
  });
}

async function companyOrNone(): Promise<Company | null> {
  try {
    return await answerOf(getCompany());
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  }
}
