import { Inject, Injectable } from '@nestjs/common';
import type { Cut } from '@attain/compensation';
import type { Clock } from '@attain/eventsourcing';
import {
  CLOCK,
  type FedHistory,
  type Grouping,
  HISTORY,
  inTurns,
  Malformed,
  maySeeSum,
  periodNamed,
  type Scope,
} from '@attain/service';
import { addDays, dateOf, endOfDay, Exact, type LocalDate } from '@attain/values';
import { AttainmentQueries, type Standing } from '../attainment/attainment.queries.js';
import { parametersOf, totals } from '../source.js';
import { published, type Published, tellAmounts } from './published.rules.js';
import { rank } from './ranking.rules.js';
import type { Leaderboard } from './leaderboards.answers.js';

export type { Leaderboard, LeaderboardRow } from './leaderboards.answers.js';

export interface LeaderboardAsked {
  period: string;
  /** Default: revenue where the company counts it, else its first measure by name. */
  measure?: string;
  by: Exclude<Grouping, 'company'>;
}
@Injectable()
export class LeaderboardQueries {
  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(AttainmentQueries) private readonly attainment: AttainmentQueries,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Everybody, or every team or region, with a quota in the period. Those who see everybody have exact fractions at any cut.
   * Others have the published standings: ranks, and whole percents of people and of the groups all of whose members they see;
   * without the people who attain with the sales of others, unless they see them.
   * Throws Malformed if they request a cut.
   */
  async board(scope: Scope, asked: LeaderboardAsked, cut: Cut = {}): Promise<Leaderboard> {
    return scope.everyone ? await this.exact(asked, cut) : await this.published(scope, asked, cut);
  }

  private async exact(asked: LeaderboardAsked, cut: Cut): Promise<Leaderboard> {
    const measure = this.measureOf(asked, cut);
    const ranked = rank((await this.standings(asked, measure, cut)).map(({ name, attained }) => ({ name, attained })));
    const answer = this.answer({ ...asked, measure, asOf: cut.known, effective: cut.effective }, ranked, null);
    await inTurns(this.history.prepare('warnings', cut));
    return { ...answer, source: { ...answer.source, warnings: this.history.warnings(cut).length } };
  }

  private async published(scope: Scope, asked: LeaderboardAsked, { known, effective }: Cut): Promise<Leaderboard> {
    const given = Object.entries({ asOf: known, effective }).flatMap(([field, value]) =>
      value === undefined ? [] : [field],
    );
    if (given.length > 0) {
      const message =
        'expected none: a leaderboard shows the standings of the last day, and other cuts only to those who see everybody';
      throw new Malformed(given.map((field) => ({ field, message })));
    }
    const cut = this.lastDay(asked.period);
    const measure = this.measureOf(asked, cut);
    const all = await this.standings(asked, measure, cut);
    const seen = new Set(all.filter(({ group }) => maySeeSum(scope, group)).map(({ name }) => name));
    // A participant who attains with the sales of others has the percent of a sum, and a rank between percents nearly shows it.
    const standings =
      asked.by === 'participant' ? all.filter(({ name, ofMembers }) => ofMembers || seen.has(name)) : all;
    const percents = asked.by === 'participant' && this.showsPercents(scope, { standings, seen }, cut);
    const ranked = published(standings, (name) => percents || seen.has(name));
    const answer = this.answer({ ...asked, measure }, ranked, { effective: cut.effective, known: cut.known ?? null });
    return { ...answer, hidden: answer.hidden + all.length - standings.length };
  }

  /** Yesterday, or the period's end if it came first, as known when yesterday ended. */
  private lastDay(period: string): Cut & { effective: LocalDate } {
    const { timeZone } = this.history.company();
    const yesterday = addDays(dateOf(this.clock(), timeZone), -1);
    const known = endOfDay(yesterday, timeZone);
    const first = this.history.people({ known }).length === 0;
    const { calendar } = this.history.company(first ? {} : { known });
    const { to } = periodNamed(this.history, period, calendar);
    return { effective: to < yesterday ? to : yesterday, ...(!first && { known }) };
  }

  /**
   * Percents of others are shown unless the caller can compute amounts from them with a known amount: of a count (one deal of seven is
   * 14 %), of quotas that are about the same, of others' records in the caller's own statements, of deals shared with others, of a
   * target that pays by the percent and whose amount a plan states.
   */
  private showsPercents(
    scope: Scope,
    { standings, seen }: { standings: readonly Named[]; seen: ReadonlySet<string> },
    cut: Cut,
  ): boolean {
    if (this.history.company(cut).leaderboards.shows === 'rank') return false;
    if (standings.some(({ row }) => row.currency === null)) return false;
    if (standings.some(({ row }) => this.history.statedTargets().has(row.measure))) return false;
    if (tellAmounts(standings.map(({ row }) => Exact.parse(row.quota!)))) return false;
    if (
      this.shareDeals(
        scope,
        standings.filter(({ name }) => !seen.has(name)),
        cut,
      )
    )
      return false;
    const reports = scope.participants.size > 1;
    return [...scope.participants].every((participant) => {
      const kinds = this.history.creditKinds(participant);
      return !kinds.has('all') && !kinds.has('through') && (reports || !kinds.has('reports'));
    });
  }

  /** Whether others are credited with the same records as somebody of the scope, who so knows the amounts. */
  private shareDeals(scope: Scope, others: readonly Named[], cut: Cut): boolean {
    const [first] = others;
    if (!first) return false;
    const { measure, period } = first.row;
    const of = ({ record: { source, id } }: Named['records'][number]) => `${source} ${id}`;
    const own = [...scope.participants].flatMap((participant) =>
      this.history.credited({ for: { participant }, measure, period, as: ['sales', 'overlay'] }, cut).records.map(of),
    );
    const known = new Set(own);
    return others.some(({ records }) => records.some((record) => known.has(of(record))));
  }

  private measureOf({ measure }: LeaderboardAsked, cut: Cut): string | undefined {
    const { measures } = this.history.company(cut);
    return measure ?? (measures.includes('revenue') ? 'revenue' : measures[0]);
  }

  private async standings(asked: LeaderboardAsked, measure: string | undefined, cut: Cut): Promise<Named[]> {
    const { standings } = await this.attainment.standings(
      { ...asked, ...(measure !== undefined && { measure }) },
      cut,
      () => true,
    );
    return standings.flatMap((standing) =>
      standing.row.attained === null
        ? []
        : [{ ...standing, name: standing.row.for, attained: Exact.parse(standing.row.attained) }],
    );
  }

  private answer(
    parameters: Readonly<Record<string, string | undefined>>,
    ranked: readonly Published[],
    published: Leaderboard['published'],
  ): Leaderboard {
    const digits = published ? 2 : 6;
    const shown = ranked.flatMap(({ attained }) =>
      attained === null ? [] : [{ amount: attained, of: parameters['measure'] ?? '' }],
    );
    return {
      rows: ranked.map(({ rank: place, name, attained }) => ({
        rank: place,
        for: name,
        attained: attained && attained.toDecimal(digits, 'half-up'),
      })),
      hidden: ranked.length - shown.length,
      published,
      source: {
        report: 'leaderboard',
        parameters: parametersOf(parameters),
        position: String(this.history.head),
        rows: ranked.length,
        totalOf: 'attained',
        controlTotal: totals(shown),
      },
    };
  }
}

type Named = Standing & { name: string; attained: Exact };
