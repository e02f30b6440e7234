import { changePassword } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answerOf } from '../../api/client.js';
import { Refusal } from '../../screen/answer.js';

/** An admin knows a first password, so nothing else is answered until its user chooses another one. */
export function NewPasswordPage({ name }: { name: string }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const [now, setNow] = useState('');
  const [next, setNext] = useState('');
  // The change ends every session of the user, also this one.
  const change = useMutation({
    mutationFn: () => answerOf(changePassword({ body: { now, next } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['session'] }),
  });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Center mih="100dvh" p="md" component="main">
      <Stack w="100%" maw={440} gap="md">
        <Title order={1}>
          <Trans>{name}, choose a password of your own</Trans>
        </Title>
        <Text c="dimmed">
          <Trans>At least 12 characters, not a common password and not your name. Then sign in with it.</Trans>
        </Text>
        {change.error === null ? null : <Refusal error={change.error} />}
        <Paper withBorder p="md">
          <form onSubmit={onSubmit}>
            <Stack gap="sm">
              <PasswordInput
                visibilityToggleButtonProps={{ 'aria-label': t`Show or hide the text`, tabIndex: 0 }}
                label={t`Present password`}
                autoComplete="current-password"
                required
                maxLength={1000}
                value={now}
                onChange={({ currentTarget }) => setNow(currentTarget.value)}
              />
              <PasswordInput
                visibilityToggleButtonProps={{ 'aria-label': t`Show or hide the text`, tabIndex: 0 }}
                label={t`New password`}
                autoComplete="new-password"
                required
                minLength={12}
                maxLength={1000}
                value={next}
                onChange={({ currentTarget }) => setNext(currentTarget.value)}
              />
              <Button type="submit" loading={change.isPending}>
                <Trans>Change it</Trans>
              </Button>
            </Stack>
          </form>
        </Paper>
      </Stack>
    </Center>
  );
}
