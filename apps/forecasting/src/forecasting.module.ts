import { Module } from '@nestjs/common';
import { feature, historyCategories } from '@attain/service';
import { boardDealsProjection } from './board/board-deals.projection.js';
import { BoardController } from './board/board.controller.js';
import { BoardQueries } from './board/board.queries.js';
import { ForecastController } from './projection/forecast.controller.js';
import { ForecastQueries } from './projection/forecast.queries.js';

/** Categories of the facts that it asks the history about: its numbers depend on all facts that pay depends on. */
export const forecastingFacts = historyCategories;

@Module(
  feature({
    controllers: [BoardController, ForecastController],
    providers: [BoardQueries, ForecastQueries],
    exports: [BoardQueries, ForecastQueries],
    projections: [boardDealsProjection],
  }),
)
export class ForecastingModule {}
