import { getCompany, Refused } from '@attain/client';
import { useQuery } from '@tanstack/react-query';
import { answerOf } from './client.js';

/** Whether no company is configured yet; undefined until it is known, and false if not asked. */
export function useIsEmpty(asks: boolean): boolean | undefined {
  const { data } = useQuery({
    queryKey: ['empty'],
    enabled: asks,
    queryFn: async () => {
      try {
        await answerOf(getCompany());
        return false;
      } catch (error) {
        return error instanceof Refused && error.status === 404;
      }
    },
  });
  return asks ? data : false;
}
