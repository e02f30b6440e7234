import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Acknowledged, dice, expectNothingWrong, hear, nothingYet, unanswered, wrongWith } from './crashed.js';

const ROUNDS = Number(process.env['POWERCUT_ROUNDS'] ?? 50);
/** Milliseconds of a round on a machine that does much else. */
const ROUND = 60_000;
const seed = Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31));
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'attain-power-'));
const library = join(scratch, 'powercut.so');

const compiler = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0);
const possible = process.platform === 'linux' && compiler !== undefined;
const itCuts = possible ? it : it.skip;
const why = possible ? '' : ' [SKIPPED: needs Linux and a C compiler]';

afterAll(() => rmSync(scratch, { recursive: true }));

interface Round {
  directory: string;
  after: number;
  keep: number;
  acknowledged: Acknowledged;
  synchronous: 'FULL' | 'NORMAL';
}
async function runUntilCut({ directory, after, keep, acknowledged, synchronous }: Round): Promise<void> {
  mkdirSync(directory, { recursive: true });
  mkdirSync(`${directory}.cut`, { recursive: true });
  const first = Math.max(0, ...acknowledged.tried) + 1;
  const child = spawn(
    process.execPath,
    [here('writer.mjs'), directory, String(first), unanswered(acknowledged).join(',')],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        SYNCHRONOUS: synchronous,
        LD_PRELOAD: library,
        POWERCUT_DIR: directory,
        POWERCUT_AFTER: String(after),
        POWERCUT_KEEP: String(keep),
        POWERCUT_SEED: String(after),
      },
    },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [[code, signal]] = await Promise.all([once(child, 'exit'), once(child.stdout, 'close')]);
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
  hear(acknowledged, output);
}

describe('A power cut', () => {
  beforeAll(() => {
    if (process.env['REQUIRE_FAULTS'] === '1' && !possible)
      throw new Error('the power cut needs Linux and a C compiler, and REQUIRE_FAULTS=1 wants it run');
    if (possible)
      execFileSync(compiler, ['-shared', '-fPIC', '-O1', '-o', library, here('powercut.c'), '-ldl', '-lpthread']);
  });

  itCuts(
    `${ROUNDS} times, forgetting what was not synced, loses nothing acknowledged and does nothing twice (FAULT_SEED=${seed})${why}`,
    async () => {
      const roll = dice(seed);
      let acknowledged = nothingYet();
      let directory = '';
      let paid = 0;
      for (let round = 1; round <= ROUNDS; round += 1) {
        // Now and then from nothing, because making the files is work that can be cut off, too.
        if (round % 10 === 1) {
          paid += acknowledged.paid.size;
          acknowledged = nothingYet();
          directory = join(scratch, `full-${round}`);
        }
        const after = 1 + roll(roll(4) === 0 ? 60 : 1500);
        const keep = [0, 30, 70][roll(3)] as number;
        await runUntilCut({ directory, after, keep, acknowledged, synchronous: 'FULL' });
        expectNothingWrong(
          await wrongWith(directory, acknowledged),
          `${round} of seed ${seed}: cut at operation ${after}, ${keep} % kept`,
        );
      }
      expect(paid + acknowledged.paid.size).toBeGreaterThan(ROUNDS);
    },
    ROUNDS * ROUND,
  );

  itCuts(
    `is felt by this very test when commits are not synced (synchronous=NORMAL)${why}`,
    async () => {
      const roll = dice(seed);
      const wrong: string[] = [];
      for (let round = 1; round <= ROUNDS && wrong.length === 0; round += 1) {
        const acknowledged = nothingYet();
        const directory = join(scratch, `normal-${round}`);
        await runUntilCut({ directory, after: 300 + roll(1200), keep: 0, acknowledged, synchronous: 'NORMAL' });
        wrong.push(...(await wrongWith(directory, acknowledged)));
      }
      expect(wrong.join('\n')).toMatch(/was acknowledged, and (is lost|there is no log)/);
    },
    ROUNDS * ROUND,
  );
});
