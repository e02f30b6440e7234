import { describe, expect, it } from '@jest/globals';
import { inTurns, nextTurn } from './turns.js';

/** Keeps the process busy for some milliseconds. */
function busy(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

describe('a long answer in turns', () => {
  it('lets other requests have their turn between its steps, and returns the result of its steps', async () => {
    let others = 0;
    let waiting = true;
    const other = () => {
      others += 1;
      if (waiting) setImmediate(other);
    };
    setImmediate(other);
    const result = await inTurns(
      (function* () {
        for (let step = 0; step < 5; step += 1) {
          busy(25);
          yield;
        }
        return others;
      })(),
    );
    waiting = false;
    expect(result).toBeGreaterThanOrEqual(4);
  });

  it('alternates with other requests, also when several long answers run at once', async () => {
    const asked: number[] = [];
    let others = 0;
    let waiting = true;
    const other = () => {
      others += 1;
      if (waiting) setImmediate(other);
    };
    setImmediate(other);
    const long = async () => {
      for (let step = 0; step < 3; step += 1) {
        await nextTurn();
        asked.push(others);
        busy(25);
      }
    };
    await Promise.all([long(), long(), long()]);
    waiting = false;
    expect(asked).toHaveLength(9);
    expect(new Set(asked).size).toBe(9);
  });

  it('fails as its steps fail', async () => {
    const failing = (function* () {
      yield;
      throw new Error('no rate');
    })();
    await expect(inTurns(failing)).rejects.toThrow('no rate');
  });
});
