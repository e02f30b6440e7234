import {
  getReadiness,
  type KeyRow,
  listKeys,
  listModels,
  listParkedEvents,
  listUsers,
  type ModelRow,
  type ParkedEvent,
  redriveParkedEvents,
  revokeKey,
  type User,
} from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf } from '../../api/client.js';
import { date } from '../../format/dates.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { Screen } from '../../screen/screen.js';
import { Table } from '../../screen/table.js';

/** Who may do what, and whether the installation is healthy; nobody's pay. */
export function AdminPage() {
  const { t } = useLingui();
  return (
    <Screen title={t`Admin`}>
      <Health />
      <Users />
      <Keys />
      <Parked />
    </Screen>
  );
}

function Health() {
  const { t } = useLingui();
  const ready = useQuery({ queryKey: ['ready'], refetchInterval: 10_000, queryFn: () => answerOf(getReadiness()) });
  const models = useQuery({ queryKey: ['models'], queryFn: async () => (await answerOf(listModels())).rows });
  return (
    <Card title={t`Health`}>
      <Answer query={ready} height={48}>
        {({ alarms = [] }) => (
          <>
            {alarms.map(({ code, message }) => (
              <Alert key={code} color="red" title={code}>
                {message}
              </Alert>
            ))}
          </>
        )}
      </Answer>
      <Answer query={models} height={240}>
        {(rows) => (
          <Table<ModelRow>
            label={t`Read models and policies`}
            columns={[
              { key: 'group', title: t`Read model or policy`, value: ({ group }) => group },
              { key: 'position', title: t`Position`, amount: true, value: ({ position }) => position },
              { key: 'behind', title: t`Behind`, amount: true, value: ({ behind }) => behind },
              {
                key: 'state',
                title: t`State`,
                value: ({ state }) => state,
                show: ({ state, reason }) => (
                  <span className={state === 'current' ? 'good' : 'bad'}>
                    {state}
                    {reason === undefined ? '' : `: ${reason}`}
                  </span>
                ),
              },
            ]}
            rows={rows}
            keyOf={({ group }) => group}
          />
        )}
      </Answer>
    </Card>
  );
}

function Users() {
  const { t } = useLingui();
  const query = useQuery({ queryKey: ['users'], queryFn: async () => (await answerOf(listUsers())).rows });
  return (
    <Card title={t`Users`}>
      <Answer query={query} height={160}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>
              <Trans>There is no local user. Add the first with attain user add.</Trans>
            </Empty>
          ) : (
            <Table<User>
              label={t`Users`}
              columns={[
                { key: 'name', title: t`Name`, value: ({ name }) => name },
                { key: 'roles', title: t`Roles`, value: ({ roles }) => roles.join(', ') },
                { key: 'participant', title: t`Participant`, value: ({ participant }) => participant },
              ]}
              rows={rows}
              keyOf={({ name }) => name}
            />
          )
        }
      </Answer>
    </Card>
  );
}

function Keys() {
  const { t } = useLingui();
  const queries = useQueryClient();
  const query = useQuery({ queryKey: ['keys'], queryFn: async () => (await answerOf(listKeys())).rows });
  const revoke = useMutation({
    mutationFn: (key: string) => answerOf(revokeKey({ path: { key } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
  return (
    <Card title={t`API keys`}>
      <Answer query={query} height={160}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>
              <Trans>No API key has been created. Create one with attain key create.</Trans>
            </Empty>
          ) : (
            <Table<KeyRow>
              label={t`API keys`}
              columns={[
                { key: 'name', title: t`Name`, value: ({ name }) => name },
                { key: 'of', title: t`Acts as`, value: (row) => row.of },
                { key: 'roles', title: t`Roles`, value: ({ roles }) => roles.join(', ') },
                {
                  key: 'expires',
                  title: t`Expires`,
                  value: ({ expires }) => expires,
                  show: (row) => date(row.expires),
                },
                {
                  key: 'used',
                  title: t`Last used`,
                  value: ({ lastUsed }) => lastUsed,
                  show: ({ lastUsed }) => (lastUsed === null ? t`never` : date(lastUsed)),
                },
                { key: 'state', title: t`State`, value: ({ state }) => state },
                {
                  key: 'revoke',
                  title: '',
                  value: () => null,
                  show: ({ key, state }) =>
                    state === 'active' ? (
                      <Button size="compact-xs" variant="default" onClick={() => revoke.mutate(key)}>
                        <Trans>Revoke</Trans>
                      </Button>
                    ) : null,
                },
              ]}
              rows={rows}
              keyOf={({ key }) => key}
            />
          )
        }
      </Answer>
    </Card>
  );
}

function Parked() {
  const { t } = useLingui();
  const queries = useQueryClient();
  const query = useQuery({ queryKey: ['parked'], queryFn: async () => (await answerOf(listParkedEvents())).rows });
  const redrive = useMutation({
    mutationFn: (group: string) => answerOf(redriveParkedEvents({ path: { group } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['parked'] }),
  });
  return (
    <Card title={t`Parked events`}>
      <Answer query={query} height={80}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>
              <Trans>No event is parked: every projection and policy took each of its events.</Trans>
            </Empty>
          ) : (
            <Table<ParkedEvent>
              label={t`Parked events`}
              columns={[
                { key: 'group', title: t`Read model or policy`, value: ({ group }) => group },
                { key: 'type', title: t`Event`, value: ({ type }) => type },
                { key: 'reason', title: t`Reason`, value: ({ reason }) => reason },
                { key: 'at', title: t`Since`, value: ({ at }) => at, show: ({ at }) => date(at) },
                {
                  key: 'redrive',
                  title: '',
                  value: () => null,
                  show: ({ group }) => (
                    <Button size="compact-xs" variant="default" onClick={() => redrive.mutate(group)}>
                      <Trans>Try again</Trans>
                    </Button>
                  ),
                },
              ]}
              rows={rows}
              keyOf={({ event, group }) => `${group} ${event}`}
            />
          )
        }
      </Answer>
    </Card>
  );
}
