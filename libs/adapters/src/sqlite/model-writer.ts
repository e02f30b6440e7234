import type { DatabaseSync } from 'node:sqlite';
import {
  type Document,
  type ModelDeclaration,
  type ModelWriter,
  type Placed,
  Turns,
  type Write,
} from '@attain/eventsourcing';
import type { DeferredIndexes } from './deferred-indexes.js';
import type { LeanDocuments } from './lean-documents.js';
import type { Step } from './model-thread.js';
import { type ModelsDatabase, tableName } from './models-database.js';

const ADVANCE =
  'UPDATE model SET position = ?1, seal = CASE WHEN ?2 IS NULL AND position = ?1 THEN seal ELSE ?2 END WHERE name = ?3 AND version = ?4 AND position = ?5';
const PARK =
  'INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET reason = excluded.reason, at = excluded.at';
const UNPARK = 'DELETE FROM parked WHERE "group" = ? AND position = ? AND key = ?';
/** The least number of documents to sort a commit by key, because neighbours of an index lie on the same pages. */
const MANY = 100;
/** Documents between two checks whether other work waits. */
const DOCUMENTS_A_TURN = 64;

/** Writes one version of a model: its documents, its position and its parked events, in one transaction. */
export class SqliteModelWriter<D extends Document> implements ModelWriter<D> {
  private readonly statements: ReturnType<typeof statementsOf>;
  private readonly table: string;
  private readonly documents: LeanDocuments;

  constructor(
    private readonly database: ModelsDatabase,
    private readonly deferred: DeferredIndexes,
    private readonly declaration: ModelDeclaration,
  ) {
    this.table = tableName(declaration.name, declaration.version);
    this.statements = statementsOf(database.reading, this.table);
    this.documents = database.documentsOf(declaration);
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
    this.deferred.expected(this.declaration, keys.length);
    const rows = this.statements.getMany.all(JSON.stringify(keys)) as {
      key: string;
      position: number;
      document: string;
    }[];
    return new Map(
      rows.map(({ key, position, document }): [string, Placed<D>] => [
        key,
        { position: BigInt(position), document: this.documents.documentOf(document) as D },
      ]),
    );
  };

  readonly commit = async (changes: Write<D>): Promise<void> => {
    const { declaration, deferred } = this;
    const removing = deferred.removing(declaration, changes.documents.size);
    await this.database.commit(this.stepsOf(changes, removing), declaration.durable);
    deferred.committed(declaration, changes.documents.size, removing.length > 0);
  };

  private async stepsOf(
    { after, position, seal, documents, park = [], redriven = [] }: Write<D>,
    first: readonly Step[],
  ): Promise<Step[]> {
    const { name, version } = this.declaration;
    const put: [string, number, string][] = [];
    const removed: [string][] = [];
    const turns = new Turns();
    for (const [key, placed] of documents) {
      if ((put.length + 1) % DOCUMENTS_A_TURN === 0) await turns.next();
      if (placed.document === undefined) removed.push([key]);
      else put.push([key, Number(placed.position), this.documents.textOf(placed.document)]);
    }
    if (put.length >= MANY) put.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const steps: Step[] = [
      {
        sql: ADVANCE,
        rows: [[Number(position), seal ?? null, name, version, Number(after)]],
        must: `${name}@${version} is not at ${after}`,
      },
      ...first,
      {
        sql: `INSERT INTO ${this.table}(key, position, document) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position, document = excluded.document`,
        rows: put,
      },
      { sql: `DELETE FROM ${this.table} WHERE key = ?`, rows: removed },
      {
        sql: UNPARK,
        rows: redriven.map((event) => [event.group, Number(event.position), JSON.stringify(event.key)]),
      },
      {
        sql: PARK,
        rows: park.map((event) => [
          event.group,
          Number(event.position),
          JSON.stringify(event.key),
          event.stream,
          event.event,
          event.type,
          event.reason,
          event.at,
        ]),
      },
    ];
    return steps.filter(({ rows }) => rows.length > 0);
  }
}

function statementsOf(db: DatabaseSync, table: string) {
  return {
    getMany: db.prepare(`SELECT key, position, document FROM ${table} WHERE key IN (SELECT value FROM json_each(?))`),
  };
}
