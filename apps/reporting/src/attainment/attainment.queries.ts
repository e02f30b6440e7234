import { Inject, Injectable } from '@nestjs/common';
import type { Cut } from '@attain/compensation';
import type { Clock } from '@attain/eventsourcing';
import { CLOCK, type FedHistory, HISTORY, maySeeSum, periodNamed, type Scope } from '@attain/service';
import { dateOf, Exact, type LocalDate, minorDigits } from '@attain/values';
import { parametersOf, type Source, totals } from '../source.js';
import { type Group, type Grouping, groupsOf } from './groups.rules.js';
import { paceOf } from './pace.rules.js';

export interface AttainmentAsked {
  period: string;
  /** Default: the company's first. */
  measure?: string;
  by: Grouping;
  /** One name only. */
  for?: string;
}
/** Amounts are decimal text in `currency`, plain numbers where that is null; ratios are decimal fractions of six places, null where undefined. */
export interface AttainmentRow {
  for: string;
  people: number;
  measure: string;
  period: string;
  currency: string | null;
  quota: string | null;
  credited: string;
  attained: string | null;
  pace: { elapsed: number; days: number; due: string | null; attained: string | null };
}
export interface AttainmentReport {
  rows: AttainmentRow[];
  /** Groups of so few that their sum tells of one of them. */
  hidden: number;
  source: Source;
}

@Injectable()
export class AttainmentQueries {
  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** People inside the scope, or groups whose sum it may see, who have a quota or a credit in the period. Throws Malformed on an unknown period or measure. */
  async report(scope: Scope, asked: AttainmentAsked, cut: Cut = {}): Promise<AttainmentReport> {
    const { rows, measure, hidden } = this.standings(asked, cut, (group) => maySee(scope, asked.by, group));
    return {
      rows,
      hidden,
      source: {
        report: 'attainment',
        parameters: parametersOf({ ...asked, measure, asOf: cut.known, effective: cut.effective }),
        position: String(this.history.head),
        rows: rows.length,
        totalOf: 'credited',
        controlTotal: totals(rows.map(({ credited, currency }) => ({ amount: Exact.parse(credited), currency }))),
      },
    };
  }

  /** The date whose hierarchy says who may see it: the period's last, or the one asked about where that comes first. */
  dateOfData(period: string, cut: Cut = {}): LocalDate {
    const { calendar, timeZone } = this.history.company(cut);
    const { to } = periodNamed(calendar, period);
    const on = cut.effective ?? dateOf(cut.known ?? this.clock(), timeZone);
    return on < to ? on : to;
  }

  /** Synchronous, so that all rows are of one position. */
  standings(asked: AttainmentAsked, cut: Cut, shown: (group: Group) => boolean): { rows: AttainmentRow[]; measure: string; hidden: number } {
    const company = this.history.company(cut);
    const period = periodNamed(company.calendar, asked.period);
    const measure = asked.measure ?? company.measures[0] ?? '';
    const known = dateOf(cut.known ?? this.clock(), company.timeZone);
    const on = cut.effective ?? known;
    const whole: Cut = { ...cut, effective: cut.effective ?? (known > period.to ? known : period.to) };

    const groups = groupsOf(this.history.people(cut), asked.by, period).filter(({ name }) => asked.for === undefined || name === asked.for);
    const rows: AttainmentRow[] = [];
    for (const group of groups.filter(shown)) {
      const { amount, currency, quota, attained } = this.history.attainment({ for: group.for, measure, period: period.name }, whole);
      if (quota === null && amount.isZero()) continue;
      const pace = paceOf(period, on, quota, amount);
      const text = (number: Exact) => (currency === null ? number.toString() : number.toDecimal(minorDigits(currency), 'half-up'));
      rows.push({
        for: group.name,
        people: group.people.length,
        measure,
        period: period.name,
        currency,
        quota: quota && text(quota),
        credited: text(amount),
        attained: ratio(attained),
        pace: { elapsed: pace.elapsed, days: pace.days, due: pace.due && text(pace.due), attained: ratio(pace.attained) },
      });
    }
    return { rows, measure, hidden: asked.by === 'participant' ? 0 : groups.filter((group) => !shown(group)).length };
  }
}

export function maySee(scope: Scope, by: Grouping, { name, people }: Group): boolean {
  return by === 'participant' ? scope.covers(name) : maySeeSum(scope, people);
}

function ratio(of: Exact | null): string | null {
  return of && of.toDecimal(6, 'half-up');
}
