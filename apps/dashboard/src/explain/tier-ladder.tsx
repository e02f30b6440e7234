import type { TierLadder } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Group, Stack, Table, Text } from '@mantine/core';
import { Bullet } from '../charts/bullet.js';
import { money, percent, quantity } from '../format/amounts.js';
import { periodName } from '../format/dates.js';
import { Card } from '../screen/card.js';

/** The tiers of a component: the present one, the start of the next and the amount left to it; `then`: after the supposed deals. */
export function TierLadderCard({ ladder, then }: { ladder: TierLadder; then?: TierLadder }) {
  const { t } = useLingui();
  const { component, window, measure, rungs } = ladder;
  const end = then ?? ladder;
  return (
    <Card title={`${component}, ${periodName(window.name)}`}>
      <Stack gap="xs">
        <Group justify="space-between" align="baseline">
          <Text fz={32} lh="40px" fw={700}>
            {then === undefined ? standing(ladder) : `${standing(ladder)} → ${standing(then)}`}
          </Text>
          <Text size="sm" c="dimmed">
            {ladder.quota === null ? (
              measure
            ) : (
              <Trans>
                of {amountOf(ladder, ladder.quota)} {measure}
              </Trans>
            )}
          </Text>
        </Group>
        {end.share === null ? null : (
          <Bullet
            attained={Number(end.share)}
            due={then === undefined ? undefined : Number(ladder.share ?? 0)}
            ticks={rungs.map(({ from }) => Number(from) / Number(ladder.quota)).filter((tick) => tick > 0)}
            label={t`${standing(end)} of the quota`}
          />
        )}
        <Next ladder={end} />
        <Rungs ladder={ladder} reached={end.reached} before={then === undefined ? undefined : ladder.reached} />
      </Stack>
    </Card>
  );
}

function standing({ share, attained, currency }: TierLadder): string {
  return share === null ? amountOf({ currency }, attained) : percent(share);
}

function amountOf({ currency }: Pick<TierLadder, 'currency'>, decimal: string): string {
  return currency === null ? quantity(decimal) : money(decimal, currency);
}

/** A level of a target pays a share of it. */
function usePaid({ kind }: TierLadder): (pays: string) => string {
  const { t } = useLingui();
  return (pays) => (kind === 'target' ? t`${pays} of the target` : pays);
}

/** What is left to the next tier, in words. */
function Next({ ladder }: { ladder: TierLadder }) {
  const { rungs, reached, left } = ladder;
  const paid = usePaid(ladder);
  const now = reached === null ? undefined : rungs[reached];
  const next = rungs[reached === null ? 0 : reached + 1];
  if (rungs.length === 0)
    return (
      <Text size="sm" c="dimmed">
        <Trans>The tiers need a quota that is not assigned yet.</Trans>
      </Text>
    );
  if (next === undefined || left === null)
    return (
      <Text size="sm">
        <Trans>The last tier is reached: it pays {paid(now?.pays ?? '–')}.</Trans>
      </Text>
    );
  return (
    <Text size="sm">
      {now === undefined ? null : (
        <>
          <Trans>Now {paid(now.pays)}.</Trans>{' '}
        </>
      )}
      <Trans>
        {amountOf(ladder, left)} is left to the tier from {next.written}, which pays {paid(next.pays)}.
      </Trans>
    </Text>
  );
}

interface RungsProps {
  ladder: TierLadder;
  reached: number | null;
  before?: number | null | undefined;
}

function Rungs({ ladder, reached, before }: RungsProps) {
  const { t } = useLingui();
  const paid = usePaid(ladder);
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t`Tiers of ${ladder.component}`}>
      <Table fz="sm" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>From</Trans>
            </Table.Th>
            <Table.Th className="amount">
              <Trans>Begins at</Trans>
            </Table.Th>
            <Table.Th className="amount">
              <Trans>Pays</Trans>
            </Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {ladder.rungs.map(({ from, written, pays, retroactive }, index) => (
            <Table.Tr key={written} fw={index === reached ? 700 : undefined}>
              <Table.Td>{written}</Table.Td>
              <Table.Td className="amount">{amountOf(ladder, from)}</Table.Td>
              <Table.Td className="amount">{paid(pays)}</Table.Td>
              <Table.Td>
                {index === reached ? (before === undefined || before === reached ? t`now` : t`then`) : ''}
                {index !== reached && index === before ? t`now` : ''}
                {retroactive ? ` ${t`(for all from the beginning)`}` : ''}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
