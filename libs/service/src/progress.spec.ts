import { describe, expect, it, jest } from '@jest/globals';
import { createMemoryEventStore, StoreFull } from '@attain/eventsourcing';
import { event } from '@attain/eventsourcing/testing';
import { NotReady } from './problem.js';
import { Progress } from './progress.js';

describe('A caller that waits for one group', () => {
  it('does not ask other groups for their position, because one of them may be the caller', async () => {
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

  it('learns the position of a model that another process keeps', async () => {
    const progress = new Progress(createMemoryEventStore());
    let stored = 0n;
    progress.begin('deals@1', 'deals', 0n, async () => stored);
    progress.started();
    setTimeout(() => (stored = 2n), 20);
    await progress.reached(2n, { of: ['deals'] });
  });
});

describe('A group whose events are on their way from another process', () => {
  it('is not late, even after a long time without events', async () => {
    const now = jest.spyOn(performance, 'now');
    const store = createMemoryEventStore();
    const progress = new Progress(store);
    progress.begin('deals@1', 'deals', 0n, async () => 0n);
    const late = async (milliseconds: number) => {
      now.mockReturnValue(milliseconds);
      return (await progress.lags()).map((lag) => [lag.behind, lag.late]);
    };
    expect(await late(0)).toEqual([[0n, false]]);
    await store.append({ stream: 'deal-1', expected: 'none', events: [event('DealOpened')] });
    expect(await late(3_600_000)).toEqual([[1n, false]]);
    expect(await late(3_609_000)).toEqual([[1n, false]]);
    expect(await late(3_610_000)).toEqual([[1n, true]]);
    progress.moved('deals@1', 1n);
    expect(await late(3_611_000)).toEqual([[0n, false]]);
    now.mockRestore();
  });
});

describe('A group whose model finds no room', () => {
  const begun = () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    const progress = new Progress(createMemoryEventStore());
    progress.begin('deals@1', 'deals', 0n);
    progress.started();
    progress.full('deals@1', new StoreFull('no room left'));
    return { progress, now };
  };

  it('ends the wait of a command after five seconds, and not that of a query', async () => {
    const { progress, now } = begun();
    const waiting = progress.reached(1n, { patience: 60_000, endsWhenFull: true });
    now.mockReturnValue(5_001);
    progress.full('deals@1', new StoreFull('no room left'));
    await expect(waiting).rejects.toThrow(StoreFull);
    await expect(progress.reached(1n, { patience: 0 })).rejects.toThrow(NotReady);
    now.mockRestore();
  });

  it('ends no wait after somebody has made room', async () => {
    const { progress, now } = begun();
    progress.moved('deals@1', 1n);
    now.mockReturnValue(5_001);
    await expect(progress.reached(2n, { patience: 0, endsWhenFull: true })).rejects.toThrow(NotReady);
    now.mockRestore();
  });
});
