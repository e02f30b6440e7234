import { anyOf, type Document, type Filter, type Find, type ReadModel, type Scalar } from '@attain/eventsourcing';
import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Request } from 'express';
import { stateOf } from '../request.js';
import { type ColumnFilter, cursorOf, MOST_ROWS, type Question } from './question.js';

type Sort = NonNullable<Find['sort']>;
type Filtered = { -readonly [Key in keyof Filter]: Filter[Key] };

export const PAGED = Symbol('paged');
/** What the metadata of a paged operation holds. */
export interface PagedColumns {
  /** `column: field` of the read model. */
  readonly compared: Readonly<Record<string, string>>;
  /** Columns for sorting alone, with the fields that sort as the column does. */
  readonly sorted: Readonly<Record<string, readonly string[]>>;
}
/** The rows of a page if the request names no limit. */
const USUAL_ROWS = 100;

/**
 * The operation answers one page of a read model, which may be large: it takes a `ModelPage`, and the model sorts and
 * filters by these columns alone. `column: field` if the model has another name for the field. `sorted` are columns for sorting alone.
 */
export const PagedBy = (compared: PagedColumns['compared'], sorted: PagedColumns['sorted'] = {}) =>
  SetMetadata(PAGED, { compared, sorted } satisfies PagedColumns);

/** The table's question to a read model. */
export const AskedPage = createParamDecorator((_: unknown, context: ExecutionContext): ModelPage => {
  const question = stateOf(context.switchToHttp().getRequest<Request>()).question;
  if (!question) throw new Error('Only an operation that answers rows is paged');
  return new ModelPage(question, Reflect.getMetadata(PAGED, context.getHandler()) as PagedColumns);
});

export class ModelPage {
  constructor(
    private readonly question: Question,
    private readonly columns: PagedColumns,
  ) {}

  /** The first rows, in the usual order. */
  static first(limit: number): ModelPage {
    return new ModelPage(
      { limit, sort: [], fields: undefined, filters: [], after: undefined, asks: '' },
      { compared: {}, sorted: {} },
    );
  }

  /** One page of the rows in `filter`. `sort` is the default order, and ends with the fields that make a row unique. */
  async of<D extends Document>(
    model: ReadModel<D>,
    { filter = {}, sort, unique }: { filter?: Filter; sort: Sort; unique: readonly string[] },
  ): Promise<{ documents: D[]; next: string | null; total: number }> {
    const { limit = USUAL_ROWS, after } = this.question;
    const order = this.order(sort, unique);
    const found = both(this.filter(), filter);
    const place = after && (after.values.length === order.length ? after.values : order.map(() => null));
    const [documents, total] = await Promise.all([
      model.find({ filter: place ? both(behind(order, place), found) : found, sort: order, limit: limit + 1 }),
      model.count(found),
    ]);
    const page = documents.slice(0, Math.min(limit, MOST_ROWS));
    const last = documents.length > limit ? page.at(-1) : undefined;
    const values = last && order.map(({ field }) => (last[field] ?? null) as Scalar);
    return { documents: page, next: values ? cursorOf(this.question, { values, row: '', index: 0 }) : null, total };
  }

  private order(usual: Sort, unique: readonly string[]): Sort {
    const { compared, sorted } = this.columns;
    const asked = this.question.sort.flatMap(({ column: { name }, descending }) =>
      (sorted[name] ?? [compared[name]!]).map((field) => ({
        field,
        order: descending ? ('descending' as const) : ('ascending' as const),
      })),
    );
    const order = [...(asked.length > 0 ? asked : usual)];
    for (const field of unique)
      if (!order.some((one) => one.field === field)) order.push({ field, order: 'ascending' });
    return order;
  }

  private filter(): Filter {
    return this.question.filters
      .map((filter) => conditionOf(this.columns.compared[filter.column.name]!, filter))
      .reduce((all, one) => both(all, one), {});
  }
}

/** A filter that applies both; `few` has the fewer alternatives. */
function both(few: Filter, many: Filter): Filter {
  if (Reflect.ownKeys(few).length === 0) return many;
  if (Reflect.ownKeys(many).length === 0) return few;
  const { [anyOf]: alternatives, ...fields } = few;
  return { ...fields, [anyOf]: alternatives ? alternatives.map((alternative) => both(alternative, many)) : [many] };
}

function conditionOf(field: string, { column, in: among, from, to }: ColumnFilter): Filter {
  const scalar = (text: string): Scalar =>
    text === '' ? null : column.type === 'number' ? Number(text) : column.type === 'boolean' ? text === 'true' : text;
  const parts: Filter[] = [];
  if (among) parts.push({ [field]: { in: among.map(scalar) } });
  // A day includes its instants: each of them sorts below the day followed by a letter after T.
  const end = to !== undefined && column.type === 'instant' ? `${to}~` : to;
  if (from !== undefined) parts.push({ [field]: { from: scalar(from) } });
  if (end !== undefined) parts.push({ [field]: { to: scalar(end) } });
  return parts.reduce((all, part) => both(all, part), {});
}

/** The documents behind a place in an order: equal up to a field, and later in that field. */
function behind(order: Sort, values: readonly Scalar[]): Filter {
  const alternatives = order.flatMap(({ field, order: direction }, at): Filter[] => {
    const equal: Filtered = Object.fromEntries(
      order.slice(0, at).map((one, index) => [one.field, values[index] ?? null]),
    );
    const value = values[at] ?? null;
    // Null comes first in ascending order, so last in descending.
    if (value === null)
      return direction === 'descending' ? [] : present(field).map((filter) => ({ ...equal, ...filter }));
    if (direction === 'ascending') return [{ ...equal, [field]: { above: value } }];
    return [
      { ...equal, [field]: { below: value } },
      { ...equal, [field]: null },
    ];
  });
  return { [anyOf]: alternatives };
}

/** Not null, of any type. */
function present(field: string): Filter[] {
  return [{ [field]: { from: '' } }, { [field]: { from: -Number.MAX_VALUE } }, { [field]: { in: [true, false] } }];
}
