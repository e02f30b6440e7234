import type { ImportPreview } from '@attain/client';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button, FileInput, Group, Progress, Stack, Text, Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import { Refusal } from '../screen/answer.js';
import { PreviewForms } from './preview-forms.js';
import { PreviewColumns, PreviewRows } from './preview-tables.js';
import { type ImportKind, type Importing, useImporting } from './use-importing.js';

interface ImportFileProps {
  kind: ImportKind;
  source: string;
  /** A few rows that show what is expected. */
  example: string;
  /** Every row must be readable, because the rows depend on one another. */
  whole?: boolean;
  done?: () => void;
}

/** A table that is chosen, dropped or pasted: looked at first, and imported when it reads right. */
export function ImportFile({ kind, source, example, whole = false, done }: ImportFileProps) {
  const importing = useImporting(kind, source, done);
  const { preview, error } = importing;
  return (
    <Stack gap="md">
      <Choose importing={importing} example={example} />
      {error === null ? null : <Refusal error={error} />}
      {preview === undefined ? null : <Preview importing={importing} preview={preview} kind={kind} whole={whole} />}
      <Result importing={importing} />
    </Stack>
  );
}

function Choose({ importing, example }: { importing: Importing; example: string }) {
  const { t } = useLingui();
  const { text, setText, choose, look, isLooking } = importing;
  return (
    <div
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const [file] = event.dataTransfer.files;
        if (file !== undefined) choose(file);
      }}
    >
      <Stack gap="sm">
        <FileInput
          label={t`CSV file`}
          description={t`Choose a file, or drop it here. Nothing is stored before you import it.`}
          placeholder={t`Choose a file`}
          accept=".csv,.txt,.tsv,text/csv"
          value={importing.file ?? null}
          onChange={(file) => file !== null && choose(file)}
        />
        <Textarea
          label={t`Or paste the rows, with their headings`}
          placeholder={example}
          autosize
          minRows={3}
          maxRows={8}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Group>
          <Button variant="default" onClick={look} disabled={text.trim() === ''} loading={isLooking}>
            <Trans>Look at the rows</Trans>
          </Button>
        </Group>
      </Stack>
    </div>
  );
}

interface PreviewProps {
  importing: Importing;
  preview: ImportPreview;
  kind: ImportKind;
  whole: boolean;
}

function Preview({ importing, preview, kind, whole }: PreviewProps) {
  const { t } = useLingui();
  const { counts, errors, problems, warnings, stopped } = preview;
  const isBlocked = errors.length > 0 || stopped !== null || counts.rows === 0 || (whole && counts.quarantined > 0);
  const good = counts.rows - counts.quarantined;
  return (
    <Stack gap="md" data-preview={counts.rows}>
      <PreviewColumns preview={preview} kind={kind} importing={importing} />
      <PreviewForms key={preview.yaml} preview={preview} importing={importing} />
      {errors.length === 0 ? null : (
        <Alert color="red" title={<Heading>{t`The columns do not fit yet`}</Heading>} role="alert">
          {errors.map(({ field, message }) => (
            <div key={`${field} ${message}`}>{message}</div>
          ))}
        </Alert>
      )}
      {problems.length === 0 ? null : <Problems preview={preview} whole={whole} />}
      {warnings.map(({ message }) => (
        <Text key={message} size="sm" className="warn">
          {message}
        </Text>
      ))}
      {stopped === null ? null : <Alert color="red">{stopped}</Alert>}
      <PreviewRows preview={preview} />
      <Group>
        <Button onClick={importing.bring} disabled={isBlocked} loading={importing.isBringing}>
          <Plural value={good} one="Import # row" other="Import # rows" />
        </Button>
        <Text size="sm" c="dimmed">
          <Trans>
            {counts.opened} new, {counts.changed} changed, {counts.unchanged} unchanged, {counts.quarantined} unreadable
          </Trans>
        </Text>
      </Group>
    </Stack>
  );
}

function Problems({ preview: { problems, counts }, whole }: { preview: ImportPreview; whole: boolean }) {
  const { t } = useLingui();
  return (
    <Alert
      color="yellow"
      title={
        <Heading>
          <Plural value={counts.quarantined} one="# row cannot be read" other="# rows cannot be read" />
        </Heading>
      }
      role="alert"
    >
      {problems.slice(0, 10).map(({ row, field, expected, found }) => (
        <div key={`${row} ${field}`}>
          <Trans>
            Row {row}, {field ?? t`row`}: expected {expected}
          </Trans>
          {found === null ? '' : t`, found “${found}”`}
        </div>
      ))}
      <Text size="sm" mt="xs">
        {whole ? (
          <Trans>Correct the cells in the file, and choose it again; or correct the columns and forms above.</Trans>
        ) : (
          <Trans>
            Correct the cells in the file and choose it again, or correct the columns and forms above. Else these rows
            wait in quarantine, where you can correct them.
          </Trans>
        )}
      </Text>
    </Alert>
  );
}

/** The colour of the alert would be too faint for its title. */
function Heading({ children }: { children: ReactNode }) {
  return (
    <Text span inherit c="var(--mantine-color-text)">
      {children}
    </Text>
  );
}

function Result({ importing: { job } }: { importing: Importing }) {
  const { t } = useLingui();
  if (job === undefined) return null;
  const counts = job.result as { opened?: number; changed?: number; quarantined?: number } | undefined;
  return (
    <Stack gap={4} role="status">
      <Progress value={job.percent ?? 0} aria-label={t`Progress of the import`} />
      <Text size="sm">
        {job.state === 'finished' ? (
          <Trans>
            Imported: {(counts?.opened ?? 0) + (counts?.changed ?? 0)} stored, {counts?.quarantined ?? 0} in quarantine.
          </Trans>
        ) : (
          (job.problem?.detail ?? job.doing ?? job.state)
        )}
      </Text>
    </Stack>
  );
}
