export * from './events/index.js';
export * from './documents/statement.js';
