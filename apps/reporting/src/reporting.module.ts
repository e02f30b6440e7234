import { Module } from '@nestjs/common';
import { feature } from '@attain/service';
import { AttainmentController } from './attainment/attainment.controller.js';
import { AttainmentQueries } from './attainment/attainment.queries.js';
import { LeaderboardQueries } from './leaderboards/leaderboard.queries.js';
import { LeaderboardsController } from './leaderboards/leaderboards.controller.js';
import { SalesController } from './sales/sales.controller.js';
import { SalesQueries } from './sales/sales.queries.js';
import { soldDeals } from './sales/sold-deals.projection.js';

@Module(
  feature({
    controllers: [AttainmentController, LeaderboardsController, SalesController],
    providers: [AttainmentQueries, LeaderboardQueries, SalesQueries],
    exports: [AttainmentQueries, LeaderboardQueries, SalesQueries],
    projections: [soldDeals],
  }),
)
export class ReportingModule {}
