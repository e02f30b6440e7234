import { Inject, Injectable } from '@nestjs/common';
import type { Filter, ReadModel, ReadModels, Scalar } from '@attain/eventsourcing';
import { datesOfDeals, type FedHistory, HISTORY, periodNamed, READ_MODELS, type Scope } from '@attain/service';
import { amountOf, Exact, minorDigits } from '@attain/values';
import { type BoardDeal, boardDealsProjection } from './board-deals.projection.js';
import { type OpenDeals, rollUp, weigh, type WonAverage } from './weighted.rules.js';
import type { Board } from './board.answers.js';

export type { Board, BoardRow } from './board.answers.js';

export const boardBy = ['stage', 'category', 'owner', 'product', 'account', 'month', 'company'] as const;
export type BoardBy = (typeof boardBy)[number];
export interface BoardAsked {
  by: BoardBy;
  /** Only deals won or expected to close in a period of the calendar; by default all open deals. */
  period?: string;
}
@Injectable()
export class BoardQueries {
  constructor(
    @Inject(READ_MODELS) private readonly models: ReadModels,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  /** The open deals of the owners inside the scope, weighted by the probability of their stage; throws Malformed on an unknown period. */
  async board(scope: Scope, asked: BoardAsked): Promise<Board> {
    const company = this.history.company();
    const period = asked.period === undefined ? undefined : periodNamed(this.history, asked.period, company.calendar);
    const model = this.models.model<BoardDeal>(boardDealsProjection.name);
    const position = await model.position();
    const dates: Filter = period ? { closed: { from: period.from, to: period.to } } : {};
    const currencyOf = (row: Record<string, Scalar>) => text(row['currency']) ?? company.currency;
    const categories = new Map(company.stages.map(({ name, category }) => [name, category]));

    const keyOf = (row: Record<string, Scalar>): string | null => {
      switch (asked.by) {
        case 'category':
          return categories.get(text(row['stage']) ?? '') ?? null;
        case 'month': {
          const closed = text(row['closed']);
          return closed === null ? null : company.calendar.periodOf(closed, 'month').name;
        }
        case 'company':
          return 'company';
        default:
          return text(row[asked.by]);
      }
    };
    const seen = scope.filter('owner', ...datesOfDeals(scope.today));
    const open = await this.open(model, { ...dates, ...seen }, asked.by, (row) => ({
      key: keyOf(row),
      currency: currencyOf(row),
    }));
    const won = await this.averages(model, seen, currencyOf);
    const { rows, assumptions, left } = weigh(open, company.stages, won);
    const byCategory = weigh(
      open.map((group) => ({ ...group, key: categories.get(group.stage ?? '') ?? null })),
      company.stages,
      won,
    );

    const closed = period ? await this.closed(model, { ...dates, ...seen }, currencyOf) : [];
    const undated = period ? await this.undated(model, seen, currencyOf) : [];
    return {
      rows: rows
        .sort((a, b) => order(a.key, b.key) || order(a.currency, b.currency))
        .map((row) => ({
          ...row,
          amount: money(row.amount, row.currency),
          assumed: money(row.assumed, row.currency),
          weighted: money(row.weighted, row.currency),
        })),
      rollUps: rolledUp([
        ...closed,
        ...byCategory.rows.map((row) => ({ ...row, amount: row.amount.plus(row.assumed) })),
      ]),
      assumptions: assumptions.map((assumption) => ({
        ...assumption,
        each: money(assumption.each, assumption.currency),
      })),
      left: [...left, ...undated].map((group) => ({ ...group, amount: money(group.amount, group.currency) })),
      source: {
        report: 'board',
        parameters: { by: asked.by, ...(asked.period !== undefined && { period: asked.period }) },
        position: String(position),
        rows: rows.length,
        totalOf: 'weighted',
        controlTotal: Object.fromEntries(
          [...sums(rows, ({ weighted }) => weighted)].map(([currency, sum]) => [currency, money(sum, currency)]),
        ),
      },
    };
  }

  private async open(
    model: ReadModel<BoardDeal>,
    filter: Filter,
    by: BoardBy,
    place: (row: Record<string, Scalar>) => { key: string | null; currency: string },
  ): Promise<OpenDeals[]> {
    const extra = by === 'month' ? ['closed'] : by === 'owner' || by === 'account' ? [by] : [];
    const groups = { groupBy: ['stage', 'product', 'currency', ...extra] };
    const rows = await model.aggregate({
      ...groups,
      measures: {
        deals: { count: true },
        units: { sum: 'units' },
        parts: { sum: 'parts' },
        unpriced: { sum: 'unpriced' },
      },
      filter: { ...filter, status: 'open' },
    });
    return rows.map((row) => ({
      ...place(row),
      stage: text(row['stage']),
      product: text(row['product']),
      deals: Number(row['deals']),
      unpriced: Number(row['unpriced']),
      amount: sumOf(row),
    }));
  }

  /** Only over the caller's scope, because an average of one deal, or averages of two days, disclose an amount. */
  private async averages(
    model: ReadModel<BoardDeal>,
    filter: Filter,
    currencyOf: (row: Record<string, Scalar>) => string,
  ): Promise<WonAverage[]> {
    const rows = await model.aggregate({
      groupBy: ['product', 'currency'],
      measures: { deals: { count: true }, units: { sum: 'units' }, parts: { sum: 'parts' } },
      filter: { ...filter, status: 'won', unpriced: 0 },
    });
    return rows.map((row) => ({
      product: text(row['product']),
      currency: currencyOf(row),
      deals: Number(row['deals']),
      amount: sumOf(row),
    }));
  }

  private async closed(
    model: ReadModel<BoardDeal>,
    filter: Filter,
    currencyOf: (row: Record<string, Scalar>) => string,
  ) {
    const rows = await model.aggregate({
      groupBy: ['currency'],
      measures: { units: { sum: 'units' }, parts: { sum: 'parts' } },
      filter: { ...filter, status: 'won' },
    });
    return rows.map((row) => ({ key: 'closed', currency: currencyOf(row), amount: sumOf(row) }));
  }

  private async undated(
    model: ReadModel<BoardDeal>,
    filter: Filter,
    currencyOf: (row: Record<string, Scalar>) => string,
  ) {
    const rows = await model.aggregate({
      groupBy: ['currency'],
      measures: { deals: { count: true }, units: { sum: 'units' }, parts: { sum: 'parts' } },
      filter: { ...filter, status: 'open', closed: null },
    });
    return rows.map((row) => ({
      deals: Number(row['deals']),
      currency: currencyOf(row),
      amount: sumOf(row),
      why: 'no expected date',
    }));
  }
}

function rolledUp(rows: readonly { key: string | null; currency: string; amount: Exact }[]): Board['rollUps'] {
  return [...Map.groupBy(rows, ({ currency }) => currency)].flatMap(([currency, own]) => {
    const amounts = new Map<string, Exact>();
    for (const { key, amount } of own)
      if (key !== null) amounts.set(key, (amounts.get(key) ?? Exact.zero).plus(amount));
    return rollUp(amounts).map(({ name, amount }) => ({ currency, name, amount: money(amount, currency) }));
  });
}

function sums<Row extends { currency: string }>(rows: readonly Row[], of: (row: Row) => Exact): Map<string, Exact> {
  const all = new Map<string, Exact>();
  for (const row of rows) all.set(row.currency, (all.get(row.currency) ?? Exact.zero).plus(of(row)));
  return all;
}

function sumOf(row: Record<string, Scalar>): Exact {
  return amountOf({ units: Number(row['units']), parts: Number(row['parts']) });
}

function money(amount: Exact, currency: string): string {
  return amount.toDecimal(minorDigits(currency), 'half-up');
}

function text(value: Scalar | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function order(a: string | null, b: string | null): number {
  return a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1;
}
