import { getReadiness, listModels, type ModelRow, type Readiness, Refused } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answerOf, clientOf } from '../../api/client.js';
import { ofEach, type Service } from '../../api/services.js';
import { Answer } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { type Column, Table } from '../../screen/table.js';

type Model = ModelRow & { service: Service };

/** Whether each process answers from current models, and how far each model is. */
export function Health() {
  const { t } = useLingui();
  const ready = useQuery({
    queryKey: ['ready'],
    refetchInterval: 10_000,
    queryFn: () => ofEach(async (service) => [await readiness(service)]),
  });
  const models = useQuery({
    queryKey: ['models'],
    refetchInterval: 10_000,
    queryFn: () => ofEach(async (service) => (await answerOf(listModels({ client: clientOf(service) }))).rows),
  });
  return (
    <Card title={t`Health`}>
      <Answer query={ready} height={48}>
        {(rows) => (
          <>
            <Text size="sm" mb="xs">
              {rows.every(({ status }) => status === 'ready') ? (
                <span className="good">
                  <Trans>Ready: every read model and policy has every event.</Trans>
                </span>
              ) : (
                <span className="warn">
                  <Trans>
                    Not ready yet: read models or policies still read events. The table shows how far each is.
                  </Trans>
                </span>
              )}
            </Text>
            {rows.flatMap(({ alarms = [], service }) =>
              alarms.map(({ code, message }) => (
                <Alert key={`${service ?? ''} ${code}`} color="red" title={code} mb="xs">
                  {message}
                </Alert>
              )),
            )}
          </>
        )}
      </Answer>
      <Answer query={models} height={240}>
        {(rows) => <Models rows={rows} />}
      </Answer>
    </Card>
  );
}

/** A server that is behind answers 503, and with the same body. */
async function readiness(service: Service): Promise<Readiness> {
  try {
    return await answerOf(getReadiness({ client: clientOf(service) }));
  } catch (error) {
    if (error instanceof Refused && error.status === 503) return { status: 'behind', groups: [] };
    throw error;
  }
}

function Models({ rows }: { rows: readonly Model[] }) {
  const { t } = useLingui();
  const isApart = rows.some(({ service }) => service !== undefined);
  const columns: Column<Model>[] = [
    ...(isApart ? [{ key: 'service', title: t`Service`, value: ({ service }: Model) => service ?? null }] : []),
    { key: 'group', title: t`Read model or policy`, value: ({ group }) => group },
    { key: 'position', title: t`Position`, amount: true, value: ({ position }) => position },
    { key: 'behind', title: t`Behind`, amount: true, value: ({ behind }) => behind },
    {
      key: 'state',
      title: t`State`,
      value: ({ state }) => state,
      show: ({ state, reason }) => (
        <span className={state === 'current' ? 'good' : 'bad'}>
          {state}
          {reason === undefined ? '' : `: ${reason}`}
        </span>
      ),
    },
  ];
  return (
    <Table
      label={t`Read models and policies`}
      columns={columns}
      rows={rows}
      keyOf={({ group, service = '' }) => `${service} ${group}`}
      {...(isApart ? {} : { exported: { path: '/models' } })}
    />
  );
}
