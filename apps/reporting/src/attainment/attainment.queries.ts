import { Inject, Injectable } from '@nestjs/common';
import type { Attainment, Cut } from '@attain/compensation';
import type { Clock } from '@attain/eventsourcing';
import {
  always,
  CLOCK,
  type FedHistory,
  type Group,
  type Grouping,
  groupsOf,
  HISTORY,
  inTurns,
  Malformed,
  maySeeSum,
  notFound,
  ofOnePosition,
  type Others,
  peopleOf,
  periodNamed,
  type Scope,
} from '@attain/service';
import { dateOf, Exact, minorDigits, type Period } from '@attain/values';
import { parametersOf, totals } from '../source.js';
import { type Pace, paceOf } from './pace.rules.js';
import type { AttainmentReport, AttainmentRow } from './attainment.answers.js';

export type { AttainmentReport, AttainmentRow } from './attainment.answers.js';

export interface AttainmentAsked {
  period: string;
  /** Default: each for which there is a quota. */
  measure?: string;
  by: Grouping;
  /** One name only. */
  for?: string;
}
/** A row and who attained it. */
export interface Standing {
  group: Group;
  /** Whether all of the credit is its members' own; by `reports`, `through` or `all` a quota is attained with that of others. */
  ofMembers: boolean;
  /** The credited amount. */
  records: Attainment['records'];
  row: AttainmentRow;
}

@Injectable()
export class AttainmentQueries {
  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** People inside the scope, or groups whose sum it may see, who have a quota or a credit in the period. Throws Malformed on an unknown period or measure. */
  async report(scope: Scope, asked: AttainmentAsked, cut: Cut = {}): Promise<AttainmentReport> {
    const { standings, hidden, position, warnings } = await ofOnePosition(this.history, async (others) => {
      const read = await this.read(asked, cut, (group) => maySeeSum(scope, group), others);
      if (scope.everyone) await inTurns(this.history.prepare('warnings', cut), others);
      return {
        ...read,
        position: String(this.history.head),
        ...(scope.everyone && { warnings: this.history.warnings(cut).length }),
      };
    });
    this.requireNamed(scope, asked, cut);
    const rows = standings
      .filter(({ ofMembers }) => scope.everyone || asked.by === 'participant' || ofMembers)
      .map(({ row }) => row);
    return {
      rows,
      hidden,
      source: {
        report: 'attainment',
        parameters: parametersOf({ ...asked, asOf: cut.known, effective: cut.effective }),
        position,
        rows: rows.length,
        totalOf: 'credited',
        controlTotal: totals(
          rows.map(({ measure, credited, currency }) => ({
            amount: Exact.parse(credited),
            of: currency ? `${measure} ${currency}` : measure,
          })),
        ),
        ...(warnings !== undefined && { warnings }),
      },
    };
  }

  /** An unknown name is an error instead of an empty report, for callers who see everybody. */
  private requireNamed(scope: Scope, { for: name, by }: AttainmentAsked, cut: Cut): void {
    if (name === undefined || !scope.everyone) return;
    const known = groupsOf(this.history.people(cut), by, always).map((group) => group.name);
    if (!known.includes(name)) throw notFound(scope, { kind: by, name, known });
  }

  /** All rows are of one position. */
  standings(
    asked: AttainmentAsked,
    cut: Cut,
    shown: (group: Group) => boolean,
  ): Promise<{ standings: Standing[]; hidden: number }> {
    return ofOnePosition(this.history, (others) => this.read(asked, cut, shown, others));
  }

  private async read(
    asked: AttainmentAsked,
    cut: Cut,
    shown: (group: Group) => boolean,
    others: Others,
  ): Promise<{ standings: Standing[]; hidden: number }> {
    const { period, counted, known, whole, groups } = this.asked(asked, cut);
    const seen = groups.filter(shown);
    const standings: Standing[] = [];
    for (const group of seen)
      for (const measure of counted) {
        const what = { for: group.for, measure, period: period.name };
        await inTurns(this.history.prepare(what, whole), others);
        const attainment = await inTurns(this.history.attainmentInSteps(what, whole), others);
        await others.next();
        const { quota, amount } = attainment;
        if (quota === null && (asked.measure === undefined || amount.isZero())) continue;
        const row = rowOf(group, measure, period, attainment, paceOf(period, cut.effective ?? known, quota, amount));
        standings.push({
          group,
          ofMembers: attainment.as.every((rule) => rule === 'sales' || rule === 'overlay'),
          records: attainment.records,
          row,
        });
      }
    return { standings, hidden: asked.by === 'participant' ? 0 : groups.length - seen.length };
  }

  private asked(asked: AttainmentAsked, cut: Cut) {
    const { calendar, measures, timeZone } = this.history.company(cut);
    const period = periodNamed(this.history, asked.period, calendar);
    if (asked.measure !== undefined && !measures.includes(asked.measure)) {
      throw new Malformed([
        { field: 'measure', message: `expected one of ${measures.join(', ') || 'the company’s, which has none'}` },
      ]);
    }
    const known = dateOf(cut.known ?? this.clock(), timeZone);
    const whole: Cut = { ...cut, effective: cut.effective ?? (known > period.to ? known : period.to) };
    const groups = groupsOf(this.history.people(cut), asked.by, period).filter(
      ({ name }) => asked.for === undefined || name === asked.for,
    );
    return { period, counted: asked.measure === undefined ? measures : [asked.measure], known, whole, groups };
  }
}

function rowOf(
  group: Group,
  measure: string,
  period: Period,
  { amount, currency, quota, attained }: Attainment,
  pace: Pace,
): AttainmentRow {
  const text = (number: Exact) =>
    currency === null ? number.toString() : number.toDecimal(minorDigits(currency), 'half-up');
  return {
    for: group.name,
    people: peopleOf(group).length,
    measure,
    period: period.name,
    currency,
    quota: quota && text(quota),
    credited: text(amount),
    attained: ratio(attained),
    pace: { elapsed: pace.elapsed, days: pace.days, due: pace.due && text(pace.due), attained: ratio(pace.attained) },
  };
}

function ratio(of: Exact | null): string | null {
  return of && of.toDecimal(6, 'half-up');
}
