import type { Statement, StatementLine } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useCut } from '../../api/cut.js';
import { useNames } from '../../api/names.js';
import { useStatement } from '../../api/statements.js';
import { WhyButton } from '../../explain/why.js';
import { money } from '../../format/amounts.js';
import { date, periodName } from '../../format/dates.js';
import { Answer } from '../../screen/answer.js';
import { Card, Figure } from '../../screen/card.js';
import { MissingAmounts } from '../../screen/missing-amounts.js';
import { Screen } from '../../screen/screen.js';
import { type Column, Table } from '../../screen/table.js';
import { ComparedCard } from './compared-card.js';
import { DifferenceCard } from './difference-card.js';
import { useLineKinds } from './line-kinds.js';

export function StatementPage() {
  const { t } = useLingui();
  const { period = '', participant = '' } = useParams({ strict: false });
  const query = useStatement(period, participant);
  const name = useNames();
  const cut = new URLSearchParams({ ...useCut() }).toString();
  const pdf = `/v1/statements/${encodeURIComponent(period)}/${encodeURIComponent(participant)}/pdf${cut === '' ? '' : `?${cut}`}`;
  return (
    <Screen
      title={t`Statement ${periodName(period)}`}
      choose={
        <>
          <Button variant="default" component="a" download href={pdf}>
            <Trans>PDF</Trans>
          </Button>
          <Button variant="default" onClick={() => window.print()}>
            <Trans>Print</Trans>
          </Button>
        </>
      }
    >
      <Answer query={query} height={480}>
        {(statement) => <StatementView statement={statement} name={name(participant)} />}
      </Answer>
    </Screen>
  );
}

function StatementView({ statement, name }: { statement: Statement; name: string }) {
  const { t } = useLingui();
  const { currency, earned, payable, issued, exceptions, balances = [], units } = statement;
  return (
    <Stack gap="md">
      <Group gap="xs">
        <Badge tt="none" variant="default" c={issued === null ? 'dimmed' : 'var(--attain-good)'}>
          {issued === null ? <Trans>Preview, not issued yet</Trans> : <Trans>Issued {date(issued)}</Trans>}
        </Badge>
        {statement.hash === null ? null : (
          <Badge tt="none" variant="default" title={statement.hash}>
            {`SHA-256 ${statement.hash.slice(0, 12)}…`}
          </Badge>
        )}
      </Group>
      <MissingAmounts exceptions={exceptions} />
      <div className="figures">
        <Figure label={t`Payable to ${name}`} value={money(payable, currency)} />
        <Figure label={t`Earned`} value={money(earned, currency)} />
        {units.map(({ unit, amount }) => (
          <Figure key={unit} label={unit} value={money(amount, unit)} />
        ))}
        {balances
          .filter(({ draw, carried }) => Number(draw) !== 0 || Number(carried) !== 0)
          .map((balance) => (
            <Figure
              key={balance.plan}
              label={t`Balance of ${balance.plan}`}
              value={money(balance.draw, balance.currency)}
              note={t`carried: ${money(balance.carried, balance.currency)}`}
            />
          ))}
      </div>
      <Components statement={statement} />
      <ComparedCard statement={statement} />
      {issued === null ? null : <DifferenceCard statement={statement} />}
      <Lines statement={statement} />
      <Text size="xs" className="print-only">
        {statement.hash === null ? (
          <Trans>Known up to {date(statement.cut.known)}. Without a hash, because lines are withheld.</Trans>
        ) : (
          <Trans>
            Known up to {date(statement.cut.known)}. SHA-256 {statement.hash}
          </Trans>
        )}
      </Text>
    </Stack>
  );
}

function Components({ statement: { components, currency } }: { statement: Statement }) {
  const { t } = useLingui();
  const columns: Column<Statement['components'][number]>[] = [
    { key: 'component', title: t`Component`, value: ({ plan, component }) => (component === '' ? plan : component) },
    { key: 'plan', title: t`Plan`, value: ({ plan }) => plan },
    { key: 'lines', title: t`Lines`, amount: true, value: ({ lines }) => lines },
    {
      key: 'payable',
      title: t`Payable`,
      amount: true,
      value: ({ payable }) => payable,
      show: ({ payable }) => money(payable, currency),
    },
  ];
  return (
    <Card title={t`Components`}>
      <Table
        label={t`Components`}
        columns={columns}
        rows={components}
        keyOf={({ plan, component }) => `${plan} ${component}`}
      />
    </Card>
  );
}

function Lines({ statement }: { statement: Statement }) {
  const { t } = useLingui();
  const kinds = useLineKinds();
  const cut = { ...useCut() };
  const columns: Column<StatementLine>[] = [
    { key: 'date', title: t`Date`, value: (line) => line.date, show: (line) => date(line.date) },
    {
      key: 'record',
      title: t`Deal`,
      value: ({ record }) => record?.id ?? null,
    },
    { key: 'component', title: t`Component`, value: ({ component, plan }) => (component === '' ? plan : component) },
    { key: 'kind', title: t`Kind`, value: ({ kind }) => kinds[kind] },
    { key: 'credited', title: t`Credited`, amount: true, value: ({ credited }) => credited },
    { key: 'rate', title: t`Rate`, amount: true, value: ({ rate }) => rate },
    {
      key: 'payable',
      title: t`Payable`,
      amount: true,
      value: ({ payable }) => payable,
      show: ({ id, payable, payableCurrency, record }) => (
        <WhyButton
          asked={{ period: statement.period, participant: statement.participant, line: id }}
          label={t`Why ${money(payable, payableCurrency)} of ${record?.id ?? kinds.earning}`}
        >
          {money(payable, payableCurrency)}
        </WhyButton>
      ),
    },
  ];
  return (
    <Card title={t`Lines`}>
      <Table
        label={t`Lines`}
        columns={columns}
        rows={statement.lines}
        keyOf={({ id }) => id}
        exported={{ path: `/statements/${statement.period}/${encodeURIComponent(statement.participant)}`, query: cut }}
      />
    </Card>
  );
}
