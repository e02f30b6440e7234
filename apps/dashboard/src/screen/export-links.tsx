import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor, Group, Text } from '@mantine/core';

/** A question of the API whose answer has rows, with the cut of the page where the question takes one. */
export interface Exported {
  path: string;
  query?: Readonly<Record<string, string | undefined>>;
}

/** The same rows as files that state their source: the server writes them. */
export function ExportLinks({ label, exported }: { label: string; exported: Exported }) {
  const { t } = useLingui();
  const addressOf = (format: 'csv' | 'xlsx'): string => {
    const asked = new URLSearchParams();
    for (const [name, value] of Object.entries(exported.query ?? {})) if (value !== undefined) asked.set(name, value);
    asked.set('format', format);
    return `/v1${exported.path}?${asked.toString()}`;
  };
  return (
    <Group gap="sm" mt="xs" className="no-print">
      <Text size="xs" c="dimmed">
        <Trans>Export:</Trans>
      </Text>
      <Anchor size="xs" href={addressOf('csv')} download aria-label={t`${label} as CSV`}>
        CSV
      </Anchor>
      <Anchor size="xs" href={addressOf('xlsx')} download aria-label={t`${label} as Excel workbook`}>
        Excel
      </Anchor>
    </Group>
  );
}
