import { listParticipants } from '@attain/client';
import { useQuery } from '@tanstack/react-query';
import { answerOf } from './client.js';

/** The name of a participant on a day, or the id where the caller does not see the name. */
export function useNames(on?: string): (id: string) => string {
  const { data } = useQuery({
    queryKey: ['names', on],
    staleTime: 60_000,
    queryFn: async () => {
      const { rows } = await answerOf(listParticipants({ query: on === undefined ? {} : { on } }));
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
  });
  return (id) => data?.get(id) ?? id;
}
