import { describe, expect, it } from '@jest/globals';
import { type Decider, Refused } from './decider.js';
import type { Context } from './execute.js';
import { createExecutor } from './executor.js';
import { createMemoryEventStore } from './memory/event-store.js';
import { type Append, type EventStore, WrongRevision } from './ports.js';
import { all } from './testing/index.js';

type QuotaEvent = { type: 'QuotaAssigned' | 'QuotaChanged'; data: { amount: string } };
const quota: Decider<string | undefined, { amount: string }, QuotaEvent> = {
  category: 'quota',
  initial: undefined,
  decide({ amount }, state) {
    if (amount.startsWith('-')) throw new Refused('QUOTA_NEGATIVE', 'a quota is not negative', { amount });
    if (amount === state) return [];
    return [{ type: state === undefined ? 'QuotaAssigned' : 'QuotaChanged', data: { amount } }];
  },
  evolve: (_, { data }) => data.amount,
};
const codec = {
  versionOf: (type: string) => (type === 'QuotaAssigned' ? 2 : 1),
  decode(type: string, version: number, data: unknown) {
    if ((data as { amount: string }).amount === 'poison')
      throw new Error(`${type} v${version}: amount: expected a decimal`);
    return { type, data };
  },
};
const context: Context = { actor: 'user:ann', correlation: 'c-1', reason: 'new year' };

function executorOn(store: EventStore) {
  return createExecutor({ store, clock: () => '2025-01-02T03:04:05.006Z', ...codec });
}
const recordedIn = async (store: EventStore) =>
  (await all(store.readAll())).map(({ stream, type, data }) =>
    `${stream} ${type} ${(data as { amount?: string }).amount ?? ''}`.trim(),
  );

describe('Executing a command', () => {
  it('appends the decider’s events, with who, why and when', async () => {
    const store = createMemoryEventStore();
    expect(await executorOn(store).execute(quota, 'ann~revenue', { amount: '100' }, context)).toEqual({
      stream: 'quota-ann~revenue',
      revision: 0,
      position: '1',
      events: 1,
      repeated: false,
    });
    const [event] = await all(store.readAll());
    expect(event).toMatchObject({
      type: 'QuotaAssigned',
      version: 2,
      data: { amount: '100' },
      meta: { actor: 'user:ann', correlation: 'c-1', reason: 'new year', recorded: '2025-01-02T03:04:05.006Z' },
    });
  });

  it('stores nothing in a dry run, and returns the answer of a real run', async () => {
    const store = createMemoryEventStore();
    const executor = executorOn(store);
    await executor.execute(quota, 'a', { amount: '100' }, context);
    const dry = { ...context, dryRun: true, key: 'k' };
    expect(await executor.execute(quota, 'b', { amount: '1' }, dry)).toMatchObject({ events: 1, position: '0' });
    const commands = ['100', '200', '-1'].map((amount) => ({ id: 'a', command: { amount } }));
    expect(await executor.executeMany(quota, commands, dry)).toMatchObject([
      { events: 0 },
      { events: 1, revision: 1 },
      { code: 'QUOTA_NEGATIVE' },
    ]);
    expect(await recordedIn(store)).toEqual(['quota-a QuotaAssigned 100']);
  });

  it('decides on earlier events, and returns the stream’s revision when nothing changes', async () => {
    const store = createMemoryEventStore();
    const executor = executorOn(store);
    await executor.execute(quota, 'a', { amount: '100' }, context);
    await executor.execute(quota, 'b', { amount: '1' }, context);
    expect(await executor.execute(quota, 'a', { amount: '100' }, context)).toEqual({
      stream: 'quota-a',
      revision: 0,
      position: '1',
      events: 0,
      repeated: false,
    });
    expect(await executor.execute(quota, 'a', { amount: '90' }, context)).toMatchObject({
      revision: 1,
      position: '3',
      events: 1,
    });
  });

  it('passes on a refusal and stores nothing', async () => {
    const store = createMemoryEventStore();
    await expect(executorOn(store).execute(quota, 'a', { amount: '-1' }, context)).rejects.toMatchObject({
      name: 'Refused',
      code: 'QUOTA_NEGATIVE',
    });
    expect(await recordedIn(store)).toEqual([]);
  });

  it('stores nothing that could not be read again', async () => {
    const store = createMemoryEventStore();
    await expect(
      executorOn(store).execute(
        {
          ...quota,
          decide: () => [{ type: 'QuotaAssigned' as const, data: { amount: Number.NaN as unknown as string } }],
        },
        'a',
        { amount: '1' },
        context,
      ),
    ).rejects.toThrow('JSON has no NaN');
    await expect(executorOn(store).execute(quota, 'a', { amount: 'poison' }, context)).rejects.toThrow(
      'expected a decimal',
    );
    expect(await recordedIn(store)).toEqual([]);
  });

  it('lets many at once on one stream each see the others', async () => {
    const store = createMemoryEventStore();
    const executor = executorOn(store);
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => executor.execute(quota, 'a', { amount: String(n) }, context)),
    );
    expect((await all(store.readStream('quota-a'))).map(({ revision }) => revision)).toEqual(
      Array.from({ length: 30 }, (_, n) => n),
    );
  });

  it('decides again when another process was faster, and gives up after a few times', async () => {
    const store = createMemoryEventStore();
    let races = 3;
    const raced: EventStore = {
      ...store,
      async append(append: Append) {
        races -= 1;
        if (races >= 0)
          await store.append({
            stream: append.stream,
            expected: 'any',
            events: [
              {
                ...(append.events[0] as Append['events'][0]),
                id: `other-${races}`,
                data: { amount: `raced ${races}` },
              },
            ],
          });
        return store.append(append);
      },
    };
    expect(await executorOn(raced).execute(quota, 'a', { amount: '7' }, context)).toMatchObject({
      revision: 3,
      events: 1,
    });
    races = 100;
    await expect(executorOn(raced).execute(quota, 'b', { amount: '7' }, context)).rejects.toBeInstanceOf(WrongRevision);
  });
});

