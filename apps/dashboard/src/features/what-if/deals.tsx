import type { Deal } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Checkbox, Group, Text, TextInput } from '@mantine/core';
import { money } from '../../format/amounts.js';
import { date } from '../../format/dates.js';
import { Empty } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { type Column, Table } from '../../screen/table.js';
import { keyOf, type Supposed } from './supposed.js';

interface ChosenProps {
  supposed: readonly Supposed[];
  change: (supposed: readonly Supposed[]) => void;
}

/** Each with its amount and its day, which the reader may edit. */
export function ChosenDeals({ supposed, change }: ChosenProps) {
  const { t } = useLingui();
  const edit = (key: string, changed: Partial<Supposed>): void =>
    change(supposed.map((each) => (each.key === key ? { ...each, ...changed } : each)));
  return supposed.map(({ key, deal, amount, closed }) => {
    const name = deal === undefined ? t`Invented deal` : deal.id;
    return (
      <Group key={key} gap="sm" align="flex-end">
        <Text size="sm" w={160}>
          {name}
          {deal?.account == null ? null : (
            <Text size="xs" c="dimmed" component="span" display="block">
              {deal.account}
            </Text>
          )}
        </Text>
        <TextInput
          label={t`Amount of ${name}`}
          inputMode="decimal"
          w={180}
          value={amount}
          onChange={({ currentTarget }) => edit(key, { amount: currentTarget.value.trim() })}
        />
        <TextInput
          type="date"
          label={t`Won on`}
          w={180}
          value={closed}
          onChange={({ currentTarget }) => edit(key, { closed: currentTarget.value })}
        />
        <Button
          variant="subtle"
          aria-label={t`Take ${name} out`}
          onClick={() => change(supposed.filter((each) => each.key !== key))}
        >
          <Trans>Take out</Trans>
        </Button>
      </Group>
    );
  });
}

interface OpenProps {
  rows: readonly Deal[];
  ticked: ReadonlySet<string>;
  tick: (deal: Deal) => void;
}

export function OpenDeals({ rows, ticked, tick }: OpenProps) {
  const { t } = useLingui();
  const columns: Column<Deal>[] = [
    {
      key: 'ticked',
      title: t`Won`,
      value: (deal) => (ticked.has(keyOf(deal)) ? 1 : 0),
      show: (deal) => (
        <Checkbox
          aria-label={t`Suppose ${deal.id} is won`}
          checked={ticked.has(keyOf(deal))}
          onChange={() => tick(deal)}
        />
      ),
    },
    { key: 'id', title: t`Deal`, value: ({ id }) => id },
    { key: 'account', title: t`Account`, value: ({ account }) => account },
    { key: 'product', title: t`Product`, value: ({ product }) => product },
    { key: 'stage', title: t`Stage`, value: ({ stage }) => stage },
    {
      key: 'opened',
      title: t`Opened`,
      value: ({ opened }) => opened,
      show: ({ opened }) => (opened === null ? '–' : date(opened)),
    },
    {
      key: 'amount',
      title: t`Amount`,
      amount: true,
      value: ({ amount }) => amount,
      show: ({ amount, currency }) => (amount === null ? '–' : money(amount, currency)),
    },
  ];
  return (
    <Card title={t`Open deals`}>
      {rows.length === 0 ? (
        <Empty>
          <Trans>No deal is open. Invent one above.</Trans>
        </Empty>
      ) : (
        <Table
          label={t`Open deals`}
          columns={columns}
          rows={rows}
          keyOf={keyOf}
          exported={{ path: '/deals', query: { status: 'open', limit: '1000' } }}
        />
      )}
    </Card>
  );
}
