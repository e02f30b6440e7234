import {
  type Company,
  configureCompany,
  defineTable,
  listTemplates,
  type PlanTemplate,
  publishPlan,
} from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button, Code, Group, NativeSelect, Spoiler, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { mayAny, useCaller } from '../../api/session.js';
import { Answer, Refusal } from '../../screen/answer.js';

interface PlanStepProps {
  company: Company;
  roles: readonly string[];
  won: string | null;
  next: () => void;
}

/** A plan of the library, for a role of the company's own people. */
export function PlanStep(props: PlanStepProps) {
  const { t } = useLingui();
  const query = useQuery({
    queryKey: ['templates'],
    staleTime: Infinity,
    queryFn: async () => (await answerOf(listTemplates())).rows,
  });
  if (!mayAny(useCaller(), ['plan-author']))
    return (
      <Alert color="gray" title={t`A plan author publishes the plan`}>
        <Trans>
          An administrator can give your user the role plan-author, or a user with this role publishes a plan. This page
          goes on then.
        </Trans>
      </Alert>
    );
  return (
    <Answer query={query} height={200}>
      {(templates) => <Publish {...props} templates={templates} />}
    </Answer>
  );
}

function Publish({ company, roles, won, next, templates }: PlanStepProps & { templates: readonly PlanTemplate[] }) {
  const { t } = useLingui();
  const [name, setName] = useState('flat-commission');
  const template = templates.find((one) => one.name === name) ?? templates[0];
  const [role, setRole] = useState<string>();
  const [from, setFrom] = useState(`${(won ?? new Date().toISOString()).slice(0, 4)}-01-01`);
  const paid = role ?? roles.find((one) => template?.roles.includes(one)) ?? roles[0] ?? '';
  const publish = useMutation({
    mutationFn: async () => {
      if (template === undefined) return;
      await needed(company, template);
      const document = { ...template.document, effective: { from }, assignedTo: { roles: [paid] } };
      await answerOf(publishPlan({ body: { document, reason: `template ${template.name}` } }));
    },
    onSuccess: next,
  });
  if (template === undefined)
    return (
      <Text>
        <Trans>This installation has no library of plans.</Trans>
      </Text>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        publish.mutate();
      }}
    >
      <Stack gap="sm">
        <NativeSelect
          label={t`Typical plan`}
          description={t`Use it for ${template.useFor}`}
          value={template.name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          data={templates.map((one) => one.name)}
        />
        <NativeSelect
          label={t`Pays the role`}
          value={paid}
          onChange={({ currentTarget }) => setRole(currentTarget.value)}
          data={[...roles]}
        />
        <TextInput
          type="date"
          label={t`Effective from`}
          required
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
        <About template={template} />
        {publish.error === null ? null : <Refusal error={publish.error} />}
        <Group>
          <Button type="submit" loading={publish.isPending} disabled={paid === ''}>
            <Trans>Check and publish the plan</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What the plan reads beside the amounts of deals, and its document. */
function About({ template }: { template: PlanTemplate }) {
  const { t } = useLingui();
  return (
    <>
      {template.records.length + Object.keys(template.fields).length === 0 ? null : (
        <Text size="sm" className="warn">
          <Trans>
            This plan also reads: {[...template.records, ...Object.keys(template.fields)].join(', ')}. Import them too,
            or it pays nothing for them.
          </Trans>
        </Text>
      )}
      <Spoiler maxHeight={72} showLabel={t`Show the whole plan`} hideLabel={t`Show less`}>
        <Code block tabIndex={0}>
          {JSON.stringify(template.document, null, 2)}
        </Code>
      </Spoiler>
    </>
  );
}

/** Adds the measures, fields and tables that the plan names and the company lacks; nothing that is there is changed. */
async function needed(company: Company, { measures, fields, tables }: PlanTemplate): Promise<void> {
  const lacks = (all: object | undefined, wanted: object) => Object.keys(wanted).some((key) => !(key in (all ?? {})));
  for (const { table, columns, rows } of tables)
    await answerOf(
      defineTable({ path: { table }, body: { columns: [...columns], rows: rows.map((row) => [...row]) } }),
    );
  if (!lacks(company.measures, measures) && !lacks(company.fields, fields)) return;
  const document = {
    ...company,
    measures: { ...measures, ...company.measures },
    fields: { ...fields, ...company.fields },
  };
  await answerOf(configureCompany({ body: { document } }));
}
