import { type CorrectedRow, correctRow, listSources, type QuarantinedRow } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { Refusal } from '../../screen/answer.js';

interface CorrectRowProps {
  row: QuarantinedRow;
  close: () => void;
  dismiss: (quarantine: string, reason: string) => Promise<unknown>;
}

/** The cells of a row that waits, to write them anew; the row is read again at once. */
export function CorrectRow({ row, close, dismiss }: CorrectRowProps) {
  const { t } = useLingui();
  const correction = useCorrection(row, close, dismiss);
  const { cells, setCells, reason, setReason, wrong, problem, done, error } = correction;
  const isWhole = Object.keys(row.raw).length === 1 && 'line' in row.raw;
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t`Row ${row.row} of ${row.file}`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          correction.correct();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">
            {problem.field === null ? '' : `${problem.field}: `}
            <Trans>expected {problem.expected}</Trans>
            {problem.found === null ? '' : t`, found “${problem.found}”`}
          </Text>
          {isWhole ? (
            <Alert color="gray">
              <Trans>
                This row could not be split into cells. Correct the file and import it again, or dismiss the row.
              </Trans>
            </Alert>
          ) : (
            Object.entries(row.raw).map(([column, text]) => (
              <TextInput
                key={column}
                label={column}
                data-autofocus={column === wrong || undefined}
                error={column === wrong && cells[column] === undefined ? problem.expected : undefined}
                description={cells[column] === undefined ? undefined : t`In the file: ${text}`}
                value={cells[column] ?? text}
                onChange={({ currentTarget }) => setCells({ ...cells, [column]: currentTarget.value })}
              />
            ))
          )}
          <TextInput
            label={t`Reason`}
            description={t`It stays with the correction, and the row of the file is kept.`}
            required
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          {done?.recorded === false ? (
            <Alert color="yellow" role="alert">
              <strong>
                <Trans>The row still waits</Trans>
              </strong>{' '}
              {done.problem?.field ?? ''} <Trans>expected {done.problem?.expected ?? ''}</Trans>
            </Alert>
          ) : null}
          {error === null ? null : <Refusal error={error} />}
          <Buttons correction={correction} />
        </Stack>
      </form>
    </Modal>
  );
}

function Buttons({ correction }: { correction: ReturnType<typeof useCorrection> }) {
  const { reason, changed, isPending, release } = correction;
  return (
    <Group justify="space-between">
      <Button variant="default" onClick={release} disabled={reason.trim() === ''} loading={isPending}>
        <Trans>Dismiss the row</Trans>
      </Button>
      <Button type="submit" disabled={!changed || reason.trim() === ''} loading={isPending}>
        <Trans>Correct and read again</Trans>
      </Button>
    </Group>
  );
}

/** The typed values, and the result of the correction. */
function useCorrection(row: QuarantinedRow, close: () => void, dismiss: CorrectRowProps['dismiss']) {
  const queries = useQueryClient();
  const [cells, setCells] = useState<Record<string, string>>(row.corrected);
  const [reason, setReason] = useState('');
  const settled = () => queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  const correcting = useMutation({
    mutationFn: (): Promise<CorrectedRow> =>
      answerOf(correctRow({ path: { quarantine: row.quarantine }, body: { cells, reason: reason.trim() } })),
    onSuccess: async ({ recorded }) => {
      await settled();
      if (recorded) close();
    },
  });
  const releasing = useMutation({
    mutationFn: () => dismiss(row.quarantine, reason.trim()),
    onSuccess: async () => {
      await settled();
      close();
    },
  });
  const problem = correcting.data?.problem ?? row;
  return {
    cells,
    setCells,
    reason,
    setReason,
    problem,
    changed: Object.entries(cells).some(([column, text]) => (row.corrected[column] ?? row.raw[column]) !== text),
    wrong: useColumnOf(row, problem.field),
    done: correcting.data,
    error: correcting.error ?? releasing.error,
    isPending: correcting.isPending || releasing.isPending,
    correct: () => correcting.mutate(),
    release: () => releasing.mutate(),
  };
}

/** The column of the file from which the mapping reads a field. */
function useColumnOf(row: QuarantinedRow, field: string | null): string | undefined {
  const { data = [] } = useQuery({
    queryKey: ['sources'],
    queryFn: async () => (await answerOf(listSources())).rows,
  });
  const source = data.find((one) => one.source === row.source && one.as === row.as);
  const column = (source?.document.columns as Record<string, unknown> | undefined)?.[field ?? ''];
  const from = typeof column === 'object' && column !== null && 'from' in column ? column.from : column;
  return typeof from === 'string' ? from : undefined;
}
