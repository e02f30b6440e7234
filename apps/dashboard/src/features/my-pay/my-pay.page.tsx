import type { AttainmentRow, Statement, StatementLine } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useAttainment } from '../../api/attainment.js';
import { useCut } from '../../api/cut.js';
import { usePeriod } from '../../api/periods.js';
import { useCaller } from '../../api/session.js';
import { useStatement } from '../../api/statements.js';
import { useTiers } from '../../api/tiers.js';
import { Bullet } from '../../charts/bullet.js';
import { TierLadderCard } from '../../explain/tier-ladder.js';
import { WhyButton } from '../../explain/why.js';
import { isZero, money, percent, quantity } from '../../format/amounts.js';
import { date, periodName } from '../../format/dates.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Card, Figure } from '../../screen/card.js';
import { ChoosePeriod } from '../../screen/choose.js';
import { Screen } from '../../screen/screen.js';
import { type Column, Table } from '../../screen/table.js';

export function MyPayPage() {
  const { t } = useLingui();
  const { participant } = useCaller();
  const month = usePeriod('month');
  const quarter = usePeriod('quarter');
  const statement = useStatement(month.period?.name, participant);
  const attainment = useAttainment({
    period: quarter.period?.name,
    by: 'participant',
    for: participant ?? undefined,
  });
  const tiers = useTiers(month.period?.name, participant);
  return (
    <Screen title={t`My pay`} choose={<ChoosePeriod {...month} />}>
      <Answer query={statement} height={112}>
        {(found) => <Pay statement={found} />}
      </Answer>
      <Answer query={attainment} height={160}>
        {(rows) => <Attainment rows={rows.filter(({ quota }) => quota !== null)} />}
      </Answer>
      <Answer query={tiers} height={240}>
        {(ladders) => (
          <div className="panes">
            {ladders.map((ladder) => (
              <TierLadderCard key={`${ladder.plan} ${ladder.component}`} ladder={ladder} />
            ))}
          </div>
        )}
      </Answer>
      <Answer query={statement} height={320}>
        {(found) => <LastDeals statement={found} />}
      </Answer>
    </Screen>
  );
}

function Pay({ statement }: { statement: Statement }) {
  const { t } = useLingui();
  const { currency, earned, payable, period, issued, participant, components } = statement;
  return (
    <div className="figures">
      <Figure
        label={t`Payable ${periodName(period)}`}
        value={money(payable, currency)}
        note={
          <Group gap="xs">
            {issued === null ? <Trans>Preview: changes with each deal</Trans> : <Trans>Issued {date(issued)}</Trans>}
            <Anchor
              size="sm"
              renderRoot={(props) => (
                <Link
                  {...props}
                  to="/statements/$period/$participant"
                  params={{ period, participant }}
                  search={(all) => all}
                />
              )}
            >
              <Trans>Statement</Trans>
            </Anchor>
          </Group>
        }
      />
      <Figure label={t`Earned`} value={money(earned, currency)} />
      {components.map(({ plan, component, payable: part }) => (
        <Figure
          key={`${plan} ${component}`}
          label={component === '' ? plan : component}
          value={money(part, currency)}
        />
      ))}
    </div>
  );
}

function Attainment({ rows }: { rows: readonly AttainmentRow[] }) {
  const { t } = useLingui();
  if (rows.length === 0) {
    return (
      <Card title={t`Attainment`}>
        <Empty>
          <Trans>No quota is assigned to you for this quarter. Ask your manager.</Trans>
        </Empty>
      </Card>
    );
  }
  return (
    <div className="panes">
      {rows.map((row) => (
        <Card key={row.measure} title={t`Attainment of ${row.measure}, ${periodName(row.period)}`}>
          <Stack gap="xs">
            <Group justify="space-between" align="baseline">
              <Text fz={32} lh="40px" fw={700}>
                {row.attained === null ? '–' : percent(row.attained)}
              </Text>
              <Text size="sm" c="dimmed">
                <Trans>
                  {amountOf(row, row.credited)} of {amountOf(row, row.quota ?? '0')}
                </Trans>
              </Text>
            </Group>
            <Bullet
              attained={Number(row.attained ?? 0)}
              due={row.pace.due === null ? undefined : Number(row.pace.due) / Number(row.quota)}
              label={t`${percent(row.attained ?? '0')} of the quota`}
            />
            <Pace row={row} />
          </Stack>
        </Card>
      ))}
    </div>
  );
}

function Pace({ row }: { row: AttainmentRow }) {
  const { elapsed, days, due } = row.pace;
  if (due === null) return null;
  return (
    <Text size="sm" c="dimmed">
      <Trans>
        {elapsed} of {days} days have passed: {amountOf(row, due)} is due by now.
      </Trans>
    </Text>
  );
}

function amountOf(row: AttainmentRow, decimal: string): string {
  return row.currency === null ? quantity(decimal) : money(decimal, row.currency);
}

/** The newest first; only the statement lists deals without pay. */
function LastDeals({ statement }: { statement: Statement }) {
  const { t } = useLingui();
  const lines = statement.lines
    .filter(({ record, payable }) => record !== null && !isZero(payable))
    .toSorted((a, b) => b.date.localeCompare(a.date));
  const cut = { ...useCut() };
  const columns: Column<StatementLine>[] = [
    { key: 'date', title: t`Date`, value: (line) => line.date, show: (line) => date(line.date) },
    { key: 'deal', title: t`Deal`, value: ({ record }) => record?.id ?? null },
    { key: 'component', title: t`Component`, value: ({ component }) => component },
    { key: 'credited', title: t`Credited`, amount: true, value: ({ credited }) => credited },
    { key: 'rate', title: t`Rate`, amount: true, value: ({ rate }) => rate },
    {
      key: 'payable',
      title: t`Pays`,
      amount: true,
      value: ({ payable }) => payable,
      show: ({ id, payable, payableCurrency, record }) => (
        <WhyButton
          asked={{ period: statement.period, participant: statement.participant, line: id }}
          label={t`Why ${money(payable, payableCurrency)} of ${record?.id ?? ''}`}
        >
          {money(payable, payableCurrency)}
        </WhyButton>
      ),
    },
  ];
  return (
    <Card title={t`What the deals paid`}>
      {lines.length === 0 ? (
        <Empty>
          <Trans>No deal pays in this period yet.</Trans>
        </Empty>
      ) : (
        <Table
          label={t`Deals`}
          columns={columns}
          rows={lines}
          keyOf={({ id }) => id}
          exported={{
            path: `/statements/${statement.period}/${encodeURIComponent(statement.participant)}`,
            query: cut,
          }}
        />
      )}
    </Card>
  );
}
