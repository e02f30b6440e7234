import { Inject, Injectable } from '@nestjs/common';
import type { Cut } from '@attain/compensation';
import { type FedHistory, HISTORY, maySeeSum, type Scope } from '@attain/service';
import { Exact } from '@attain/values';
import { AttainmentQueries } from '../attainment/attainment.queries.js';
import type { Grouping } from '../attainment/groups.rules.js';
import { parametersOf, type Source, totals } from '../source.js';
import { rank } from './ranking.rules.js';

export interface LeaderboardAsked {
  period: string;
  /** Default: revenue where the company counts it, else its first measure by name. */
  measure?: string;
  by: Exclude<Grouping, 'company'>;
}
/** Attainment as a decimal fraction of six places: no amount, no quota, no pay, since everybody may look. */
export interface LeaderboardRow {
  rank: number;
  for: string;
  attained: string;
}
export interface Leaderboard {
  rows: LeaderboardRow[];
  hidden: number;
  source: Source;
}

@Injectable()
export class LeaderboardQueries {
  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(AttainmentQueries) private readonly attainment: AttainmentQueries,
  ) {}

  /** Everybody with a quota in the period; teams and regions of fewer than three only for those who see each of them. */
  async board(scope: Scope, asked: LeaderboardAsked, cut: Cut = {}): Promise<Leaderboard> {
    const { measures } = this.history.company(cut);
    const measure = asked.measure ?? (measures.includes('revenue') ? 'revenue' : measures[0]);
    const { rows, hidden } = this.attainment.standings({ ...asked, ...(measure !== undefined && { measure }) }, cut, ({ people }, period) => asked.by === 'participant' || maySeeSum(scope, people, period));
    const standings = rows.flatMap(({ for: name, attained }) => (attained === null ? [] : [{ name, attained: Exact.parse(attained) }]));
    const ranked = rank(standings);
    return {
      rows: ranked.map((row) => ({ rank: row.rank, for: row.name, attained: row.attained.toDecimal(6, 'half-up') })),
      hidden,
      source: {
        report: 'leaderboard',
        parameters: parametersOf({ ...asked, measure, asOf: cut.known, effective: cut.effective }),
        position: String(this.history.head),
        rows: ranked.length,
        totalOf: 'attained',
        controlTotal: totals(ranked.map(({ attained }) => ({ amount: attained, of: measure ?? '' }))),
      },
    };
  }
}
