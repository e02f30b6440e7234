import type { ReadModel, ReadModels } from '@attain/eventsourcing';
import { type Caller, may, type ModelPage, READ_MODELS } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { type ChangeRow, changeKinds } from './changes.answers.js';
import { type ChangeDocument, changesProjection } from './changes.projection.js';

/** Who changed users and keys is for administrators and auditors; they see the rest only with another role. */
const ofAccess: readonly ChangeRow['kind'][] = ['users'];

@Injectable()
export class ChangeQueries {
  private readonly model: ReadModel<ChangeDocument>;

  constructor(@Inject(READ_MODELS) models: ReadModels) {
    this.model = models.model<ChangeDocument>(changesProjection.name);
  }

  /** One page, the latest change first, each with the value that the object had before. */
  async list(caller: Caller, page: ModelPage): Promise<{ rows: ChangeRow[]; next: string | null; total: number }> {
    const kinds = changeKinds.filter((kind) =>
      ofAccess.includes(kind) ? may(caller, 'users:read') : may(caller, 'exports:read'),
    );
    const sort = [
      { field: 'at', order: 'descending' },
      { field: 'place', order: 'descending' },
    ] as const;
    const { documents, next, total } = await page.of(this.model, {
      filter: { kind: { in: kinds } },
      sort,
      unique: ['event'],
    });
    const rows: ChangeRow[] = [];
    for (const { place, ...change } of documents) rows.push({ ...change, before: await this.before(change, place) });
    return { rows, next, total };
  }

  private async before({ kind, object }: Omit<ChangeRow, 'before'>, place: number): Promise<string | null> {
    const [last] = await this.model.find({
      filter: { kind, object, place: { below: place } },
      sort: [{ field: 'place', order: 'descending' }],
      limit: 1,
    });
    return last?.after ?? null;
  }
}
