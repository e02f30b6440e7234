import { listParkedEvents, type ParkedEvent, redriveParkedEvents } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, clientOf } from '../../api/client.js';
import { ofEach, type Service, services } from '../../api/services.js';
import { date } from '../../format/dates.js';
import { Answer, Empty, Refusal } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { type Column, Table } from '../../screen/table.js';

type Parked = ParkedEvent & { service: Service };

/** Events that a read model or a policy failed on, and the button that hands them to it again. */
export function Parked() {
  const { t } = useLingui();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['parked'],
    queryFn: () => ofEach(async (service) => (await answerOf(listParkedEvents({ client: clientOf(service) }))).rows),
  });
  const redrive = useMutation({
    mutationFn: ({ group, service }: Parked) =>
      answerOf(redriveParkedEvents({ path: { group }, client: clientOf(service) })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['parked'] }),
  });
  const columns: Column<Parked>[] = [
    { key: 'group', title: t`Read model or policy`, value: ({ group }) => group },
    { key: 'type', title: t`Event`, value: ({ type }) => type },
    { key: 'reason', title: t`Reason`, value: ({ reason }) => reason },
    { key: 'at', title: t`Since`, value: ({ at }) => at, show: ({ at }) => date(at) },
    {
      key: 'redrive',
      title: '',
      value: () => null,
      show: (row) => (
        <Button size="compact-xs" variant="default" loading={redrive.isPending} onClick={() => redrive.mutate(row)}>
          <Trans>Try again</Trans>
        </Button>
      ),
    },
  ];
  return (
    <Card title={t`Parked events`}>
      {redrive.error === null ? null : <Refusal error={redrive.error} />}
      <Answer query={query} height={80}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>
              <Trans>No event is parked: every projection and policy took each of its events.</Trans>
            </Empty>
          ) : (
            <Table
              label={t`Parked events`}
              columns={columns}
              rows={rows}
              keyOf={({ event, group }) => `${group} ${event}`}
              {...(services.length > 1 ? {} : { exported: { path: '/parked' } })}
            />
          )
        }
      </Answer>
    </Card>
  );
}
