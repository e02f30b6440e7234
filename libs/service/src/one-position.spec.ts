import { describe, expect, it } from '@jest/globals';
import { ofOnePosition } from './one-position.js';

/** Reads the head twice; a fact arrives in between as often as given. */
function reading(arrivals: number) {
  const history = { head: 1n };
  let left = arrivals;
  let readings = 0;
  const read = async () => {
    readings += 1;
    const first = history.head;
    if (left > 0) {
      left -= 1;
      history.head += 1n;
    }
    return [first, history.head];
  };
  return { history, read, readings: () => readings };
}

describe('an answer of one position', () => {
  it('is read once where no fact arrives', async () => {
    const { history, read, readings } = reading(0);
    expect(await ofOnePosition(history, read)).toEqual([1n, 1n]);
    expect(readings()).toBe(1);
  });

  it('is read again where a fact arrives meanwhile', async () => {
    const { history, read, readings } = reading(2);
    expect(await ofOnePosition(history, read)).toEqual([3n, 3n]);
    expect(readings()).toBe(3);
  });

  it('is read without interruption the fourth time, because facts keep arriving', async () => {
    const history = { head: 1n };
    const goes: boolean[] = [];
    const result = await ofOnePosition(history, async (others) => {
      const until = performance.now() + 15;
      while (performance.now() < until);
      let other = false;
      setImmediate(() => {
        other = true;
        history.head += 1n;
      });
      const before = history.head;
      await others.next().finally(() => goes.push(other));
      return [before, history.head];
    });
    expect(goes).toEqual([true, true, true, false]);
    expect(result).toEqual([4n, 4n]);
  });

  it('fails as its reading fails', async () => {
    await expect(ofOnePosition({ head: 1n }, async () => Promise.reject(new Error('no rate')))).rejects.toThrow(
      'no rate',
    );
  });
});