describe('A request with an idempotency key', () => {
  const keyed = { ...context, key: 'k-1' };

  it('returns the first answer when it is repeated, also after later changes', async () => {
    const store = createMemoryEventStore();
    const executor = executorOn(store);
    const first = await executor.execute(quota, 'a', { amount: '100' }, keyed);
    await executor.execute(quota, 'a', { amount: '200' }, context);
    expect(await executor.execute(quota, 'a', { amount: '100' }, { ...keyed, correlation: 'c-2' })).toEqual({
      ...first,
      repeated: true,
    });
    expect((await recordedIn(store)).filter((line) => line.startsWith('quota'))).toEqual([
      'quota-a QuotaAssigned 100',
      'quota-a QuotaChanged 200',
    ]);
  });

  it('returns the first answer when it is repeated, also if it changed nothing', async () => {
    const store = createMemoryEventStore();
    const executor = executorOn(store);
    await executor.execute(quota, 'a', { amount: '100' }, context);
    const first = await executor.execute(quota, 'a', { amount: '100' }, keyed);
    await executor.execute(quota, 'a', { amount: '200' }, context);
    expect(await executor.execute(quota, 'a', { amount: '100' }, keyed)).toEqual({ ...first, repeated: true });
    expect(first).toMatchObject({ events: 0, revision: 0 });
  });

  it('is refused again when it is repeated, although it would now succeed', async () => {
    let closed = true;
    const period: typeof quota = {
      ...quota,
      decide(command, state) {
        if (closed) throw new Refused('PERIOD_CLOSED', 'January is closed', { period: '2025-01' });
        return quota.decide(command, state);
      },
    };
    const executor = executorOn(createMemoryEventStore());
    await expect(executor.execute(period, 'a', { amount: '1' }, keyed)).rejects.toMatchObject({
      code: 'PERIOD_CLOSED',
    });
    closed = false;
    await expect(executor.execute(period, 'a', { amount: '1' }, keyed)).rejects.toMatchObject({
      code: 'PERIOD_CLOSED',
      message: 'January is closed',
      detail: { period: '2025-01' },
    });
  });

  it.each([
    ['another command', 'a', { amount: '101' }],
    ['another stream', 'b', { amount: '100' }],
  ])('with %s is refused: the key is used', async (_, id, command) => {
    const store = createMemoryEventStore();
    const executor = executorOn(store);
    await executor.execute(quota, 'a', { amount: '100' }, keyed);
    await expect(executor.execute(quota, id, command, keyed)).rejects.toMatchObject({ code: 'KEY_REUSED' });
    expect((await recordedIn(store)).filter((line) => line.startsWith('quota'))).toEqual(['quota-a QuotaAssigned 100']);
  });

  it('takes effect once when it arrives many times at once', async () => {
    const store = createMemoryEventStore();
    const executors = [executorOn(store), executorOn(store)];
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) => executors[n % 2]?.execute(quota, 'a', { amount: '100' }, keyed)),
    );
    expect(outcomes.filter((outcome) => outcome?.repeated === false && outcome.events === 1)).toHaveLength(1);
    expect(new Set(outcomes.map((outcome) => outcome?.position)).size).toBe(1);
    expect((await recordedIn(store)).filter((line) => line.startsWith('quota'))).toEqual(['quota-a QuotaAssigned 100']);
  });

  it('completes when it is repeated after a crash between its claim and its effect', async () => {
    const store = createMemoryEventStore();
    const crashing: EventStore = {
      ...store,
      append: (append) =>
        append.stream.startsWith('request-') ? store.append(append) : Promise.reject(new Error('crash')),
    };
    await expect(executorOn(crashing).execute(quota, 'a', { amount: '100' }, keyed)).rejects.toThrow('crash');
    expect(await executorOn(store).execute(quota, 'a', { amount: '100' }, keyed)).toMatchObject({
      events: 1,
      repeated: false,
    });
    expect(await executorOn(store).execute(quota, 'a', { amount: '100' }, keyed)).toMatchObject({
      events: 1,
      repeated: true,
    });
  });

  it('returns its effect when it is repeated after a crash before its answer', async () => {
    const store = createMemoryEventStore();
    const crashing: EventStore = {
      ...store,
      async append(append) {
        const appended = await store.append(append);
        if (!append.stream.startsWith('request-')) throw new Error('crash');
        return appended;
      },
    };
    await expect(executorOn(crashing).execute(quota, 'a', { amount: '100' }, keyed)).rejects.toThrow('crash');
    expect(await executorOn(store).execute(quota, 'a', { amount: '100' }, keyed)).toMatchObject({
      revision: 0,
      events: 1,
      repeated: true,
    });
  });
});

