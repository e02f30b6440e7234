import { Inject, Injectable } from '@nestjs/common';
import type { Filter, ReadModel, ReadModels, Scalar } from '@attain/eventsourcing';
import { datesOfDeals, type FedHistory, HISTORY, inTurns, periodNamed, READ_MODELS, type Scope } from '@attain/service';
import { amountOf, Exact, type LocalDate, minorDigits } from '@attain/values';
import { parametersOf, totals } from '../source.js';
import { type DaySpan, periodKey, Places, salesRows, type SoldGroup, winRate } from './sales.rules.js';
import { partsOf, reversedOf, type SoldDeal, soldDealsProjection } from './sold-deals.projection.js';
import type { SalesReport } from './sales.answers.js';

export type { SalesReport, SalesReportRow } from './sales.answers.js';

export const salesBy = ['rep', 'product', 'account', 'team', 'region', 'month', 'quarter', 'company'] as const;
export type SalesBy = (typeof salesBy)[number];
export interface SalesAsked {
  by: SalesBy;
  /** A period of the calendar by name, or closing dates, both inclusive. */
  period?: string;
  from?: LocalDate;
  to?: LocalDate;
}
const attempts = 3;
/** Above so many moves of people, owners are grouped by closing date, because each span of days is a query of its own. */
const mostSpans = 60;
/** The fields of a deal that a report groups by; a group and a period follow from these. */
const fieldsOf: Readonly<Record<SalesBy, readonly (keyof SoldDeal)[]>> = {
  rep: ['owner'],
  product: ['product'],
  account: ['account'],
  team: ['owner', 'closed'],
  region: ['owner', 'closed'],
  month: ['closed'],
  quarter: ['closed'],
  company: [],
};

