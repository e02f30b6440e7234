export * from './attainment/attainment.queries.js';
export * from './leaderboards/leaderboard.queries.js';
export * from './reporting.module.js';
export * from './sales/sales.queries.js';
export { soldDealsProjection } from './sales/sold-deals.projection.js';
export type { Source } from './source.js';
