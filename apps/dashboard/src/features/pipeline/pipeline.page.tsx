import { type Deal, getPipeline, listDeals } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { ChartCard } from '../../charts/chart-card.js';
import { Bars } from '../../charts/lazy.js';
import { isZero, money } from '../../format/amounts.js';
import { date } from '../../format/dates.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { Choose } from '../../screen/choose.js';
import { Screen } from '../../screen/screen.js';
import { type Column, Table } from '../../screen/table.js';

type Status = Deal['status'];

export function PipelinePage() {
  const { t } = useLingui();
  const [status, setStatus] = useState<Status>('open');
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
      <Stages />
      <Deals status={status} />
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

function Deals({ status }: { status: Status }) {
  const { t } = useLingui();
  const name = useNames();
  const query = useQuery({
    queryKey: ['deals', status],
    queryFn: () => answerOf(listDeals({ query: { status: [status], limit: 500 } })),
  });
  const columns: Column<Deal>[] = [
    {
      key: 'id',
      title: t`Deal`,
      value: ({ id }) => id,
      show: ({ source, id }) => (
        <Anchor fz="sm" renderRoot={(props) => <Link {...props} to="/deals/$source/$id" params={{ source, id }} />}>
          {id}
        </Anchor>
      ),
    },
    { key: 'account', title: t`Account`, value: ({ account }) => account },
    { key: 'product', title: t`Product`, value: ({ product }) => product },
    { key: 'owner', title: t`Owner`, value: ({ owner }) => (owner === null ? null : name(owner)) },
    { key: 'stage', title: t`Stage`, value: ({ stage }) => stage },
    {
      key: 'closed',
      title: status === 'open' ? t`Opened` : t`Closed`,
      value: ({ opened, closed }) => closed ?? opened,
      show: ({ opened, closed }) => (closed === null ? (opened === null ? '–' : date(opened)) : date(closed)),
    },
    {
      key: 'amount',
      title: t`Amount`,
      amount: true,
      value: ({ amount }) => amount,
      show: ({ amount, currency }) => (amount === null ? '–' : money(amount, currency)),
    },
  ];
  return (
    <Answer query={query} height={480}>
      {({ rows, total }) => (
        <Card title={total > rows.length ? t`${rows.length} of ${total} deals` : t`${total} deals`}>
          {rows.length === 0 ? (
            <Empty>
              <Trans>No deal of yours or of your team has this status.</Trans>
            </Empty>
          ) : (
            <Table
              label={t`Deals`}
              columns={columns}
              rows={rows}
              keyOf={({ source, id }) => `${source}:${id}`}
              exported={{ path: '/deals', query: { status, limit: '1000' } }}
            />
          )}
        </Card>
      )}
    </Answer>
  );
}
