import { getVerification, type LastVerification, type Job, Refused, startVerification } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button, Group, NativeSelect, Progress, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { useDifference } from '../../api/differences.js';
import { useJob } from '../../api/job.js';
import { useNames } from '../../api/names.js';
import { usePeriod } from '../../api/periods.js';
import { useStatements } from '../../api/statements.js';
import { DifferenceBridge } from '../../explain/difference-bridge.js';
import { date, periodName } from '../../format/dates.js';
import { Answer, Empty, Refusal } from '../../screen/answer.js';
import { Card, Figure } from '../../screen/card.js';
import { ChoosePeriod } from '../../screen/choose.js';
import { Screen } from '../../screen/screen.js';
import { Changes } from './changes.js';
import { VerifiedPeriods } from './verified-periods.js';

export function AuditPage() {
  const { t } = useLingui();
  return (
    <Screen title={t`Audit`}>
      <Verified />
      <Changes />
      <TwoInstants />
    </Screen>
  );
}

/** Whether the issued statements follow from the log, by the last verification. */
function Verified() {
  const { t } = useLingui();
  const queries = useQueryClient();
  const [job, setJob] = useState<string>();
  const last = useQuery({
    queryKey: ['verification'],
    queryFn: async (): Promise<LastVerification | null> => {
      try {
        return await answerOf(getVerification());
      } catch (error) {
        if (error instanceof Refused && error.status === 404) return null;
        throw error;
      }
    },
  });
  const start = useMutation({
    mutationFn: () => answerOf(startVerification({ body: {} })),
    onSuccess: ({ id }: Job) => setJob(id),
  });
  const progress = useJob(job, () => queries.invalidateQueries({ queryKey: ['verification'] }));
  const running = start.isPending || progress.data?.state === 'running';
  return (
    <Stack gap="sm">
      <Answer query={last} height={112}>
        {(found) =>
          found === null ? (
            <Card title={t`Verification`}>
              <Empty>
                <Trans>Nothing has been verified since the server started.</Trans>
              </Empty>
            </Card>
          ) : (
            <Report last={found} />
          )
        }
      </Answer>
      <Group>
        <Button
          variant="default"
          loading={running}
          onClick={() => start.mutate()}
          h="auto"
          mih={36}
          py={6}
          styles={{ label: { whiteSpace: 'normal', lineHeight: 1.3 } }}
        >
          <Trans>Verify now: compute every issued statement again and compare</Trans>
        </Button>
      </Group>
      {running ? <Progress value={progress.data?.percent ?? 0} aria-label={t`Progress of the verification`} /> : null}
      {start.error === null ? null : <Refusal error={start.error} />}
      {last.data === undefined ? null : <VerifiedPeriods last={last.data} />}
    </Stack>
  );
}

function Report({ last }: { last: LastVerification }) {
  const { t } = useLingui();
  return (
    <Stack gap="sm">
      <div className="figures">
        <Figure
          label={t`Verification`}
          value={<span className={last.agrees ? 'good' : 'bad'}>{last.agrees ? t`Agrees` : t`Differs`}</span>}
          note={date(last.ended)}
        />
        <Figure label={t`Statements computed again`} value={last.statements} note={t`of ${last.periods} periods`} />
        <Figure label={t`Events read`} value={last.events} note={t`up to position ${last.position}`} />
      </div>
      {last.discrepancies.length === 0 ? null : (
        <Alert color="red" title={t`Issued statements do not follow from the log`}>
          {last.discrepancies.map(({ code, period, participant, issued, recomputed }, index) => (
            <div key={index}>
              {code}, {periodName(period)}, {participant ?? '–'}: {issued ?? '–'} / {recomputed ?? '–'}
            </div>
          ))}
        </Alert>
      )}
      {last.unchecked.map((text) => (
        <Text key={text} size="sm" className="warn">
          {text}
        </Text>
      ))}
    </Stack>
  );
}

/** Two versions of a person's pay for a period, and the causes between them. */
function TwoInstants() {
  const { t } = useLingui();
  const chosen = usePeriod('month', 'closed');
  const period = chosen.period?.name ?? '';
  const statements = useStatements(chosen.period?.name);
  const name = useNames(chosen.period?.to);
  const [asked, setParticipant] = useState<string>();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const participant = asked ?? statements.data?.[0]?.participant ?? '';
  // What an open period comes to has no first version, so that the reader names the instant.
  const start = from || (chosen.period?.closed?.known ?? '');
  const end = to || '2199-12-31';
  const difference = useDifference(period, participant, start, end, participant !== '' && start !== '');
  return (
    <Card title={t`What changed an amount between two instants`}>
      <Stack gap="md">
        <Group align="flex-end">
          <ChoosePeriod {...chosen} />
          <NativeSelect
            aria-label={t`Participant`}
            value={participant}
            onChange={({ currentTarget }) => setParticipant(currentTarget.value)}
            data={(statements.data ?? []).map((row) => ({ value: row.participant, label: name(row.participant) }))}
          />
          <TextInput
            label={t`From`}
            placeholder={start}
            value={from}
            onChange={({ currentTarget }) => setFrom(currentTarget.value)}
          />
          <TextInput
            label={t`To`}
            placeholder={t`now`}
            value={to}
            onChange={({ currentTarget }) => setTo(currentTarget.value)}
          />
        </Group>
        {participant === '' || start === '' ? (
          <Empty>
            <Trans>Choose a closed period, or write an instant from which to compare.</Trans>
          </Empty>
        ) : (
          <Answer query={difference} height={320}>
            {(found) =>
              found.causes.length === 0 ? (
                <Empty>
                  <Trans>No fact recorded between these instants changed this amount.</Trans>
                </Empty>
              ) : (
                <DifferenceBridge difference={found} />
              )
            }
          </Answer>
        )}
      </Stack>
    </Card>
  );
}
