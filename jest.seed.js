import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';

// The same random cases in each run: in CI a red one must say something of the change and not of its luck.
const seed = process.env['LAWS_SEED'];
if (seed !== undefined && readFileSync(expect.getState().testPath, 'utf8').includes("from 'fast-check'")) {
  const { default: fc } = await import('fast-check');
  fc.configureGlobal({ seed: Number(seed) });
}
