import { getPlanCost, type PlanCost, type PlanCostTotal, startPlanCost } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button, Group, Progress, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answerOf } from '../../api/client.js';
import { useJob } from '../../api/job.js';
import { useNames } from '../../api/names.js';
import { isNegative, isZero, money, signedMoney } from '../../format/amounts.js';
import { date, periodName } from '../../format/dates.js';
import { Answer, Refusal } from '../../screen/answer.js';
import { Card, Figure } from '../../screen/card.js';
import { type Column, Table } from '../../screen/table.js';

/** What the edited plan would have paid on past periods, computed from the facts; nothing is stored. */
export function CostCard({ text, isValid }: { text: string; isValid: boolean }) {
  const { t } = useLingui();
  const [range, setRange] = useState({ from: '', to: '' });
  const [started, setStarted] = useState<{ id: string; text: string }>();
  const start = useMutation({
    mutationFn: () =>
      answerOf(
        startPlanCost({
          body: { text, ...(range.from !== '' && { from: range.from }), ...(range.to !== '' && { to: range.to }) },
        }),
      ),
    onSuccess: ({ id }) => setStarted({ id, text }),
  });
  const job = useJob(started?.id, () => Promise.resolve());
  const result = useQuery({
    queryKey: ['plan-cost', started?.id],
    enabled: job.data?.state === 'finished',
    staleTime: Infinity,
    queryFn: () => answerOf(getPlanCost({ path: { job: started?.id ?? '' } })),
  });
  const isRunning = start.isPending || job.data?.state === 'running';
  return (
    <Card title={t`What would it have paid?`}>
      <Stack gap="sm">
        <Range range={range} choose={setRange}>
          <Button variant="default" disabled={!isValid} loading={isRunning} onClick={() => start.mutate()}>
            <Trans>Compute on past periods</Trans>
          </Button>
        </Range>
        <Text size="sm" c="dimmed">
          <Trans>
            Without days: the latest four quarters. The plan holds from the first day of the range on. Nothing is
            stored.
          </Trans>
        </Text>
        {isRunning ? (
          <Progress.Root size="lg">
            <Progress.Section value={job.data?.percent ?? 0} aria-label={t`Progress`} />
          </Progress.Root>
        ) : null}
        {isRunning && job.data?.secondsLeft != null ? (
          <Text size="sm" aria-live="polite">
            <Trans>
              {job.data.percent} %, {job.data.secondsLeft} seconds left
            </Trans>
          </Text>
        ) : null}
        {start.error === null ? null : <Refusal error={start.error} />}
        {job.data?.problem == null ? null : <Alert color="red">{job.data.problem.detail}</Alert>}
        {job.data?.state !== 'finished' ? null : (
          <Answer query={result}>
            {(cost) => (
              <>
                {started?.text === text ? null : (
                  <Alert color="yellow">
                    <Trans>The document has changed since. Compute again.</Trans>
                  </Alert>
                )}
                <Cost cost={cost} job={started?.id ?? ''} />
              </>
            )}
          </Answer>
        )}
      </Stack>
    </Card>
  );
}

interface Days {
  from: string;
  to: string;
}

