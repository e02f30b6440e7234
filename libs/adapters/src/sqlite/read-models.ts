import type {
  Document,
  ModelDeclaration,
  ModelWriter,
  ParkedEvent,
  ReadModel,
  ReadModels,
} from '@attain/eventsourcing';
import { SqliteModelWriter } from './model-writer.js';
import { declare, ModelsDatabase, tableName } from './models-database.js';
import { SqliteReadModel } from './read-model.js';

/**
 * Read models in a database of their own: events rebuild it, so a power cut may cost it its last commits (NORMAL); documents
 * and position go back together, and the bus delivers again. A model that is declared durable commits with FULL.
 */
export function openSqliteReadModels({ file }: { file: string }): ReadModels {
  return new SqliteReadModels(new ModelsDatabase(file));
}

/** What the ports ask for are properties and not methods, because those who add to a model spread it. */
class SqliteReadModels implements ReadModels {
  constructor(private readonly database: ModelsDatabase) {}

  readonly model = <D extends Document>(name: string): ReadModel<D> => {
    return new SqliteReadModel<D>(this.database, name);
  };

  readonly writer = async <D extends Document>(declaration: ModelDeclaration): Promise<ModelWriter<D>> => {
    this.database.transaction(() => declare(this.database.writing, declaration));
    return new SqliteModelWriter<D>(this.database, declaration);
  };

  readonly serve = async ({ name, version }: ModelDeclaration): Promise<void> => {
    const versions = this.database.writing.prepare('SELECT version, serving FROM model WHERE name = ?').all(name) as {
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
    this.database.transaction(() => {
      this.database.writing.prepare('UPDATE model SET serving = (version = ?) WHERE name = ?').run(version, name);
      const older = this.database.writing
        .prepare('DELETE FROM model WHERE name = ? AND version < ? RETURNING version')
        .all(name, version) as { version: number }[];
      for (const one of older) this.database.writing.exec(`DROP TABLE ${tableName(name, one.version)}`);
      const gone = older.map((one) => `${name}@${one.version}`);
      this.database.writing
        .prepare('DELETE FROM parked WHERE "group" IN (SELECT value FROM json_each(?))')
        .run(JSON.stringify(gone));
    });
    this.database.forgetPrepared();
  };

  readonly forget = async ({ name, version }: ModelDeclaration): Promise<void> => {
    const table = tableName(name, version);
    this.database.transaction(() => {
      this.database.writing.exec(`DROP TABLE IF EXISTS ${table}`);
      this.database.writing.prepare('DELETE FROM model WHERE name = ? AND version = ?').run(name, version);
      this.database.writing.prepare('DELETE FROM parked WHERE "group" = ?').run(`${name}@${version}`);
    });
    this.database.forgetPrepared();
  };

  readonly parked = async (group?: string): Promise<ParkedEvent[]> => {
    const rows = this.database.reading
      .prepare(`SELECT * FROM parked WHERE ?1 IS NULL OR "group" = ?1 ORDER BY "group", position, key`)
      .all(group ?? null) as (Omit<ParkedEvent, 'position' | 'key'> & {
      position: number;
      key: string;
    })[];
    return rows.map((row) => ({ ...row, position: BigInt(row.position), key: JSON.parse(row.key) as string | null }));
  };

  readonly close = async (): Promise<void> => {
    this.database.close();
  };
}
