import { Trans } from '@lingui/react/macro';
import { Anchor, Group, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Address, useCut } from '../api/cut.js';
import { Card } from './card.js';

/** Wraps numbers that the server knows for the present alone, so that none of them is read as one of the cut. */
export function OnlyToday({ title, children }: { title: string; children: ReactNode }) {
  const { asOf, effective } = useCut();
  const navigate = useNavigate();
  if (asOf === undefined && effective === undefined) return children;
  return (
    <Card title={title}>
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          <Trans>These numbers exist only for today.</Trans>
        </Text>
        <Anchor
          component="button"
          size="sm"
          onClick={() =>
            void navigate({
              to: '.',
              search: (before: Address) => ({ ...before, asOf: undefined, effective: undefined }),
            })
          }
        >
          <Trans>Show them as of now</Trans>
        </Anchor>
      </Group>
    </Card>
  );
}
