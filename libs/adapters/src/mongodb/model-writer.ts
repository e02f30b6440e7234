import mongoose from 'mongoose';
import type { Document, ModelDeclaration, ModelWriter, Placed, Write } from '@attain/eventsourcing';
import { type Collections, type Pending, type Row, type Version } from './collections.js';
import { askedOf } from './query.rules.js';
import { type Durability, finish, MAJORITY, parkedId, parkedRow, putRows } from './writing.js';

const { ObjectId } = mongoose.mongo;

/**
 * Writes one version. The documents go first, each guarded by its own position, then the model's position moves, if it is
 * unchanged. So an interrupted commit is delivered again, and documents show which events they contain. `keepRemoved`
 * milliseconds after its removal the rest of a document is deleted; no write can be on its way for so long.
 */
export class MongoModelWriter<D extends Document> implements ModelWriter<D> {
  private readonly rows: ReturnType<Collections['rows']>;
  private readonly durability: Durability;
  private unknown: ReadonlySet<string> = new Set();
  /** The position that the last query found, for the commit after it; each commit, and each question for the position, ends its use. */
  private found: bigint | undefined;
  private sweptAt = 0;

  constructor(
    private readonly collections: Collections,
    declaration: ModelDeclaration,
    private readonly version: Version,
    private readonly keepRemoved: number,
  ) {
    this.rows = collections.rows(version);
    this.durability = declaration.durable ? { writeConcern: { w: 'majority', j: true } } : MAJORITY;
  }

  readonly position = (): Promise<bigint> => {
    // Whoever asks may commit from the newer position.
    this.found = undefined;
    return this.stands();
  };

  readonly seal = async (): Promise<string | undefined> => (await this.current()).seal ?? undefined;

  /** Asks for the position and the documents at once, because each question costs a round trip. */
  readonly getMany = async (keys: readonly string[]): Promise<Map<string, Placed<D>>> => {
    const [version, early] = await Promise.all([this.current(), this.rowsOf(keys)]);
    // The documents may lack the work that was left over.
    const found = version.pending ? await this.rowsOf(keys) : early;
    this.found = version.position;
    this.unknown = new Set(keys).difference(new Set(found.map((row) => row._id)));
    return new Map(
      found.map((row): [string, Placed<D>] => [
        row._id,
        {
          position: row.position,
          document: row.document === undefined ? undefined : (JSON.parse(row.document) as D),
        },
      ]),
    );
  };

  readonly commit = async ({
    after,
    position,
    seal,
    documents: placed,
    park = [],
    redriven = [],
  }: Write<D>): Promise<void> => {
    const { _id, documents } = this.version;
    const written = [...placed].map(([key, one]) => this.rowOf(key, one));
    const at = this.found ?? (await this.stands());
    this.found = undefined;
    if (at !== after) throw new Error(`${_id} is at ${at}, not at ${after}`);
    await this.sweep(after);

    // A redriven event is older than its document's position, so the position cannot show whether the document contains it.
    const late = position === after;
    if (!late) await putRows(this.rows, written, '$lt', this.durability, this.unknown);
    const pending: Pending = {
      id: new ObjectId().toHexString(),
      rows: late ? written : [],
      unpark: redriven.map(parkedId),
      park: park.map(parkedRow),
    };
    const left = pending.rows.length + pending.unpark.length + pending.park.length > 0;
    const moved = await this.collections.versions.updateOne(
      { _id, documents, position: after, pending: null },
      {
        $set: { position, ...(left && { pending }), ...(seal !== undefined && { seal }) },
        ...(seal === undefined && !late && { $unset: { seal: 1 } }),
      },
      this.durability,
    );
    if (moved.matchedCount !== 1)
      throw new Error(`${_id} is no longer at ${after}: another process has gone on with it`);
    if (left) await finish(this.collections, { ...this.version, pending }, this.durability);
  };

  /** The position of the model, once all work before it is done. */
  private async stands(): Promise<bigint> {
    return (await this.current()).position;
  }
  private async current(): Promise<Version> {
    const { _id, documents } = this.version;
    const found = await this.collections.versions.findOne({ _id, documents }).lean<Version>();
    if (!found) throw new Error(`${_id} was forgotten`);
    await finish(this.collections, found, this.durability);
    return found;
  }

  private rowsOf(keys: readonly string[]): Promise<Row[]> {
    return this.rows
      .find({ _id: mongoose.trusted({ $in: keys }) })
      .select({ position: 1, document: 1 })
      .lean<Row[]>();
  }

  private rowOf(key: string, { document, position }: Placed<D>): Row {
    if (document === undefined) return { _id: key, position, removed: new Date() };
    const text = JSON.stringify(document);
    return { _id: key, position, document: text, ...askedOf(JSON.parse(text) as Document) };
  }

  private async sweep(position: bigint): Promise<void> {
    const now = Date.now();
    if (now - this.sweptAt < this.keepRemoved) return;
    const before = new Date(now - this.keepRemoved);
    await this.rows.deleteMany(
      { removed: mongoose.trusted({ $lt: before }), position: mongoose.trusted({ $lte: position }) },
      MAJORITY,
    );
    this.sweptAt = now;
  }
}
