import { base } from './jest.config.js';

/** Faults of the engines and of the processes on them: one at a time, with all the time they need. */
export default {
  ...base,
  roots: ['<rootDir>/apps/attain/faults/engines'],
  testMatch: ['**/*.fault.ts'],
  maxWorkers: 1,
  testTimeout: 600_000,
};
