import { endUserSession, endUserSessions, listUserSessions, type SessionRow } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Paper, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf } from '../../api/client.js';
import { date } from '../../format/dates.js';
import { Answer, Empty, Refusal } from '../../screen/answer.js';
import { type Column, Table } from '../../screen/table.js';

/** Where a user is signed in, and how to end it. */
export function SessionsOf({ name, close }: { name: string; close: () => void }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const queryKey = ['sessions', name];
  const query = useQuery({
    queryKey,
    queryFn: async () => (await answerOf(listUserSessions({ path: { name } }))).rows,
  });
  const end = useMutation({
    mutationFn: (id: string | undefined) =>
      answerOf<unknown>(
        id === undefined ? endUserSessions({ path: { name } }) : endUserSession({ path: { name, id } }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey }),
  });
  const columns: Column<SessionRow>[] = [
    { key: 'kind', title: t`Kind`, value: ({ kind }) => kind },
    { key: 'begun', title: t`Begun`, value: ({ begun }) => begun, show: ({ begun }) => date(begun) },
    { key: 'seen', title: t`Last seen`, value: ({ seen }) => seen, show: ({ seen }) => date(seen) },
    { key: 'ends', title: t`Ends`, value: ({ ends }) => ends, show: ({ ends }) => date(ends) },
    {
      key: 'end',
      title: '',
      value: () => null,
      show: ({ id, current }) =>
        current ? (
          <Trans>this session</Trans>
        ) : (
          <Button size="compact-xs" variant="default" onClick={() => end.mutate(id)}>
            <Trans>End</Trans>
          </Button>
        ),
    },
  ];
  return (
    <Paper withBorder p="md" mt="sm" component="section">
      <Title order={3} mb="xs">
        <Trans>Sessions of {name}</Trans>
      </Title>
      {end.error === null ? null : <Refusal error={end.error} />}
      <Answer query={query} height={80}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>
              <Trans>{name} has no session.</Trans>
            </Empty>
          ) : (
            <Table
              label={t`Sessions of ${name}`}
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              exported={{ path: `/users/${encodeURIComponent(name)}/sessions` }}
            />
          )
        }
      </Answer>
      <Group mt="sm">
        <Button size="xs" variant="default" onClick={() => end.mutate(undefined)}>
          <Trans>End all</Trans>
        </Button>
        <Button size="xs" variant="default" onClick={close}>
          <Trans>Close</Trans>
        </Button>
      </Group>
    </Paper>
  );
}
