import type { AttainmentRow } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Text } from '@mantine/core';
import { useCut } from '../../api/cut.js';
import { type AttainmentBy, useAttainment, useMeasure } from '../../api/attainment.js';
import { useChoice } from '../../api/choice.js';
import { useNames } from '../../api/names.js';
import { usePeriod } from '../../api/periods.js';
import { Bullet } from '../../charts/bullet.js';
import { money, percent, quantity } from '../../format/amounts.js';
import { periodName } from '../../format/dates.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Figure } from '../../screen/card.js';
import { Choose, ChooseMeasure, ChoosePeriod } from '../../screen/choose.js';
import { Screen } from '../../screen/screen.js';
import type { Exported } from '../../screen/export-links.js';
import { type Column, Table } from '../../screen/table.js';

/** Who is on track, in the hierarchy of the day that the page shows. */
export function TeamPage() {
  const { t } = useLingui();
  const chosen = usePeriod('quarter');
  const measures = useMeasure();
  const { measure } = measures;
  const [by, setBy] = useChoice<AttainmentBy>('by', ['participant', 'team', 'region', 'company'], 'participant');
  const cut = useCut();
  const query = useAttainment({ period: chosen.period?.name, measure, by });
  return (
    <Screen
      title={t`Attainment ${periodName(chosen.period?.name ?? '')}`}
      choose={
        <>
          <Choose
            label={t`Group by`}
            value={by}
            options={[
              { value: 'participant', label: t`by person` },
              { value: 'team', label: t`by team` },
              { value: 'region', label: t`by region` },
              { value: 'company', label: t`the company` },
            ]}
            choose={setBy}
          />
          <ChooseMeasure {...measures} />
          <ChoosePeriod {...chosen} />
        </>
      }
    >
      <Answer query={query} height={480}>
        {(rows) => (
          <Rows
            rows={rows}
            on={chosen.period?.to}
            exported={{ path: '/attainment', query: { by, measure, period: chosen.period?.name, ...cut } }}
          />
        )}
      </Answer>
    </Screen>
  );
}

interface RowsProps {
  rows: readonly AttainmentRow[];
  on: string | undefined;
  exported: Exported;
}

function Rows({ rows, on, exported }: RowsProps) {
  const { t } = useLingui();
  const name = useNames(on);
  const withQuota = rows.filter(({ attained }) => attained !== null);
  const onTrack = withQuota.filter(({ pace }) => Number(pace.attained) >= 1);
  const reached = withQuota.filter(({ attained }) => Number(attained) >= 1);
  if (rows.length === 0) {
    return (
      <Empty>
        <Trans>Nobody whom you may see has a quota or a deal in this period.</Trans>
      </Empty>
    );
  }
  const columns: Column<AttainmentRow>[] = [
    { key: 'for', title: t`Who`, value: (row) => name(row.for) },
    {
      key: 'bullet',
      title: t`Against quota`,
      value: ({ attained }) => attained,
      show: (row) => <Progress row={row} />,
    },
    {
      key: 'attained',
      title: t`Attainment`,
      amount: true,
      value: ({ attained }) => attained,
      show: ({ attained }) => (attained === null ? '–' : percent(attained)),
    },
    {
      key: 'credited',
      title: t`Credited`,
      amount: true,
      value: ({ credited }) => credited,
      show: (row) => shown(row, row.credited),
    },
    { key: 'quota', title: t`Quota`, amount: true, value: ({ quota }) => quota, show: (row) => shown(row, row.quota) },
    {
      key: 'pace',
      title: t`Of what is due`,
      amount: true,
      value: ({ pace }) => pace.attained,
      show: ({ pace }) => <Pace attained={pace.attained} />,
    },
  ];
  return (
    <>
      <div className="figures">
        <Figure label={t`Reached the quota`} value={t`${reached.length} of ${withQuota.length}`} />
        <Figure label={t`On pace or ahead`} value={t`${onTrack.length} of ${withQuota.length}`} />
      </div>
      <Table
        label={t`Attainment`}
        columns={columns}
        rows={rows}
        keyOf={(row) => `${row.for} ${row.measure}`}
        exported={exported}
      />
    </>
  );
}

function Progress({ row }: { row: AttainmentRow }) {
  const { t } = useLingui();
  if (row.attained === null) return <Text size="sm" c="dimmed">{t`no quota`}</Text>;
  return (
    <div style={{ minWidth: 160 }}>
      <Bullet
        attained={Number(row.attained)}
        due={row.pace.due === null ? undefined : Number(row.pace.due) / Number(row.quota)}
        label={t`${percent(row.attained)} of the quota`}
      />
    </div>
  );
}

function Pace({ attained }: { attained: string | null }) {
  if (attained === null) return '–';
  const ahead = Number(attained) >= 1;
  return (
    <span className={ahead ? 'up' : 'down'}>
      {ahead ? '▲' : '▼'} {percent(attained, 0)}
    </span>
  );
}

function shown({ currency }: AttainmentRow, decimal: string | null): string {
  if (decimal === null) return '–';
  return currency === null ? quantity(decimal) : money(decimal, currency);
}