function Range({ range, choose, children }: { range: Days; choose: (range: Days) => void; children: ReactNode }) {
  const { t } = useLingui();
  return (
    <Group gap="sm" align="flex-end">
      <TextInput
        type="date"
        label={t`From`}
        value={range.from}
        onChange={({ currentTarget }) => choose({ ...range, from: currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t`To`}
        value={range.to}
        onChange={({ currentTarget }) => choose({ ...range, to: currentTarget.value })}
      />
      {children}
    </Group>
  );
}

function Cost({ cost, job }: { cost: PlanCost; job: string }) {
  const { t } = useLingui();
  const { totals, rows, withheld, periods, from, isRounded, exceptions } = cost;
  const [first, last] = [periods[0], periods.at(-1)];
  return (
    <Stack gap="sm">
      <Text size="sm">
        {first === undefined || last === undefined ? (
          <Trans>No pay period lies in this range.</Trans>
        ) : (
          <Trans>
            {periodName(first)} to {periodName(last)}, as if the plan held from {date(from)} on
          </Trans>
        )}
      </Text>
      {totals.map((total) => (
        <Total key={total.currency} total={total} />
      ))}
      {withheld.length === 0 ? null : (
        <Alert color="gray" title={t`Sums in ${withheld.join(', ')} are withheld`}>
          <Trans>
            They would reveal the pay of a person, because few people are in them. Finance sees them with each person.
          </Trans>
        </Alert>
      )}
      {isRounded && totals.length > 0 ? (
        <Text size="sm" c="dimmed">
          <Trans>Rounded to three digits, because your role does not see pay. Finance sees each person.</Trans>
        </Text>
      ) : null}
      {exceptions.length === 0 ? null : (
        <Alert color="yellow" title={t`${exceptions.length} amounts could not be computed`}>
          {exceptions.map(({ code, participant, detail }, index) => (
            <div key={index}>
              {code}: {participant}: {detail}
            </div>
          ))}
        </Alert>
      )}
      {rows.length === 0 ? null : <Rows rows={rows} job={job} />}
    </Stack>
  );
}

function Total({ total }: { total: PlanCostTotal }) {
  const { t } = useLingui();
  const { currency, participants, paid, now, then, difference, more, less } = total;
  return (
    <div className="figures">
      <Figure
        label={t`Paid`}
        value={paid === null ? '–' : money(paid, currency)}
        note={paid === null ? t`No period is closed` : t`Of the closed periods`}
      />
      <Figure label={t`Published plans`} value={money(now, currency)} note={t`${participants} participants`} />
      <Figure label={t`With this document`} value={money(then, currency)} />
      <Figure
        label={t`Difference`}
        value={<Difference difference={difference} currency={currency} />}
        note={more === null || less === null ? undefined : t`${more} receive more, ${less} receive less`}
      />
    </div>
  );
}

function Difference({ difference, currency }: { difference: string; currency: string }) {
  return (
    <span className={isZero(difference) ? '' : isNegative(difference) ? 'down' : 'up'}>
      {isZero(difference) ? '' : isNegative(difference) ? '▼ ' : '▲ '}
      {isZero(difference) ? money(difference, currency) : signedMoney(difference, currency)}
    </span>
  );
}

function Rows({ rows, job }: { rows: PlanCost['rows']; job: string }) {
  const { t } = useLingui();
  const nameOf = useNames();
  const columns: Column<PlanCost['rows'][number]>[] = [
    { key: 'period', title: t`Period`, value: ({ period }) => period, show: ({ period }) => periodName(period) },
    { key: 'participant', title: t`Participant`, value: ({ participant }) => nameOf(participant) },
    {
      key: 'paid',
      title: t`Paid`,
      amount: true,
      value: ({ paid }) => paid,
      show: ({ paid, currency }) => (paid === null ? '–' : money(paid, currency)),
    },
    {
      key: 'now',
      title: t`Published plans`,
      amount: true,
      value: ({ now }) => now,
      show: ({ now, currency }) => money(now, currency),
    },
    {
      key: 'then',
      title: t`With this document`,
      amount: true,
      value: ({ then }) => then,
      show: ({ then, currency }) => money(then, currency),
    },
    {
      key: 'difference',
      title: t`Difference`,
      amount: true,
      value: ({ difference }) => difference,
      show: ({ difference, currency }) => <Difference difference={difference} currency={currency} />,
    },
  ];
  return (
    <Table
      label={t`What each participant would have been paid`}
      columns={columns}
      rows={rows}
      keyOf={({ period, participant }) => `${period} ${participant}`}
      exported={{ path: `/plan-costs/${job}` }}
    />
  );
}
