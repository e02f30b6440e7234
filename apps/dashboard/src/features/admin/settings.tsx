import { acceptClock, type Company, getClock, getCompany, Refused } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf } from '../../api/client.js';
import { date } from '../../format/dates.js';
import { Answer, Empty, Refusal } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { Table } from '../../screen/table.js';

/** The settings of company and server; finance changes those of the company, the operator those of the server. */
export function Settings() {
  const { t } = useLingui();
  const company = useQuery({ queryKey: ['company', 'or none'], queryFn: companyOrNone });
  return (
    <Card title={t`Settings`}>
      <Stack gap="sm">
        <Clock />
        <Answer query={company} height={160}>
          {(found) =>
            found === null ? (
              <Empty>
                <Trans>No company is configured yet. Finance imports it.</Trans>
              </Empty>
            ) : (
              <Company company={found} />
            )
          }
        </Answer>
      </Stack>
    </Card>
  );
}

async function companyOrNone(): Promise<Company | null> {
  try {
    return await answerOf(getCompany());
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  }
}

function Company({ company }: { company: Company }) {
  const { t } = useLingui();
  const { company: name = '', currency, timeZone = 'UTC', fiscalYear, payDay = 'last day', access } = company;
  return (
    <Table
      label={t`Settings`}
      columns={[
        { key: 'setting', title: t`Setting`, value: ({ setting }) => setting },
        { key: 'value', title: t`Value`, value: ({ value }) => value },
      ]}
      rows={[
        { setting: t`Company`, value: name },
        { setting: t`Currency`, value: currency },
        { setting: t`Time zone`, value: timeZone },
        { setting: t`Fiscal year starts on`, value: fiscalYear?.starts ?? '01-01' },
        { setting: t`Calendar`, value: fiscalYear?.calendar ?? 'months' },
        { setting: t`Pay day`, value: payDay },
        { setting: t`Former managers`, value: access?.formerManagers ?? 'keep' },
      ]}
      keyOf={({ setting }) => setting}
    />
  );
}

/** The clock matters because it dates what is recorded; while it is not trusted, nothing is recorded. */
function Clock() {
  const { t } = useLingui();
  const queries = useQueryClient();
  const clock = useQuery({ queryKey: ['clock'], queryFn: () => answerOf(getClock()) });
  const accept = useMutation({
    mutationFn: () => answerOf(acceptClock({ body: { reason: t`confirmed on the page` } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['clock'] }),
  });
  return (
    <Answer query={clock} height={24}>
      {({ now, distrusted }) =>
        distrusted === null ? (
          <span>
            <Trans>The server’s clock shows {date(now)} and is trusted.</Trans>
          </span>
        ) : (
          <Alert color="red" title={t`Nothing is recorded, because the clock is not trusted`}>
            {distrusted}
            {accept.error === null ? null : <Refusal error={accept.error} />}
            <Button size="xs" mt="xs" loading={accept.isPending} onClick={() => accept.mutate()}>
              <Trans>The clock is right: {date(now)}</Trans>
            </Button>
          </Alert>
        )
      }
    </Answer>
  );
}
