import { getPlanVersion, listTemplates } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, NativeSelect, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { answerOf } from '../../api/client.js';
import { Answer } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { Screen } from '../../screen/screen.js';
import { PlanEditor } from './plan-editor.js';

/** A new version: of a published one, of a template, or from nothing. */
export function EditPlanPage() {
  const { t } = useLingui();
  const { plan, version, template } = useSearch({ strict: false });
  const from = useQuery({
    queryKey: ['plan-text', plan, version, template],
    staleTime: Infinity,
    enabled: template !== undefined || (plan !== undefined && version !== undefined),
    queryFn: async () => {
      if (plan !== undefined && version !== undefined)
        return nextVersion((await answerOf(getPlanVersion({ path: { plan, version } }))).text);
      const found = (await answerOf(listTemplates())).rows.find(({ name }) => name === template);
      return found?.text ?? '';
    },
  });
  const isChosen = template !== undefined || (plan !== undefined && version !== undefined);
  return (
    <Screen title={plan === undefined ? t`A new plan` : t`A new version of ${plan}`}>
      {isChosen ? (
        <Answer query={from} height={480}>
          {(text) => (
            <PlanEditor key={text} name={`${plan ?? ''} ${version ?? ''} ${template ?? ''}`} original={text} />
          )}
        </Answer>
      ) : (
        <Templates />
      )}
    </Screen>
  );
}

/** `2025.1` becomes `2025.2`; other names keep their text, and the author writes another. */
function nextVersion(text: string): string {
  return text.replace(/^(version: *["']?.*?)(\d+)(["']?) *$/m, (_, before: string, last: string, after: string) => {
    return `${before}${Number(last) + 1}${after}`;
  });
}

function Templates() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const query = useQuery({ queryKey: ['templates'], queryFn: async () => (await answerOf(listTemplates())).rows });
  return (
    <Card title={t`Begin with a typical plan`}>
      <Answer query={query} height={80}>
        {(rows) => (
          <NativeSelect
            label={t`Template`}
            defaultValue=""
            onChange={({ currentTarget }) =>
              void navigate({ to: '/plans/edit', search: (before) => ({ ...before, template: currentTarget.value }) })
            }
            data={[
              { value: '', label: t`Choose a template` },
              ...rows.map(({ name, useFor }) => ({ value: name, label: `${name}: ${useFor}` })),
            ]}
          />
        )}
      </Answer>
      <Text size="sm" c="dimmed" mt="sm">
        <Trans>To change a plan that is published, open its version under Plans and press Edit as a new version.</Trans>
      </Text>
      <Alert color="gray" mt="sm">
        <Trans>Your text is kept in this tab until you publish it.</Trans>
      </Alert>
    </Card>
  );
}
