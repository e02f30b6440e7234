import { diffPlanVersions, getPlanVersion, listPlans, type PlanVersion } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Code, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { answerOf } from '../../api/client.js';
import { mayAny, useCaller } from '../../api/session.js';
import { date } from '../../format/dates.js';
import { Answer } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { Screen } from '../../screen/screen.js';
import { Sentences } from './changes.js';

export function PlanPage() {
  const { t } = useLingui();
  const { plan = '', version = '' } = useParams({ strict: false });
  const query = useQuery({
    queryKey: ['plan', plan, version],
    queryFn: () => answerOf(getPlanVersion({ path: { plan, version } })),
  });
  return (
    <Screen title={t`${plan} ${version}`}>
      <Answer query={query} height={480}>
        {(found) => <Version found={found} />}
      </Answer>
    </Screen>
  );
}

function Version({ found }: { found: PlanVersion }) {
  const { t } = useLingui();
  const session = useCaller();
  const { plan, version } = found;
  return (
    <Stack gap="md">
      <Text c="dimmed">
        <Trans>
          In force from {date(found.from)}, published {date(found.published)} by {found.by}. SHA-256{' '}
          {found.hash.slice(0, 12)}…
        </Trans>
      </Text>
      {mayAny(session, ['plan-author', 'finance']) ? (
        <Button
          w="fit-content"
          renderRoot={(props) => (
            <Link {...props} to="/plans/edit" search={(before) => ({ ...before, plan, version })} />
          )}
        >
          <Trans>Edit as a new version</Trans>
        </Button>
      ) : null}
      <SinceBefore found={found} />
      <Card title={t`Document`}>
        <Code block tabIndex={0}>
          {found.text}
        </Code>
      </Card>
    </Stack>
  );
}

/** What this version changed in the one before it. */
function SinceBefore({ found: { plan, version } }: { found: PlanVersion }) {
  const { t } = useLingui();
  const query = useQuery({
    queryKey: ['plans', 'before', plan, version],
    queryFn: async () => {
      const { rows } = await answerOf(listPlans());
      const own = rows.filter((row) => row.plan === plan);
      const before = own[own.findIndex((row) => row.version === version) - 1]?.version;
      if (before === undefined) return null;
      const { sentences } = await answerOf(diffPlanVersions({ path: { plan }, query: { from: before, to: version } }));
      return { before, sentences };
    },
  });
  return (
    <Answer query={query} height={60}>
      {(diff) =>
        diff === null ? null : (
          <Card title={t`Changes since version ${diff.before}`}>
            <Sentences sentences={diff.sentences} />
          </Card>
        )
      }
    </Answer>
  );
}
