import type { Document, Filter, ReadModel } from '@attain/eventsourcing';

interface Shown<Row> {
  /** The values that rows must have; an undefined one matches every row. */
  readonly asked: Readonly<Record<string, string | undefined>>;
  /** A further condition on the rows. */
  readonly filter?: Filter;
  readonly order: readonly (keyof Row & string)[];
  /** Whether the caller's scope shows a row. */
  isShown(row: Row): boolean;
}

/** All rows of a table that a caller may see. There is no limit, because the list of a controller comes whole. */
export async function shownRows<Row extends Document>(
  model: ReadModel<Row>,
  { asked, filter, order, isShown }: Shown<Row>,
): Promise<Row[]> {
  const equal = Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const rows = await model.find({
    filter: { ...Object.fromEntries(equal), ...filter },
    sort: order.map((field) => ({ field, order: 'ascending' })),
  });
  return rows.filter(isShown);
}
