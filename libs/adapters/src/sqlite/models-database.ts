import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ModelDeclaration, Scalar } from '@attain/eventsourcing';
import { MEMORY, openReader, openWriter, portError, setUpReading, setUpWriting } from './connection.js';
import { type LeanDocuments, leanDocuments } from './lean-documents.js';
import type { Step } from './model-thread.js';
import { type ModelsWriting, writingHere, writingInThread } from './models-writing.js';
import { type Query, valueOf } from './query-sql.js';
import type { Asked, Found } from './query-thread.js';
import { WorkerThread } from './worker-thread.js';

const schema = `
CREATE TABLE model(name TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL, serving INTEGER NOT NULL, seal TEXT, blank TEXT, PRIMARY KEY(name, version)) WITHOUT ROWID;
CREATE TABLE parked("group" TEXT NOT NULL, position INTEGER NOT NULL, key TEXT NOT NULL, stream TEXT NOT NULL, event TEXT NOT NULL, type TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY("group", position, key)) WITHOUT ROWID;
`;
/** Before version 2 models had no seal, before version 3 every document had all its members. */
const upgrades = {
  1: 'ALTER TABLE model ADD COLUMN seal TEXT;',
  2: 'ALTER TABLE model ADD COLUMN blank TEXT;',
};
const FORMAT = { applicationId: 0x4174746d, version: 3, schema, upgrades };
type Blank = NonNullable<ModelDeclaration['blank']>;
const STATEMENTS = 500;
/** Documents of which a query takes milliseconds. */
const LARGE = 5000;
const NAME = /^[a-z][a-z0-9-]{0,60}$/;

/** `models.db`: its writer, its reading connection, its cached statements, and the tables of the versions. */
export class ModelsDatabase {
  readonly reading: DatabaseSync;
  readonly statements: ReturnType<typeof statementsOf>;
  private readonly opened: DatabaseSync;
  private readonly writing: ModelsWriting;
  /** Answers long queries beside the thread that answers requests; absent in memory, which belongs to one connection. */
  private readonly asking: WorkerThread<Asked, Found> | undefined;
  private readonly prepared = new Map<string, StatementSync>();
  private readonly lean = new Map<string, LeanDocuments>();
  /** Steps of writers that have not finished yet. */
  private readonly preparing = new Set<Promise<readonly Step[]>>();

  constructor(
    file: string,
    private readonly large = LARGE,
  ) {
    // Stays open, so that the file has its format and this connection closes last.
    this.opened = openWriter(file, { synchronous: 'NORMAL', ...FORMAT });
    this.reading = file === MEMORY ? this.opened : openReader(file);
    this.writing = file === MEMORY ? writingHere(this.opened) : writingInThread(file, setUpWriting('NORMAL'));
    this.asking =
      file === MEMORY
        ? undefined
        : new WorkerThread('query-thread', { reads: file, setUp: setUpReading }, `queries ${file}`);
    this.statements = statementsOf(this.reading);
  }

  query({ sql, values }: Query): Record<string, Scalar>[] {
    return this.prepare(sql).all(...values) as Record<string, Scalar>[];
  }

  /** The rows of a query that may read a whole table; of a large table in a separate thread. */
  async queryWhole(table: string, query: Query): Promise<Record<string, Scalar>[]> {
    if (!this.asking || !table.startsWith('"') || this.rowsOf(table) < this.large) return this.query(query);
    const found = await this.asking.ask(query);
    if ('rows' in found) return found.rows as Record<string, Scalar>[];
    throw portError(Object.assign(new Error(found.message), { errcode: found.errcode }));
  }

  /** The table of the serving version; undefined if no version serves. */
  serving(name: string): { table: string; version: number; documents: LeanDocuments } | undefined {
    const row = this.statements.serving.get(name) as { version: number; blank: string | null } | undefined;
    return row && { table: tableName(name, row.version), version: row.version, documents: this.documents(row.blank) };
  }

  /** How a version stores its documents. */
  documentsOf({ name, version }: ModelDeclaration): LeanDocuments {
    return this.documents((this.statements.blankOf.get(name, version) as { blank: string | null }).blank);
  }

  private documents(blank: string | null): LeanDocuments {
    const text = blank ?? '';
    let known = this.lean.get(text);
    if (!known) this.lean.set(text, (known = leanDocuments(blank === null ? undefined : (JSON.parse(blank) as Blank))));
    return known;
  }

