import mongoose from 'mongoose';
import type { Document, ModelDeclaration, ModelWriter, Placed } from '@attain/eventsourcing';
import { type Collections, type Pending, type Row, type Version } from './collections.js';
import { askedOf } from './query.rules.js';
import { type Durability, finish, MAJORITY, parkedId, parkedRow, putRows } from './writing.js';

const { ObjectId } = mongoose.mongo;

/**
 * Writes one version. The documents go first, each guarded by its own position, then the model's position moves, if it is where it
 * was: so a commit that is cut off is told again, and documents say which events they hold. `keepRemoved` milliseconds after its
 * removal nothing is left of a document; that is longer than any write can be on its way.
 */
export function createModelWriter<D extends Document>(
  collections: Collections,
  declaration: ModelDeclaration,
  version: Version,
  keepRemoved: number,
): ModelWriter<D> {
  const { versions } = collections;
  const rows = collections.rows(version);
  const durability: Durability = declaration.durable ? { writeConcern: { w: 'majority', j: true } } : MAJORITY;
  const { _id, documents } = version;
  let unknown: ReadonlySet<string> = new Set();
  let sweptAt = 0;

  /** Where the model stands, with nothing left to do before it. */
  async function stands(): Promise<bigint> {
    return (await standing()).position;
  }
  async function standing(): Promise<Version> {
    const found = await versions.findOne({ _id, documents }).lean<Version>();
    if (!found) throw new Error(`${_id} was forgotten`);
    await finish(collections, found, durability);
    return found;
  }

  function rowOf(key: string, { document, position }: Placed<D>): Row {
    if (document === undefined) return { _id: key, position, removed: new Date() };
    const text = JSON.stringify(document);
    return { _id: key, position, document: text, ...askedOf(JSON.parse(text) as Document) };
  }

  async function sweep(position: bigint): Promise<void> {
    const now = Date.now();
    if (now - sweptAt < keepRemoved) return;
    const before = new Date(now - keepRemoved);
    await rows.deleteMany(
      { removed: mongoose.trusted({ $lt: before }), position: mongoose.trusted({ $lte: position }) },
      MAJORITY,
    );
    sweptAt = now;
  }

  return {
    position: stands,
    seal: async () => (await standing()).seal ?? undefined,
    async getMany(keys) {
      await stands();
      const found = await rows
        .find({ _id: mongoose.trusted({ $in: keys }) })
        .select({ position: 1, document: 1 })
        .lean<Row[]>();
      unknown = new Set(keys).difference(new Set(found.map((row) => row._id)));
      return new Map(
        found.map((row): [string, Placed<D>] => [
          row._id,
          {
            position: row.position,
            document: row.document === undefined ? undefined : (JSON.parse(row.document) as D),
          },
        ]),
      );
    },
    async commit({ after, position, seal, documents: placed, park = [], redriven = [] }) {
      const written = [...placed].map(([key, one]) => rowOf(key, one));
      const at = await stands();
      if (at !== after) throw new Error(`${_id} is at ${at}, not at ${after}`);
      await sweep(after);

      // What a redrive puts into a document is older than its position, which so cannot tell whether it is in.
      const late = position === after;
      if (!late) await putRows(rows, written, '$lt', durability, unknown);
      const pending: Pending = {
        id: new ObjectId().toHexString(),
        rows: late ? written : [],
        unpark: redriven.map(parkedId),
        park: park.map(parkedRow),
      };
      const left = pending.rows.length + pending.unpark.length + pending.park.length > 0;
      const moved = await versions.updateOne(
        { _id, documents, position: after, pending: null },
        {
          $set: { position, ...(left && { pending }), ...(seal !== undefined && { seal }) },
          ...(seal === undefined && !late && { $unset: { seal: 1 } }),
        },
        durability,
      );
      if (moved.matchedCount !== 1)
        throw new Error(`${_id} is no longer at ${after}: another process has gone on with it`);
      if (left) await finish(collections, { ...version, pending }, durability);
    },
  };
}
