import { Inject, Injectable } from '@nestjs/common';
import type { Cut, WhatCounts } from '@attain/compensation';
import type { Clock, ReadModels } from '@attain/eventsourcing';
import {
  CLOCK,
  type FedHistory,
  groupsOf,
  HISTORY,
  inTurns,
  Malformed,
  maySeeSum,
  ofOnePosition,
  type Others,
  notFound,
  READ_MODELS,
  type Scope,
  Turns,
} from '@attain/service';
import {
  dateOf,
  FIRST_RECORDABLE,
  type FiscalCalendar,
  type LocalDate,
  minorDigits,
  type Period,
} from '@attain/values';
import { type BoardDeal, boardDealsProjection } from '../board/board-deals.projection.js';
import { NoModelFits } from './augurs.js';
import { historyNeeded, type Interval } from './back-test.rules.js';
import { Outlooks } from './outlook.js';
import { type Every, nextBuckets, type Series, seriesOf } from './series.rules.js';
import type { Amounts, Forecast, Forecasts } from './projection.answers.js';

export type { Forecast, Forecasts } from './projection.answers.js';

export const forecastBy = ['team', 'region', 'company', 'participant'] as const;
export type ForecastBy = (typeof forecastBy)[number];
export interface ForecastAsked {
  by: ForecastBy;
  /** One name only. */
  for?: string;
  /** Default: revenue where the company counts it, else its first measure by name. */
  measure?: string;
  /** Default: week. */
  every?: Every;
  /** Steps ahead; default 13 weeks or 3 months: a quarter. */
  horizon?: number;
  /** Share of outcomes that the interval is to hold; default 0.8. */
  level?: number;
}
/** Years of sales that a forecast looks back on. */
const LONGEST_HISTORY = 10;

/** Sales that are read in one go. */
const AT_ONCE = 1000;

interface Given {
  by: ForecastBy;
  for: string | undefined;
  measure: string;
  every: Every;
  horizon: number;
  level: number;
}
/** A group's sales, all of one position. */
interface Sold {
  name: string;
  currency: string | null;
  series: Series;
  calendar: FiscalCalendar;
}

@Injectable()
export class ForecastQueries {
  private readonly outlooks = new Outlooks();

  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(READ_MODELS) private readonly models: ReadModels,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The expected credits of teams, regions, people or the company, from their credits known at the cut. Throws
   * OutOfScope for a named group that the caller may not see.
   */
  async forecast(scope: Scope, asked: ForecastAsked, cut: Cut = {}): Promise<Forecasts> {
    const company = this.history.company(cut);
    const measure = asked.measure ?? (company.measures.includes('revenue') ? 'revenue' : (company.measures[0] ?? ''));
    if (!company.measures.includes(measure))
      throw new Malformed([
        {
          field: 'measure',
          message: `expected one of ${company.measures.join(', ') || 'the company’s, which has none'}`,
        },
      ]);
    const every = asked.every ?? 'week';
    const given: Given = {
      by: asked.by,
      for: asked.for,
      measure,
      every,
      horizon: asked.horizon ?? (every === 'week' ? 13 : 3),
      level: asked.level ?? 0.8,
    };
    const { position, sold, hidden } = await ofOnePosition(this.history, (others) =>
      this.read(scope, given, cut, others),
    );
    const turns = new Turns();
    const rows: Forecast[] = [];
    for (const own of sold) rows.push(await this.one(own, given, turns));
    return {
      rows,
      hidden,
      source: {
        report: 'forecast',
        parameters: Object.fromEntries(
          Object.entries({ ...given, asOf: cut.known, effective: cut.effective }).flatMap(([name, value]) =>
            value === undefined ? [] : [[name, String(value)]],
          ),
        ),
        position,
        rows: rows.length,
        totalOf: 'history',
        controlTotal: Object.fromEntries(rows.map((row) => [row.for, row.history.total])),
      },
    };
  }

  /** The sales of every group whose sum the scope shows. */
  private async read(
    scope: Scope,
    given: Given,
    cut: Cut,
    others: Others,
  ): Promise<{ position: string; sold: Sold[]; hidden: number }> {
    const on = this.lastDay(cut);
    const years = await this.years(cut, on);
    // The data end with the last sale of the company, because years without values must not follow an old export.
    const { records: all } = await this.sales({ company: true }, given.measure, years, cut, others);
    const until = all.reduce((last, { date }) => (date > last && date <= on ? date : last), '');

    // A history is a sum over its days, so it contains everybody who was in the group on one of them.
    const days = { from: years[0]?.from ?? on, to: on };
    const named = groupsOf(this.history.people(cut), given.by, days);
    const groups = named.filter(
      ({ name, members }) =>
        (given.for === undefined || name === given.for) && members.some(({ days: { to } }) => to === on),
    );
    const seen = groups.filter((group) => maySeeSum(scope, group));
    if (given.for !== undefined && seen.length === 0)
      throw notFound(scope, { kind: given.by, name: given.for, known: named.map(({ name }) => name) });
    const { calendar } = this.history.company(cut);
    const sold: Sold[] = [];
    for (const { name, for: whom } of seen) {
      const { records, currency } = await this.sales(whom, given.measure, years, cut, others);
      sold.push({ name, currency, series: seriesOf(records, until, given.every, calendar), calendar });
    }
    return {
      position: String(this.history.head),
      sold,
      hidden: given.by === 'participant' ? 0 : groups.length - seen.length,
    };
  }

