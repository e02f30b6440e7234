import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useNames } from '../../api/names.js';
import { usePeriods } from '../../api/periods.js';
import { useStatements } from '../../api/statements.js';
import { money } from '../../format/amounts.js';
import { periodName } from '../../format/dates.js';
import { Answer, Empty } from '../../screen/answer.js';
import { Table } from '../../screen/table.js';

/** What the month of the last won deal pays to whom; each statement explains its amounts. */
export function FirstStatement({ won }: { won: string }) {
  const { t } = useLingui();
  const { data: periods = [] } = usePeriods();
  const period = periods.find(({ kind, from, to }) => kind === 'month' && from <= won && won <= to)?.name;
  const query = useStatements(period);
  const name = useNames(won);
  return (
    <Answer query={query} height={200}>
      {(rows) =>
        rows.length === 0 || period === undefined ? (
          <Empty>
            <Trans>
              Nobody is paid in the month of the last won deal. Does the plan pay the role of the owners from that day?
            </Trans>
          </Empty>
        ) : (
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              <Trans>
                This is what {periodName(period)} pays so far. Open a statement, and press an amount to see why it is
                paid.
              </Trans>
            </Text>
            <Table
              label={t`Statements`}
              keyOf={({ participant }) => participant}
              rows={rows}
              columns={[
                {
                  key: 'participant',
                  title: t`Participant`,
                  value: ({ participant }) => name(participant),
                  show: ({ participant }) => (
                    <Anchor
                      fz="sm"
                      renderRoot={(props) => (
                        <Link
                          {...props}
                          to="/statements/$period/$participant"
                          params={{ period, participant }}
                          search={{ period }}
                        />
                      )}
                    >
                      {name(participant)}
                    </Anchor>
                  ),
                },
                { key: 'lines', title: t`Lines`, amount: true, value: ({ lines }) => lines },
                { key: 'exceptions', title: t`Exceptions`, amount: true, value: ({ exceptions }) => exceptions },
                {
                  key: 'payable',
                  title: t`Payable`,
                  amount: true,
                  value: ({ payable }) => payable,
                  show: ({ payable, currency }) => <strong>{money(payable, currency)}</strong>,
                },
              ]}
            />
          </Stack>
        )
      }
    </Answer>
  );
}
