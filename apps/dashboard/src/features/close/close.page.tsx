import { type CloseBody, closePeriod, type Job, type PeriodState, startClose, type WouldClose } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button, Group, Progress, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { useJob } from '../../api/job.js';
import { useNames } from '../../api/names.js';
import { usePeriod } from '../../api/periods.js';
import { mayAny, useCaller } from '../../api/session.js';
import { money } from '../../format/amounts.js';
import { date, periodName } from '../../format/dates.js';
import { Answer, Refusal } from '../../screen/answer.js';
import { Card, Figure } from '../../screen/card.js';
import { ChoosePeriod } from '../../screen/choose.js';
import { Screen } from '../../screen/screen.js';
import { Table } from '../../screen/table.js';

/** Can the period be closed, what would be paid, and how far is the closing? */
export function ClosePage() {
  const { t } = useLingui();
  const chosen = usePeriod('month');
  const { period } = chosen;
  return (
    <Screen title={t`Close ${periodName(period?.name ?? '')}`} choose={<ChoosePeriod {...chosen} />}>
      {period === undefined ? null : period.closed === null ? (
        <Open key={period.name} period={period} />
      ) : (
        <Closed period={period} closed={period.closed} />
      )}
    </Screen>
  );
}

function Closed({ period, closed }: { period: PeriodState; closed: NonNullable<PeriodState['closed']> }) {
  const { t } = useLingui();
  return (
    <div className="figures">
      <Figure label={t`Closed`} value={<Text fz={20}>{date(closed.closed)}</Text>} note={t`by ${closed.by}`} />
      <Figure label={t`Statements`} value={closed.participants} note={periodName(period.name)} />
      <Figure
        label={t`What was known`}
        value={<Text fz={20}>{date(closed.known)}</Text>}
        note={t`position ${closed.position} of the log`}
      />
    </div>
  );
}

function Open({ period }: { period: PeriodState }) {
  const session = useCaller();
  const dryRun = useQuery({
    queryKey: ['dry run', period.name],
    queryFn: async () =>
      (await answerOf(
        closePeriod({ path: { period: period.name }, query: { dryRun: 'true' }, body: {} }),
      )) as WouldClose,
    enabled: mayAny(session, ['finance']),
  });
  if (!mayAny(session, ['finance'])) {
    return (
      <Text c="dimmed">
        <Trans>The period is open. Finance closes it.</Trans>
      </Text>
    );
  }
  return (
    <Answer query={dryRun} height={480}>
      {(would) => <DryRun period={period} would={would} />}
    </Answer>
  );
}

function DryRun({ period, would }: { period: PeriodState; would: WouldClose }) {
  const { t } = useLingui();
  return (
    <Stack gap="md">
      <Text c="dimmed">
        <Trans>
          Nothing is closed yet. This is what closing would issue now: {would.closes.map(periodName).join(', ')}.
        </Trans>
      </Text>
      <div className="figures">
        {would.totals.map(({ currency, payable, statements }) => (
          <Figure
            key={currency}
            label={t`Would be paid`}
            value={money(payable, currency)}
            note={t`${statements} statements`}
          />
        ))}
        <Figure label={t`Late differences`} value={would.differences.length} />
        <Figure label={t`Exceptions`} value={would.exceptions.length} />
      </div>
      {would.exceptions.length === 0 ? null : (
        <Alert color="yellow" title={t`These amounts would be missing`}>
          {would.exceptions.map(({ code, participant, detail }, index) => (
            <div key={index}>
              {code}, {participant}: {detail}
            </div>
          ))}
        </Alert>
      )}
      {would.warnings.map(({ message }, index) => (
        <Text key={index} size="sm" className="warn">
          {message}
        </Text>
      ))}
      <CloseForm period={period} would={would} />
      <Statements would={would} period={period} />
    </Stack>
  );
}

function CloseForm({ period, would }: { period: PeriodState; would: WouldClose }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [job, setJob] = useState<string>();
  const close = useMutation({
    mutationFn: (body: CloseBody) => answerOf(startClose({ path: { period: period.name }, body })),
    onSuccess: ({ id }) => setJob(id),
  });
  // The dry run is not repeated, because the period is closed then.
  const progress = useJob(job, () =>
    queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'job' && queryKey[0] !== 'dry run' }),
  );
  const accept = would.exceptions.length === 0 ? {} : { accept: { reason } };
  return (
    <Card title={t`Close it`}>
      <Stack gap="sm">
        <TextInput
          label={t`Reason`}
          description={would.exceptions.length === 0 ? t`Optional` : t`Why the exceptions are accepted`}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        <Group>
          <Button
            onClick={() =>
              close.mutate({
                closes: would.closes,
                ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
                ...accept,
              })
            }
            loading={close.isPending || progress.data?.state === 'running'}
            disabled={would.exceptions.length > 0 && reason.trim() === ''}
          >
            <Trans>Close and issue {would.statements.length} statements</Trans>
          </Button>
        </Group>
        {close.error === null ? null : <Refusal error={close.error} />}
        {progress.data === undefined ? null : <JobProgress job={progress.data} />}
      </Stack>
    </Card>
  );
}

function JobProgress({ job }: { job: Job }) {
  const { t } = useLingui();
  return (
    <Stack gap={4}>
      <Progress value={job.percent ?? 0} aria-label={t`Progress of the closing`} />
      <Text size="sm" c="dimmed">
        {job.state === 'running' ? (
          <Trans>
            {job.done} of {job.total} {job.doing ?? ''}
          </Trans>
        ) : (
          job.state
        )}
        {job.problem === null ? '' : `: ${job.problem.detail}`}
      </Text>
    </Stack>
  );
}

function Statements({ would, period }: { would: WouldClose; period: PeriodState }) {
  const { t } = useLingui();
  const name = useNames();
  return (
    <Card title={t`Statements that would be issued`}>
      <Table
        label={t`Statements that would be issued`}
        columns={[
          { key: 'participant', title: t`Participant`, value: ({ participant }) => name(participant) },
          { key: 'period', title: t`Period`, value: ({ period }) => periodName(period) },
          { key: 'lines', title: t`Lines`, amount: true, value: ({ lines }) => lines },
          {
            key: 'payable',
            title: t`Payable`,
            amount: true,
            value: ({ payable }) => payable,
            show: ({ payable, currency }) => money(payable, currency),
          },
        ]}
        rows={would.statements}
        exported={{ path: `/statements/${period.name}` }}
        keyOf={({ participant, period, currency }) => `${participant} ${period} ${currency}`}
      />
    </Card>
  );
}
