import { getLeaderboard, type LeaderboardRow } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useMeasure } from '../../api/attainment.js';
import { answerOf } from '../../api/client.js';
import { useCut } from '../../api/cut.js';
import { useNames } from '../../api/names.js';
import { usePeriod } from '../../api/periods.js';
import { useCaller } from '../../api/session.js';
import { percent } from '../../format/amounts.js';
import { periodName } from '../../format/dates.js';
import { Answer, Empty } from '../../screen/answer.js';
import { ChooseMeasure, ChoosePeriod } from '../../screen/choose.js';
import { Screen } from '../../screen/screen.js';
import { type Column, Table } from '../../screen/table.js';

/** Ranks by attainment; nobody's pay or amounts. */
export function LeaderboardPage() {
  const { t } = useLingui();
  const chosen = usePeriod('quarter');
  const measures = useMeasure();
  const { measure } = measures;
  const cut = useCut();
  const query = useLeaderboard(chosen.period?.name, measure);
  const { participant } = useCaller();
  const name = useNames(chosen.period?.to);
  const columns: Column<LeaderboardRow>[] = [
    { key: 'rank', title: t`Rank`, value: ({ rank }) => rank },
    {
      key: 'for',
      title: t`Participant`,
      value: (row) => name(row.for),
      show: (row) => (row.for === participant ? <strong>{t`${name(row.for)} (you)`}</strong> : name(row.for)),
    },
    {
      key: 'attained',
      title: t`Attainment`,
      amount: true,
      value: ({ attained }) => attained,
      show: ({ attained }) => (attained === null ? '–' : percent(attained, 0)),
    },
  ];
  return (
    <Screen
      title={t`Leaderboard ${periodName(chosen.period?.name ?? '')}`}
      choose={
        <>
          <ChooseMeasure {...measures} />
          <ChoosePeriod {...chosen} />
        </>
      }
    >
      <Answer query={query} height={320}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>
              <Trans>Nobody has a quota of this measure in this period.</Trans>
            </Empty>
          ) : (
            <Table
              label={t`Leaderboard`}
              columns={columns}
              rows={rows}
              keyOf={(row) => row.for}
              exported={{
                path: '/leaderboards',
                query: { period: chosen.period?.name, measure, by: 'participant', ...cut },
              }}
            />
          )
        }
      </Answer>
    </Screen>
  );
}

function useLeaderboard(period: string | undefined, measure: string | undefined) {
  const cut = useCut();
  return useQuery({
    queryKey: ['leaderboard', period, measure, cut],
    enabled: period !== undefined && measure !== undefined,
    queryFn: async () =>
      (
        await answerOf(
          getLeaderboard({ query: { period: period ?? '', measure: measure ?? '', by: 'participant', ...cut } }),
        )
      ).rows,
  });
}