@Injectable()
export class SalesQueries {
  constructor(
    @Inject(READ_MODELS) private readonly models: ReadModels,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  /**
   * The won and lost deals of owners inside the scope, by closing date. A split deal counts whole for its owner here, because
   * shares are credit, which attainment contains.
   */
  async report(scope: Scope, asked: SalesAsked): Promise<SalesReport> {
    const model = this.models.model<SoldDeal>(soldDealsProjection.name);
    const { from, to } = asked.period === undefined ? asked : periodNamed(this.history, asked.period);
    const filter: Filter = {
      status: { in: ['won', 'lost'] },
      ...((from ?? to) !== undefined && { closed: { ...(from && { from }), ...(to && { to }) } }),
      ...scope.filter('owner', ...datesOfDeals(scope.today)),
    };
    const { groups, withheld, position, settled } = await this.groups(model, asked.by, filter, scope, from, to);
    const rows = salesRows(groups);
    if (scope.everyone) await inTurns(this.history.prepare('warnings'));
    return {
      rows: rows.map((row) => {
        const text = (amount: Exact) => amount.toDecimal(minorDigits(row.currency), 'half-up');
        return {
          ...row,
          amount: text(row.amount),
          reversed: text(row.reversed),
          net: text(row.net),
          winRate: row.winRate && row.winRate.toDecimal(6, 'half-up'),
        };
      }),
      winRate: winRate(rows)?.toDecimal(6, 'half-up') ?? null,
      withheld,
      source: {
        report: 'sales',
        parameters: parametersOf({ ...asked }),
        position: String(position),
        rows: rows.length,
        totalOf: 'amount',
        controlTotal: totals(rows.map(({ amount, currency }) => ({ amount, of: currency }))),
        ...(scope.everyone && { warnings: this.history.warnings().length }),
        deals: groups.reduce((sum, { deals }) => sum + deals, 0),
        settled,
      },
    };
  }

  private async groups(
    model: ReadModel<SoldDeal>,
    by: SalesBy,
    filter: Filter,
    scope: Scope,
    from?: LocalDate,
    to?: LocalDate,
  ) {
    const places = by === 'team' || by === 'region' ? new Places(this.history.people(), by) : undefined;
    const spans = places?.spans(from, to);
    for (let attempt = 1; ; attempt += 1) {
      const position = await model.position();
      const found = await (spans && spans.length <= mostSpans
        ? this.bySpan(model, filter, spans, spans.length > 1 && (from ?? to) === undefined)
        : summed(model, fieldsOf[by], filter));
      const { rows, withheld } = await this.hidden(model, by, filter, scope);
      const settled = (await model.position()) === position;
      if (settled || attempt === attempts)
        return { groups: this.keyed([...found, ...rows], by, places), withheld, position, settled };
    }
  }

  /** Sums of owners within spans of days in which nobody moves, as rows of one of its days; without a closing date on request. */
  private async bySpan(model: ReadModel<SoldDeal>, filter: Filter, spans: readonly DaySpan[], undated: boolean) {
    const dated = spans.map(async ({ from, to }) => {
      const closed = { ...(from && { from }), ...(to && { to }) };
      const rows = await summed(model, ['owner'], spans.length === 1 ? filter : { ...filter, closed });
      return rows.map((row) => ({ ...row, closed: from ?? to ?? null }));
    });
    return (
      await Promise.all([...dated, ...(undated ? [summed(model, ['owner'], { ...filter, closed: null })] : [])])
    ).flat();
  }

  /** The reversals in the sums that the caller may not see, as rows that subtract them. */
  private async hidden(model: ReadModel<SoldDeal>, by: SalesBy, filter: Filter, scope: Scope) {
    const deals = scope.everyone ? [] : await model.find({ filter: { ...filter, reversed: true } });
    let withheld = 0;
    const rows = deals.flatMap((deal): Record<string, Scalar>[] => {
      const shown = deal.reversals.filter(({ date }) => deal.owner !== null && scope.covers(deal.owner, date));
      if (shown.length === deal.reversals.length) return [];
      withheld += deal.reversals.length - shown.length;
      const { units, parts } = partsOf(reversedOf(deal, shown).minus(reversedOf(deal)));
      const group = Object.fromEntries(fieldsOf[by].map((field) => [field, deal[field] as Scalar]));
      return [
        {
          ...group,
          status: deal.status,
          currency: deal.currency,
          deals: 0,
          units: 0,
          parts: 0,
          reversedUnits: units,
          reversedParts: parts,
        },
      ];
    });
    return { rows, withheld };
  }

  private keyed(found: readonly Record<string, Scalar>[], by: SalesBy, places?: Places): SoldGroup[] {
    const { currency, calendar } = this.history.company();
    const keyOf = ({ owner, closed, product, account }: Record<string, Scalar>): Scalar | undefined => {
      switch (by) {
        case 'rep':
          return owner;
        case 'product':
          return product;
        case 'account':
          return account;
        case 'team':
        case 'region':
          return places?.at(text(owner), text(closed));
        case 'month':
        case 'quarter':
          return periodKey(text(closed), by, calendar);
        case 'company':
          return 'company';
      }
    };
    return found.map((row) => ({
      key: text(keyOf(row)),
      status: row['status'] === 'won' ? 'won' : 'lost',
      currency: text(row['currency']) ?? currency,
      deals: Number(row['deals']),
      amount: sumOf(row['units'], row['parts']),
      reversed: sumOf(row['reversedUnits'], row['reversedParts']),
    }));
  }
}

function summed(model: ReadModel<SoldDeal>, fields: readonly string[], filter: Filter) {
  return model.aggregate({
    groupBy: ['status', 'currency', ...fields],
    measures: {
      deals: { count: true },
      units: { sum: 'units' },
      parts: { sum: 'parts' },
      reversedUnits: { sum: 'reversedUnits' },
      reversedParts: { sum: 'reversedParts' },
    },
    filter,
  });
}

function text(value: Scalar | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function sumOf(units: Scalar | undefined, parts: Scalar | undefined): Exact {
  return amountOf({ units: Number(units), parts: Number(parts) });
}
