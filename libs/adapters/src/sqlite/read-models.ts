import type {
  Document,
  ModelDeclaration,
  ModelWriter,
  ParkedEvent,
  ReadModel,
  ReadModels,
} from '@attain/eventsourcing';
import { DeferredIndexes } from './deferred-indexes.js';
import { SqliteModelWriter } from './model-writer.js';
import type { Step } from './model-thread.js';
import { alone, declaring, indexing, ModelsDatabase, tableName } from './models-database.js';
import { SqliteReadModel } from './read-model.js';

/**
 * Read models in a separate database: events rebuild it, so a power cut may lose its last commits (NORMAL); documents
 * and position are lost together, and the bus delivers again. A model that is declared durable commits with FULL.
 */
export function openSqliteReadModels({ file, large }: SqliteModels): ReadModels {
  return new SqliteReadModels(new ModelsDatabase(file, large));
}

export interface SqliteModels {
  file: string;
  /** The number of documents of a model from which counts and sums run in a separate thread; 5000 by default. */
  large?: number;
}

/** The ports' members are properties and not methods, because decorators spread a model. */
class SqliteReadModels implements ReadModels {
  private readonly deferred: DeferredIndexes;

  constructor(private readonly database: ModelsDatabase) {
    this.deferred = new DeferredIndexes(database);
  }

  readonly model = <D extends Document>(name: string): ReadModel<D> => {
    return new SqliteReadModel<D>(this.database, this.deferred, name);
  };

  readonly writer = async <D extends Document>(declaration: ModelDeclaration): Promise<ModelWriter<D>> => {
    // A start without changes writes nothing, so that reading works on a full disk.
    const steps = declaring(this.database, declaration);
    if (steps.length > 0) await this.database.commit(steps);
    return new SqliteModelWriter<D>(this.database, this.deferred, declaration);
  };

  readonly serve = async (declaration: ModelDeclaration): Promise<void> => {
    const { name, version } = declaration;
    await this.deferred.present(tableName(name, version));
    const versions = this.database.statements.versions.all(name) as { version: number; serving: number }[];
    if (
      versions.every((one) =>
        one.version === version ? one.serving === 1 : one.version > version && one.serving === 0,
      )
    )
      return;
    const older = versions.filter((one) => one.version < version).map((one) => one.version);
    await this.database.commit([
      ...indexing(this.database, declaration),
      { sql: 'UPDATE model SET serving = (version = ?) WHERE name = ?', rows: [[version, name]] },
      ...older.flatMap((one) => removing(name, one)),
    ]);
    this.database.forgetPrepared();
  };

  readonly forget = async ({ name, version }: ModelDeclaration): Promise<void> => {
    await this.deferred.forget(tableName(name, version));
    await this.database.commit(removing(name, version));
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
    await this.deferred.close();
    await this.database.close();
  };
}

function removing(name: string, version: number): Step[] {
  return [
    alone(`DROP TABLE IF EXISTS ${tableName(name, version)}`),
    { sql: 'DELETE FROM model WHERE name = ? AND version = ?', rows: [[name, version]] },
    { sql: 'DELETE FROM parked WHERE "group" = ?', rows: [[`${name}@${version}`]] },
  ];
}
