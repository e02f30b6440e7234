import type { LastVerification, PeriodState } from '@attain/client';
import { useLingui } from '@lingui/react/macro';
import { usePeriods } from '../../api/periods.js';
import { date, periodName } from '../../format/dates.js';
import { Answer } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { type Column, Table } from '../../screen/table.js';

type Closed = PeriodState & { closed: NonNullable<PeriodState['closed']> };

/** Each closed period with its result in the last verification. */
export function VerifiedPeriods({ last }: { last: LastVerification | null }) {
  const { t } = useLingui();
  const query = usePeriods();
  const found = useFound(last);
  const columns: Column<Closed>[] = [
    { key: 'period', title: t`Period`, value: ({ name }) => name, show: ({ name }) => periodName(name) },
    {
      key: 'closed',
      title: t`Closed`,
      value: ({ closed }) => closed.closed,
      show: ({ closed }) => date(closed.closed),
    },
    { key: 'by', title: t`By`, value: ({ closed }) => closed.by },
    { key: 'statements', title: t`Statements`, amount: true, value: ({ closed }) => closed.participants },
    {
      key: 'hash',
      title: t`Run hash`,
      value: ({ closed }) => closed.runHash,
      show: ({ closed }) => <span title={closed.runHash ?? ''}>{closed.runHash?.slice(0, 12) ?? '–'}</span>,
    },
    {
      key: 'found',
      title: t`Verification`,
      value: (period) => found(period).text,
      show: (period) => <span className={found(period).look}>{found(period).text}</span>,
    },
  ];
  return (
    <Card title={t`Verification by period`}>
      <Answer query={query} height={240}>
        {(rows) => (
          <Table
            label={t`Verification by period`}
            columns={columns}
            rows={rows.filter((period): period is Closed => period.closed !== null).toReversed()}
            keyOf={({ name }) => name}
            exported={{ path: '/periods' }}
          />
        )}
      </Answer>
    </Card>
  );
}

function useFound(last: LastVerification | null): (period: Closed) => { text: string; look: string } {
  const { t } = useLingui();
  return ({ name, closed }) => {
    // Statements are issued right after their period is closed, which is behind the position of the closing.
    if (last === null || BigInt(closed.position) > BigInt(last.position)) return { text: t`not yet`, look: 'warn' };
    return last.discrepancies.some(({ period }) => period === name)
      ? { text: t`Differs`, look: 'bad' }
      : { text: t`Agrees`, look: 'good' };
  };
}
