import { type Company, configureCompany } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { Refusal } from '../../screen/answer.js';

const twelve = Array.from({ length: 12 }, (_, month) => month);

/** Name, currency, time zone and the first month of the fiscal year; other keys of the company document stay. */
export function CompanyStep({ company, next }: { company: Company | null; next: () => void }) {
  const { t } = useLingui();
  const [name, setName] = useState(company?.company ?? '');
  const [currency, setCurrency] = useState<string>(company?.currency ?? 'USD');
  const [timeZone, setTimeZone] = useState<string>(
    company?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  );
  const [starts, setStarts] = useState<string>(company?.fiscalYear?.starts ?? '01-01');
  const store = useMutation({
    mutationFn: () => {
      const document = {
        measures: { revenue: { counts: 'amount', of: 'deals' } },
        ...company,
        company: name.trim(),
        currency: currency.trim().toUpperCase(),
        timeZone: timeZone.trim(),
        fiscalYear: { ...(company?.fiscalYear ?? { calendar: 'months' }), starts },
      };
      return answerOf(configureCompany({ body: { document } }));
    },
    onSuccess: next,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        store.mutate();
      }}
    >
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={t`Name`}
            required
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <TextInput
            label={t`Currency`}
            description={t`An ISO 4217 code, such as USD or EUR`}
            required
            maxLength={3}
            value={currency}
            onChange={({ currentTarget }) => setCurrency(currentTarget.value)}
          />
          <TextInput
            label={t`Time zone`}
            description={t`A day begins at midnight there`}
            required
            value={timeZone}
            onChange={({ currentTarget }) => setTimeZone(currentTarget.value)}
          />
          <Starts value={starts} choose={setStarts} />
        </SimpleGrid>
        {store.error === null ? null : <Refusal error={store.error} />}
        <Group>
          <Button type="submit" loading={store.isPending}>
            <Trans>Store the company</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Starts({ value, choose }: { value: string; choose: (value: string) => void }) {
  const { i18n, t } = useLingui();
  return (
    <NativeSelect
      label={t`The fiscal year starts in`}
      description={t`Quarters and years follow from it`}
      value={value}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
      data={twelve.map((month) => ({
        value: `${String(month + 1).padStart(2, '0')}-01`,
        label: new Intl.DateTimeFormat(i18n.locale, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, month)),
      }))}
    />
  );
}
