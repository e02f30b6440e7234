import { type Import, listImports, listSources } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { mayAny, useCaller } from '../../api/session.js';
import { date } from '../../format/dates.js';
import { ImportFile } from '../../importing/import-file.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { Screen } from '../../screen/screen.js';
import { type Column, Table } from '../../screen/table.js';
import { Quarantine } from './quarantine.js';

/** What came in, and which rows wait for a correction. */
export function DataPage() {
  const { t } = useLingui();
  const session = useCaller();
  return (
    <Screen title={t`Data`}>
      <Quarantine />
      {mayAny(session, ['finance']) ? <ImportDeals /> : null}
      <Imports />
    </Screen>
  );
}

/** A newer export, read with the mapping of its source. */
function ImportDeals() {
  const { t } = useLingui();
  const { data: sources = [] } = useQuery({
    queryKey: ['sources'],
    queryFn: async () => (await answerOf(listSources())).rows,
  });
  const names = sources.flatMap(({ source, as }) => (as === 'deals' ? [source] : []));
  const [chosen, setChosen] = useState<string>();
  const source = chosen ?? names[0] ?? 'crm';
  return (
    <Card title={t`Import deals`}>
      {names.length < 2 ? null : (
        <NativeSelect
          label={t`Source`}
          value={source}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
          data={names}
          mb="sm"
        />
      )}
      <ImportFile key={source} kind="deals" source={source} example={'id,owner,amount,close date,stage'} />
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
