import { getSales, type SalesReportRow } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useChoice } from '../../api/choice.js';
import { answerOf } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { usePeriod } from '../../api/periods.js';
import { ChartCard } from '../../charts/chart-card.js';
import { Bars } from '../../charts/lazy.js';
import { money, percent } from '../../format/amounts.js';
import { periodName } from '../../format/dates.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Choose, ChoosePeriod } from '../../screen/choose.js';
import { OnlyToday } from '../../screen/only-today.js';
import { Screen } from '../../screen/screen.js';
import type { Exported } from '../../screen/export-links.js';
import { type Column, Table } from '../../screen/table.js';

const groupings = ['rep', 'product', 'account', 'team', 'region', 'month', 'company'] as const;
type Grouping = (typeof groupings)[number];
/** The chart shows so many; the table below has all. */
const charted = 12;

export function SalesPage() {
  const { t } = useLingui();
  const chosen = usePeriod('quarter');
  const [by, setBy] = useChoice<Grouping>('by', groupings, 'rep');
  const query = useSales(chosen.period?.name, by);
  const labels: Record<Grouping, string> = {
    rep: t`by person`,
    product: t`by product`,
    account: t`by account`,
    team: t`by team`,
    region: t`by region`,
    month: t`by month`,
    company: t`the company`,
  };
  return (
    <Screen
      title={t`Sales ${periodName(chosen.period?.name ?? '')}`}
      choose={
        <>
          <Choose
            label={t`Group by`}
            value={by}
            options={groupings.map((value) => ({ value, label: labels[value] }))}
            choose={setBy}
          />
          <ChoosePeriod {...chosen} />
        </>
      }
    >
      <OnlyToday title={t`Sales`}>
        <Answer query={query} height={480}>
          {({ rows, winRate, source }) =>
            rows.length === 0 ? (
              <Empty>
                <Trans>Nothing was won or lost in this period.</Trans>
              </Empty>
            ) : (
              <>
                <Ranking
                  rows={rows}
                  by={by}
                  winRate={winRate}
                  on={chosen.period?.to}
                  exported={{ path: '/sales', query: { by, period: chosen.period?.name } }}
                />
                <Text size="xs" c="dimmed">
                  <Trans>
                    From the log up to position {source.position}. Control total:{' '}
                    {Object.entries(source.controlTotal)
                      .map(([currency, total]) => money(total, currency))
                      .join(', ')}
                  </Trans>
                </Text>
              </>
            )
          }
        </Answer>
      </OnlyToday>
    </Screen>
  );
}

function useSales(period: string | undefined, by: Grouping) {
  return useQuery({
    queryKey: ['sales', period, by],
    enabled: period !== undefined,
    queryFn: () => answerOf(getSales({ query: { by, ...(period === undefined ? {} : { period }) } })),
  });
}

interface RankingProps {
  rows: readonly SalesReportRow[];
  by: Grouping;
  winRate: string | null;
  on: string | undefined;
  exported: Exported;
}

function Ranking({ rows, by, winRate, on, exported }: RankingProps) {
  const { t } = useLingui();
  const participant = useNames(on);
  const name = (key: string | null): string => (key === null ? t`(none)` : by === 'rep' ? participant(key) : key);
  const ranked = rows.toSorted((a, b) => Number(b.net) - Number(a.net));
  const columns: Column<SalesReportRow>[] = [
    { key: 'key', title: t`Name`, value: ({ key }) => name(key) },
    { key: 'won', title: t`Won`, amount: true, value: ({ won }) => won },
    { key: 'lost', title: t`Lost`, amount: true, value: ({ lost }) => lost },
    {
      key: 'winRate',
      title: t`Win rate`,
      amount: true,
      value: (row) => row.winRate,
      show: (row) => (row.winRate === null ? '–' : percent(row.winRate)),
    },
    {
      key: 'amount',
      title: t`Won amount`,
      amount: true,
      value: ({ amount }) => amount,
      show: ({ amount, currency }) => money(amount, currency),
    },
    {
      key: 'reversed',
      title: t`Reversed`,
      amount: true,
      value: ({ reversed }) => reversed,
      show: ({ reversed, currency }) => money(reversed, currency),
    },
    {
      key: 'net',
      title: t`Net`,
      amount: true,
      value: ({ net }) => net,
      show: ({ net, currency }) => <strong>{money(net, currency)}</strong>,
    },
  ];
  const first = ranked[0];
  return (
    <>
      <ChartCard
        title={first === undefined ? t`Sales` : t`${name(first.key)} sold most: ${money(first.net, first.currency)}`}
        description={winRate === null ? undefined : t`${percent(winRate)} of the deals that closed were won.`}
        heads={[t`Name`, t`Net`]}
        rows={ranked.map(({ key, net, currency }) => [name(key), money(net, currency)])}
      >
        <Bars
          rows={ranked.slice(0, charted).map(({ key, net, currency }) => ({
            name: name(key),
            value: Number(net),
            label: money(net, currency),
          }))}
        />
      </ChartCard>
      <Table
        label={t`Sales`}
        columns={columns}
        rows={ranked}
        keyOf={({ key, currency }) => `${key} ${currency}`}
        exported={exported}
      />
    </>
  );
}
