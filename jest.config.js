import { fileURLToPath } from 'node:url';

/** Native ESM on the sources: no build before a test, and the same decorators as the build. */
export const base = {
  rootDir: fileURLToPath(new URL('.', import.meta.url)),
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@attain/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  // Only for tests that hang: several lanes of CI share two cores, and none of the tests judges by time.
  testTimeout: 300_000,
  setupFilesAfterEnv: ['<rootDir>/jest.seed.js'],
  modulePathIgnorePatterns: ['/dist/', '/.nx/', '/.attain/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};

export default { ...base, roots: ['<rootDir>/libs', '<rootDir>/apps'], testMatch: ['**/*.spec.ts'] };
