import type { Statement } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Text } from '@mantine/core';
import { usePeriods } from '../../api/periods.js';
import { useStatement } from '../../api/statements.js';
import { money, signedMoney } from '../../format/amounts.js';
import { difference } from '../../format/difference.js';
import { periodName } from '../../format/dates.js';
import { Answer } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { type Column, Table } from '../../screen/table.js';

interface Row {
  key: string;
  what: string;
  before: { payable: string; lines: number };
  now: { payable: string; lines: number };
}

/** Why the statement is higher or lower than the one before: component by component, with the number of lines. */
export function ComparedCard({ statement }: { statement: Statement }) {
  const { data: periods = [] } = usePeriods();
  const own = periods.find(({ name }) => name === statement.period);
  const before = periods.findLast(({ kind, to }) => own !== undefined && kind === own.kind && to < own.from);
  return before === undefined ? null : <Compared statement={statement} period={before.name} />;
}

function Compared({ statement, period }: { statement: Statement; period: string }) {
  const query = useStatement(period, statement.participant);
  // Who was not paid then has nothing to compare with.
  if (query.isError) return null;
  return (
    <Answer query={query} height={160}>
      {(before) => (before.currency === statement.currency ? <Components before={before} now={statement} /> : null)}
    </Answer>
  );
}

function Components({ before, now }: { before: Statement; now: Statement }) {
  const { t } = useLingui();
  const { currency } = now;
  const moved = difference(before.payable, now.payable);
  const [then, here] = [periodName(before.period), periodName(now.period)];
  const columns: Column<Row>[] = [
    { key: 'what', title: t`Component`, value: ({ what }) => what },
    { key: 'linesBefore', title: t`Lines ${then}`, amount: true, value: (row) => row.before.lines },
    { key: 'lines', title: t`Lines ${here}`, amount: true, value: (row) => row.now.lines },
    amount('before', then, (row) => row.before.payable, currency),
    amount('now', here, (row) => row.now.payable, currency),
    {
      key: 'moved',
      title: t`Difference`,
      amount: true,
      value: (row) => difference(row.before.payable, row.now.payable),
      show: (row) => {
        const by = difference(row.before.payable, row.now.payable);
        return <span className={by.startsWith('-') ? 'down' : 'up'}>{signedMoney(by, currency)}</span>;
      },
    },
  ];
  return (
    <Card title={t`Compared to ${then}`}>
      <Text mb="xs">
        {moved.startsWith('-') ? (
          <Trans>
            {money(moved.slice(1), currency)} less than in {then}.
          </Trans>
        ) : (
          <Trans>
            {money(moved, currency)} more than in {then}.
          </Trans>
        )}
      </Text>
      <Table label={t`Compared to ${then}`} columns={columns} rows={rowsOf(before, now)} keyOf={({ key }) => key} />
    </Card>
  );
}

function amount(key: string, title: string, of: (row: Row) => string, currency: string): Column<Row> {
  return { key, title, amount: true, value: of, show: (row) => money(of(row), currency) };
}

function rowsOf(before: Statement, now: Statement): Row[] {
  const none = { payable: '0', lines: 0 };
  const keyOf = ({ plan, component }: Statement['components'][number]): string => `${plan} ${component}`;
  const [then, here] = [before, now].map((one) => new Map(one.components.map((part) => [keyOf(part), part])));
  return [...new Set([...here!.keys(), ...then!.keys()])].map((key) => {
    const part = (here!.get(key) ?? then!.get(key))!;
    return {
      key,
      what: part.component || part.plan,
      before: then!.get(key) ?? none,
      now: here!.get(key) ?? none,
    };
  });
}
