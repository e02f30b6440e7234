import type { ImportPreview } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Importing } from './use-importing.js';

const editable = ['dates', 'numbers', 'delimiter'] as const;
type Key = (typeof editable)[number];

/** How the file is written, as it was guessed; a person states it otherwise and looks again. */
export function PreviewForms({ preview, importing }: { preview: ImportPreview; importing: Importing }) {
  const { t } = useLingui();
  const [stated, setStated] = useState<Partial<Record<Key, string>>>({});
  const titles: Record<Key, string> = {
    dates: t`Dates are written`,
    numbers: t`Numbers are written`,
    delimiter: t`Between columns`,
  };
  const status = preview.forms.find(({ key }) => key === 'status');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        importing.state({ ...preview.mapping, ...stated });
      }}
    >
      <Group align="flex-end" gap="sm">
        {editable.map((key) => {
          const form = preview.forms.find((one) => one.key === key);
          return form === undefined ? null : (
            <TextInput
              key={key}
              label={titles[key]}
              description={form.verdict === 'likely' ? t`Please check: ${form.reason}` : undefined}
              value={stated[key] ?? form.value}
              onChange={({ currentTarget }) => setStated({ ...stated, [key]: currentTarget.value })}
            />
          );
        })}
        <Button
          type="submit"
          variant="default"
          disabled={Object.keys(stated).length === 0}
          loading={importing.isLooking}
        >
          <Trans>Read again</Trans>
        </Button>
      </Group>
      {status === undefined ? null : (
        <Text size="sm" c="dimmed" mt="xs">
          <Trans>
            Status: {status.value}. {status.reason}.
          </Trans>
        </Text>
      )}
    </form>
  );
}
