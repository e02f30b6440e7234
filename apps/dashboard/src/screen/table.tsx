import { useLingui } from '@lingui/react/macro';
import { Table as Grid, UnstyledButton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { type Exported, ExportLinks } from './export-links.js';

export interface Column<R> {
  key: string;
  title: string;
  /** Right-aligned, so that digits are in columns. */
  amount?: boolean;
  /** What the column is sorted by. */
  value: (row: R) => string | number | null;
  /** What the reader sees; by default the value. */
  show?: (row: R) => ReactNode;
}

export interface Order {
  key: string;
  down: boolean;
}

/** For tables too long for the browser: `rows` are the first ones, in the order in which the server sorted them. */
interface Paged {
  /** Rows that the server has. */
  total: number;
  order: Order | undefined;
  setOrder: (order: Order) => void;
  /** Called when the reader comes near the last row here and the server has more. */
  more: () => void;
}

interface TableProps<R> {
  /** Names the table for those who hear it. */
  label: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
  /** Where the server has the same rows as a file. */
  exported?: Exported;
  paged?: Paged;
}

const rowHeight = 37;
/** Longer tables draw only the rows in sight. */
const atOnce = 100;
/** Rows between the last one drawn and the last one here at which the next page is asked for. */
const ahead = 50;

export function Table<R>({ label, columns, rows, keyOf, exported, paged }: TableProps<R>) {
  const [own, setOwn] = useState<Order>();
  const { order, setOrder } = paged ?? { order: own, setOrder: setOwn };
  const isPaged = paged !== undefined;
  const sorted = useMemo(() => (isPaged ? rows : sortedBy(rows, columns, own)), [rows, columns, own, isPaged]);
  const frame = useRef<HTMLDivElement>(null);
  const isPrinting = usePrinting();
  // Paper shows every row.
  const isLong = (paged?.total ?? sorted.length) > atOnce && !isPrinting;
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 20,
    enabled: isLong,
  });
  const window = isLong ? virtual.getVirtualItems() : undefined;
  const first = window?.[0]?.index ?? 0;
  const shown = window === undefined ? sorted : window.map(({ index }) => sorted[index]!);
  useMore(paged, sorted.length, first + shown.length);
  useEffect(() => {
    if (frame.current) frame.current.scrollTop = 0;
  }, [order]);
  const above = window?.[0]?.start ?? 0;
  const below = window === undefined ? 0 : virtual.getTotalSize() - (window.at(-1)?.end ?? 0);
  const grid = (
    <div className={isPaged ? 'rows one-line' : 'rows'} ref={frame} tabIndex={0} role="region" aria-label={label}>
      <Grid highlightOnHover aria-rowcount={(paged?.total ?? sorted.length) + 1} verticalSpacing={6}>
        <Heads columns={columns} order={order} setOrder={setOrder} />
        <Grid.Tbody>
          <Gap height={above} width={columns.length} />
          {shown.map((row, index) => (
            <Grid.Tr key={keyOf(row)} aria-rowindex={first + index + 2}>
              {columns.map((column) => (
                <Grid.Td key={column.key} className={column.amount === true ? 'amount' : ''}>
                  {column.show === undefined ? (column.value(row) ?? '–') : column.show(row)}
                </Grid.Td>
              ))}
            </Grid.Tr>
          ))}
          <Gap height={below} width={columns.length} />
        </Grid.Tbody>
      </Grid>
    </div>
  );
  if (exported === undefined) return grid;
  return (
    <div>
      {grid}
      <ExportLinks label={label} exported={exported} />
    </div>
  );
}

/** Asks for the next page before the reader is at the end of the rows. */
function useMore(paged: Paged | undefined, here: number, drawn: number): void {
  const { total = 0, more } = paged ?? {};
  useEffect(() => {
    if (here > 0 && here < total && drawn > here - ahead) more?.();
  }, [here, total, drawn, more]);
}

/** Whether the page is being printed; drawn anew before the browser lays the paper out. */
function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    const begin = (): void => flushSync(() => setPrinting(true));
    const end = (): void => setPrinting(false);
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', end);
    return () => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
    };
  }, []);
  return isPrinting;
}

interface HeadsProps<R> {
  columns: readonly Column<R>[];
  order: Order | undefined;
  setOrder: (order: Order) => void;
}

function Heads<R>({ columns, order, setOrder }: HeadsProps<R>) {
  const { t } = useLingui();
  return (
    <Grid.Thead>
      <Grid.Tr>
        {columns.map(({ key, title, amount }) => {
          const by = order?.key === key ? order : undefined;
          const sort = by === undefined ? 'none' : by.down ? 'descending' : 'ascending';
          return (
            <Grid.Th key={key} className={amount === true ? 'amount' : ''} aria-sort={sort}>
              <UnstyledButton
                fz="sm"
                fw={600}
                title={t`Sort by ${title}`}
                onClick={() => setOrder({ key, down: by === undefined ? amount === true : !by.down })}
              >
                {title}
                {by === undefined ? '' : by.down ? ' ↓' : ' ↑'}
              </UnstyledButton>
            </Grid.Th>
          );
        })}
      </Grid.Tr>
    </Grid.Thead>
  );
}

function Gap({ height, width }: { height: number; width: number }) {
  return height <= 0 ? null : (
    <tr aria-hidden>
      <td colSpan={width} style={{ height, padding: 0 }} />
    </tr>
  );
}

function sortedBy<R>(rows: readonly R[], columns: readonly Column<R>[], order: Order | undefined): readonly R[] {
  const column = columns.find(({ key }) => key === order?.key);
  if (!column || !order) return rows;
  const sign = order.down ? -1 : 1;
  return rows.toSorted((a, b) => sign * compared(column.value(a), column.value(b)));
}

/** Nothing comes first; numbers by size, else by text. */
function compared(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return String(a).localeCompare(String(b));
}
