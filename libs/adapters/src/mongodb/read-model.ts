import mongoose from 'mongoose';
import type { Aggregate, Document, Filter, Find, ReadModel, Scalar } from '@attain/eventsourcing';
import { all, type Collections, type Row, type Version } from './collections.js';
import { type Condition, conditionsOf, findingOf, type Grouped, groupingOf } from './query.rules.js';

type Rows = ReturnType<Collections['rows']>;

/** Queries the serving version of a model; without one, the model is empty. The queried version stays a while after the next one serves. */
export class MongoReadModel<D extends Document> implements ReadModel<D> {
  constructor(
    private readonly collections: Collections,
    private readonly serving: () => Promise<Version | undefined>,
  ) {}

  async get(key: string): Promise<D | undefined> {
    return (await this.getMany([key])).get(key);
  }

  async getMany(keys: readonly string[]): Promise<Map<string, D>> {
    // Side by side and not under an `$and`, because FerretDB finds no key in it.
    const found =
      (await this.asked((rows) =>
        rows
          .find({ _id: mongoose.trusted({ $in: [...keys] }), removed: null })
          .select({ document: 1 })
          .lean<Required<Row>[]>(),
      )) ?? [];
    return new Map(found.map(({ _id, document }) => [_id, JSON.parse(document) as D]));
  }

  async find(find: Find = {}): Promise<D[]> {
    const finding = findingOf(find);
    if (!finding) return [];
    const { conditions, sort, limit, skip } = finding;
    const found = (await this.asked((rows) => texts(conditions, rows).sort(sort).limit(limit).skip(skip))) ?? [];
    return found.map(({ document }) => JSON.parse(document) as D);
  }

  async count(filter?: Filter): Promise<number> {
    const conditions = conditionsOf(filter);
    return (await this.asked((rows) => rows.countDocuments(all(conditions)))) ?? 0;
  }

  async aggregate(aggregate: Aggregate): Promise<Record<string, Scalar>[]> {
    const { conditions, group, rows: answer } = groupingOf(aggregate);
    const grouped = await this.asked((rows) =>
      rows.aggregate<Grouped>([{ $match: { $and: conditions } }, { $group: group as never }]),
    );
    return answer(grouped ?? []);
  }

  async position(): Promise<bigint> {
    return (await this.serving())?.position ?? 0n;
  }

  /** Undefined if no version serves. */
  private async asked<T>(ask: (rows: Rows) => Promise<T>): Promise<T | undefined> {
    const version = await this.serving();
    return version && ask(this.collections.rows(version));
  }
}

const texts = (conditions: readonly Condition[], rows: Rows) =>
  rows.find(all(conditions)).select({ document: 1 }).lean<Required<Row>[]>();
