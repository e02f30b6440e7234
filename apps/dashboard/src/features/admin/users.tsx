import { listUsers, type PendingChange, putUser, removeUser, type User } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button, Group } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { useCaller } from '../../api/session.js';
import { Answer, Empty, Refusal } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { type Column, Table } from '../../screen/table.js';
import { Secret } from './secret.js';
import { SessionsOf } from './sessions.js';
import { type Saved, UserForm } from './user-form.js';

/** What is open below the table: the form of a user or of a new one, or a user's sessions. */
type Opened = { kind: 'form'; user: User | undefined } | { kind: 'sessions'; user: User };

export function Users() {
  const { t } = useLingui();
  const query = useQuery({ queryKey: ['users'], queryFn: async () => (await answerOf(listUsers())).rows });
  const [opened, setOpened] = useState<Opened>();
  const [given, setGiven] = useState<{ name: string; password: string }>();
  const [waits, setWaits] = useState<string>();
  const acts = useActs(setGiven, setWaits);
  const columns = useColumns(acts, setOpened);
  const close = (): void => setOpened(undefined);
  return (
    <Card title={t`Users`}>
      {acts.error === null ? null : <Refusal error={acts.error} />}
      {waits === undefined ? null : (
        <Alert color="yellow" mb="sm" withCloseButton onClose={() => setWaits(undefined)}>
          <Trans>The change of {waits} waits until another admin approves it.</Trans>
        </Alert>
      )}
      {given === undefined ? null : (
        <Secret
          title={t`The first password of ${given.name}`}
          text={given.password}
          about={t`It is shown only now. ${given.name} replaces it at the first sign-in.`}
          done={() => setGiven(undefined)}
        />
      )}
      <Answer query={query} height={160}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>
              <Trans>There is no local user yet. Add the first.</Trans>
            </Empty>
          ) : (
            <Table
              label={t`Users`}
              columns={columns}
              rows={rows}
              keyOf={({ name }) => name}
              exported={{ path: '/users' }}
            />
          )
        }
      </Answer>
      <Group mt="sm">
        <Button variant="default" size="xs" onClick={() => setOpened({ kind: 'form', user: undefined })}>
          <Trans>Add a user</Trans>
        </Button>
      </Group>
      {opened?.kind === 'form' ? (
        <UserForm key={opened.user?.name ?? ''} user={opened.user} save={acts.save} close={close} />
      ) : null}
      {opened?.kind === 'sessions' ? <SessionsOf name={opened.user.name} close={close} /> : null}
    </Card>
  );
}

interface Acts {
  error: Error | null;
  save: (user: Saved) => Promise<unknown>;
  reset: (user: User) => void;
  disable: (user: User) => void;
}

function useActs(
  setGiven: (given: { name: string; password: string }) => void,
  setWaits: (name: string | undefined) => void,
): Acts {
  const queries = useQueryClient();
  const done = async (name: string, answer: User | PendingChange | undefined | void): Promise<void> => {
    setWaits(answer !== undefined && 'change' in answer ? name : undefined);
    await queries.invalidateQueries({ queryKey: ['users'] });
  };
  const put = useMutation({
    mutationFn: async ({ name, reason, password, ...user }: Omit<Saved, 'isNew'> & { password?: string }) => {
      const { roles, participant, source } = user;
      const body = {
        roles,
        ...(participant !== null && { participant }),
        ...(source !== null && { source }),
        ...(password !== undefined && { password }),
        ...(reason !== '' && { reason }),
      };
      await done(name, await answerOf<User | PendingChange>(putUser({ path: { name }, body })));
      if (password !== undefined) setGiven({ name, password });
    },
  });
  const remove = useMutation({
    mutationFn: async ({ name }: User) => done(name, await answerOf(removeUser({ path: { name } }))),
  });
  return {
    error: put.error ?? remove.error,
    save: ({ isNew, ...user }) => put.mutateAsync({ ...user, ...(isNew && { password: password() }) }),
    reset: (user) => put.mutate({ ...user, reason: '', password: password() }),
    disable: (user) => remove.mutate(user),
  };
}

/** 144 random bits in letters that a person can copy. */
function password(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

function useColumns({ reset, disable }: Acts, open: (opened: Opened) => void): Column<User>[] {
  const { t } = useLingui();
  const { actor } = useCaller();
  return [
    { key: 'name', title: t`Name`, value: ({ name }) => name },
    {
      key: 'roles',
      title: t`Roles`,
      value: ({ roles }) => roles.join(', '),
    },
    { key: 'participant', title: t`Participant`, value: ({ participant }) => participant },
    { key: 'source', title: t`Source`, value: ({ source }) => source },
    {
      key: 'acts',
      title: '',
      value: () => null,
      show: (user) => (
        <Group gap={4} wrap="nowrap">
          <Act label={t`Sessions of ${user.name}`} act={() => open({ kind: 'sessions', user })}>
            <Trans>Sessions</Trans>
          </Act>
          {/* Nobody changes the own roles, and the server refuses it. */}
          {actor === `user:${user.name}` ? null : (
            <>
              <Act label={t`Change ${user.name}`} act={() => open({ kind: 'form', user })}>
                <Trans>Change</Trans>
              </Act>
              <Act label={t`Reset password of ${user.name}`} act={() => reset(user)}>
                <Trans>Reset password</Trans>
              </Act>
              <Act label={t`Disable ${user.name}`} act={() => disable(user)}>
                <Trans>Disable</Trans>
              </Act>
            </>
          )}
        </Group>
      ),
    },
  ];
}

function Act({ label, act, children }: { label: string; act: () => void; children: React.ReactNode }) {
  return (
    <Button size="compact-xs" variant="default" aria-label={label} onClick={act}>
      {children}
    </Button>
  );
}
