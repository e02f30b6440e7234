import { type KeyRow, listKeys, type NewKeyWithSecret, revokeKey } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { date } from '../../format/dates.js';
import { Answer, Empty, Refusal } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { type Column, Table } from '../../screen/table.js';
import { KeyForm } from './key-form.js';
import { Secret } from './secret.js';

export function Keys() {
  const { t } = useLingui();
  const queries = useQueryClient();
  const [isOpened, setOpened] = useState(false);
  const [made, setMade] = useState<NewKeyWithSecret>();
  const query = useQuery({ queryKey: ['keys'], queryFn: async () => (await answerOf(listKeys())).rows });
  const again = () => queries.invalidateQueries({ queryKey: ['keys'] });
  const revoke = useMutation({
    mutationFn: (key: string) => answerOf(revokeKey({ path: { key } })),
    onSuccess: again,
  });
  const columns = useColumns(revoke.mutate);
  return (
    <Card title={t`API keys`}>
      {revoke.error === null ? null : <Refusal error={revoke.error} />}
      {made === undefined ? null : (
        <Secret
          title={t`The secret of ${made.name}`}
          text={made.secret}
          about={t`It is shown only now. A program sends it as Authorization: Bearer.`}
          done={() => setMade(undefined)}
        />
      )}
      <Answer query={query} height={160}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>
              <Trans>No API key has been created. A program needs one to ask the API.</Trans>
            </Empty>
          ) : (
            <Table
              label={t`API keys`}
              columns={columns}
              rows={rows}
              keyOf={({ key }) => key}
              exported={{ path: '/keys' }}
            />
          )
        }
      </Answer>
      <Group mt="sm">
        <Button variant="default" size="xs" onClick={() => setOpened(true)}>
          <Trans>Create a key</Trans>
        </Button>
      </Group>
      {isOpened ? (
        <KeyForm
          made={(key) => {
            setMade(key);
            setOpened(false);
            void again();
          }}
          close={() => setOpened(false)}
        />
      ) : null}
    </Card>
  );
}

function useColumns(revoke: (key: string) => void): Column<KeyRow>[] {
  const { t } = useLingui();
  return [
    { key: 'name', title: t`Name`, value: ({ name }) => name },
    { key: 'of', title: t`Acts as`, value: (row) => row.of },
    { key: 'roles', title: t`Roles`, value: ({ roles }) => roles.join(', ') },
    {
      key: 'permissions',
      title: t`Permissions`,
      amount: true,
      value: ({ permissions }) => permissions.length,
      show: ({ permissions }) => <span title={permissions.join(', ')}>{permissions.length}</span>,
    },
    { key: 'expires', title: t`Expires`, value: ({ expires }) => expires, show: (row) => date(row.expires) },
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
      show: ({ key, name, state }) =>
        state === 'active' ? (
          <Button size="compact-xs" variant="default" aria-label={t`Revoke ${name}`} onClick={() => revoke(key)}>
            <Trans>Revoke</Trans>
          </Button>
        ) : null,
    },
  ];
}
