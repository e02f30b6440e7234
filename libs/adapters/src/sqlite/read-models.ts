import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type Document,
  type ModelDeclaration,
  type ModelWriter,
  type ParkedEvent,
  type Placed,
  type ReadModel,
  type ReadModels,
  type Scalar,
  type Write,
} from '@attain/eventsourcing';
import { MEMORY, openReader, openWriter, portError } from './connection.js';
import { aggregateQuery, countQuery, findQuery, type Query, valueOf } from './query-sql.js';

const schema = `
CREATE TABLE model(name TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL, serving INTEGER NOT NULL, seal TEXT, PRIMARY KEY(name, version)) WITHOUT ROWID;
CREATE TABLE parked("group" TEXT NOT NULL, position INTEGER NOT NULL, key TEXT NOT NULL, stream TEXT NOT NULL, event TEXT NOT NULL, type TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY("group", position, key)) WITHOUT ROWID;
`;
/** Before version 2 no model knew the log's seal at its position. */
const upgrades = { 1: 'ALTER TABLE model ADD COLUMN seal TEXT;' };
const FORMAT = { applicationId: 0x4174746d, version: 2, schema, upgrades };
const STATEMENTS = 500;
const NAME = /^[a-z][a-z0-9-]{0,60}$/;

/**
 * Read models in a database of their own: events rebuild it, so a power cut may cost it its last commits (NORMAL); documents
 * and position go back together, and the bus delivers again. A model that is declared durable commits with FULL.
 */
