import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Address } from '../api/cut.js';
import { date } from '../format/dates.js';
import { useKeys } from '../screen/keys.js';

/** Shows the whole page with the facts known by a day or an instant, and true on a day. */
export function AsOfPicker() {
  const { t } = useLingui();
  const { asOf, effective } = useSearch({ strict: false }) as Address;
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  useKeys({ t: () => setOpen(true) });
  const turn = (cut: Address): void => {
    setOpen(false);
    void navigate({ to: '.', search: (before: Address) => ({ ...before, ...cut }) });
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <Button
          variant={asOf === undefined && effective === undefined ? 'default' : 'filled'}
          onClick={() => setOpen(!open)}
        >
          {asOf === undefined && effective === undefined ? <Trans>Now</Trans> : date(asOf ?? effective ?? '')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <AsOfForm asOf={asOf} effective={effective} turn={turn} label={t`As of`} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface AsOfFormProps {
  asOf: string | undefined;
  effective: string | undefined;
  turn: (cut: Address) => void;
  label: string;
}

function AsOfForm({ asOf, effective, turn, label }: AsOfFormProps) {
  const { t } = useLingui();
  const [known, setKnown] = useState(asOf ?? '');
  const [real, setReal] = useState(effective ?? '');
  return (
    <form
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        turn({ asOf: known.trim() || undefined, effective: real.trim() || undefined });
      }}
    >
      <Stack gap="sm" w={280}>
        <TextInput
          label={t`Known by`}
          description={t`A day (its end counts) or an instant`}
          placeholder="2017-06-30T17:00:00Z"
          value={known}
          onChange={({ currentTarget }) => setKnown(currentTarget.value)}
        />
        <TextInput
          label={t`True on`}
          description={t`A day: quotas, teams and plans of that day`}
          type="date"
          value={real}
          onChange={({ currentTarget }) => setReal(currentTarget.value)}
        />
        <Group justify="space-between">
          <Button variant="default" onClick={() => turn({ asOf: undefined, effective: undefined })}>
            <Trans>Back to now</Trans>
          </Button>
          <Button type="submit">
            <Trans>Turn the page</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Says for as long as the page shows the past that it does. */
export function AsOfBar() {
  const { asOf, effective } = useSearch({ strict: false }) as Address;
  const navigate = useNavigate();
  if (asOf === undefined && effective === undefined) return null;
  return (
    <Alert color="yellow" mb="md">
      <Group justify="space-between">
        <Text size="sm">
          {asOf === undefined ? null : <Trans>As known {date(asOf)}.</Trans>}{' '}
          {effective === undefined ? null : <Trans>As true on {date(effective)}.</Trans>} <Trans>Read only.</Trans>
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() =>
            void navigate({
              to: '.',
              search: (before: Address) => ({ ...before, asOf: undefined, effective: undefined }),
            })
          }
        >
          <Trans>Back to now</Trans>
        </Button>
      </Group>
    </Alert>
  );
}
