import { describe, expect, it } from '@jest/globals';
import { createMemoryEventStore } from '@attain/eventsourcing';
import { NotReady } from './problem.js';
import { Progress } from './progress.js';

describe('Who waits for one group', () => {
  it('asks no other where it stands, since that one may be the one that waits', async () => {
    const progress = new Progress(createMemoryEventStore());
    progress.begin('history', 'history', 0n);
    progress.begin('policy@1', 'policy', 0n, () => new Promise(() => undefined));
    progress.started();
    const waiting = progress.reached(2n, { of: ['history'] });
    setTimeout(() => progress.moved('history', 1n), 5);
    setTimeout(() => progress.moved('history', 2n), 10);
    await waiting;
    await expect(progress.reached(3n, { of: ['history'], patience: 20 })).rejects.toThrow(NotReady);
  });

  it('hears of a model that another process keeps', async () => {
    const progress = new Progress(createMemoryEventStore());
    let stored = 0n;
    progress.begin('deals@1', 'deals', 0n, async () => stored);
    progress.started();
    setTimeout(() => (stored = 2n), 20);
    await progress.reached(2n, { of: ['deals'] });
  });
});
