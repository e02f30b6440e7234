import { describe, expect, it } from '@jest/globals';
import { type Decider, Refused } from './decider.js';
import { createExecutor } from './executor.js';
import { createLogBus } from './log-bus.js';
import { createMemoryEventStore } from './memory/event-store.js';
import { createMemoryReadModels } from './memory/read-models.js';
import { AppendTooLarge, type EventStore, StoreFull } from './ports.js';
import { type Policy, runPolicy } from './policy.js';
import { all, event, eventually } from './testing/index.js';

type Closed = { type: 'PeriodClosed'; data: { participants: string[] } };
const statement: Decider<boolean, { period: string }, { type: 'StatementIssued'; data: { period: string } }> = {
  category: 'statement',
  initial: false,
  decide({ period }, issued) {
    if (period === 'period-bad') throw new Refused('NO_PLAN', 'nobody has a plan');
    return issued ? [] : [{ type: 'StatementIssued', data: { period } }];
  },
  evolve: () => true,
};
const issuing: Policy<Closed> = {
  name: 'issue-statements',
  version: 1,
  categories: ['period'],
  react: ({ data, stream }) =>
    data.participants.map((participant) => ({
      decider: statement,
      id: `${participant}~${stream}`,
      command: { period: stream },
    })),
};

function world(store: EventStore & ReturnType<typeof createMemoryEventStore> = createMemoryEventStore()) {
  const models = createMemoryReadModels();
  const clock = () => '2025-01-01T00:00:00.000Z';
  const codec = { versionOf: () => 1, decode: (type: string, _: number, data: unknown) => ({ type, data }) };
  const executor = createExecutor({ store, clock, ...codec });
  const close = (period: string, ...participants: string[]) =>
    store.append({ stream: period, expected: 'any', events: [event('PeriodClosed', { participants })] });
  const issued = async () => (await all(store.readAll({ categories: ['statement'] }))).map(({ stream }) => stream);
  const run = () =>
    runPolicy(issuing, { events: store, models, clock, decode: codec.decode, executor, bus: createLogBus(store) });
  return { store, models, close, issued, run };
}

describe('A policy', () => {
  it('turns an event into commands, caused by it', async () => {
    const { store, close, issued, run } = world();
    const running = await run();
    await close('period-2025-01', 'ann', 'bob');
    await eventually(async () => (await issued()).length === 2);
    const [cause, ...effects] = await all(store.readAll());
    expect(effects.map(({ stream, meta }) => [stream, meta.actor, meta.causation, meta.correlation])).toEqual(
      ['ann', 'bob'].map((participant) => [
        `statement-${participant}~period-2025-01`,
        'policy:issue-statements',
        cause?.id,
        'c-1',
      ]),
    );
    await running.stop();
  });

  it('gives each of several commands of one stream its own append, in their order', async () => {
    const { close, store, models } = world();
    const counted: Decider<number, { upTo: number }, { type: 'Counted'; data: { to: number } }> = {
      category: 'count',
      initial: 0,
      decide: ({ upTo }, reached) => (reached < upTo ? [{ type: 'Counted', data: { to: reached + 1 } }] : []),
      evolve: (_, { data }) => data.to,
    };
    const appended: string[][] = [];
    const appendMany: EventStore['appendMany'] = (appends) => {
      appended.push(appends.map(({ stream }) => stream));
      return store.appendMany(appends);
    };
    const codec = { versionOf: () => 1, decode: (type: string, _: number, data: unknown) => ({ type, data }) };
    const clock = () => '2025-01-01T00:00:00.000Z';
    const executor = createExecutor({ store: { ...store, appendMany }, clock, ...codec });
    const counting: Policy<Closed> = {
      ...issuing,
      name: 'count',
      react: () => ['a', 'b', 'a', 'a', 'c'].map((id) => ({ decider: counted, id, command: { upTo: 2 } })),
    };
    const running = await runPolicy(counting, {
      events: store,
      models,
      clock,
      decode: codec.decode,
      executor,
      bus: createLogBus(store),
    });
    await close('period-2025-01');
    await eventually(async () => (await running.lag()) === 0n);
    expect(appended).toEqual([['count-a', 'count-b'], ['count-a'], ['count-c']]);
    await running.stop();
  });

  it('continues after a restart, and records nothing twice when the crash came before its position', async () => {
    const { close, issued, run, models } = world();
    await close('period-2025-01', 'ann');
    const first = await run();
    await eventually(() => first.position() > 0n);
    await first.stop();
    await close('period-2025-02', 'ann');
    const second = await run();
    await eventually(async () => (await issued()).length === 2);
    await second.stop();
    // As if nothing had been kept of its position.
    Object.assign(models, createMemoryReadModels());
    const third = await run();
    await eventually(async () => (await third.lag()) === 0n);
    expect(await issued()).toHaveLength(2);
    await third.stop();
  });

  it('parks a refused event, holds back only its stream, and continues it after a redrive', async () => {
    const { close, issued, run, models } = world();
    const running = await run();
    await close('period-bad', 'ann');
    await close('period-2025-01', 'bob');
    await close('period-bad', 'zoe');
    await eventually(async () => running.position() >= 3n && (await running.lag()) === 0n);
    expect(await issued()).toEqual(['statement-bob~period-2025-01']);
    expect((await models.parked('issue-statements@1')).map(({ stream, key, reason }) => [stream, key, reason])).toEqual(
      [
        ['period-bad', null, 'nobody has a plan'],
        ['period-bad', null, 'waits behind a parked event of its stream'],
      ],
    );
    expect(await running.redrive()).toEqual({ redriven: 0, parked: 2 });
    await running.stop();
  });

  it.each([new StoreFull('no room'), new AppendTooLarge('1 MiB at most')])(
    'retries temporary failures, or once an operator has made room: %s',
    async (refusal) => {
      const store = createMemoryEventStore();
      let full = 2;
      const { close, issued, run, models } = world({
        ...store,
        appendMany: async (appends) => ((full -= 1) >= 0 ? Promise.reject(refusal) : store.appendMany(appends)),
      });
      const running = await run();
      await close('period-2025-01', 'ann');
      await eventually(async () => (await issued()).length === 1);
      expect(await models.parked()).toEqual([]);
      await running.stop();
    },
  );
});
