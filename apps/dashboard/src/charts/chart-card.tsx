import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Table, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Card } from '../screen/card.js';

interface ChartCardProps {
  /** States the finding. */
  title: string;
  description?: ReactNode;
  heads: readonly string[];
  rows: readonly (readonly string[])[];
  children: ReactNode;
}

/** A chart, and the same data as a table, also for screen readers. */
export function ChartCard({ title, description, heads, rows, children }: ChartCardProps) {
  const { t } = useLingui();
  const [asTable, setAsTable] = useState(false);
  return (
    <Card title={title}>
      {description === undefined ? null : (
        <Text size="sm" c="dimmed" mb="xs">
          {description}
        </Text>
      )}
      {asTable ? (
        <div className="rows" tabIndex={0} role="region" aria-label={title}>
          <Table fz="sm">
            <Table.Thead>
              <Table.Tr>
                {heads.map((head, index) => (
                  <Table.Th key={head} className={index === 0 ? '' : 'amount'}>
                    {head}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row, at) => (
                <Table.Tr key={at}>
                  {row.map((cell, index) => (
                    <Table.Td key={index} className={index === 0 ? '' : 'amount'}>
                      {cell}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      ) : (
        <figure style={{ margin: 0 }} role="img" aria-label={t`Chart: ${title}`}>
          {children}
        </figure>
      )}
      <Button
        size="compact-xs"
        variant="subtle"
        mt="xs"
        className="no-print"
        onClick={() => setAsTable(!asTable)}
        aria-pressed={asTable}
      >
        {asTable ? <Trans>Show as chart</Trans> : <Trans>Show as table</Trans>}
      </Button>
    </Card>
  );
}
