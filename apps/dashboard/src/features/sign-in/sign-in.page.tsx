import { Refused } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { type DemoRole, type SignInWays, signInWays, useSignIn } from '../../api/session.js';

/** Replaces every screen until somebody is signed in; the address stays, so that the linked screen opens afterwards. */
export function SignInPage() {
  const { t } = useLingui();
  const signIn = useSignIn();
  const ways = signInWays();
  useEffect(() => {
    document.title = t`Sign in · Attain`;
  }, [t]);
  return (
    <Center mih="100dvh" p="md" component="main">
      <Stack w="100%" maw={440} gap="md">
        <Title order={1}>Attain</Title>
        <Text c="dimmed">
          <Trans>Quotas, attainment and commission statements, every cent explained.</Trans>
        </Text>
        {signIn.error === null ? null : <Failure error={signIn.error} />}
        <Paper withBorder p="md">
          {ways.kind === 'demo' ? <Demo ways={ways} choose={signIn.mutate} busy={signIn.isPending} /> : null}
          {ways.kind === 'password' ? <Password submit={signIn.mutate} busy={signIn.isPending} /> : null}
          {ways.kind === 'provider' ? (
            <Text>
              <Trans>
                This installation trusts the identity provider {ways.issuer}. Sign in there, and open this page again.
              </Trans>
            </Text>
          ) : null}
        </Paper>
      </Stack>
    </Center>
  );
}

function Failure({ error }: { error: Error }) {
  const { t } = useLingui();
  const wrong = error instanceof Refused && error.status === 401;
  return (
    <Alert color="red" role="alert" title={t`You are not signed in`}>
      {wrong ? <Trans>The name and the password do not match.</Trans> : error.message}
    </Alert>
  );
}

interface DemoProps {
  ways: Extract<SignInWays, { kind: 'demo' }>;
  choose: (as: DemoRole) => void;
  busy: boolean;
}

function Demo({ ways, choose, busy }: DemoProps) {
  const { t } = useLingui();
  const choices: [DemoRole, string, string][] = [
    ['rep', ways.rep, t`a sales rep: own pay, quota and deals`],
    ['manager', ways.manager, t`a sales manager: the team’s attainment, pipeline and forecast`],
    ['finance', t`Finance`, t`everybody’s statements, closing a period, data`],
    ['auditor', t`Auditor`, t`sees everything as of any instant, changes nothing`],
  ];
  return (
    <Stack gap="xs">
      <Title order={2}>
        <Trans>Look around {ways.company}</Trans>
      </Title>
      {choices.map(([as, name, about]) => (
        <Button
          key={as}
          variant="default"
          justify="flex-start"
          h="auto"
          py="xs"
          disabled={busy}
          onClick={() => choose(as)}
        >
          <Stack gap={0} align="flex-start">
            <Text fw={600}>{name}</Text>
            <Text size="sm" c="dimmed" ta="left" style={{ whiteSpace: 'normal' }}>
              {about}
            </Text>
          </Stack>
        </Button>
      ))}
    </Stack>
  );
}

interface PasswordProps {
  submit: (as: { name: string; password: string }) => void;
  busy: boolean;
}

function Password({ submit, busy }: PasswordProps) {
  const { t } = useLingui();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    submit({ name, password });
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm">
        <TextInput
          label={t`Name`}
          autoComplete="username"
          required
          maxLength={200}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <PasswordInput
          visibilityToggleButtonProps={{ 'aria-label': t`Show or hide the text`, tabIndex: 0 }}
          label={t`Password`}
          autoComplete="current-password"
          required
          maxLength={1000}
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        />
        <Button type="submit" loading={busy}>
          <Trans>Sign in</Trans>
        </Button>
      </Stack>
    </form>
  );
}
