import { it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { dice } from '../crashed.js';

const ROUNDS = Number(process.env['ENGINE_FAULT_ROUNDS'] ?? 50);
export const seed = Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31));
const VARIABLES = ['TEST_EVENTS_URL', 'TEST_BUS_URL', 'TEST_MODELS_URL'];

/** Milliseconds of a test, and of each of its rounds, on a busy machine. */
const TEST = 300_000;
const ROUND = 180_000;

/** A test's share of the 50 rounds, and the rounds that it needs to show all of its fault. */
export interface Share {
  of50: number;
  least: number;
}

/** A test with its share of the rounds; without engines it is skipped by name, and fails if REQUIRE_ENGINES is 1. */
export function rounds(
  { of50, least }: Share,
  sentence: string,
  test: (count: number, roll: (sides: number) => number) => Promise<void>,
): void {
  const count = Math.max(least, Math.round((of50 * ROUNDS) / 50));
  const name = `${sentence} (${count} ${count === 1 ? 'round' : 'rounds'}, FAULT_SEED=${seed})`;
  const missing = VARIABLES.filter((variable) => !process.env[variable]);
  if (missing.length === 0) it(name, () => test(count, dice(seed)), TEST + count * ROUND);
  else if (process.env['REQUIRE_ENGINES'] === '1')
    it(name, () => {
      throw new Error(`${missing.join(', ')}: required by REQUIRE_ENGINES=1`);
    });
  else it.skip(`${name}: skipped, since ${missing.join(', ')} is not set`, () => undefined);
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, milliseconds));
}
