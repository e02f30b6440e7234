import { type Connection, type ConnectOptions, type Model, Mongoose, Schema, trusted } from 'mongoose';
import type { ParkedEvent } from '@attain/eventsourcing';
import type { Asked, Condition } from './query.rules.js';

/**
 * A document: its JSON text, because BSON returns neither keys with dots nor numbers exactly, and beside it the fields of
 * filters. A removed document keeps only its position, so that a repeated batch, or a late writer, cannot restore it.
 */
export interface Row extends Partial<Asked> {
  _id: string;
  position: bigint;
  document?: string;
  removed?: Date;
}
export interface ParkedRow extends ParkedEvent {
  _id: string;
}
/** Writes without a position of their own; stored with the model's position in one write, and carried out by the next writer. */
export interface Pending {
  id: string;
  rows: Row[];
  unpark: string[];
  park: ParkedRow[];
}
/** One version of a model. */
export interface Version {
  /** `name@version`, also the group of its parked events. */
  _id: string;
  name: string;
  version: number;
  /** The collection of its documents: a new one after the version was forgotten, so that late writes cannot reach it. */
  documents: string;
  position: bigint;
  /** The log's seal at the position. */
  seal?: string;
  serving: boolean;
  pending?: Pending;
}

export interface Collections {
  versions: Model<Version>;
  parked: Model<ParkedRow>;
  rows(version: Version): Model<Row>;
  /** Closes the connection, and opens another for the same models. Rejects if it reaches no server. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 5_000;
const schemaOptions = { strict: 'throw', versionKey: false, minimize: false } as const;
const rowSchema = new Schema<Row>(
  {
    _id: String,
    position: BigInt,
    document: String,
    fields: Schema.Types.Mixed,
    other: { type: [String], default: undefined },
    removed: Date,
  },
  schemaOptions,
);
const parkedSchema = new Schema<ParkedRow>(
  {
    _id: String,
    group: String,
    stream: String,
    key: String,
    position: BigInt,
    event: String,
    type: { type: String },
    reason: String,
    at: String,
  },
  schemaOptions,
);
const versionSchema = new Schema<Version>(
  {
    _id: String,
    name: String,
    version: Number,
    documents: String,
    position: BigInt,
    seal: String,
    serving: Boolean,
    pending: Schema.Types.Mixed,
  },
  schemaOptions,
);

/** Connects. A query without a reachable server fails after 5 s, and the driver continues to search. */
export async function connectCollections(url: string, database: string): Promise<Collections> {
  const mongoose = new Mongoose({
    strictQuery: 'throw',
    sanitizeFilter: true,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
  });
  const options: ConnectOptions = {
    dbName: database,
    appName: 'attain',
    useBigInt64: true,
    w: 'majority',
    readConcernLevel: 'majority',
    readPreference: 'primary',
    serverSelectionTimeoutMS: TIMEOUT_MS,
    connectTimeoutMS: TIMEOUT_MS,
    waitQueueTimeoutMS: TIMEOUT_MS,
    // A server that scans where MongoDB uses an index needs longer; its URL states the time.
    ...(/[?&]socketTimeoutMS=/.test(url) ? {} : { socketTimeoutMS: 30_000 }),
    maxPoolSize: 20,
  };
  const connection: Connection = mongoose.createConnection(url, options);
  try {
    await connection.asPromise();
  } catch (error) {
    await connection.close();
    throw error;
  }
  const modelOf = <T>(collection: string, schema: Schema<T>): Model<T> =>
    (connection.models[collection] as Model<T> | undefined) ?? connection.model<T>(collection, schema, collection);
  return {
    versions: modelOf('models', versionSchema),
    parked: modelOf('parked', parkedSchema),
    rows: ({ documents }) => modelOf(documents, rowSchema),
    async reopen() {
      await connection.close();
      await connection.openUri(url, options);
    },
    close: () => connection.close(),
  };
}

/** Only compiled conditions may contain operators. */
export function all(conditions: readonly Condition[]): { $and: Condition[] } {
  return { $and: conditions.map(marked) };
}
function marked(condition: Condition): Condition {
  return Object.fromEntries(
    Object.entries(condition).map(([key, value]) => [
      key,
      key === '$or' || key === '$and'
        ? (value as Condition[]).map(marked)
        : value !== null && typeof value === 'object'
          ? trusted({ ...value })
          : value,
    ]),
  );
}
