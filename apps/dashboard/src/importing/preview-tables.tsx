import { getCompany, type ImportPreview } from '@attain/client';
import { useLingui } from '@lingui/react/macro';
import { Badge, NativeSelect, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answerOf } from '../api/client.js';
import { Table } from '../screen/table.js';
import type { ImportKind, Importing } from './use-importing.js';

const fieldsOf: Readonly<Record<ImportKind, readonly string[]>> = {
  deals: [
    'id',
    'name',
    'owner',
    'amount',
    'currency',
    'stage',
    'opened',
    'closed',
    'account',
    'product',
    'quantity',
    'type',
    'region',
    'territory',
  ],
  people: ['id', 'name', 'role', 'manager', 'team', 'region', 'currency', 'from', 'to', 'email'],
  quotas: ['for', 'measure', 'period', 'amount', 'target', 'credit', 'currency', 'reason'],
};

type Columns = Readonly<Record<string, unknown>>;

const headerOf = (column: unknown): unknown =>
  typeof column === 'object' && column !== null && 'from' in column ? column.from : column;

/** The mapping with a column that holds another field; `''` is none. */
function mapped(preview: ImportPreview, header: string, field: string): Columns {
  const before = preview.mapping.columns as Columns;
  const kept = Object.entries(before).filter(([name, column]) => name !== field && headerOf(column) !== header);
  // How a text is read goes with its column.
  const [, column = header] = Object.entries(before).find(([, one]) => headerOf(one) === header) ?? [];
  return { ...preview.mapping, columns: Object.fromEntries(field === '' ? kept : [...kept, [field, column]]) };
}

/** Each column of the file with some of its texts, and the field that it holds, which can be changed. */
export function PreviewColumns({
  preview,
  kind,
  importing,
}: {
  preview: ImportPreview;
  kind: ImportKind;
  importing: Importing;
}) {
  const { t } = useLingui();
  const { data: company } = useQuery({
    queryKey: ['company'],
    queryFn: () => answerOf(getCompany()),
    retry: false,
  });
  const own = kind === 'deals' ? Object.keys(company?.fields ?? {}) : [];
  const colors = { certain: 'teal', stated: 'blue', likely: 'yellow', unused: 'gray' } as const;
  const words = { certain: t`certain`, stated: t`chosen`, likely: t`please check`, unused: t`not used` };
  return (
    <Table
      label={t`Columns`}
      keyOf={({ header }) => header}
      rows={preview.columns}
      columns={[
        { key: 'header', title: t`Column`, value: ({ header }) => header },
        { key: 'samples', title: t`Sample`, value: ({ samples }) => samples[0] ?? null },
        {
          key: 'field',
          title: t`Field`,
          value: ({ field }) => field,
          show: ({ header, field }) => (
            <NativeSelect
              size="xs"
              miw={104}
              aria-label={t`Field of ${header}`}
              value={field ?? ''}
              onChange={({ currentTarget }) => importing.state(mapped(preview, header, currentTarget.value))}
              data={[
                { value: '', label: t`not used` },
                ...new Set([...fieldsOf[kind], ...own, ...(field === null ? [] : [field])]),
              ]}
            />
          ),
        },
        {
          key: 'verdict',
          title: t`Guess`,
          value: ({ verdict }) => verdict,
          show: ({ verdict }) => (
            <Badge variant="outline" color={colors[verdict]} tt="none" c="inherit" miw="max-content">
              {words[verdict]}
            </Badge>
          ),
        },
        {
          key: 'reason',
          title: t`Reason`,
          value: ({ reason }) => reason,
          show: ({ reason }) => (
            <Text size="sm" miw={220}>
              {reason}
            </Text>
          ),
        },
      ]}
    />
  );
}

/** The first rows as they are read. */
export function PreviewRows({ preview }: { preview: ImportPreview }) {
  const { t } = useLingui();
  const fields = [...new Set(preview.rows.flatMap(({ fields: values }) => Object.keys(values ?? {})))];
  if (preview.rows.length === 0) return null;
  return (
    <Table
      label={t`First rows as they are read`}
      keyOf={({ row }) => String(row)}
      rows={preview.rows}
      columns={[
        { key: 'row', title: t`Row`, amount: true, value: ({ row }) => row },
        ...fields.map((field) => ({
          key: field,
          title: field,
          amount: field === 'amount',
          value: ({ fields: values }: ImportPreview['rows'][number]) => values?.[field] ?? null,
        })),
        {
          key: 'status',
          title: t`Read as`,
          value: ({ status, problem }) => (problem === null ? (status ?? t`sound`) : t`unreadable`),
          show: ({ status, problem }) =>
            problem === null ? (
              (status ?? t`sound`)
            ) : (
              <Text size="sm" className="warn">
                {problem.field ?? ''} {problem.found ?? ''}
              </Text>
            ),
        },
      ]}
    />
  );
}
