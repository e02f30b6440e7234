import { base } from './jest.config.js';

/** Faults kill processes and cut power: one at a time, with all the time they need. */
export default {
  ...base,
  roots: ['<rootDir>/apps/attain/faults'],
  testMatch: ['<rootDir>/apps/attain/faults/*.fault.ts'],
  maxWorkers: 1,
  testTimeout: 600_000,
};
