import { Group, Stack, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

/** The frame of each screen: its title, which is the document's too, and its choices. */
export function Screen({ title, choose, children }: { title: string; choose?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Attain`;
  }, [title]);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end" gap="sm">
        <Title order={1}>{title}</Title>
        {choose === undefined ? null : (
          <Group gap="sm" className="no-print">
            {choose}
          </Group>
        )}
      </Group>
      {children}
    </Stack>
  );
}
