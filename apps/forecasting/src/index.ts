export { boardDealsProjection } from './board/board-deals.projection.js';
export * from './board/board.queries.js';
export * from './forecasting.module.js';
export type { BackTest } from './projection/back-test.rules.js';
export * from './projection/forecast.queries.js';
export type { Every } from './projection/series.rules.js';
