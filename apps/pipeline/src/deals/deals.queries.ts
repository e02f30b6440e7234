import { companySchema, decodeEvent, type DealEvent } from '@attain/contracts';
import type { Decoded, EventStore, Filter, ReadModel, ReadModels } from '@attain/eventsourcing';
import { EVENT_STORE, OutOfScope, READ_MODELS, type Scope } from '@attain/service';
import { compareBytes, Exact, minorDigits } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import { decimalOf } from './deal-amount.rules.js';
import { keyOf } from './deal.commands.js';
import type { DealRef } from './deal.decider.js';
import { type TimelineEntry, timelineOf } from './deal-timeline.rules.js';
import { type DealDocument, dealsProjection } from './deals.projection.js';

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
}
/** A deal as it is shown; `currency` is the company's where the deal names none. */
export type DealView = Omit<DealDocument, 'minor'>;

export interface StageTotal {
  stage: string | null;
  currency: string;
  deals: number;
  /** Decimal text in `currency`. */
  amount: string;
}

@Injectable()
export class DealsQueries {
  private readonly model: ReadModel<DealDocument>;

  constructor(
    @Inject(READ_MODELS) models: ReadModels,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {
    this.model = models.model<DealDocument>(dealsProjection.name);
  }

  /** Of the scope's deals those that match, the latest closed first, open ones before them. */
  async list(scope: Scope, filter: DealFilter, page: { limit: number; offset: number }): Promise<{ rows: DealView[]; total: number }> {
    const where = whereOf(scope, filter);
    if (where === undefined) return { rows: [], total: 0 };
    const [rows, total, currency] = await Promise.all([
      this.model.find({ filter: where, sort: [{ field: 'closed', order: 'descending' }, { field: 'source', order: 'ascending' }, { field: 'id', order: 'ascending' }], ...page }),
      this.model.count(where),
      this.currency(),
    ]);
    return { rows: rows.map((row) => viewOf(row, currency)), total };
  }

  /** OutOfScope (404) for a deal that does not exist and for one that may not be seen. */
  async one(scopeOn: (date: string | null) => Scope, deal: DealRef): Promise<DealView> {
    const document = await this.visible(scopeOn, deal);
    return viewOf(document, await this.currency());
  }

  /** Who changed what, when and why, from the deal's own events. */
  async timeline(scopeOn: (date: string | null) => Scope, deal: DealRef): Promise<TimelineEntry[]> {
    await this.visible(scopeOn, deal);
    const events: Decoded<DealEvent>[] = [];
    for await (const page of this.store.readStream(`deal-${keyOf(deal)}`)) {
      for (const event of page) events.push({ ...event, ...decodeEvent(event.type, event.version, event.data) } as Decoded<DealEvent>);
    }
    return timelineOf(events);
  }

  /** Open deals of the scope by stage, in the company's order of stages, others behind them. */
  async byStage(scope: Scope, filter: DealFilter): Promise<StageTotal[]> {
    const where = whereOf(scope, { ...filter, status: 'open' });
    if (where === undefined) return [];
    const rows = await this.model.aggregate({ groupBy: ['stage', 'currency'], measures: { deals: { count: true }, minor: { sum: 'minor' } }, filter: where });
    const company = await this.company();
    const currency = company?.currency ?? 'USD';
    const order = (company?.stages ?? []).map(({ name }) => name);
    const totals = new Map<string, StageTotal>();
    for (const row of rows) {
      const stage = row['stage'] as string | null;
      const named = row['currency'] as string | null;
      const amount = decimalOf(Number(row['minor'] ?? 0), named, currency);
      const place = `${stage ?? ''}\u0000${named ?? currency}`;
      const known = totals.get(place);
      // A deal that names the company's currency and one that names none are of one total.
      const sum = Exact.parse(known?.amount ?? '0').plus(Exact.parse(amount));
      const deals = (known?.deals ?? 0) + Number(row['deals']);
      totals.set(place, { stage, currency: named ?? currency, deals, amount: sum.toDecimal(minorDigits(named ?? currency), 'half-up') });
    }
    const rank = ({ stage }: StageTotal) => (stage !== null && order.includes(stage) ? order.indexOf(stage) : order.length);
    return [...totals.values()].sort((a, b) => rank(a) - rank(b) || compareBytes(a.stage ?? '', b.stage ?? '') || compareBytes(a.currency, b.currency));
  }

  private async visible(scopeOn: (date: string | null) => Scope, deal: DealRef): Promise<DealDocument> {
    const document = await this.model.get(keyOf(deal));
    if (!document) throw new OutOfScope();
    const scope = scopeOn(document.closed ?? document.opened);
    if (document.owner === null ? !scope.everyone : !scope.covers(document.owner)) throw new OutOfScope();
    return document;
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

/** Undefined where the filter asks for somebody outside the scope, which nobody can tell from somebody without deals. */
function whereOf(scope: Scope, { closedFrom, closedTo, ...equal }: DealFilter): Filter | undefined {
  if (equal.owner !== undefined && !scope.covers(equal.owner)) return undefined;
  const where: Record<string, Filter[string]> = { ...scope.filter('owner') };
  for (const [field, value] of Object.entries(equal)) if (value !== undefined) where[field] = value;
  if (closedFrom !== undefined || closedTo !== undefined) {
    where['closed'] = { ...(closedFrom !== undefined && { from: closedFrom }), ...(closedTo !== undefined && { to: closedTo }) };
  }
  return where;
}

function viewOf({ minor: _, ...view }: DealDocument, currency: string): DealView {
  return { ...view, currency: view.currency ?? currency };
}
