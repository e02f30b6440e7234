import mongoose from 'mongoose';
import {
  type Document,
  type ModelDeclaration,
  type ModelWriter,
  type ReadModel,
  type ReadModels,
  Transient,
} from '@attain/eventsourcing';
import { all, connectCollections, type ParkedRow, type Row, type Version } from './collections.js';
import { DUPLICATE_KEY, portError } from './errors.js';
import { createModelWriter } from './model-writer.js';
import { type Condition, conditionsOf, findingOf, type Grouped, groupingOf } from './query.rules.js';
import { parseMongoUrl } from './url.js';
import { finish } from './writing.js';

const { MongoServerError, ObjectId } = mongoose.mongo;
const NAME = /^[a-z][a-z0-9-]{0,60}$/;
const NAMESPACE_NOT_FOUND = 26;
const HOUR_MS = 3_600_000;
/** A slow server needs less; longer waits only who is never answered. */
const ANSWER_MS = 40_000;
/** The driver finds a server again within half a second of its return, unless its monitor hangs. */
const UNREACHED_MS = 15_000;

/**
 * Read models in MongoDB, or any server with its wire protocol: no transactions, sessions, `$facet` or pipeline updates. Rejects
 * with RangeError on a URL that is not understood, with Transient while no primary is reached.
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
  const { versions, parked } = collections;
  const inHand = new Set<Promise<unknown>>();
  let closed: Promise<void> | undefined;
  let unreachedSince: number | undefined;
  let reopening: Promise<void> | undefined;

  async function run<T>(work: () => Promise<T>): Promise<T> {
    if (closed) throw new Error('the read models are closed');
    const mine = withinTime(reopening ? reopening.then(work) : work());
    inHand.add(mine);
    try {
      const answer = await mine;
      unreachedSince = undefined;
      return answer;
    } catch (error) {
      const failure = portError(error);
      if (failure instanceof Transient) unreached();
      throw failure;
    } finally {
      inHand.delete(mine);
    }
  }

  /** mongodb 7.8 waits for ever where it writes to a socket that was just destroyed; where it is its monitor that waits, only a new client finds the server. */
  function unreached(): void {
    unreachedSince ??= performance.now();
    if (closed || reopening || performance.now() - unreachedSince < UNREACHED_MS) return;
    reopening = collections
      .reopen()
      .catch(() => undefined)
      .finally(() => (reopening = undefined));
  }

  async function servingOf(name: string): Promise<Version | undefined> {
    return (
      (await versions.findOne({ name }).sort({ serving: -1, version: -1 }).select({ pending: 0 }).lean<Version>()) ??
      undefined
    );
  }

  function model<D extends Document>(name: string): ReadModel<D> {
    /** Undefined where no version is. The one that is asked stays a while after the next one serves. */
    async function asked<T>(ask: (rows: ReturnType<typeof collections.rows>) => Promise<T>): Promise<T | undefined> {
      const version = await servingOf(name);
      return version && ask(collections.rows(version));
    }
    const texts = (conditions: readonly Condition[], rows: ReturnType<typeof collections.rows>) =>
      rows.find(all(conditions)).select({ document: 1 }).lean<Required<Row>[]>();
    const byKeys = async (keys: readonly string[]): Promise<Map<string, D>> => {
      // Side by side and not behind an `$and`, in which FerretDB sees no key.
      const found =
        (await asked((rows) =>
          rows
            .find({ _id: mongoose.trusted({ $in: [...keys] }), removed: null })
            .select({ document: 1 })
            .lean<Required<Row>[]>(),
        )) ?? [];
      return new Map(found.map(({ _id, document }) => [_id, JSON.parse(document) as D]));
    };
    return {
      get: (key) => run(async () => (await byKeys([key])).get(key)),
      getMany: (keys) => run(() => byKeys(keys)),
      find: (find = {}) =>
        run(async () => {
          const finding = findingOf(find);
          if (!finding) return [];
          const { conditions, sort, limit, skip } = finding;
          const found = (await asked((rows) => texts(conditions, rows).sort(sort).limit(limit).skip(skip))) ?? [];
          return found.map(({ document }) => JSON.parse(document) as D);
        }),
      count: (filter) =>
        run(async () => {
          const conditions = conditionsOf(filter);
          return (await asked((rows) => rows.countDocuments(all(conditions)))) ?? 0;
        }),
      aggregate: (aggregate) =>
        run(async () => {
          const { conditions, group, rows: answer } = groupingOf(aggregate);
          const grouped = await asked((rows) =>
            rows.aggregate<Grouped>([{ $match: { $and: conditions } }, { $group: group as never }]),
          );
          return answer(grouped ?? []);
        }),
      position: () => run(async () => (await servingOf(name))?.position ?? 0n),
    };
  }

  /** The version's place in `models`, made by the first one that opens it. */
  async function opened(declaration: ModelDeclaration): Promise<Version> {
    const _id = groupOf(declaration);
    const { name, version } = declaration;
    const made = { name, version, documents: `${_id}.${new ObjectId().toHexString()}`, position: 0n, serving: false };
    await versions
      .updateOne({ _id }, { $setOnInsert: made }, { upsert: true })
      .catch(unlessCode(DUPLICATE_KEY, undefined));
    const found = await versions.findOne({ _id }).lean<Version>();
    if (!found) throw new Error(`${_id} was forgotten`);
    await declare(found, declaration);
    return found;
  }

  /** Exactly the indexes that are declared. */
  async function declare(version: Version, { indexes }: ModelDeclaration): Promise<void> {
    const { collection } = collections.rows(version);
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

  async function remove(version: Version): Promise<void> {
    const { _id, documents } = version;
    await versions.deleteOne({ _id, documents });
    await collections.rows(version).collection.drop().catch(unlessCode(NAMESPACE_NOT_FOUND, true));
    await parked.deleteMany({ group: _id });
  }

  return {
    model,
    async writer<D extends Document>(declaration: ModelDeclaration): Promise<ModelWriter<D>> {
      const writer = createModelWriter<D>(collections, declaration, await run(() => opened(declaration)), keepRemoved);
      return {
        position: () => run(() => writer.position()),
        seal: () => run(() => writer.seal()),
        getMany: (keys) => run(() => writer.getMany(keys)),
        commit: (write) => run(() => writer.commit(write)),
      };
    },
    serve: (declaration) =>
      run(async () => {
        const _id = groupOf(declaration);
        const { name, version } = declaration;
        const until = await servingOf(name);
        const serves = await versions.updateOne({ _id }, { $set: { serving: true } });
        if (serves.matchedCount !== 1) throw new Error(`${_id} was not opened`);
        await versions.updateMany(
          { name, _id: mongoose.trusted({ $ne: _id }), serving: true },
          { $set: { serving: false } },
        );
        // Somebody may be reading what served until now: it goes at the next start.
        const older = await versions.find({ name, version: mongoose.trusted({ $lt: version }) }).lean<Version[]>();
        for (const one of older) await (one._id === until?._id ? parked.deleteMany({ group: one._id }) : remove(one));
      }),
    forget: (declaration) =>
      run(async () => {
        const version = await versions.findOne({ _id: groupOf(declaration) }).lean<Version>();
        if (version) await remove(version);
      }),
    parked: (group) =>
      run(async () => {
        for (const version of await versions
          .find({ 'pending.id': mongoose.trusted({ $exists: true }) })
          .lean<Version[]>())
          await finish(collections, version);
        const rows = await parked
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
      }),
    close: () =>
      (closed ??= (async () => {
        await Promise.allSettled([...inHand, reopening]);
        await collections.close();
      })()),
  };
}

/** What comes late is held off by the guards of its write. */
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
