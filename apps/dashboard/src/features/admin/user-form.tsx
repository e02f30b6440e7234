import type { User } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Paper, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Role } from '../../api/session.js';
import { RoleChoice } from './role-choice.js';

export type Saved = Pick<User, 'name' | 'roles' | 'participant' | 'source'> & { isNew: boolean; reason: string };

interface UserFormProps {
  /** Absent for a new one. */
  user: User | undefined;
  save: (user: Saved) => Promise<unknown>;
  close: () => void;
}

export function UserForm({ user, save, close }: UserFormProps) {
  const { t } = useLingui();
  const [name, setName] = useState(user?.name ?? '');
  const [held, setHeld] = useState<string[]>(user?.roles ?? []);
  const [participant, setParticipant] = useState(user?.participant ?? '');
  const [source, setSource] = useState(user?.source ?? '');
  const [reason, setReason] = useState('');
  const saving = useMutation({ mutationFn: save, onSuccess: close });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate({
      name: name.trim(),
      roles: held as Role[],
      participant: participant.trim() || null,
      source: source.trim() || null,
      reason: reason.trim(),
      isNew: user === undefined,
    });
  };
  return (
    <Paper withBorder p="md" mt="sm" maw={640}>
      <form onSubmit={onSubmit} aria-label={user === undefined ? t`A new user` : t`Change ${user.name}`}>
        <Stack gap="sm">
          {user === undefined ? (
            <TextInput
              label={t`Name`}
              required
              maxLength={200}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
          ) : null}
          <RoleChoice held={held} choose={setHeld} />
          <TextInput
            label={t`Participant`}
            description={t`The id of the participant whose pay is the pay of this user`}
            maxLength={400}
            value={participant}
            onChange={({ currentTarget }) => setParticipant(currentTarget.value)}
          />
          {held.includes('integration') ? (
            <TextInput
              label={t`Source`}
              description={t`The only source that the integration imports`}
              maxLength={400}
              value={source}
              onChange={({ currentTarget }) => setSource(currentTarget.value)}
            />
          ) : null}
          <TextInput
            label={t`Reason`}
            description={t`Optional; it stays with the event`}
            maxLength={4000}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          <Group>
            <Button type="submit" loading={saving.isPending}>
              {user === undefined ? <Trans>Add the user</Trans> : <Trans>Save</Trans>}
            </Button>
            <Button variant="default" onClick={close}>
              <Trans>Cancel</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
