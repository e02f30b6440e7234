import { type Change, listChanges } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChoice } from '../../api/choice.js';
import { answerOf } from '../../api/client.js';
import { date } from '../../format/dates.js';
import { Empty, Refusal } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { Choose } from '../../screen/choose.js';
import { type Column, Table } from '../../screen/table.js';

type Kind = Change['kind'];
/** Rows of a page; the reader asks for more. */
const PAGE = 100;

/** Who changed what, when and why, over everybody, the latest change first. */
export function Changes() {
  const { t } = useLingui();
  const [since, setSince] = useState('');
  const names = useKindNames();
  const [kind, choose] = useChoice('kind', Object.keys(names) as (Kind | 'all')[], 'all');
  const asked = { ...(kind !== 'all' && { kind }), ...(since !== '' && { atFrom: since }) };
  const query = useInfiniteQuery({
    queryKey: ['changes', asked],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        listChanges({
          query: {
            ...(kind !== 'all' && { kind: [kind] }),
            ...(since !== '' && { atFrom: since }),
            ...(pageParam !== undefined && { cursor: pageParam }),
            limit: PAGE,
          },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const rows = query.data?.pages.flatMap((page) => page.rows);
  const total = query.data?.pages[0]?.total ?? 0;
  return (
    <Card title={t`Who changed what`}>
      <Group mb="xs" align="flex-end">
        <Choose
          label={t`Kind of change`}
          value={kind}
          options={Object.entries(names).map(([value, label]) => ({ value: value as Kind | 'all', label }))}
          choose={choose}
        />
        <TextInput
          type="date"
          label={t`Since`}
          value={since}
          onChange={({ currentTarget }) => setSince(currentTarget.value)}
        />
      </Group>
      {query.error === null ? null : <Refusal error={query.error} retry={() => void query.refetch()} />}
      {rows === undefined ? null : rows.length === 0 ? (
        <Empty>
          <Trans>Nothing of this kind has been changed.</Trans>
        </Empty>
      ) : (
        <Rows rows={rows} names={names} asked={asked} />
      )}
      {query.hasNextPage ? (
        <Group mt="xs">
          <Button size="xs" variant="default" loading={query.isFetching} onClick={() => void query.fetchNextPage()}>
            <Trans>Show earlier changes</Trans>
          </Button>
          <Text size="sm" c="dimmed">
            <Trans>
              {rows?.length ?? 0} of {total}
            </Trans>
          </Text>
        </Group>
      ) : null}
    </Card>
  );
}

interface RowsProps {
  rows: readonly Change[];
  names: Record<Kind | 'all', string>;
  asked: Readonly<Record<string, string>>;
}

function Rows({ rows, names, asked }: RowsProps) {
  const { t } = useLingui();
  const columns: Column<Change>[] = [
    { key: 'at', title: t`When`, value: ({ at }) => at, show: ({ at }) => <span className="amount">{date(at)}</span> },
    { key: 'by', title: t`Who`, value: ({ by }) => by },
    { key: 'kind', title: t`Changed`, value: ({ kind: of }) => names[of] },
    { key: 'object', title: t`What`, value: ({ object }) => object },
    { key: 'before', title: t`Before`, value: ({ before }) => before, show: ({ before }) => <Value value={before} /> },
    { key: 'after', title: t`After`, value: ({ after }) => after, show: ({ after }) => <Value value={after} /> },
    { key: 'reason', title: t`Reason`, value: ({ reason }) => reason },
  ];
  return (
    <Table
      label={t`Who changed what`}
      columns={columns}
      rows={rows}
      keyOf={({ event }) => event}
      exported={{ path: '/changes', query: { ...asked, limit: '1000' } }}
    />
  );
}

const MOST = 120;

/** The settings of a company are long; the export contains them whole. */
function Value({ value }: { value: string | null }) {
  return (
    <Text size="sm" maw={260} style={{ overflowWrap: 'anywhere' }}>
      {value === null ? '–' : value.length > MOST ? `${value.slice(0, MOST - 1)}…` : value}
    </Text>
  );
}

function useKindNames(): Record<Kind | 'all', string> {
  const { t } = useLingui();
  return {
    all: t`Everything`,
    quotas: t`Quotas`,
    objectives: t`Objectives`,
    scores: t`Scores`,
    leaves: t`Leaves`,
    people: t`People`,
    plans: t`Plans`,
    signatures: t`Signatures`,
    adjustments: t`Adjustments`,
    approvals: t`Approvals`,
    periods: t`Closed periods`,
    company: t`Company settings`,
    rates: t`Exchange rates`,
    imports: t`Imports`,
    quarantine: t`Quarantine`,
    deals: t`Deals`,
    users: t`Users and keys`,
  };
}
