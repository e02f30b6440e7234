export * from './api.js';
export { checkCompany } from './company-check.js';
export * from './language/index.js';
export { checkPlan } from './plan-check.js';
