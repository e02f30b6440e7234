import mongoose from 'mongoose';
import {
  type Document,
  type ModelDeclaration,
  type ModelWriter,
  type ParkedEvent,
  type ReadModel,
  type ReadModels,
  Transient,
} from '@attain/eventsourcing';
import { type Collections, connectCollections, type ParkedRow, type Version } from './collections.js';
import { DUPLICATE_KEY, portError } from './errors.js';
import { MongoModelWriter } from './model-writer.js';
import { MongoReadModel } from './read-model.js';
import { parseMongoUrl } from './url.js';
import { finish } from './writing.js';

const { MongoServerError, ObjectId } = mongoose.mongo;
const NAME = /^[a-z][a-z0-9-]{0,60}$/;
const NAMESPACE_NOT_FOUND = 26;
const HOUR_MS = 3_600_000;
/** A slow server needs less; only a query without any answer takes longer. */
const ANSWER_MS = 40_000;
/** The driver finds a server again within half a second of its return, unless its monitor hangs. */
const UNREACHED_MS = 15_000;

/**
 * Read models in MongoDB, or any server with its wire protocol: no transactions, sessions, `$facet` or pipeline updates. Rejects
 * with RangeError on an invalid URL, with Transient while no primary is reachable.
 */
export async function openMongoModels({
  url,
  keepRemoved = HOUR_MS,
}: {
  url: string;
  keepRemoved?: number;
}): Promise<ReadModels> {
  const { database } = parseMongoUrl(url);
  const collections = await connectCollections(url, database).catch((error: unknown) => {
    throw portError(error);
  });
  return new MongoReadModels(collections, keepRemoved);
}

/** The port's members are properties and not methods, because decorators spread a model. */
class MongoReadModels implements ReadModels {
  private readonly inHand = new Set<Promise<unknown>>();
  private closed: Promise<void> | undefined;
  private unreachedSince: number | undefined;
  private reopening: Promise<void> | undefined;

  constructor(
    private readonly collections: Collections,
    private readonly keepRemoved: number,
  ) {}

  readonly model = <D extends Document>(name: string): ReadModel<D> => {
    const model = new MongoReadModel<D>(this.collections, () => this.servingOf(name));
    return {
      get: (key) => this.run(() => model.get(key)),
      getMany: (keys) => this.run(() => model.getMany(keys)),
      find: (find) => this.run(() => model.find(find)),
      count: (filter) => this.run(() => model.count(filter)),
      aggregate: (aggregate) => this.run(() => model.aggregate(aggregate)),
      position: () => this.run(() => model.position()),
    };
  };

  readonly writer = async <D extends Document>(declaration: ModelDeclaration): Promise<ModelWriter<D>> => {
    const version = await this.run(() => this.opened(declaration));
    const writer = new MongoModelWriter<D>(this.collections, declaration, version, this.keepRemoved);
    return {
      position: () => this.run(() => writer.position()),
      seal: () => this.run(() => writer.seal()),
      getMany: (keys) => this.run(() => writer.getMany(keys)),
      commit: (write) => this.run(() => writer.commit(write)),
    };
  };

  readonly serve = (declaration: ModelDeclaration): Promise<void> =>
    this.run(async () => {
      const _id = groupOf(declaration);
      const { name, version } = declaration;
      const until = await this.servingOf(name);
      const serves = await this.collections.versions.updateOne({ _id }, { $set: { serving: true } });
      if (serves.matchedCount !== 1) throw new Error(`${_id} was not opened`);
      await this.collections.versions.updateMany(
        { name, _id: mongoose.trusted({ $ne: _id }), serving: true },
        { $set: { serving: false } },
      );
      // A query may still read the previously serving version, so the next start removes it.
      const older = await this.collections.versions
        .find({ name, version: mongoose.trusted({ $lt: version }) })
        .lean<Version[]>();
      for (const one of older)
        await (one._id === until?._id ? this.collections.parked.deleteMany({ group: one._id }) : this.remove(one));
    });

  readonly forget = (declaration: ModelDeclaration): Promise<void> =>
    this.run(async () => {
      const version = await this.collections.versions.findOne({ _id: groupOf(declaration) }).lean<Version>();
      if (version) await this.remove(version);
    });

