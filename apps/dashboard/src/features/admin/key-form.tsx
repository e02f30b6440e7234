import { createKey, type NewKey, type NewKeyWithSecret } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, NumberInput, Paper, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answerOf } from '../../api/client.js';
import { mayAny, type Role, useCaller } from '../../api/session.js';
import { Refusal } from '../../screen/answer.js';
import { RoleChoice } from './role-choice.js';

/** A key has at most the roles of its creator, and `reports`, which sees no pay. */
export function KeyForm({ made, close }: { made: (key: NewKeyWithSecret) => void; close: () => void }) {
  const { t } = useLingui();
  const session = useCaller();
  const [name, setName] = useState('');
  const [held, setHeld] = useState<string[]>(['reports']);
  const [narrowed, setNarrowed] = useState('');
  const [days, setDays] = useState<number | string>(90);
  const create = useMutation({
    mutationFn: (body: NewKey) => answerOf(createKey({ body })),
    onSuccess: made,
  });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    const permissions = narrowed.split(/[\s,]+/).filter(Boolean) as NonNullable<NewKey['permissions']>;
    create.mutate({
      name: name.trim(),
      roles: held as Role[],
      days: Number(days),
      ...(permissions.length > 0 && { permissions }),
    });
  };
  return (
    <Paper withBorder p="md" mt="sm" maw={640}>
      <form onSubmit={onSubmit} aria-label={t`A new API key`}>
        <Stack gap="sm">
          <TextInput
            label={t`Name`}
            description={t`The program that uses the key`}
            required
            maxLength={200}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <RoleChoice held={held} choose={setHeld} offered={(role) => role === 'reports' || mayAny(session, [role])} />
          <TextInput
            label={t`Only these permissions`}
            description={t`Optional: permissions of the roles, separated by commas, such as sales:read, attainment:read`}
            value={narrowed}
            onChange={({ currentTarget }) => setNarrowed(currentTarget.value)}
          />
          <NumberInput
            label={t`Days until it expires`}
            required
            min={1}
            max={365}
            allowDecimal={false}
            value={days}
            onChange={setDays}
          />
          {create.error === null ? null : <Refusal error={create.error} />}
          <Group>
            <Button type="submit" loading={create.isPending} disabled={held.length === 0}>
              <Trans>Create the key</Trans>
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
