import { type Deal, estimatePay, listDeals, listParticipants } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { usePeriod } from '../../api/periods.js';
import { mayAny, useCaller } from '../../api/session.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { Choose, ChoosePeriod } from '../../screen/choose.js';
import { OnlyToday } from '../../screen/only-today.js';
import { Screen } from '../../screen/screen.js';
import { ChosenDeals, OpenDeals } from './deals.js';
import { EstimateView } from './estimate.js';
import { askedOf, keyOf, type Supposed } from './supposed.js';

export function WhatIfPage() {
  const { t } = useLingui();
  const caller = useCaller();
  const month = usePeriod('month');
  const name = useNames(month.period?.to);
  const [chosen, setChosen] = useState<string | null>(caller.participant);
  const [supposed, setSupposed] = useState<readonly Supposed[]>([]);
  const periods = month.periods.filter(({ closed }) => closed === null);
  const period = periods.find((each) => each.name === month.period?.name) ?? periods[0];
  const people = usePeople(mayAny(caller, ['manager', 'finance', 'auditor']) ? period?.to : undefined);
  const participant = chosen ?? people[0]?.id ?? null;
  const tick = (deal: Deal): void => {
    const key = keyOf(deal);
    setSupposed(
      supposed.some((each) => each.key === key)
        ? supposed.filter((each) => each.key !== key)
        : [...supposed, { key, deal, amount: deal.amount ?? '', closed: period?.to ?? '' }],
    );
  };
  return (
    <Screen
      title={t`What if`}
      choose={
        <>
          {people.length === 0 ? null : (
            <Choose
              label={t`Participant`}
              value={participant ?? ''}
              options={people.map(({ id }) => ({ value: id, label: name(id) }))}
              choose={(id) => {
                setChosen(id);
                setSupposed([]);
              }}
            />
          )}
          <ChoosePeriod {...month} period={period} periods={periods} />
        </>
      }
    >
      <Text size="sm" c="dimmed">
        <Trans>
          Tick open deals, or invent one, and see what your statement would pay. The plan’s own rules compute it;
          nothing is recorded.
        </Trans>
      </Text>
      <OnlyToday title={t`What if`}>
        <Estimated participant={participant} period={period?.name} supposed={supposed} />
        <Supposing supposed={supposed} setSupposed={setSupposed} day={period?.to ?? ''} />
        <OpenOf owner={participant} supposed={supposed} tick={tick} />
      </OnlyToday>
    </Screen>
  );
}

/** The other people whom the caller may estimate; nobody without a day. */
function usePeople(on: string | undefined): readonly { id: string }[] {
  const { data = [] } = useQuery({
    queryKey: ['people', on],
    enabled: on !== undefined,
    staleTime: 60_000,
    queryFn: async () => (await answerOf(listParticipants({ query: { on: on ?? '' } }))).rows,
  });
  return data;
}

interface EstimatedProps {
  participant: string | null;
  period: string | undefined;
  supposed: readonly Supposed[];
}

function Estimated({ participant, period, supposed }: EstimatedProps) {
  const { t } = useLingui();
  const ready = supposed.filter(({ closed }) => closed !== '');
  const query = useQuery({
    queryKey: ['estimate', participant, period, ready.map(askedOf)],
    enabled: participant !== null && period !== undefined && ready.length > 0,
    placeholderData: keepPreviousData,
    queryFn: () =>
      answerOf(
        estimatePay({ body: { participant: participant ?? '', period: period ?? '', deals: ready.map(askedOf) } }),
      ),
  });
  if (ready.length === 0)
    return (
      <Card title={t`Pay now and then`}>
        <Empty>
          <Trans>Tick a deal below to see what it would pay.</Trans>
        </Empty>
      </Card>
    );
  return (
    <Answer query={query} height={220}>
      {(estimate) => <EstimateView estimate={estimate} />}
    </Answer>
  );
}

interface SupposingProps {
  supposed: readonly Supposed[];
  setSupposed: (supposed: readonly Supposed[]) => void;
  day: string;
}

/** The deals that are supposed to be won, and one more that nobody has recorded. */
function Supposing({ supposed, setSupposed, day }: SupposingProps) {
  const { t } = useLingui();
  const invent = (): void =>
    setSupposed([...supposed, { key: crypto.randomUUID(), deal: undefined, amount: '', closed: day }]);
  return (
    <Card title={t`Supposed to be won`}>
      <Stack gap="sm">
        {supposed.length === 0 ? null : <ChosenDeals supposed={supposed} change={setSupposed} />}
        <Group>
          <Button variant="default" onClick={invent} disabled={supposed.length >= 50}>
            <Trans>Invent a deal</Trans>
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

function OpenOf({
  owner,
  supposed,
  tick,
}: {
  owner: string | null;
  supposed: readonly Supposed[];
  tick: (deal: Deal) => void;
}) {
  const query = useQuery({
    queryKey: ['deals', 'open', owner],
    enabled: owner !== null,
    queryFn: () => answerOf(listDeals({ query: { status: ['open'], owner: [owner ?? ''], limit: 500 } })),
  });
  return (
    <Answer query={query} height={320}>
      {({ rows }) => <OpenDeals rows={rows} ticked={new Set(supposed.map(({ key }) => key))} tick={tick} />}
    </Answer>
  );
}
