import { Module } from '@nestjs/common';
import { feature } from '@attain/service';
import { boardDeals } from './board/board-deals.projection.js';
import { BoardController } from './board/board.controller.js';
import { BoardQueries } from './board/board.queries.js';
import { ForecastController } from './projection/forecast.controller.js';
import { ForecastQueries } from './projection/forecast.queries.js';

@Module(
  feature({
    controllers: [BoardController, ForecastController],
    providers: [BoardQueries, ForecastQueries],
    exports: [BoardQueries, ForecastQueries],
    projections: [boardDeals],
  }),
)
export class ForecastingModule {}
