import { type Import, listImports } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { answerOf } from '../../api/client.js';
import { date } from '../../format/dates.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { Screen } from '../../screen/screen.js';
import { type Column, Table } from '../../screen/table.js';
import { Quarantine } from './quarantine.js';

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