  readonly parked = (group?: string): Promise<ParkedEvent[]> =>
    this.run(async () => {
      for (const version of await this.collections.versions
        .find({ 'pending.id': mongoose.trusted({ $exists: true }) })
        .lean<Version[]>())
        await finish(this.collections, version);
      const rows = await this.collections.parked
        .find(group === undefined ? {} : { group })
        .sort({ group: 1, position: 1, key: 1 })
        .lean<ParkedRow[]>();
      return rows.map(({ group: of, stream, key, position, event, type, reason, at }) => ({
        group: of,
        stream,
        key,
        position,
        event,
        type,
        reason,
        at,
      }));
    });

  readonly close = (): Promise<void> => (this.closed ??= this.end());

  private async end(): Promise<void> {
    await Promise.allSettled([...this.inHand, this.reopening]);
    await this.collections.close();
  }

  private async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.closed) throw new Error('the read models are closed');
    const mine = withinTime(this.reopening ? this.reopening.then(work) : work());
    this.inHand.add(mine);
    try {
      const answer = await mine;
      this.unreachedSince = undefined;
      return answer;
    } catch (error) {
      const failure = portError(error);
      if (failure instanceof Transient) this.unreached();
      throw failure;
    } finally {
      this.inHand.delete(mine);
    }
  }

  /** mongodb 7.8 waits for ever if it writes to a socket that was just destroyed; if its monitor waits, only a new client finds the server. */
  private unreached(): void {
    this.unreachedSince ??= performance.now();
    if (this.closed || this.reopening || performance.now() - this.unreachedSince < UNREACHED_MS) return;
    this.reopening = this.collections
      .reopen()
      .catch(() => undefined)
      .finally(() => (this.reopening = undefined));
  }

  private async servingOf(name: string): Promise<Version | undefined> {
    return (
      (await this.collections.versions
        .findOne({ name })
        .sort({ serving: -1, version: -1 })
        .select({ pending: 0 })
        .lean<Version>()) ?? undefined
    );
  }

  /** The version's entry in `models`, created by the first process that opens the version. */
  private async opened(declaration: ModelDeclaration): Promise<Version> {
    const _id = groupOf(declaration);
    const { name, version } = declaration;
    const made = { name, version, documents: `${_id}.${new ObjectId().toHexString()}`, position: 0n, serving: false };
    await this.collections.versions
      .updateOne({ _id }, { $setOnInsert: made }, { upsert: true })
      .catch(unlessCode(DUPLICATE_KEY, undefined));
    const found = await this.collections.versions.findOne({ _id }).lean<Version>();
    if (!found) throw new Error(`${_id} was forgotten`);
    await this.declare(found, declaration);
    return found;
  }

  /** Exactly the declared indexes. */
  private async declare(version: Version, { indexes }: ModelDeclaration): Promise<void> {
    const { collection } = this.collections.rows(version);
    const wanted = new Map(
      indexes.map((fields) => [
        fields.join(','),
        { ...Object.fromEntries(fields.map((field) => [`fields.${field}`, 1 as const])), _id: 1 as const },
      ]),
    );
    const existing = await collection.indexes().catch(unlessCode(NAMESPACE_NOT_FOUND, []));
    for (const { name = '_id_' } of existing)
      if (name !== '_id_' && !wanted.delete(name)) await collection.dropIndex(name);
    if (wanted.size > 0) await collection.createIndexes([...wanted].map(([name, key]) => ({ name, key })));
  }

  private async remove(version: Version): Promise<void> {
    const { _id, documents } = version;
    await this.collections.versions.deleteOne({ _id, documents });
    await this.collections.rows(version).collection.drop().catch(unlessCode(NAMESPACE_NOT_FOUND, true));
    await this.collections.parked.deleteMany({ group: _id });
  }
}

/** The guards of a write reject it if it arrives late. */
async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Transient(`read models: no answer within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Also keeps the collections' names plain. */
function groupOf({ name, version }: ModelDeclaration): string {
  if (!NAME.test(name) || !(Number.isSafeInteger(version) && version > 0))
    throw new TypeError(`not a model's name and version: ${JSON.stringify(name)} ${version}`);
  return `${name}@${version}`;
}

function unlessCode<T>(code: number, answer: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof MongoServerError && error.code === code) return answer;
    throw error;
  };
}
