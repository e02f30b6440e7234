import { afterAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Acknowledged, dice, expectNothingWrong, hear, nothingYet, unanswered, wrongWith } from './crashed.js';

const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 200);
/** Milliseconds of a round on a machine that does much else. */
const ROUND = 30_000;
const seed = Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31));
const writer = fileURLToPath(new URL('writer.mjs', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'attain-kill-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Lets a process continue the unfinished work of the ones before it, and kills it at a random place. */
async function runUntilKilled(
  directory: string,
  acknowledged: Acknowledged,
  roll: (sides: number) => number,
  planted: { KEYS?: 'none'; MODELS?: 'torn' } = {},
): Promise<void> {
  const first = Math.max(0, ...acknowledged.tried) + 1;
  const child = spawn(process.execPath, [writer, directory, String(first), unanswered(acknowledged).join(',')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...planted },
  });
  // After lines of progress, because in a number of milliseconds a busy machine may do nothing.
  const [lines, delay] = [roll(60), roll(20)];
  let output = '';
  let timer: NodeJS.Timeout | undefined;
  const killIn = (milliseconds: number): void => void (timer ??= setTimeout(() => child.kill('SIGKILL'), milliseconds));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > lines) killIn(delay);
  });
  // Some die while they open the files of the one before.
  if (roll(10) === 0) killIn(20 + roll(200));
  const [[code, signal]] = await Promise.all([once(child, 'exit'), once(child.stdout, 'close')]);
  clearTimeout(timer);
  expect({ code, signal, output: signal === 'SIGKILL' ? '' : output }).toEqual({
    code: null,
    signal: 'SIGKILL',
    output: '',
  });
  hear(acknowledged, output);
}

describe('Kill -9', () => {
  it(
    `at ${ROUNDS} random points loses nothing acknowledged and does nothing twice (FAULT_SEED=${seed})`,
    async () => {
      const roll = dice(seed);
      const acknowledged = nothingYet();
      const directory = join(scratch, 'keyed');
      for (let round = 1; round <= ROUNDS; round += 1) {
        await runUntilKilled(directory, acknowledged, roll);
        // Each check reads all of the log.
        if (round % 10 === 0 || round === ROUNDS)
          expectNothingWrong(await wrongWith(directory, acknowledged), `${round} of seed ${seed}`);
      }
      expect(acknowledged.paid.size).toBeGreaterThan(ROUNDS);
      expect(acknowledged.loaded.size).toBeGreaterThan(ROUNDS / 4);
    },
    ROUNDS * ROUND,
  );

  it(
    'is detected by this test when commands are repeated without their keys',
    async () => {
      const roll = dice(seed);
      const acknowledged = nothingYet();
      const directory = join(scratch, 'keyless');
      let wrong: string[] = [];
      for (let round = 1; round <= ROUNDS && wrong.length === 0; round += 1) {
        await runUntilKilled(directory, acknowledged, roll, { KEYS: 'none' });
        wrong = await wrongWith(directory, acknowledged);
      }
      expect(wrong.join('\n')).toContain('was paid twice');
    },
    ROUNDS * ROUND,
  );

  it(
    "is detected by this test when a model's batch is committed without its position",
    async () => {
      const roll = dice(seed);
      const acknowledged = nothingYet();
      const directory = join(scratch, 'torn');
      let wrong: string[] = [];
      for (let round = 1; round <= ROUNDS && wrong.length === 0; round += 1) {
        await runUntilKilled(directory, acknowledged, roll, { MODELS: 'torn' });
        wrong = await wrongWith(directory, acknowledged);
      }
      expect(wrong).toEqual([expect.stringMatching(/^the read model at position \d+ is not what the events/)]);
    },
    ROUNDS * ROUND,
  );
});
