import type { Aggregate, Document, Filter, Find, ReadModel, Scalar } from '@attain/eventsourcing';
import type { ModelsDatabase } from './models-database.js';
import { aggregateQuery, countQuery, findQuery, type Query } from './query-sql.js';

/** Queries the serving version of a model; without one, the model is empty. */
export class SqliteReadModel<D extends Document> implements ReadModel<D> {
  constructor(
    private readonly database: ModelsDatabase,
    private readonly name: string,
  ) {}

  readonly get = async (key: string): Promise<D | undefined> => {
    const [row] = this.byKeys([key]);
    return row && (JSON.parse(row['document'] as string) as D);
  };

  readonly getMany = async (keys: readonly string[]): Promise<Map<string, D>> => {
    return new Map(this.byKeys(keys).map((row) => [row['key'] as string, JSON.parse(row['document'] as string) as D]));
  };

  readonly find = async (find: Find = {}): Promise<D[]> => {
    return this.found((table) => findQuery(table, find)).map((row) => JSON.parse(row['document'] as string) as D);
  };

  readonly count = async (filter?: Filter): Promise<number> => {
    return this.found((table) => countQuery(table, filter))[0]?.['count'] as number;
  };

  readonly aggregate = async (aggregate: Aggregate): Promise<Record<string, Scalar>[]> => {
    const rows = this.found((table) => aggregateQuery(table, aggregate));
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

  private found(query: (table: string) => Query): Record<string, Scalar>[] {
    const table = this.database.serving(this.name)?.table ?? '(SELECT NULL AS key, NULL AS document WHERE 0)';
    return this.database.query(query(table));
  }

  private byKeys(keys: readonly string[]): Record<string, Scalar>[] {
    return this.found((table) => ({
      sql: `SELECT key, document FROM ${table} WHERE key IN (SELECT value FROM json_each(?))`,
      values: [JSON.stringify(keys)],
    }));
  }
}
