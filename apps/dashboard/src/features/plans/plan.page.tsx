import { checkPlan, getPlanVersion, type PlanCheck, type PlanVersion } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button, Code, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { mayAny, useCaller } from '../../api/session.js';
import { date } from '../../format/dates.js';
import { Answer, Refusal } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { Screen } from '../../screen/screen.js';

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
  const text = JSON.stringify(found.document, null, 2);
  return (
    <Stack gap="md">
      <Text c="dimmed">
        <Trans>
          In force from {date(found.from)}, published {date(found.published)} by {found.by}. SHA-256{' '}
          {found.hash.slice(0, 12)}…
        </Trans>
      </Text>
      {mayAny(session, ['plan-author', 'finance']) ? (
        <Check key={found.hash} text={text} />
      ) : (
        <Card title={t`Document`}>
          <Code block tabIndex={0}>
            {text}
          </Code>
        </Card>
      )}
    </Stack>
  );
}

/** What publishing an edited document would answer; nothing is stored. */
function Check({ text }: { text: string }) {
  const { t } = useLingui();
  const [edited, setEdited] = useState(text);
  const check = useMutation({ mutationFn: () => answerOf(checkPlan({ body: { text: edited } })) });
  return (
    <Card title={t`Document`}>
      <Stack gap="sm">
        <Textarea
          aria-label={t`Document`}
          autosize
          minRows={12}
          maxRows={32}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
          value={edited}
          onChange={({ currentTarget }) => setEdited(currentTarget.value)}
        />
        <Button w="fit-content" variant="default" onClick={() => check.mutate()} loading={check.isPending}>
          <Trans>Check it and run its examples</Trans>
        </Button>
        {check.error === null ? null : <Refusal error={check.error} />}
        {check.data === undefined ? null : <Checked result={check.data} />}
      </Stack>
    </Card>
  );
}

function Checked({ result }: { result: PlanCheck }) {
  const { t } = useLingui();
  const { problems, examples } = result;
  if (problems.length > 0) {
    return (
      <Alert color="red" title={t`${problems.length} problems`}>
        {problems.map(({ path, message }, index) => (
          <div key={index}>
            {path.length === 0 ? '' : `${path.join('.')}: `}
            {message}
          </div>
        ))}
      </Alert>
    );
  }
  const passed = examples.every((example) => example.passed);
  return (
    <Alert
      color={passed ? 'teal' : 'red'}
      title={passed ? t`The document can be published` : t`An example has another result`}
    >
      {examples.map((example) => (
        <div key={example.name}>
          {example.passed ? '✓' : '✗'} {example.name}
          {example.failures.map(({ path, expected, actual }) => (
            <div key={path.join('.')}>{t`${path.join('.')}: expected ${expected}, came to ${actual}`}</div>
          ))}
        </div>
      ))}
    </Alert>
  );
}
