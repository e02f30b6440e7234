import { Trans, useLingui } from '@lingui/react/macro';
import { Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { ChartCard } from '../../charts/chart-card.js';
import { PayLine } from '../../charts/lazy.js';
import { money, percent, quantity } from '../../format/amounts.js';
import { Answer } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { useCurve } from './draft.js';

const isAmount = (text: string): boolean => /^\d{1,15}(\.\d{1,6})?$/.test(text);

/** What the edited plan pays at each attainment, by its own rules. */
export function CurveCard({ text, isValid }: { text: string; isValid: boolean }) {
  const { t } = useLingui();
  const [quota, setQuota] = useState('');
  const [asked] = useDebouncedValue(quota.trim(), 400);
  const query = useCurve(text, isAmount(asked) ? { quota: asked } : {}, isValid);
  if (query.data === undefined && !isValid) return null;
  return (
    <Stack gap="xs">
      <Answer query={query} height={320}>
        {(curve) =>
          curve === null ? (
            <Card title={t`Pay by attainment`}>
              <Text size="sm">
                <Trans>No component counts deals against a measure, so there is no curve.</Trans>
              </Text>
            </Card>
          ) : (
            <ChartCard
              title={t`Pay by attainment of ${curve.component}`}
              description={
                <Group gap="md" align="flex-end">
                  <TextInput
                    label={t`Supposed quota (${curve.measure})`}
                    inputMode="decimal"
                    w={200}
                    value={quota}
                    placeholder={curve.quota}
                    error={quota.trim() === '' || isAmount(quota.trim()) ? null : t`Write an amount such as 100000`}
                    onChange={({ currentTarget }) => setQuota(currentTarget.value)}
                  />
                  <Text size="sm" c="dimmed" span>
                    <Trans>One window with supposed deals, and the money of all components.</Trans>{' '}
                    {curve.target === null ? null : (
                      <Trans>The assigned target is {money(curve.target, curve.currency)}.</Trans>
                    )}{' '}
                    {Object.entries(curve.fields)
                      .map(([field, value]) => `${field}: ${value}`)
                      .join(', ')}
                  </Text>
                </Group>
              }
              heads={[t`Attainment`, t`Credited`, t`Pay`]}
              rows={curve.points.map(({ attained, credited, pay }) => [
                percent(attained, 2),
                quantity(credited),
                money(pay, curve.currency),
              ])}
            >
              <PayLine
                points={curve.points.map(({ attained, pay }) => ({ attained: Number(attained), pay: Number(pay) }))}
                shownPay={(pay) => money(pay.toFixed(2), curve.currency)}
                shownAttained={(attained) => percent(attained.toFixed(4), 1)}
              />
            </ChartCard>
          )
        }
      </Answer>
    </Stack>
  );
}
