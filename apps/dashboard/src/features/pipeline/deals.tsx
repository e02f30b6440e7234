import { type Deal, listDeals } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor, Text } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { answerOf } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { money } from '../../format/amounts.js';
import { date } from '../../format/dates.js';
import { Answer, Empty, Refusal } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { type Column, type Order, Table } from '../../screen/table.js';

/** The fields of a row, because a whole deal is three times as long. */
const fields = [
  'source',
  'id',
  'account',
  'product',
  'owner',
  'stage',
  'opened',
  'closed',
  'amount',
  'currency',
] as const;
type Listed = Pick<Deal, (typeof fields)[number]>;

/** Rows of the first page, which appears at once, and of later ones, so that many rows need few requests when they are fetched again. */
const [FIRST, LATER] = [100, 1000];

/** All deals of a status: the server filters, sorts and pages them as the reader scrolls. */
export function Deals({ status }: { status: Deal['status'] }) {
  const { t } = useLingui();
  const [order, setOrder] = useState<Order>();
  const query = useDeals(status, order);
  const { isFetching, isFetchNextPageError, fetchNextPage } = query;
  const more = useCallback(() => {
    if (!isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [isFetching, isFetchNextPageError, fetchNextPage]);
  const columns = useColumns(status);
  return (
    <Answer query={query} height={480}>
      {({ rows, total }) => (
        <Card title={t`${total} deals`}>
          {rows.length === 0 ? (
            <Empty>
              <Trans>No deal of yours or of your team has this status.</Trans>
            </Empty>
          ) : (
            <div aria-busy={query.isPlaceholderData} style={query.isPlaceholderData ? { opacity: 0.5 } : undefined}>
              <Table
                label={t`Deals`}
                columns={columns}
                rows={rows}
                keyOf={({ source, id }) => `${source}:${id}`}
                exported={{ path: '/deals', query: { status, sort: sortOf(status, order), limit: '1000' } }}
                paged={{ total, order, setOrder, more }}
              />
              {rows.length === total ? null : (
                <Text size="xs" c="dimmed" mt="xs">
                  <Trans>
                    The first {rows.length} of {total} rows are here. Scroll to the last one for more.
                  </Trans>
                </Text>
              )}
              {query.isFetchNextPageError ? (
                <Refusal error={query.error} retry={() => void query.fetchNextPage()} />
              ) : null}
            </div>
          )}
        </Card>
      )}
    </Answer>
  );
}

function useDeals(status: Deal['status'], order: Order | undefined) {
  const sort = sortOf(status, order);
  return useInfiniteQuery({
    queryKey: ['deals', status, sort],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }) =>
      answerOf(
        listDeals({
          query: {
            status: [status],
            limit: pageParam === undefined ? FIRST : LATER,
            fields: fields.join(','),
            ...(sort !== undefined && { sort }),
            ...(pageParam !== undefined && { cursor: pageParam }),
          },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => ({
      rows: pages.flatMap((page): readonly Listed[] => page.rows),
      total: pages.at(-1)?.total ?? 0,
    }),
  });
}

/** An open deal has no closing date. */
function sortOf(status: Deal['status'], order: Order | undefined): string | undefined {
  if (order === undefined) return undefined;
  const key = order.key === 'date' ? (status === 'open' ? 'opened' : 'closed') : order.key;
  return order.down ? `-${key}` : key;
}

function useColumns(status: Deal['status']): readonly Column<Listed>[] {
  const { t } = useLingui();
  const name = useNames();
  return [
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
      key: 'date',
      title: status === 'open' ? t`Opened` : t`Closed`,
      value: ({ opened, closed }) => (status === 'open' ? opened : closed),
      show: ({ opened, closed }) => {
        const day = status === 'open' ? opened : closed;
        return day === null ? '–' : date(day);
      },
    },
    {
      key: 'amount',
      title: t`Amount`,
      amount: true,
      value: ({ amount }) => amount,
      show: ({ amount, currency }) => (amount === null ? '–' : money(amount, currency)),
    },
  ];
}
