export * from './clock.js';
export * from './decider.js';
export * from './events.js';
export * from './execute.js';
export * from './ports.js';
export * from './projection.js';