  /** About how many documents a table has. */
  rowsOf(table: string): number {
    return (this.prepare(`SELECT coalesce(max(rowid), 0) AS rows FROM ${table}`).get() as { rows: number }).rows;
  }

  /** Commits the steps in one transaction; none of them if one fails. */
  async commit(steps: readonly Step[] | Promise<readonly Step[]>, durable = false): Promise<void> {
    if (!(steps instanceof Promise)) return this.writing.commit({ steps, durable });
    this.preparing.add(steps);
    try {
      await this.writing.commit({ steps: await steps, durable });
    } finally {
      this.preparing.delete(steps);
    }
  }

  /** A change of tables invalidates all prepared statements. */
  forgetPrepared(): void {
    this.prepared.clear();
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.preparing);
    await Promise.all([this.writing.close(), this.asking?.close()]);
    if (!this.opened.isOpen) return;
    if (this.reading !== this.opened) this.reading.close();
    this.opened.close();
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
    serving: db.prepare('SELECT version, blank FROM model WHERE name = ? ORDER BY serving DESC, version DESC LIMIT 1'),
    versions: db.prepare('SELECT version, serving FROM model WHERE name = ?'),
    positionOf: db.prepare('SELECT position FROM model WHERE name = ? AND version = ?'),
    blankOf: db.prepare('SELECT blank FROM model WHERE name = ? AND version = ?'),
    sealOf: db.prepare('SELECT seal FROM model WHERE name = ? AND version = ?'),
    indexes: db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`),
    tables: db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name = ?`),
  };
}

/** One statement without values. */
export function alone(sql: string): Step {
  return { sql, rows: [[]] };
}

export function tableName(name: string, version: number): string {
  if (!NAME.test(name) || !(Number.isSafeInteger(version) && version > 0))
    throw new TypeError(`not a model's name and version: ${JSON.stringify(name)} ${version}`);
  return `"${name}@${version}"`;
}

/**
 * The steps that create the version's table and exactly the declared indexes; none if all exist. While another version
 * serves, nobody queries this one, so its indexes are created once it is filled: filled entry by entry they are most of a rebuild's writes.
 */
export function declaring(
  database: ModelsDatabase,
  { name, version, indexes, blank: declared }: ModelDeclaration,
): Step[] {
  const blank = declared ? JSON.stringify(declared) : null;
  const table = tableName(name, version);
  const steps: Step[] = [];
  if (database.statements.tables.get(`${name}@${version}`) === undefined)
    steps.push(
      alone(
        `CREATE TABLE IF NOT EXISTS ${table}(key TEXT PRIMARY KEY NOT NULL, position INTEGER NOT NULL, document TEXT NOT NULL)`,
      ),
    );
  const known = database.statements.blankOf.get(name, version) as { blank: string | null } | undefined;
  if (known === undefined)
    steps.push({
      sql: 'INSERT INTO model(name, version, position, serving, blank) VALUES (?, ?, 0, 0, ?) ON CONFLICT DO NOTHING',
      rows: [[name, version, blank]],
    });
  // Documents that have all their members are read in the same way; what is left out once stays as it is.
  else if (known.blank === null && blank !== null)
    steps.push({
      sql: 'UPDATE model SET blank = ? WHERE name = ? AND version = ? AND blank IS NULL',
      rows: [[blank, name, version]],
    });
  const versions = database.statements.versions.all(name) as { version: number; serving: number }[];
  if (versions.some((one) => one.serving === 1 && one.version !== version)) return steps;
  return [...steps, ...indexing(database, { name, version, indexes })];
}

/** The steps that give the version's table exactly the declared indexes. */
export function indexing(database: ModelsDatabase, { name, version, indexes }: ModelDeclaration): Step[] {
  const table = tableName(name, version);
  const steps: Step[] = [];
  const wanted = new Map(
    indexes.map((fields) => [`${name}@${version}:${fields.join(',')}`, [...fields.map(valueOf), 'key'].join(', ')]),
  );
  const existing = database.statements.indexes.all(`${name}@${version}`) as { name: string }[];
  for (const index of existing)
    if (!wanted.delete(index.name)) steps.push(alone(`DROP INDEX IF EXISTS "${index.name}"`));
  for (const [index, expressions] of wanted)
    steps.push(alone(`CREATE INDEX IF NOT EXISTS "${index}" ON ${table}(${expressions})`));
  return steps;
}
