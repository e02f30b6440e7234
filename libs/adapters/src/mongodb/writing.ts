import mongoose, { type AnyBulkWriteOperation, type Model } from 'mongoose';
import type { ParkedEvent } from '@attain/eventsourcing';
import type { Collections, ParkedRow, Row, Version } from './collections.js';
import { DUPLICATE_KEY } from './errors.js';

const { MongoBulkWriteError } = mongoose.mongo;
export interface Durability {
  /** On the disks of a majority, not only in their memory. */
  writeConcern: { w: 'majority'; j?: true };
}
export const MAJORITY: Durability = { writeConcern: { w: 'majority' } };

/**
 * Writes each row if the stored one is older: `$lt` its position, or `$lte` if the same event comes late. `unknown` keys are
 * inserted first, because an insert costs less. A duplicate key means that another writer was first; the repeated write then finds a row that is not older.
 */
export async function putRows(
  model: Model<Row>,
  rows: readonly Row[],
  guard: '$lt' | '$lte',
  durability: Durability,
  unknown: ReadonlySet<string> = new Set(),
): Promise<void> {
  const guarded = (row: Row): AnyBulkWriteOperation<Row> => {
    const { _id, ...replacement } = row;
    return { replaceOne: { filter: { _id, position: { [guard]: row.position } }, replacement, upsert: true } };
  };
  const [added, others] = [rows.filter((row) => unknown.has(row._id)), rows.filter((row) => !unknown.has(row._id))];
  // Side by side, because the driver would send the updates of a batch after its inserts.
  const [refused, passed] = await Promise.allSettled([
    writeAll(
      model,
      added.map((row) => ({ insertOne: { document: row } })),
      durability,
    ),
    writeAll(model, others.map(guarded), durability),
  ]);
  if (refused.status === 'rejected') throw refused.reason;
  if (passed.status === 'rejected') throw passed.reason;
  const late = [...refused.value.map((at) => added[at] as Row), ...passed.value.map((at) => others[at] as Row)];
  await writeAll(model, late.map(guarded), durability);
}

/** Uses the driver's own collection, because mongoose would create a document object for each row. Returns the rows with a duplicate key; rejects on other errors. */
async function writeAll(
  model: Model<Row>,
  operations: AnyBulkWriteOperation<Row>[],
  durability: Durability,
): Promise<number[]> {
  if (operations.length === 0) return [];
  try {
    await model.collection.bulkWrite(operations as never, { ordered: false, ...durability });
    return [];
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) throw error;
    const errors = [error.writeErrors].flat();
    if (errors.length === 0 || errors.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
    return errors.map(({ index }) => index);
  }
}

export function parkedRow(event: ParkedEvent): ParkedRow {
  const { group, stream, key, position, event: id, type, reason, at } = event;
  return { _id: parkedId(event), group, stream, key, position, event: id, type, reason, at };
}
export function parkedId({ group, position, key }: ParkedEvent): string {
  return JSON.stringify([group, String(position), key]);
}

/** Carries out the writes that a commit stored with the position; repeated or parallel runs give the same result. */
export async function finish(
  { versions, parked, rows }: Collections,
  version: Version,
  durability: Durability = MAJORITY,
): Promise<void> {
  const { _id, pending } = version;
  if (!pending) return;
  await putRows(rows(version), pending.rows, '$lte', durability);
  if (pending.unpark.length > 0)
    await parked.deleteMany({ _id: mongoose.trusted({ $in: pending.unpark }) }, durability);
  for (const row of pending.park) await replace(parked, row, durability);
  await versions.updateOne({ _id, 'pending.id': pending.id }, { $unset: { pending: 1 } }, durability);
}

async function replace(parked: Model<ParkedRow>, row: ParkedRow, durability: Durability): Promise<void> {
  const { _id, ...rest } = row;
  await parked.collection.updateOne({ _id: _id as never }, { $set: rest }, { upsert: true, ...durability });
}
