import { Trans, useLingui } from '@lingui/react/macro';
import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { quantity } from '../../format/amounts.js';
import { date } from '../../format/dates.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { Choose } from '../../screen/choose.js';
import { type Column, Table } from '../../screen/table.js';
import { type Change, changesOf, kinds, type Kind } from './change-lists.js';

/** Who changed what, when and why, over everybody, the latest change first. */
export function Changes() {
  const { t } = useLingui();
  const [kind, choose] = useState<Kind | 'all'>('all');
  const query = useQuery({ queryKey: ['changes', kind], queryFn: () => changesOf(kind === 'all' ? undefined : kind) });
  const names: Record<Kind | 'all', string> = {
    all: t`Everything`,
    quotas: t`Quotas`,
    plans: t`Plans`,
    imports: t`Imports`,
    periods: t`Closed periods`,
    adjustments: t`Adjustments`,
    signatures: t`Signatures`,
  };
  const columns: Column<Change>[] = [
    { key: 'at', title: t`When`, value: ({ at }) => at, show: ({ at }) => date(at) },
    { key: 'by', title: t`Who`, value: ({ by }) => by },
    { key: 'kind', title: t`Changed`, value: ({ kind: of }) => names[of] },
    { key: 'of', title: t`What`, value: ({ of }) => of },
    {
      key: 'value',
      title: t`Value`,
      amount: true,
      value: ({ value }) => value,
      show: ({ value }) => (value === null ? '–' : quantity(value)),
    },
    { key: 'reason', title: t`Reason`, value: ({ reason }) => reason },
  ];
  return (
    <Card title={t`Who changed what`}>
      <Group mb="xs">
        <Choose
          label={t`Kind of change`}
          value={kind}
          options={(['all', ...kinds] as const).map((value) => ({ value, label: names[value] }))}
          choose={choose}
        />
      </Group>
      <Answer query={query} height={240}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>
              <Trans>Nothing of this kind has been changed.</Trans>
            </Empty>
          ) : (
            <Table
              label={t`Who changed what`}
              columns={columns}
              rows={rows}
              keyOf={(row) => `${row.kind} ${row.at} ${row.of}`}
              {...(kind === 'all' ? {} : { exported: { path: `/${kind}` } })}
            />
          )
        }
      </Answer>
    </Card>
  );
}
