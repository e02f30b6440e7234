import { Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export function Card({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section">
      {title === undefined ? null : (
        <Title order={2} mb="xs">
          {title}
        </Title>
      )}
      {children}
    </Paper>
  );
}

/** One number that answers the question of the screen. */
export function Figure({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <Paper withBorder p="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz="clamp(1.375rem, 2.4vw, 2rem)" lh="40px" fw={700}>
        {value}
      </Text>
      {note === undefined ? null : (
        <Text size="sm" c="dimmed" component="div">
          {note}
        </Text>
      )}
    </Paper>
  );
}