describe('Executing many commands', () => {
  const commands = [
    { id: 'a', command: { amount: '1' } },
    { id: 'b', command: { amount: '-1' } },
    { id: 'a', command: { amount: '1' } },
    { id: 'a', command: { amount: '2' } },
    { id: 'c', command: { amount: '3' } },
  ];

  it('returns the answers in order; a command sees the effects of the earlier ones', async () => {
    const store = createMemoryEventStore();
    const outcomes = await executorOn(store).executeMany(quota, commands, context);
    expect(outcomes).toEqual([
      { stream: 'quota-a', revision: 0, position: '2', events: 1, repeated: false },
      expect.objectContaining({ code: 'QUOTA_NEGATIVE' }),
      { stream: 'quota-a', revision: 0, position: '2', events: 0, repeated: false },
      { stream: 'quota-a', revision: 1, position: '2', events: 1, repeated: false },
      { stream: 'quota-c', revision: 0, position: '3', events: 1, repeated: false },
    ]);
    expect(await recordedIn(store)).toEqual([
      'quota-a QuotaAssigned 1',
      'quota-a QuotaChanged 2',
      'quota-c QuotaAssigned 3',
    ]);
  });

  it('writes nothing when it is repeated', async () => {
    const store = createMemoryEventStore();
    const first = await executorOn(store).executeMany(quota, [commands[0], commands[4]] as typeof commands, context);
    const again = await executorOn(store).executeMany(quota, [commands[0], commands[4]] as typeof commands, context);
    expect(again).toEqual(first.map((outcome) => ({ ...outcome, events: 0 })));
    expect(await store.head()).toBe(2n);
  });

  it('gives events ids that follow from their contents, not from time or actor', async () => {
    const [one, two] = [createMemoryEventStore(), createMemoryEventStore()];
    await executorOn(one).executeMany(quota, commands, context);
    await createExecutor({ store: two, clock: () => '2026-01-01T00:00:00.000Z', ...codec }).executeMany(
      quota,
      commands,
      { actor: 'user:bob', correlation: 'c-9' },
    );
    const ids = async (store: EventStore) => (await all(store.readAll())).map(({ id }) => id);
    expect(await ids(one)).toEqual(await ids(two));
    expect(new Set(await ids(one)).size).toBe(3);
  });

  it('rejects an unreadable command without effect on the others', async () => {
    const store = createMemoryEventStore();
    const [bad, good] = await executorOn(store).executeMany(
      quota,
      [
        { id: 'a', command: { amount: 'poison' } },
        { id: 'a', command: { amount: '5' } },
      ],
      context,
    );
    expect(bad).toBeInstanceOf(Error);
    expect(good).toMatchObject({ events: 1 });
    expect(await recordedIn(store)).toEqual(['quota-a QuotaAssigned 5']);
  });

  it('decides anew for the streams that another process wrote meanwhile', async () => {
    const store = createMemoryEventStore();
    let races = 1;
    const raced: EventStore = {
      ...store,
      async appendMany(appends) {
        races -= 1;
        if (races >= 0) await executorOn(store).execute(quota, 'a', { amount: '9' }, context);
        return store.appendMany(appends);
      },
    };
    const outcomes = await executorOn(raced).executeMany(quota, commands, context);
    expect(outcomes.filter((outcome) => outcome instanceof Error)).toHaveLength(1);
    expect(await recordedIn(store)).toEqual([
      'quota-a QuotaAssigned 9',
      'quota-c QuotaAssigned 3',
      'quota-a QuotaChanged 1',
      'quota-a QuotaChanged 2',
    ]);
    races = 100;
    const lost = await executorOn({
      ...raced,
      appendMany: async (appends) => appends.map(({ stream, expected }) => new WrongRevision(stream, expected, 7)),
    }).executeMany(quota, commands.slice(0, 1), context);
    expect(lost[0]).toBeInstanceOf(Error);
  });
});

