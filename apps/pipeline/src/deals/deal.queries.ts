import { companySchema, decodeEvent, type DealEvent } from '@attain/contracts';
import type { Decoded, EventStore, Filter, ReadModel, ReadModels } from '@attain/eventsourcing';
import {
  dateOfDeal,
  datesOfDeals,
  EVENT_STORE,
  type Missing,
  notFound,
  type ModelPage,
  READ_MODELS,
  type Scope,
} from '@attain/service';
import { amountOf, compareBytes, Exact, minorDigits } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import { keyOf } from './deal.commands.js';
import type { DealRef } from './deal.decider.js';
import { timelineOf } from './deal-timeline.rules.js';
import { type DealDocument, dealsProjection } from './deals.projection.js';
import type { DealView, StageTotal, Timeline } from './deals.answers.js';

export type { DealView, StageTotal, Timeline } from './deals.answers.js';

export interface DealFilter {
  readonly status?: string | undefined;
  readonly stage?: string | undefined;
  readonly owner?: string | undefined;
  readonly account?: string | undefined;
  readonly product?: string | undefined;
  readonly region?: string | undefined;
  readonly source?: string | undefined;
  readonly closedFrom?: string | undefined;
  readonly closedTo?: string | undefined;
  /** Only owners whose rows of that day the scope shows, in addition to the date of each deal. */
  readonly on?: string | undefined;
}
/** Columns by which lists of deals are sorted and filtered. */
export const dealColumns = {
  source: 'source',
  id: 'id',
  name: 'name',
  account: 'account',
  owner: 'owner',
  product: 'product',
  region: 'region',
  territory: 'territory',
  stage: 'stage',
  status: 'status',
  opened: 'opened',
  closed: 'closed',
};

@Injectable()
export class DealQueries {
  private readonly model: ReadModel<DealDocument>;

