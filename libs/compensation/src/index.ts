export * from './api.js';
export { checkCompany } from './company-check.js';
export { runExamples } from './examples.js';
export { createHistory } from './history.js';
export * from './language/index.js';
export { checkPlan } from './plan-check.js';
export type { Uses } from './plans.js';
export { fingerprint, type Recalculation } from './recalculation.js';