describe('A person who is paid', () => {
  const paid: typeof quota = {
    ...quota,
    concerned: ({ id, before, after }) => [
      id.split('~')[0] ?? '',
      ...[before, after].flatMap((amount) => (amount === '777' ? ['zoe'] : [])),
    ],
  };
  const ann: Context = { ...context, self: ['ann'] };

  it('changes nothing that affects their own pay, neither by itself nor among many', async () => {
    const store = createMemoryEventStore();
    const executor = executorOn(store);
    await expect(executor.execute(paid, 'ann~revenue', { amount: '100' }, ann)).rejects.toMatchObject({
      name: 'Refused',
      code: 'OWN_PAY',
      detail: { name: 'ann' },
    });
    const results = await executor.executeMany(
      paid,
      [
        { id: 'ann~revenue', command: { amount: '100' } },
        { id: 'bob~revenue', command: { amount: '100' } },
      ],
      ann,
    );
    expect(results).toMatchObject([{ code: 'OWN_PAY' }, { stream: 'quota-bob~revenue', events: 1 }]);
    expect(await recordedIn(store)).toEqual(['quota-bob~revenue QuotaAssigned 100']);
  });

  it('is compared with the people concerned before and after the change', async () => {
    const executor = executorOn(createMemoryEventStore());
    const zoe: Context = { ...context, self: ['zoe'] };
    await executor.execute(paid, 'x', { amount: '777' }, context);
    await expect(executor.execute(paid, 'x', { amount: '1' }, zoe)).rejects.toMatchObject({ code: 'OWN_PAY' });
    await expect(executor.execute(paid, 'y', { amount: '777' }, zoe)).rejects.toMatchObject({ code: 'OWN_PAY' });
  });

  it('is refused nothing where nothing changes, and is refused again under the same key', async () => {
    const executor = executorOn(createMemoryEventStore());
    await executor.execute(paid, 'ann~revenue', { amount: '100' }, context);
    expect(await executor.execute(paid, 'ann~revenue', { amount: '100' }, ann)).toMatchObject({ events: 0 });
    for (const key of ['k', 'k'])
      await expect(executor.execute(paid, 'ann~revenue', { amount: '5' }, { ...ann, key })).rejects.toMatchObject({
        code: 'OWN_PAY',
      });
  });
});
