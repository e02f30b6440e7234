import type { Difference } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Bridge } from '../charts/lazy.js';
import { ChartCard } from '../charts/chart-card.js';
import { money, signedMoney } from '../format/amounts.js';
import { date } from '../format/dates.js';
import { useCauseKinds } from './cause-kinds.js';

/** The number of causes with a bar of their own; the rest is one bar, and the table behind has all. */
const most = 7;

interface DifferenceBridgeProps {
  difference: Difference;
  /** The amount at the start, as an exact decimal, where it is known. */
  before?: string;
}

/** Start and end are marks, causes are bars, and their sum is printed. */
export function DifferenceBridge({ difference, before }: DifferenceBridgeProps) {
  const { t } = useLingui();
  const kinds = useCauseKinds();
  const { causes, total, currency } = difference;
  const largest = causes.toSorted((a, b) => Math.abs(Number(b.amount)) - Math.abs(Number(a.amount)));
  const shown = largest.slice(0, most);
  const rest = largest.slice(most).reduce((sum, { amount }) => sum + Number(amount), 0);
  const start = Number(before ?? '0');
  const bars = [
    { name: t`Before`, amount: start, label: before === undefined ? '' : money(before, currency), total: true },
    ...shown.map(({ kind, amount, fact }, index) => ({
      name: `${index + 1} ${kinds[kind]}${fact === null ? '' : ` ${recordOf(fact.stream)}`}`,
      amount: Number(amount),
      label: signedMoney(amount, currency),
    })),
    ...(rest === 0 ? [] : [{ name: t`${largest.length - most} more`, amount: rest, label: '' }]),
    { name: t`After`, amount: start + Number(total), label: '', total: true },
  ];
  return (
    <ChartCard
      title={t`What moved it by ${signedMoney(total, currency)}`}
      description={<Trans>{causes.length} causes add up to the difference.</Trans>}
      heads={[t`Cause`, t`Recorded`, t`Amount`]}
      rows={largest.map(({ kind, amount, recorded, fact }) => [
        `${kinds[kind]}${fact === null ? '' : ` ${recordOf(fact.stream)}`}${fact?.reason ? `: ${fact.reason}` : ''}`,
        `${date(recorded)}${fact === null ? '' : `, ${fact.actor}`}`,
        signedMoney(amount, currency),
      ])}
    >
      <Bridge causes={bars} />
    </ChartCard>
  );
}

/** deal-crm:1FAMR9UR as 1FAMR9UR. */
function recordOf(stream: string): string {
  return stream.slice(stream.lastIndexOf(':') + 1).replace(/^\w+-/, '');
}