  private lastDay(cut: Cut): LocalDate {
    return cut.effective ?? dateOf(cut.known ?? this.clock(), this.history.company(cut).timeZone);
  }

  private async one(
    { name, currency, series, calendar }: Sold,
    { measure, every, horizon, level }: Given,
    turns: Turns,
  ): Promise<Forecast> {
    const { buckets, values } = series;
    const amount = (value: number) =>
      currency === null ? String(Math.round(value * 100) / 100) : value.toFixed(minorDigits(currency));
    const amounts = ({ point, lower, upper }: Interval): Amounts => ({
      point: amount(point),
      lower: amount(lower),
      upper: amount(upper),
    });
    const answer = {
      for: name,
      measure,
      currency,
      every,
      history: {
        from: buckets[0]?.from ?? null,
        to: buckets.at(-1)?.to ?? null,
        buckets: buckets.length,
        total: amount(values.reduce((sum, value) => sum + value, 0)),
      },
      level,
    };
    const without = (code: NonNullable<Forecast['none']>['code'], detail: string): Forecast => ({
      ...answer,
      model: null,
      steps: [],
      total: null,
      error: null,
      none: { code, detail },
    });

    const needed = historyNeeded(horizon, level);
    if (values.length < needed) {
      return without(
        'TOO_LITTLE_HISTORY',
        `${needed} whole ${every}s are needed to forecast ${horizon} ahead with an error that was tested, and ${values.length} are known`,
      );
    }
    try {
      const { model, steps, total, test } = await this.outlooks.of(values, { every, horizon, level }, turns);
      const ahead = nextBuckets(buckets.at(-1)!, horizon, every, calendar);
      return {
        ...answer,
        model,
        steps: steps.map((step, i) => ({ ...ahead[i]!, ...amounts(step) })),
        total: amounts(total),
        error: rounded(test),
        none: null,
      };
    } catch (error) {
      if (error instanceof NoModelFits) return without('NO_MODEL_FITS', error.message);
      throw error;
    }
  }

  private async sales(whom: WhatCounts['for'], measure: string, years: readonly Period[], cut: Cut, others: Others) {
    let currency: string | null | undefined;
    const records: { date: LocalDate; amount: number }[] = [];
    for (const { name: period } of years) {
      const what: WhatCounts = { for: whom, measure, period, as: ['sales'] };
      await inTurns(this.history.prepare(what, cut), others);
      const credited = await inTurns(this.history.attainmentInSteps(what, cut), others);
      currency ??= credited.currency;
      const digits = currency === null ? 6 : minorDigits(currency);
      for (const { date, amount } of credited.records) {
        records.push({ date, amount: Number(amount.toDecimal(digits, 'half-up')) });
        if (records.length % AT_ONCE === 0) await others.next();
      }
      await others.next();
    }
    return { records, currency: currency ?? null };
  }

  /**
   * The years in which deals were won, up to the last sale by `on` and ten before it: a mistyped date, a
   * century away, must not extend the history.
   */
  private async years(cut: Cut, on: LocalDate): Promise<Period[]> {
    const model = this.models.model<BoardDeal>(boardDealsProjection.name);
    const edge = async (from: LocalDate, to: LocalDate, order: 'ascending' | 'descending') => {
      const [deal] = await model.find({
        filter: { status: 'won', closed: { from, to } },
        sort: [{ field: 'closed', order }],
        limit: 1,
      });
      return deal?.closed ?? undefined;
    };
    const last = await edge(FIRST_RECORDABLE, on, 'descending');
    if (last === undefined) return [];
    const { calendar } = this.history.company(cut);
    const earliest = `${String(Number(last.slice(0, 4)) - LONGEST_HISTORY).padStart(4, '0')}-01-01`;
    const first = (await edge(earliest, last, 'ascending')) ?? last;
    const years: Period[] = [];
    for (let year = calendar.periodOf(first, 'year'); year.from <= last; year = calendar.next(year)) years.push(year);
    return years;
  }
}

/** Every number to four digits, because a back-test is not more exact. */
function rounded<Numbers>(numbers: Numbers): Numbers {
  return JSON.parse(
    JSON.stringify(numbers, (_, value: unknown) =>
      typeof value === 'number' ? Math.round(value * 10_000) / 10_000 : value,
    ),
  ) as Numbers;
}
