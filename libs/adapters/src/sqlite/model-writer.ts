import type { DatabaseSync } from 'node:sqlite';
import type { Document, ModelDeclaration, ModelWriter, Placed, Write } from '@attain/eventsourcing';
import { type ModelsDatabase, tableName } from './models-database.js';

/** Writes one version of a model: its documents, its position and what is parked, in one transaction. */
export class SqliteModelWriter<D extends Document> implements ModelWriter<D> {
  private readonly statements: ReturnType<typeof statementsOf>;

  constructor(
    private readonly database: ModelsDatabase,
    private readonly declaration: ModelDeclaration,
  ) {
    this.statements = statementsOf(database.writing, tableName(declaration.name, declaration.version));
  }

  readonly position = async (): Promise<bigint> => {
    return BigInt(
      (this.database.statements.positionOf.get(this.declaration.name, this.declaration.version) as { position: number })
        .position,
    );
  };

  readonly seal = async (): Promise<string | undefined> => {
    return (
      (this.database.statements.sealOf.get(this.declaration.name, this.declaration.version) as { seal: string | null })
        .seal ?? undefined
    );
  };

  readonly getMany = async (keys: readonly string[]): Promise<Map<string, Placed<D>>> => {
    const rows = this.statements.getMany.all(JSON.stringify(keys)) as {
      key: string;
      position: number;
      document: string;
    }[];
    return new Map(
      rows.map(({ key, position, document }): [string, Placed<D>] => [
        key,
        { position: BigInt(position), document: JSON.parse(document) as D },
      ]),
    );
  };

  readonly commit = async (changes: Write<D>): Promise<void> => {
    if (!this.declaration.durable) return this.database.transaction(() => this.write(changes));
    this.database.writing.exec('PRAGMA synchronous = FULL');
    try {
      this.database.transaction(() => this.write(changes));
    } finally {
      this.database.writing.exec('PRAGMA synchronous = NORMAL');
    }
  };

  private write({ after, position, seal, documents, park: parked = [], redriven = [] }: Write<D>): void {
    if (
      this.database.statements.advance.run(
        Number(position),
        seal ?? null,
        this.declaration.name,
        this.declaration.version,
        Number(after),
      ).changes !== 1
    )
      throw new Error(`${this.declaration.name}@${this.declaration.version} is not at ${after}`);
    for (const [key, placed] of documents) {
      if (placed.document === undefined) this.statements.remove.run(key);
      else this.statements.put.run(key, Number(placed.position), JSON.stringify(placed.document));
    }
    for (const event of redriven)
      this.database.statements.unpark.run(event.group, Number(event.position), JSON.stringify(event.key));
    for (const event of parked)
      this.database.statements.park.run(
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
}

function statementsOf(db: DatabaseSync, table: string) {
  return {
    getMany: db.prepare(`SELECT key, position, document FROM ${table} WHERE key IN (SELECT value FROM json_each(?))`),
    put: db.prepare(
      `INSERT INTO ${table}(key, position, document) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position, document = excluded.document`,
    ),
    remove: db.prepare(`DELETE FROM ${table} WHERE key = ?`),
  };
}
