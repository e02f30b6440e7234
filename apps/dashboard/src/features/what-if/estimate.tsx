import type { Estimate, EstimatedLine } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Stack, Text } from '@mantine/core';
import { ExplanationTree } from '../../explain/explanation-tree.js';
import { TierLadderCard } from '../../explain/tier-ladder.js';
import { isNegative, isZero, money, signedMoney } from '../../format/amounts.js';
import { periodName } from '../../format/dates.js';
import { Empty } from '../../screen/answer.js';
import { Card, Figure } from '../../screen/card.js';
import { MissingAmounts } from '../../screen/missing-amounts.js';
import { type Column, Table } from '../../screen/table.js';

/** The present pay, the supposed pay, the difference and its reasons. */
export function EstimateView({ estimate }: { estimate: Estimate }) {
  const { t } = useLingui();
  const { now, then, difference, currency, period, tiers, notEstimated, exceptions } = estimate;
  return (
    <Stack gap="md">
      <div className="figures" aria-live="polite">
        <Figure label={t`Pay for ${periodName(period)} now`} value={money(now, currency)} />
        <Figure label={t`Then`} value={money(then, currency)} />
        <Figure
          label={t`Difference`}
          value={
            <span className={isZero(difference) ? '' : isNegative(difference) ? 'down' : 'up'}>
              {isZero(difference) ? '' : isNegative(difference) ? '▼ ' : '▲ '}
              {signedMoney(difference, currency)}
            </span>
          }
        />
      </div>
      {notEstimated.length === 0 ? null : (
        <Alert color="gray" title={t`Contests count with their present result`}>
          <Trans>
            Their outcome would reveal the sales of others: {notEstimated.map(({ component }) => component).join(', ')}.
          </Trans>
        </Alert>
      )}
      <MissingAmounts exceptions={exceptions} />
      <div className="panes">
        {tiers.map(({ now: ladder, then: after }) => (
          <TierLadderCard key={`${ladder.plan} ${ladder.component}`} ladder={ladder} then={after} />
        ))}
      </div>
      <ChangedLines estimate={estimate} />
    </Stack>
  );
}

function ChangedLines({ estimate: { lines, currency } }: { estimate: Estimate }) {
  const { t } = useLingui();
  const amount = (decimal: string | null, of: EstimatedLine) => (decimal === null ? '–' : money(decimal, of.currency));
  const columns: Column<EstimatedLine>[] = [
    { key: 'deal', title: t`Deal`, value: ({ line }) => line.record?.id ?? null },
    { key: 'component', title: t`Component`, value: ({ line }) => line.component || line.plan },
    { key: 'rate', title: t`Rate`, amount: true, value: ({ line }) => line.rate },
    { key: 'now', title: t`Now`, amount: true, value: ({ now }) => now, show: (line) => amount(line.now, line) },
    { key: 'then', title: t`Then`, amount: true, value: ({ then }) => then, show: (line) => amount(line.then, line) },
    {
      key: 'difference',
      title: t`Difference`,
      amount: true,
      value: ({ difference }) => difference,
      show: (line) => signedMoney(line.difference, line.currency),
    },
    {
      key: 'why',
      title: t`Why`,
      value: ({ explanation }) => explanation?.sentence ?? null,
      show: ({ explanation }) =>
        explanation === null ? (
          '–'
        ) : (
          <details>
            <summary>
              <Text size="sm" span>
                <Trans>Why</Trans>
              </Text>
            </summary>
            <ExplanationTree explanation={explanation} />
          </details>
        ),
    },
  ];
  return (
    <Card title={t`Lines that change (${currency})`}>
      {lines.length === 0 ? (
        <Empty>
          <Trans>No line changes: the deals pay nothing in this period.</Trans>
        </Empty>
      ) : (
        <Table label={t`Lines that change`} columns={columns} rows={lines} keyOf={({ id }) => id} />
      )}
    </Card>
  );
}