export function openSqliteReadModels({ file }: { file: string }): ReadModels {
  const writing = openWriter(file, { synchronous: 'NORMAL', ...FORMAT });
  const reading = file === MEMORY ? writing : openReader(file);
  const statements = new Map<string, StatementSync>();
  const serving = writing.prepare(
    'SELECT version FROM model WHERE name = ? ORDER BY serving DESC, version DESC LIMIT 1',
  );
  const positionOf = writing.prepare('SELECT position FROM model WHERE name = ? AND version = ?');
  const sealOf = writing.prepare('SELECT seal FROM model WHERE name = ? AND version = ?');
  const advance = writing.prepare(
    'UPDATE model SET position = ?1, seal = CASE WHEN ?2 IS NULL AND position = ?1 THEN seal ELSE ?2 END WHERE name = ?3 AND version = ?4 AND position = ?5',
  );
  const park = writing.prepare(
    'INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET reason = excluded.reason, at = excluded.at',
  );
  const unpark = writing.prepare('DELETE FROM parked WHERE "group" = ? AND position = ? AND key = ?');

  /** Queries are few and built anew each time; preparing them costs more than running them. */
  function prepared(sql: string): StatementSync {
    const known = statements.get(sql);
    if (known) return known;
    if (statements.size >= STATEMENTS) statements.clear();
    const statement = reading.prepare(sql);
    statements.set(sql, statement);
    return statement;
  }
  function run({ sql, values }: Query): Record<string, Scalar>[] {
    return prepared(sql).all(...values) as Record<string, Scalar>[];
  }

  function tableOf(name: string): { table: string; version: number } | undefined {
    const row = serving.get(name) as { version: number } | undefined;
    return row && { table: tableName(name, row.version), version: row.version };
  }

  function transaction<T>(work: () => T): T {
    writing.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      writing.exec('COMMIT');
      return result;
    } catch (error) {
      if (writing.isTransaction) writing.exec('ROLLBACK');
      throw portError(error);
    }
  }

  function model<D extends Document>(name: string): ReadModel<D> {
    const found = (query: (table: string) => Query): Record<string, Scalar>[] => {
      const serves = tableOf(name);
      return serves ? run(query(serves.table)) : run(query('(SELECT NULL AS key, NULL AS document WHERE 0)'));
    };
    const byKeys = (keys: readonly string[]): Record<string, Scalar>[] =>
      found((table) => ({
        sql: `SELECT key, document FROM ${table} WHERE key IN (SELECT value FROM json_each(?))`,
        values: [JSON.stringify(keys)],
      }));
    return {
      async get(key) {
        const [row] = byKeys([key]);
        return row && (JSON.parse(row['document'] as string) as D);
      },
      async getMany(keys) {
        return new Map(byKeys(keys).map((row) => [row['key'] as string, JSON.parse(row['document'] as string) as D]));
      },
      async find(find = {}) {
        return found((table) => findQuery(table, find)).map((row) => JSON.parse(row['document'] as string) as D);
      },
      async count(filter) {
        return found((table) => countQuery(table, filter))[0]?.['count'] as number;
      },
      async aggregate(aggregate) {
        const rows = found((table) => aggregateQuery(table, aggregate));
        const measures = Object.keys(aggregate.measures);
        return rows.map((row) =>
          Object.fromEntries([
            ...aggregate.groupBy.map((field, n) => [field, JSON.parse(row[`g${n}`] as string) as Scalar] as const),
            ...measures.map((measure, n) => [measure, row[`m${n}`] as Scalar] as const),
          ]),
        );
      },
      async position() {
        const serves = tableOf(name);
        return serves ? BigInt((positionOf.get(name, serves.version) as { position: number }).position) : 0n;
      },
    };
  }

  function writer<D extends Document>({ name, version, durable = false }: ModelDeclaration): ModelWriter<D> {
    const table = tableName(name, version);
    const getMany = writing.prepare(
      `SELECT key, position, document FROM ${table} WHERE key IN (SELECT value FROM json_each(?))`,
    );
    const put = writing.prepare(
      `INSERT INTO ${table}(key, position, document) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position, document = excluded.document`,
    );
    const remove = writing.prepare(`DELETE FROM ${table} WHERE key = ?`);

    function write({ after, position, seal, documents, park: parked = [], redriven = [] }: Write<D>): void {
      if (advance.run(Number(position), seal ?? null, name, version, Number(after)).changes !== 1)
        throw new Error(`${name}@${version} is not at ${after}`);
      for (const [key, placed] of documents) {
        if (placed.document === undefined) remove.run(key);
        else put.run(key, Number(placed.position), JSON.stringify(placed.document));
      }
      for (const event of redriven) unpark.run(event.group, Number(event.position), JSON.stringify(event.key));
      for (const event of parked)
        park.run(
          event.group,
          Number(event.position),
          JSON.stringify(event.key),
          event.stream,
          event.event,
          event.type,
          event.reason,
          event.at,
        );
    }

    return {
      async position() {
        return BigInt((positionOf.get(name, version) as { position: number }).position);
      },
      async seal() {
        return (sealOf.get(name, version) as { seal: string | null }).seal ?? undefined;
      },
      async getMany(keys) {
        const rows = getMany.all(JSON.stringify(keys)) as { key: string; position: number; document: string }[];
        return new Map(
          rows.map(({ key, position, document }): [string, Placed<D>] => [
            key,
            { position: BigInt(position), document: JSON.parse(document) as D },
          ]),
        );
      },
      async commit(changes) {
        if (!durable) return transaction(() => write(changes));
        writing.exec('PRAGMA synchronous = FULL');
        try {
          transaction(() => write(changes));
        } finally {
          writing.exec('PRAGMA synchronous = NORMAL');
        }
      },
    };
  }

  return {
    model,
    async writer<D extends Document>(declaration: ModelDeclaration) {
      transaction(() => declare(writing, declaration));
      return writer<D>(declaration);
    },
    async serve({ name, version }) {
      const versions = writing.prepare('SELECT version, serving FROM model WHERE name = ?').all(name) as {
        version: number;
        serving: number;
      }[];
      // A start writes nothing where nothing changes, so that a full disk keeps nobody from reading.
      if (
        versions.every((one) =>
          one.version === version ? one.serving === 1 : one.version > version && one.serving === 0,
        )
      )
        return;
      transaction(() => {
        writing.prepare('UPDATE model SET serving = (version = ?) WHERE name = ?').run(version, name);
        const older = writing
          .prepare('DELETE FROM model WHERE name = ? AND version < ? RETURNING version')
          .all(name, version) as { version: number }[];
        for (const one of older) writing.exec(`DROP TABLE ${tableName(name, one.version)}`);
        const gone = older.map((one) => `${name}@${one.version}`);
        writing
          .prepare('DELETE FROM parked WHERE "group" IN (SELECT value FROM json_each(?))')
          .run(JSON.stringify(gone));
      });
      statements.clear();
    },
    async forget({ name, version }) {
      const table = tableName(name, version);
      transaction(() => {
        writing.exec(`DROP TABLE IF EXISTS ${table}`);
        writing.prepare('DELETE FROM model WHERE name = ? AND version = ?').run(name, version);
        writing.prepare('DELETE FROM parked WHERE "group" = ?').run(`${name}@${version}`);
      });
      statements.clear();
    },
    async parked(group) {
      const rows = reading
        .prepare(`SELECT * FROM parked WHERE ?1 IS NULL OR "group" = ?1 ORDER BY "group", position, key`)
        .all(group ?? null) as (Omit<ParkedEvent, 'position' | 'key'> & {
        position: number;
        key: string;
      })[];
      return rows.map((row) => ({ ...row, position: BigInt(row.position), key: JSON.parse(row.key) as string | null }));
    },
    async close() {
      if (!writing.isOpen) return;
      if (reading !== writing) reading.close();
      writing.close();
    },
  };
}

function tableName(name: string, version: number): string {
  if (!NAME.test(name) || !(Number.isSafeInteger(version) && version > 0))
    throw new TypeError(`not a model's name and version: ${JSON.stringify(name)} ${version}`);
  return `"${name}@${version}"`;
}

/** Makes the version's table and exactly the indexes that are declared. */
function declare(db: DatabaseSync, { name, version, indexes }: ModelDeclaration): void {
  const table = tableName(name, version);
  db.exec(
    `CREATE TABLE IF NOT EXISTS ${table}(key TEXT PRIMARY KEY NOT NULL, position INTEGER NOT NULL, document TEXT NOT NULL)`,
  );
  db.prepare('INSERT INTO model(name, version, position, serving) VALUES (?, ?, 0, 0) ON CONFLICT DO NOTHING').run(
    name,
    version,
  );
  const wanted = new Map(
    indexes.map((fields) => [`${name}@${version}:${fields.join(',')}`, [...fields.map(valueOf), 'key'].join(', ')]),
  );
  const existing = db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`)
    .all(`${name}@${version}`) as { name: string }[];
  for (const index of existing) if (!wanted.delete(index.name)) db.exec(`DROP INDEX "${index.name}"`);
  for (const [index, expressions] of wanted) db.exec(`CREATE INDEX "${index}" ON ${table}(${expressions})`);
}
