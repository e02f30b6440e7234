import { type Forecast, getForecast, getForecastBoard } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useChoice } from '../../api/choice.js';
import { answerOf } from '../../api/client.js';
import { useCut } from '../../api/cut.js';
import { useNames } from '../../api/names.js';
import { ChartCard } from '../../charts/chart-card.js';
import { Fan } from '../../charts/lazy.js';
import { money, percent, quantity } from '../../format/amounts.js';
import { date } from '../../format/dates.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Card, Figure } from '../../screen/card.js';
import { Choose } from '../../screen/choose.js';
import { OnlyToday } from '../../screen/only-today.js';
import { Screen } from '../../screen/screen.js';
import { Table } from '../../screen/table.js';

const groupings = ['participant', 'team', 'region', 'company'] as const;
type Grouping = (typeof groupings)[number];

export function ForecastPage() {
  const { t } = useLingui();
  const [by, setBy] = useChoice<Grouping>('by', groupings, 'team');
  const cut = useCut();
  const query = useQuery({
    queryKey: ['forecast', by, cut],
    queryFn: () => answerOf(getForecast({ query: { by, ...cut } })),
  });
  const labels: Record<Grouping, string> = {
    participant: t`by person`,
    team: t`by team`,
    region: t`by region`,
    company: t`the company`,
  };
  return (
    <Screen
      title={t`Forecast`}
      choose={
        <Choose
          label={t`Group by`}
          value={by}
          options={groupings.map((value) => ({ value, label: labels[value] }))}
          choose={setBy}
        />
      }
    >
      <OnlyToday title={t`Open deals, weighted by the probability of their stage`}>
        <Board />
      </OnlyToday>
      <Answer query={query} height={320}>
        {({ rows, hidden }) => (
          <Stack gap="md">
            {rows.length === 0 ? (
              <Empty>
                <Trans>No group has a history that you may see completely.</Trans>
              </Empty>
            ) : (
              <div className="panes">
                {rows.map((row) => (
                  <Expected key={`${row.for} ${row.measure}`} row={row} />
                ))}
              </div>
            )}
            {hidden === 0 ? null : (
              <Text size="sm" c="dimmed">
                <Trans>{hidden} more are not shown, because you don’t see all of their deals.</Trans>
              </Text>
            )}
          </Stack>
        )}
      </Answer>
    </Screen>
  );
}

function Expected({ row }: { row: Forecast }) {
  const { t } = useLingui();
  const name = useNames()(row.for);
  const shown = (decimal: string): string => (row.currency === null ? quantity(decimal) : money(decimal, row.currency));
  if (row.none !== null || row.total === null) {
    return (
      <Card title={name}>
        <Empty>{row.none?.detail ?? t`There is no forecast.`}</Empty>
      </Card>
    );
  }
  const { point, lower, upper } = row.total;
  return (
    <ChartCard
      title={t`${name}: ${shown(point)} of ${row.measure} expected`}
      description={
        <Trans>
          Between {shown(lower)} and {shown(upper)} with a probability of {percent(String(row.level), 0)}, from{' '}
          {date(row.steps[0]?.from ?? '')} to {date(row.steps.at(-1)?.to ?? '')}. <Tested row={row} />
        </Trans>
      }
      heads={[t`From`, t`Expected`, t`At least`, t`At most`]}
      rows={row.steps.map((step) => [date(step.from), shown(step.point), shown(step.lower), shown(step.upper)])}
    >
      <Fan
        steps={row.steps.map((step) => ({
          name: step.from.slice(5),
          point: Number(step.point),
          lower: Number(step.lower),
          upper: Number(step.upper),
        }))}
        shown={(value) => shown(value.toFixed(2))}
      />
    </ChartCard>
  );
}

/** A forecast is shown with the error that it had when it was tested on the past. */
function Tested({ row: { error, model } }: { row: Forecast }) {
  if (error === null) return <Trans>It has not been tested.</Trans>;
  const missed = error.total.mape ?? error.mape;
  if (missed === null) return <Trans>Method: {model}.</Trans>;
  return (
    <Trans>
      Method: {model}. It missed by {quantity(missed.toFixed(0))} % on average in {error.total.origins} tests on the
      past.
    </Trans>
  );
}

function Board() {
  const { t } = useLingui();
  const query = useQuery({
    queryKey: ['board'],
    queryFn: () => answerOf(getForecastBoard({ query: { by: 'stage' } })),
  });
  return (
    <Answer query={query} height={240}>
      {({ rows, rollUps }) => (
        <Stack gap="md">
          <div className="figures">
            {rollUps.map(({ name, amount, currency }) => (
              <Figure key={`${name} ${currency}`} label={name} value={money(amount, currency)} />
            ))}
          </div>
          {rows.length === 0 ? null : (
            <Card title={t`Open deals, weighted by the probability of their stage`}>
              <Table
                label={t`Weighted pipeline`}
                exported={{ path: '/forecast/board', query: { by: 'stage' } }}
                columns={[
                  { key: 'key', title: t`Stage`, value: ({ key }) => key },
                  { key: 'deals', title: t`Deals`, amount: true, value: ({ deals }) => deals },
                  {
                    key: 'amount',
                    title: t`Amount`,
                    amount: true,
                    value: ({ amount }) => amount,
                    show: ({ amount, currency }) => money(amount, currency),
                  },
                  {
                    key: 'assumed',
                    title: t`Assumed for deals without an amount`,
                    amount: true,
                    value: ({ assumed }) => assumed,
                    show: ({ assumed, currency }) => money(assumed, currency),
                  },
                  {
                    key: 'weighted',
                    title: t`Weighted`,
                    amount: true,
                    value: ({ weighted }) => weighted,
                    show: ({ weighted, currency }) => <strong>{money(weighted, currency)}</strong>,
                  },
                ]}
                rows={rows}
                keyOf={({ key, currency }) => `${key} ${currency}`}
              />
            </Card>
          )}
        </Stack>
      )}
    </Answer>
  );
}
