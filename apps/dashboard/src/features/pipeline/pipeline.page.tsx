import { type Deal, getPipeline } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useChoice } from '../../api/choice.js';
import { answerOf } from '../../api/client.js';
import { ChartCard } from '../../charts/chart-card.js';
import { Bars } from '../../charts/lazy.js';
import { isZero, money } from '../../format/amounts.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Choose } from '../../screen/choose.js';
import { OnlyToday } from '../../screen/only-today.js';
import { Screen } from '../../screen/screen.js';
import { Deals } from './deals.js';

type Status = Deal['status'];

export function PipelinePage() {
  const { t } = useLingui();
  const [status, setStatus] = useChoice<Status>('status', ['open', 'won', 'lost'], 'open');
  return (
    <Screen
      title={t`Pipeline`}
      choose={
        <Choose
          label={t`Status`}
          value={status}
          options={[
            { value: 'open', label: t`open deals` },
            { value: 'won', label: t`won deals` },
            { value: 'lost', label: t`lost deals` },
          ]}
          choose={setStatus}
        />
      }
    >
      <OnlyToday title={t`Pipeline`}>
        <Stages />
        <Deals status={status} />
      </OnlyToday>
    </Screen>
  );
}

function Stages() {
  const { t } = useLingui();
  const query = useQuery({ queryKey: ['pipeline'], queryFn: async () => (await answerOf(getPipeline())).rows });
  return (
    <Answer query={query} height={240}>
      {(rows) => {
        if (rows.length === 0)
          return (
            <Empty>
              <Trans>No deal is open.</Trans>
            </Empty>
          );
        const deals = rows.reduce((sum, row) => sum + row.deals, 0);
        const label = (row: (typeof rows)[number]): string =>
          isZero(row.amount) ? t`${row.deals} deals` : t`${row.deals} deals, ${money(row.amount, row.currency)}`;
        return (
          <ChartCard
            title={t`${deals} open deals by stage`}
            heads={[t`Stage`, t`Deals`, t`Amount`]}
            rows={rows.map((row) => [row.stage ?? '–', String(row.deals), money(row.amount, row.currency)])}
          >
            <Bars rows={rows.map((row) => ({ name: row.stage ?? '–', value: row.deals, label: label(row) }))} />
          </ChartCard>
        );
      }}
    </Answer>
  );
}
