import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ModelDeclaration, Scalar } from '@attain/eventsourcing';
import { MEMORY, openReader, openWriter, portError } from './connection.js';
import { type Query, valueOf } from './query-sql.js';

const schema = `
CREATE TABLE model(name TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL, serving INTEGER NOT NULL, seal TEXT, PRIMARY KEY(name, version)) WITHOUT ROWID;
CREATE TABLE parked("group" TEXT NOT NULL, position INTEGER NOT NULL, key TEXT NOT NULL, stream TEXT NOT NULL, event TEXT NOT NULL, type TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY("group", position, key)) WITHOUT ROWID;
`;
/** Before version 2 no model knew the log's seal at its position. */
const upgrades = { 1: 'ALTER TABLE model ADD COLUMN seal TEXT;' };
const FORMAT = { applicationId: 0x4174746d, version: 2, schema, upgrades };
const STATEMENTS = 500;
const NAME = /^[a-z][a-z0-9-]{0,60}$/;

/** The two connections to `models.db`, what is asked of them again and again, and the tables of the versions. */
export class ModelsDatabase {
  readonly writing: DatabaseSync;
  readonly reading: DatabaseSync;
  readonly statements: ReturnType<typeof statementsOf>;
  private readonly prepared = new Map<string, StatementSync>();

  constructor(file: string) {
    this.writing = openWriter(file, { synchronous: 'NORMAL', ...FORMAT });
    this.reading = file === MEMORY ? this.writing : openReader(file);
    this.statements = statementsOf(this.writing);
  }

  query({ sql, values }: Query): Record<string, Scalar>[] {
    return this.prepare(sql).all(...values) as Record<string, Scalar>[];
  }

  /** The table of the version that serves; undefined where no version is. */
  serving(name: string): { table: string; version: number } | undefined {
    const row = this.statements.serving.get(name) as { version: number } | undefined;
    return row && { table: tableName(name, row.version), version: row.version };
  }

  transaction<T>(work: () => T): T {
    this.writing.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.writing.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.writing.isTransaction) this.writing.exec('ROLLBACK');
      throw portError(error);
    }
  }

  /** After a change of tables nothing prepared is valid. */
  forgetPrepared(): void {
    this.prepared.clear();
  }

  close(): void {
    if (!this.writing.isOpen) return;
    if (this.reading !== this.writing) this.reading.close();
    this.writing.close();
  }

  /** Queries are few and built anew each time; preparing them costs more than running them. */
  private prepare(sql: string): StatementSync {
    const known = this.prepared.get(sql);
    if (known) return known;
    if (this.prepared.size >= STATEMENTS) this.prepared.clear();
    const statement = this.reading.prepare(sql);
    this.prepared.set(sql, statement);
    return statement;
  }
}

function statementsOf(db: DatabaseSync) {
  return {
    serving: db.prepare('SELECT version FROM model WHERE name = ? ORDER BY serving DESC, version DESC LIMIT 1'),
    positionOf: db.prepare('SELECT position FROM model WHERE name = ? AND version = ?'),
    sealOf: db.prepare('SELECT seal FROM model WHERE name = ? AND version = ?'),
    advance: db.prepare(
      'UPDATE model SET position = ?1, seal = CASE WHEN ?2 IS NULL AND position = ?1 THEN seal ELSE ?2 END WHERE name = ?3 AND version = ?4 AND position = ?5',
    ),
    park: db.prepare(
      'INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET reason = excluded.reason, at = excluded.at',
    ),
    unpark: db.prepare('DELETE FROM parked WHERE "group" = ? AND position = ? AND key = ?'),
  };
}

export function tableName(name: string, version: number): string {
  if (!NAME.test(name) || !(Number.isSafeInteger(version) && version > 0))
    throw new TypeError(`not a model's name and version: ${JSON.stringify(name)} ${version}`);
  return `"${name}@${version}"`;
}

/** Makes the version's table and exactly the indexes that are declared. */
export function declare(db: DatabaseSync, { name, version, indexes }: ModelDeclaration): void {
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
