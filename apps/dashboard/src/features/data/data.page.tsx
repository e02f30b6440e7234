import { type Import, listImports, listQuarantine, type QuarantinedRow } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { answerOf } from '../../api/client.js';
import { date } from '../../format/dates.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { Screen } from '../../screen/screen.js';
import { type Column, Table } from '../../screen/table.js';

/** What came in, and which rows wait for a correction. */
export function DataPage() {
  const { t } = useLingui();
  return (
    <Screen title={t`Data`}>
      <Quarantine />
      <Imports />
    </Screen>
  );
}

function Quarantine() {
  const { t } = useLingui();
  const query = useQuery({
    queryKey: ['quarantine'],
    queryFn: async () => (await answerOf(listQuarantine({ query: { limit: 500 } }))).rows,
  });
  const columns: Column<QuarantinedRow>[] = [
    { key: 'file', title: t`File`, value: ({ file }) => file },
    { key: 'row', title: t`Row`, amount: true, value: ({ row }) => row },
    { key: 'field', title: t`Field`, value: ({ field }) => field },
    { key: 'expected', title: t`Expected`, value: ({ expected }) => expected },
    { key: 'found', title: t`Found`, value: ({ found }) => found },
    { key: 'since', title: t`Since`, value: ({ since }) => since, show: ({ since }) => date(since) },
  ];
  return (
    <Card title={t`Rows in quarantine`}>
      <Answer query={query} height={120}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>
              <Trans>No row waits: every row of every import was read.</Trans>
            </Empty>
          ) : (
            <Table
              label={t`Rows in quarantine`}
              columns={columns}
              rows={rows}
              keyOf={({ quarantine }) => quarantine}
              exported={{ path: '/quarantine', query: { limit: '1000' } }}
            />
          )
        }
      </Answer>
    </Card>
  );
}

function Imports() {
  const { t } = useLingui();
  const query = useQuery({ queryKey: ['imports'], queryFn: async () => (await answerOf(listImports())).rows });
  const columns: Column<Import>[] = [
    { key: 'started', title: t`Started`, value: ({ started }) => started, show: ({ started }) => date(started) },
    { key: 'source', title: t`Source`, value: ({ source }) => source },
    { key: 'files', title: t`Files`, value: ({ files }) => files.join(', ') },
    { key: 'rows', title: t`Rows`, amount: true, value: ({ rows = null }) => rows },
    { key: 'opened', title: t`New`, amount: true, value: ({ opened = null }) => opened },
    { key: 'changed', title: t`Changed`, amount: true, value: ({ changed = null }) => changed },
    {
      key: 'quarantined',
      title: t`In quarantine`,
      amount: true,
      value: ({ quarantined = null }) => quarantined,
      show: ({ quarantined = 0 }) => <span className={quarantined > 0 ? 'warn' : ''}>{quarantined}</span>,
    },
    { key: 'actor', title: t`By`, value: ({ actor }) => actor },
  ];
  return (
    <Card title={t`Imports`}>
      <Answer query={query} height={240}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>
              <Trans>Nothing has been imported yet.</Trans>
            </Empty>
          ) : (
            <Table
              label={t`Imports`}
              columns={columns}
              rows={rows}
              keyOf={(row) => row.import}
              exported={{ path: '/imports' }}
            />
          )
        }
      </Answer>
    </Card>
  );
}
