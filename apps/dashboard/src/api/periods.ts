import { listPeriods, type PeriodState } from '@attain/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { answerOf } from './client.js';
import type { Address } from './cut.js';

export type PeriodKind = PeriodState['kind'];

export function usePeriods() {
  return useQuery({
    queryKey: ['periods'],
    queryFn: async () => (await answerOf(listPeriods())).rows,
  });
}

/**
 * The period that the address names; else the first open one of the kind, which is the next to be paid, or the closed one
 * that was paid last.
 */
export function usePeriod(
  kind: PeriodKind,
  first: 'open' | 'closed' = 'open',
): {
  period: PeriodState | undefined;
  periods: readonly PeriodState[];
  choose: (name: string) => void;
} {
  const { data = [] } = usePeriods();
  const { period: asked } = useSearch({ strict: false }) as Address;
  const navigate = useNavigate();
  const ofKind = data.filter((each) => each.kind === kind);
  // A company that pays every month, and has no other plans, has no quarters to choose from.
  const periods = ofKind.length > 0 ? ofKind : data;
  const named = data.find(({ name }) => name === asked);
  const period =
    periods.find(({ name }) => name === asked) ??
    (named && periods.find(({ from, to }) => from <= named.to && named.to <= to)) ??
    (first === 'open'
      ? periods.find(({ closed }) => closed === null)
      : periods.findLast(({ closed }) => closed !== null)) ??
    periods.at(-1);
  const choose = (name: string): void => {
    void navigate({ to: '.', search: (before: Address) => ({ ...before, period: name }) });
  };
  return { period, periods, choose };
}
