import { describe, expect, it } from '@jest/globals';
import { breathing } from './breathing.js';

const compute = (milliseconds: number): void => {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
};

describe('Long work that breathes', () => {
  it('lets others have their turn after a stretch of computing', async () => {
    const breathe = breathing();
    let turns = 0;
    setImmediate(() => (turns += 1));
    compute(15);
    await breathe();
    expect(turns).toBe(1);
  });

  it('ends at the next turn after it was cancelled', async () => {
    const cancelling = new AbortController();
    const breathe = breathing(() => cancelling.signal.throwIfAborted());
    cancelling.abort(new Error('cancelled'));
    compute(15);
    await expect(breathe()).rejects.toThrow('cancelled');
  });
});
