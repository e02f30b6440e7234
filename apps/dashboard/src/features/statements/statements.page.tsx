import type { StatementSummary } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useCut } from '../../api/cut.js';
import { useNames } from '../../api/names.js';
import { usePeriod } from '../../api/periods.js';
import { useStatements } from '../../api/statements.js';
import { money } from '../../format/amounts.js';
import { date, periodName } from '../../format/dates.js';
import { Answer, Empty } from '../../screen/answer.js';
import { ChoosePeriod } from '../../screen/choose.js';
import { Screen } from '../../screen/screen.js';
import { type Column, Table } from '../../screen/table.js';

export function StatementsPage() {
  const { t } = useLingui();
  const chosen = usePeriod('month');
  const query = useStatements(chosen.period?.name);
  const name = useNames(chosen.period?.to);
  const period = chosen.period?.name ?? '';
  const cut = useCut();
  const columns = useColumns(chosen.period?.name ?? '', name);
  return (
    <Screen title={t`Statements ${periodName(period)}`} choose={<ChoosePeriod {...chosen} />}>
      <Answer query={query} height={320}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>
              <Trans>Nobody whom you may see has a statement in this period.</Trans>
            </Empty>
          ) : (
            <Table
              label={t`Statements`}
              columns={columns}
              rows={rows}
              keyOf={({ participant }) => participant}
              exported={{ path: `/statements/${period}`, query: { ...cut } }}
            />
          )
        }
      </Answer>
    </Screen>
  );
}

function useColumns(period: string, name: (id: string) => string): Column<StatementSummary>[] {
  const { t } = useLingui();
  return [
    {
      key: 'participant',
      title: t`Participant`,
      value: ({ participant }) => name(participant),
      show: ({ participant }) => (
        <Anchor
          fz="sm"
          renderRoot={(props) => (
            <Link
              {...props}
              to="/statements/$period/$participant"
              params={{ period, participant }}
              search={(all) => all}
            />
          )}
        >
          {name(participant)}
        </Anchor>
      ),
    },
    { key: 'lines', title: t`Lines`, amount: true, value: ({ lines }) => lines },
    {
      key: 'exceptions',
      title: t`Exceptions`,
      amount: true,
      value: ({ exceptions }) => exceptions,
      show: ({ exceptions }) => <span className={exceptions > 0 ? 'warn' : ''}>{exceptions}</span>,
    },
    {
      key: 'earned',
      title: t`Earned`,
      amount: true,
      value: ({ earned }) => earned,
      show: ({ earned, currency }) => money(earned, currency),
    },
    {
      key: 'payable',
      title: t`Payable`,
      amount: true,
      value: ({ payable }) => payable,
      show: ({ payable, currency }) => <strong>{money(payable, currency)}</strong>,
    },
    {
      key: 'issued',
      title: t`Issued`,
      value: ({ issued }) => issued,
      show: ({ issued }) => (issued === null ? <Trans>Preview</Trans> : date(issued)),
    },
  ];
}
