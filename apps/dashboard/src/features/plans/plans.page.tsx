import { listPlans, type PlanSummary } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answerOf } from '../../api/client.js';
import { mayAny, useCaller } from '../../api/session.js';
import { date } from '../../format/dates.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Screen } from '../../screen/screen.js';
import { type Column, Table } from '../../screen/table.js';

export function PlansPage() {
  const { t } = useLingui();
  const session = useCaller();
  const query = useQuery({ queryKey: ['plans'], queryFn: async () => (await answerOf(listPlans())).rows });
  const columns: Column<PlanSummary>[] = [
    {
      key: 'plan',
      title: t`Plan`,
      value: ({ plan }) => plan,
      show: ({ plan, version }) => (
        <Anchor
          fz="sm"
          renderRoot={(props) => <Link {...props} to="/plans/$plan/$version" params={{ plan, version }} />}
        >
          {plan}
        </Anchor>
      ),
    },
    { key: 'version', title: t`Version`, value: ({ version }) => version },
    { key: 'from', title: t`From`, value: ({ from }) => from, show: ({ from }) => date(from) },
    { key: 'to', title: t`To`, value: ({ to }) => to, show: ({ to }) => (to === null ? '–' : date(to)) },
    { key: 'components', title: t`Components`, value: ({ components }) => components.join(', ') },
    { key: 'pays', title: t`Pays`, value: ({ pays }) => pays },
    { key: 'by', title: t`Published by`, value: ({ by }) => by },
  ];
  return (
    <Screen
      title={t`Plans`}
      choose={
        mayAny(session, ['plan-author', 'finance']) ? (
          <Button renderRoot={(props) => <Link {...props} to="/plans/edit" />}>
            <Trans>New plan</Trans>
          </Button>
        ) : undefined
      }
    >
      <Answer query={query} height={320}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>
              <Trans>No plan has been published yet.</Trans>
            </Empty>
          ) : (
            <Table
              label={t`Plans`}
              columns={columns}
              rows={rows}
              keyOf={({ plan, version }) => `${plan} ${version}`}
              exported={{ path: '/plans' }}
            />
          )
        }
      </Answer>
    </Screen>
  );
}
