import { Module } from '@nestjs/common';
import { feature, historyCategories } from '@attain/service';
import { AttainmentController } from './attainment/attainment.controller.js';
import { AttainmentQueries } from './attainment/attainment.queries.js';
import { ChangeQueries } from './changes/change.queries.js';
import { ChangesController } from './changes/changes.controller.js';
import { changesProjection } from './changes/changes.projection.js';
import { LeaderboardQueries } from './leaderboards/leaderboard.queries.js';
import { LeaderboardsController } from './leaderboards/leaderboards.controller.js';
import { SalesController } from './sales/sales.controller.js';
import { SalesQueries } from './sales/sales.queries.js';
import { soldDealsProjection } from './sales/sold-deals.projection.js';

/** Categories of the facts that it asks the history about: its numbers depend on all facts that pay depends on. */
export const reportingFacts = historyCategories;

@Module(
  feature({
    controllers: [AttainmentController, ChangesController, LeaderboardsController, SalesController],
    providers: [AttainmentQueries, ChangeQueries, LeaderboardQueries, SalesQueries],
    exports: [AttainmentQueries, ChangeQueries, LeaderboardQueries, SalesQueries],
    projections: [soldDealsProjection, changesProjection],
  }),
)
export class ReportingModule {}
