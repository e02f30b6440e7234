import type { Aggregate, Document, Filter, Find, ReadModel, Scalar } from '@attain/eventsourcing';
import type { DeferredIndexes } from './deferred-indexes.js';
import type { ModelsDatabase } from './models-database.js';
import { aggregateQuery, countQuery, findQuery, type Query } from './query-sql.js';

const NO_DOCUMENTS = '(SELECT NULL AS key, NULL AS document WHERE 0)';

/** Queries the serving version of a model; without one, the model is empty. */
export class SqliteReadModel<D extends Document> implements ReadModel<D> {
  constructor(
    private readonly database: ModelsDatabase,
    private readonly deferred: DeferredIndexes,
    private readonly name: string,
  ) {}

  readonly get = async (key: string): Promise<D | undefined> => {
    return (await this.getMany([key])).get(key);
  };

  readonly getMany = async (keys: readonly string[]): Promise<Map<string, D>> => {
    const serving = this.database.serving(this.name);
    if (!serving) return new Map();
    const rows = this.database.query({
      sql: `SELECT key, document FROM ${serving.table} WHERE key IN (SELECT value FROM json_each(?))`,
      values: [JSON.stringify(keys)],
    });
    return new Map(
      rows.map((row) => [row['key'] as string, serving.documents.documentOf(row['document'] as string) as D]),
    );
  };

  readonly find = async (find: Find = {}): Promise<D[]> => {
    if (find.filter || find.sort) await this.indexed();
    const serving = this.database.serving(this.name);
    const rows = this.database.query(findQuery(serving?.table ?? NO_DOCUMENTS, find));
    return rows.map((row) => serving?.documents.documentOf(row['document'] as string) as D);
  };

  readonly count = async (filter?: Filter): Promise<number> => {
    if (filter) await this.indexed();
    return (await this.found((table) => countQuery(table, filter)))[0]?.['count'] as number;
  };

  readonly aggregate = async (aggregate: Aggregate): Promise<Record<string, Scalar>[]> => {
    if (aggregate.filter) await this.indexed();
    const rows = await this.found((table) => aggregateQuery(table, aggregate));
    const measures = Object.keys(aggregate.measures);
    return rows.map((row) =>
      Object.fromEntries([
        ...aggregate.groupBy.map((field, n) => [field, JSON.parse(row[`g${n}`] as string) as Scalar] as const),
        ...measures.map((measure, n) => [measure, row[`m${n}`] as Scalar] as const),
      ]),
    );
  };

  readonly position = async (): Promise<bigint> => {
    const serves = this.database.serving(this.name);
    return serves
      ? BigInt((this.database.statements.positionOf.get(this.name, serves.version) as { position: number }).position)
      : 0n;
  };

  private async indexed(): Promise<void> {
    const table = this.database.serving(this.name)?.table;
    if (table !== undefined) await this.deferred.present(table);
  }

  private async found(query: (table: string) => Query): Promise<Record<string, Scalar>[]> {
    const serving = () => this.database.serving(this.name)?.table ?? NO_DOCUMENTS;
    for (;;) {
      const table = serving();
      try {
        return await this.database.queryWhole(table, query(table));
      } catch (error) {
        // Another version began to serve meanwhile, and the table was removed.
        if (serving() === table) throw error;
      }
    }
  }
}
