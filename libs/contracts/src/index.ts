export * from './events/index.js';
export * from './documents/company.js';
export * from './documents/nearest.js';
export * from './documents/plan.js';
export * from './documents/rows.js';
export * from './documents/scenario.js';
export * from './documents/source.js';
export * from './documents/statement.js';
