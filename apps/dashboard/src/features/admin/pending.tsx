import { approveUserChange, listPendingChanges, type PendingChange, rejectUserChange } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { useCaller } from '../../api/session.js';
import { date } from '../../format/dates.js';
import { Answer, Refusal } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { type Column, Table } from '../../screen/table.js';
import { Secret } from './secret.js';

/** Changes of users that wait for another admin; nothing where none waits. */
export function Pending() {
  const { t } = useLingui();
  const queries = useQueryClient();
  const [code, setCode] = useState<{ user: string; code: string }>();
  const query = useQuery({
    queryKey: ['users', 'changes'],
    queryFn: async () => (await answerOf(listPendingChanges())).rows,
  });
  const settled = () => queries.invalidateQueries({ queryKey: ['users'] });
  const approve = useMutation({
    mutationFn: ({ change }: PendingChange) => answerOf(approveUserChange({ path: { change }, body: {} })),
    onSuccess: (answer, { user }) => {
      if (answer.code !== undefined) setCode({ user, code: answer.code });
      return settled();
    },
  });
  const reject = useMutation({
    mutationFn: ({ change }: PendingChange) => answerOf(rejectUserChange({ path: { change }, body: {} })),
    onSuccess: settled,
  });
  const error = approve.error ?? reject.error;
  const columns = useColumns(approve.mutate, reject.mutate);
  if (query.data?.length === 0 && code === undefined) return null;
  return (
    <Card title={t`Changes that wait for another admin`}>
      {error === null ? null : <Refusal error={error} />}
      {code === undefined ? null : (
        <Secret
          title={t`The code of ${code.user}`}
          text={code.code}
          about={t`Write it behind the password at the first sign-in. It is shown only now.`}
          done={() => setCode(undefined)}
        />
      )}
      <Answer query={query} height={80}>
        {(rows) => (
          <Table
            label={t`Changes that wait for another admin`}
            columns={columns}
            rows={rows}
            keyOf={({ change }) => change}
            exported={{ path: '/users/changes' }}
          />
        )}
      </Answer>
    </Card>
  );
}

function useColumns(
  approve: (change: PendingChange) => void,
  reject: (change: PendingChange) => void,
): Column<PendingChange>[] {
  const { t } = useLingui();
  const { actor } = useCaller();
  const rolesOf = (rights: PendingChange['after']): string => rights?.roles.join(', ') ?? t`none`;
  return [
    { key: 'user', title: t`User`, value: ({ user }) => user },
    { key: 'before', title: t`Before`, value: ({ before }) => rolesOf(before) },
    { key: 'after', title: t`After`, value: ({ after }) => rolesOf(after) },
    { key: 'proposed', title: t`Proposed by`, value: ({ proposed }) => proposed },
    { key: 'at', title: t`Since`, value: ({ at }) => at, show: ({ at }) => date(at) },
    {
      key: 'decide',
      title: '',
      value: () => null,
      show: (change) => (
        <Group gap={4} wrap="nowrap">
          {change.proposed === actor ? null : (
            <Button size="compact-xs" onClick={() => approve(change)}>
              <Trans>Approve</Trans>
            </Button>
          )}
          <Button size="compact-xs" variant="default" onClick={() => reject(change)}>
            {change.proposed === actor ? <Trans>Withdraw</Trans> : <Trans>Reject</Trans>}
          </Button>
        </Group>
      ),
    },
  ];
}
