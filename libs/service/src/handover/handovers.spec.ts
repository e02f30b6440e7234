import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createMemoryReadModels, type ReadModels, Refused } from '@attain/eventsourcing';
import { createLog } from '../log.js';
import { Stopping } from '../jobs/jobs.js';
import { Malformed } from '../problem.js';
import { Handovers } from './handovers.js';
import { Parcels } from './parcels.js';

const pace = { look: 5, beat: 10, dead: 60, patience: 2_000 };
const apart = { name: 'test', whole: false, embedded: false, guest: false };
let models: ReadModels;
let processes: Handovers[];
beforeEach(() => {
  models = createMemoryReadModels();
  processes = [];
});
afterEach(() => Promise.all(processes.map((one) => one.beforeApplicationShutdown())));

/** A process that shares its models with others. */
function started(take: (handovers: Handovers) => void = () => undefined, topology = apart): Handovers {
  const handovers = new Handovers(models, new Parcels(models), topology, createLog('test', 'silent'), pace);
  take(handovers);
  handovers.onApplicationBootstrap();
  processes.push(handovers);
  return handovers;
}

describe('Work that one service asks of another', () => {
  it('is done by the process that takes its kind, with orders and answers of any size', async () => {
    const rows = Array.from({ length: 50_000 }, (_, n) => ({ id: `person ${n}` }));
    started((planning) =>
      planning.take('rows', async (order: { rows: { id: string }[] }) => order.rows.map(({ id }) => id.toUpperCase())),
    );
    const answer = await started().give<string[]>('rows', { rows });
    expect(answer).toHaveLength(50_000);
    expect(answer.at(-1)).toBe('PERSON 49999');
  });

  it('leaves nothing behind', async () => {
    started((planning) => planning.take('rows', async () => 'done'));
    await started().give('rows', { rows: [1, 2, 3] });
    for (const table of ['handovers', 'parcels']) expect(await models.model(table).count()).toBe(0);
  });

  it('fails with the error of the service that did it', async () => {
    started((planning) => {
      planning.take('refused', () =>
        Promise.reject(new Refused('MEASURE_IN_USE', 'The measure is in use', { uses: ['a quota'] })),
      );
      planning.take('malformed', () => Promise.reject(new Malformed([{ field: 'rows.1', message: 'expected a row' }])));
      planning.take('broken', () => Promise.reject(new Error('4711.00 is secret')));
    });
    const pipeline = started();
    await expect(pipeline.give('refused', {})).rejects.toMatchObject({
      name: 'Refused',
      code: 'MEASURE_IN_USE',
      detail: { uses: ['a quota'] },
    });
    await expect(pipeline.give('malformed', {})).rejects.toMatchObject({
      name: 'Malformed',
      errors: [{ field: 'rows.1', message: 'expected a row' }],
    });
    await expect(pipeline.give('broken', {})).rejects.not.toThrow('4711');
  });

  it('reports its progress, and ends when the service that gave it cancels it', async () => {
    let ended = false;
    started((planning) =>
      planning.take('long', async (_, { signal, progress }) => {
        progress(3, 4);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        ended = true;
      }),
    );
    const abort = new AbortController();
    const seen = new Set<string>();
    const given = started().give(
      'long',
      {},
      {
        signal: abort.signal,
        progress: (done, total) =>
          void (seen.add(`${done}/${total}`), done === 3 && abort.abort(new Error('cancelled'))),
      },
    );
    await expect(given).rejects.toThrow('cancelled');
    expect(seen).toContain('3/4');
    for (let look = 0; look < 200 && !ended; look += 1) await new Promise((resume) => setTimeout(resume, 5));
    expect(ended).toBe(true);
  });

  it('is done again by the next process after one died or stopped', async () => {
    const stopped = started((planning) =>
      planning.take(
        'rows',
        (_, { signal }) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopping')))),
      ),
    );
    const given = started().give('rows', {});
    while ((await models.model('handovers').find({ filter: { state: 'running' } })).length === 0)
      await new Promise((resume) => setTimeout(resume, 5));
    await stopped.beforeApplicationShutdown();
    started((planning) => planning.take('rows', async () => 'the second one'));
    expect(await given).toBe('the second one');

    const table = await models.writer({ name: 'handovers', version: 1, indexes: [], durable: true });
    const dead = {
      key: 'x',
      kind: 'rows',
      state: 'running',
      beat: Date.now() - 1_000,
      worker: 'dead',
      done: 0,
      total: 0,
      order: await new Parcels(models).putJson('order-x', {}),
      answer: 0,
      problem: null,
    };
    const after = await table.position();
    await table.commit({
      after,
      position: after + 1n,
      documents: new Map([['x', { document: dead, position: after + 1n }]]),
    });
    const found = async () => ((await models.model('handovers').get('x')) as { state: string }).state;
    for (let look = 0; look < 200 && (await found()) !== 'done'; look += 1)
      await new Promise((resume) => setTimeout(resume, 5));
    expect(await found()).toBe('done');
  });

  it('is not begun by a process that stops while it reads the order', async () => {
    let begun = false;
    const stopping = started((planning) => planning.take('rows', () => ((begun = true), new Promise(() => undefined))));
    const read = jest.spyOn(Parcels.prototype, 'readJson').mockImplementationOnce(async () => {
      void stopping.beforeApplicationShutdown();
      return {};
    });
    const given = started().give('rows', {});
    while (read.mock.calls.length === 0) await new Promise((resume) => setTimeout(resume, 5));
    await stopping.beforeApplicationShutdown();
    read.mockRestore();
    expect(begun).toBe(false);
    started((planning) => planning.take('rows', async () => 'the second one'));
    expect(await given).toBe('the second one');
  });

  it('is not ordered again by the next process of the asking service, which waits for the answer', async () => {
    const gate = Promise.withResolvers<void>();
    const orders: unknown[] = [];
    started((planning) =>
      planning.take('rows', async (order) => {
        orders.push(order);
        await gate.promise;
        return 'the first answer';
      }),
    );
    const stop = new AbortController();
    const first = started().give('rows', { n: 1 }, { name: 'import-1', signal: stop.signal });
    while (orders.length === 0) await new Promise((resume) => setTimeout(resume, 5));
    stop.abort(new Stopping('stopping'));
    await expect(first).rejects.toThrow('stopping');
    const second = started().give('rows', { n: 2 }, { name: 'import-1' });
    gate.resolve();
    expect(await second).toBe('the first answer');
    expect(orders).toEqual([{ n: 1 }]);
    for (const table of ['handovers', 'parcels']) expect(await models.model(table).count()).toBe(0);
  });

  it('fails with its name where no process takes it', async () => {
    await expect(
      started(undefined, { name: 'test', whole: true, embedded: true, guest: false }).give('plans', {}),
    ).rejects.toMatchObject({ code: 'NOT_SUPPORTED', message: expect.stringContaining('plans') });
    const impatient = new Handovers(models, new Parcels(models), apart, createLog('test', 'silent'), {
      ...pace,
      patience: 20,
    });
    await expect(impatient.give('plans', {})).rejects.toMatchObject({
      name: 'NotReady',
      message: expect.stringContaining('plans'),
    });
  });

  it('goes straight to a taker of the same process', async () => {
    const order = { rows: [] };
    const together = started((planning) => planning.take('rows', async (taken) => taken === order), {
      name: 'test',
      whole: true,
      embedded: true,
      guest: false,
    });
    expect(await together.give('rows', order)).toBe(true);
  });
});
