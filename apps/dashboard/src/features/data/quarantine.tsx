import { dismissRow, listQuarantine, type QuarantinedRow } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { mayAny, useCaller } from '../../api/session.js';
import { date } from '../../format/dates.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { type Column, Table } from '../../screen/table.js';
import { CorrectRow } from './correct-row.js';

/** The waiting rows, each with the reason; users who may import correct them in place. */
export function Quarantine() {
  const { t } = useLingui();
  const session = useCaller();
  const [chosen, setChosen] = useState<QuarantinedRow>();
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
  if (mayAny(session, ['finance']))
    columns.push({
      key: 'correct',
      title: t`Correction`,
      value: ({ quarantine }) => quarantine,
      show: (row) => (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t`Correct row ${row.row} of ${row.file}`}
          onClick={() => setChosen(row)}
        >
          <Trans>Correct</Trans>
        </Button>
      ),
    });
  return (
    <Card title={t`Rows in quarantine`}>
      <Answer query={query} height={120}>
        {(rows) => (
          <>
            {rows.length === 0 ? (
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
            )}
            {chosen === undefined ? null : (
              <CorrectRow key={chosen.quarantine} row={chosen} close={() => setChosen(undefined)} dismiss={dismiss} />
            )}
          </>
        )}
      </Answer>
    </Card>
  );
}

function dismiss(quarantine: string, reason: string) {
  return answerOf(dismissRow({ path: { quarantine }, body: { reason } }));
}
