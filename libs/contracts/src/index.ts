export * from './events/index.js';
export { eventHeaders, eventMeta, progress } from './messages.js';
export * from './documents/company.js';
export * from './documents/nearest.js';
export * from './documents/component.js';
export * from './documents/plan.js';
export * from './documents/problems.js';
export * from './documents/rows.js';
export * from './documents/scenario.js';
export { unsupportedSteps } from './documents/scenario-check.js';
export * from './documents/source.js';
export * from './documents/statement.js';
export * from './documents/statement-hash.js';
export * from './documents/validate.js';
export * from './documents/warnings.js';
export {
  documentOf,
  type DocumentLimits,
  type DocumentNode,
  located,
  ofRequests,
  parseDocuments,
} from './documents/yaml.js';
export { yamlOf } from './documents/write-yaml.js';
export { readUtf8 } from './documents/utf8.js';
export { documentSchemas } from './schemas.js';