  constructor(
    @Inject(READ_MODELS) models: ReadModels,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {
    this.model = models.model<DealDocument>(dealsProjection.name);
  }

  /** The matching deals of the scope: open ones first, then the latest closed ones. */
  async list(
    scope: Scope,
    filter: DealFilter,
    page: ModelPage,
  ): Promise<{ rows: DealView[]; next: string | null; total: number }> {
    const where = whereOf(scope, filter);
    if (where === undefined) return { rows: [], next: null, total: 0 };
    const [{ documents, next, total }, currency] = await Promise.all([
      page.of(this.model, {
        filter: where,
        sort: [{ field: 'closed', order: 'descending' }],
        unique: ['source', 'id'],
      }),
      this.currency(),
    ]);
    return { rows: documents.map((row) => viewOf(row, currency, scope)), next, total };
  }

  /** OutOfScope (404) for a deal that does not exist or that the caller may not see. */
  async one(scope: Scope, deal: DealRef): Promise<DealView> {
    return viewOf(await this.visible(scope, deal), await this.currency(), scope);
  }

  /** The changes of a deal with actor, instant and reason, from its own events; without those of times when the scope did not show it. */
  async timeline(scope: Scope, deal: DealRef): Promise<Timeline> {
    const known = await this.visible(scope, deal);
    const events: Decoded<DealEvent>[] = [];
    for await (const page of this.store.readStream(`deal-${keyOf(deal)}`)) {
      for (const event of page)
        events.push({ ...event, ...decodeEvent(event.type, event.version, event.data) } as Decoded<DealEvent>);
    }
    const rows = timelineOf(events, ({ owner, status, closed, reversed }) => {
      const dated = status === 'open' ? { status: known.status, closed: known.closed } : { status, closed };
      return (
        covers(scope, { owner, ...dated }) && (reversed === null || owner === null || scope.covers(owner, reversed))
      );
    });
    return { rows, withheld: events.length - rows.length };
  }

  /** Open deals of the scope by stage, in the company's order of stages, others behind them. */
  async byStage(scope: Scope, filter: DealFilter): Promise<StageTotal[]> {
    const where = whereOf(scope, { ...filter, status: 'open' });
    if (where === undefined) return [];
    const measures = { deals: { count: true as const }, units: { sum: 'units' }, parts: { sum: 'parts' } };
    const rows = await this.model.aggregate({ groupBy: ['stage', 'currency'], measures, filter: where });
    const company = await this.company();
    const order = (company?.stages ?? []).map(({ name }) => name);
    const totals = new Map<string, Omit<StageTotal, 'amount'> & { amount: Exact }>();
    for (const row of rows) {
      const stage = row['stage'] as string | null;
      const currency = (row['currency'] as string | null) ?? company?.currency ?? 'USD';
      const place = `${stage ?? ''}\u0000${currency}`;
      // A deal without a currency is in the total of the company's currency.
      const { deals = 0, amount = Exact.zero } = totals.get(place) ?? {};
      const more = amountOf({ units: Number(row['units'] ?? 0), parts: Number(row['parts'] ?? 0) });
      totals.set(place, { stage, currency, deals: deals + Number(row['deals']), amount: amount.plus(more) });
    }
    const rank = ({ stage }: Pick<StageTotal, 'stage'>) =>
      stage !== null && order.includes(stage) ? order.indexOf(stage) : order.length;
    return [...totals.values()]
      .sort(
        (a, b) =>
          rank(a) - rank(b) || compareBytes(a.stage ?? '', b.stage ?? '') || compareBytes(a.currency, b.currency),
      )
      .map((total) => ({ ...total, amount: total.amount.toDecimal(minorDigits(total.currency), 'half-up') }));
  }

  private async visible(scope: Scope, deal: DealRef): Promise<DealDocument> {
    const document = await this.model.get(keyOf(deal));
    if (!document || !covers(scope, document)) throw notFound(scope, await this.missing(deal, scope));
    return document;
  }

  private async missing({ source, id }: DealRef, { everyone }: Scope): Promise<Missing> {
    // More names would take too long to compare for a hint.
    const some = everyone ? await this.model.find({ filter: { source }, limit: 10_000 }) : [];
    return { kind: 'deal', name: id, in: `source ${source}`, known: some.map((one) => one.id) };
  }

  private async currency(): Promise<string> {
    return (await this.company())?.currency ?? 'USD';
  }

  private async company() {
    let document: unknown;
    for await (const page of this.store.readStream('company-main')) document = page.at(-1)?.data;
    return document === undefined ? undefined : companySchema.parse((document as { document: unknown }).document);
  }
}

/** A deal without an owner is seen by those who see everybody. */
function covers(
  scope: Scope,
  { owner, ...dated }: { owner: string | null; status: string; closed: string | null },
): boolean {
  return owner === null ? scope.everyone : scope.covers(owner, dateOfDeal(dated, scope.today));
}

/** A caller outside the scope gets the same answer as for people without deals; undefined if nobody is left. */
function whereOf(scope: Scope, { closedFrom, closedTo, on, ...equal }: DealFilter): Filter | undefined {
  const where: { -readonly [Key in keyof Filter]: Filter[Key] } = {
    ...scope.filter('owner', ...datesOfDeals(scope.today)),
  };
  const among = on === undefined ? undefined : scope.covered(on);
  if (among) {
    if (equal.owner !== undefined && !among.has(equal.owner)) return undefined;
    where['owner'] = { in: [...among] };
  }
  for (const [field, value] of Object.entries(equal)) if (value !== undefined) where[field] = value;
  if (closedFrom !== undefined || closedTo !== undefined) {
    where['closed'] = {
      ...(closedFrom !== undefined && { from: closedFrom }),
      ...(closedTo !== undefined && { to: closedTo }),
    };
  }
  return where;
}

function viewOf({ units: _, parts: __, ...view }: DealDocument, currency: string, scope: Scope): DealView {
  const reversals = Object.entries(view.reversals);
  const shown = reversals.filter(([, { date }]) => view.owner === null || scope.covers(view.owner, date));
  return {
    ...view,
    reversals: Object.fromEntries(shown),
    currency: view.currency ?? currency,
    withheld: reversals.length - shown.length,
  };
}
