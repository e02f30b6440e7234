import { it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { dice } from '../crashed.js';

const ROUNDS = Number(process.env['ENGINE_FAULT_ROUNDS'] ?? 50);
export const seed = Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31));
const VARIABLES = ['TEST_EVENTS_URL', 'TEST_BUS_URL', 'TEST_MODELS_URL'];

/** A test of so many of the 50 rounds; without engines it says by name that it was skipped, and fails where REQUIRE_ENGINES is 1. */
export function rounds(share: number, sentence: string, test: (count: number, roll: (sides: number) => number) => Promise<void>): void {
  const count = Math.max(1, Math.round((share * ROUNDS) / 50));
  const name = `${sentence} (${count} ${count === 1 ? 'round' : 'rounds'}, FAULT_SEED=${seed})`;
  const missing = VARIABLES.filter((variable) => !process.env[variable]);
  if (missing.length === 0) it(name, () => test(count, dice(seed)));
  else if (process.env['REQUIRE_ENGINES'] === '1')
    it(name, () => {
      throw new Error(`${missing.join(', ')}: required by REQUIRE_ENGINES=1`);
    });
  else it.skip(`${name}: skipped, since ${missing.join(', ')} is not set`, () => undefined);
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, milliseconds));
}
