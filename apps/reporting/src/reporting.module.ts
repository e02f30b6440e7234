import { Module } from '@nestjs/common';
import { feature, historyCategories } from '@attain/service';
import { AttainmentController } from './attainment/attainment.controller.js';
import { AttainmentQueries } from './attainment/attainment.queries.js';
import { LeaderboardQueries } from './leaderboards/leaderboard.queries.js';
import { LeaderboardsController } from './leaderboards/leaderboards.controller.js';
import { SalesController } from './sales/sales.controller.js';
import { SalesQueries } from './sales/sales.queries.js';
import { soldDealsProjection } from './sales/sold-deals.projection.js';

/** Categories of the facts that it asks the history about: its numbers depend on all facts that pay depends on. */
export const reportingFacts = historyCategories;

@Module(
  feature({
    controllers: [AttainmentController, LeaderboardsController, SalesController],
    providers: [AttainmentQueries, LeaderboardQueries, SalesQueries],
    exports: [AttainmentQueries, LeaderboardQueries, SalesQueries],
    projections: [soldDealsProjection],
  }),
)
export class ReportingModule {}
