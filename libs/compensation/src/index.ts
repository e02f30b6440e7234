export * from './answers/api.js';
export { checkCompany } from './plans/read/company-check.js';
export { runExamples } from './answers/examples.js';
export { createHistory } from './answers/history.js';
export { unitBalance, unitEntries, unitsIn, type UnitEntry } from './answers/units.rules.js';
export * from './language/index.js';
export { checkPlan } from './plans/read/plan-check.js';
export type { Uses } from './plans/plans.js';
export { fingerprint, type Recalculation } from './earned/recalculation.js';
