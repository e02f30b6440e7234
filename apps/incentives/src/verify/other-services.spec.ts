import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryReadModels, type ReadModels } from '@attain/eventsourcing';
import { compareModelsOf, Handovers, type Log, Parcels } from '@attain/service';
import { OtherServices } from './other-services.js';

const pace = { look: 5, beat: 10, dead: 60, patience: 5_000 };
let models: ReadModels;
let processes: Handovers[];
beforeEach(() => {
  models = createMemoryReadModels();
  processes = [];
});
afterEach(() => Promise.all(processes.map((one) => one.beforeApplicationShutdown())));

const quiet: Log = { info: () => undefined, warn: () => undefined, failure: () => undefined } as unknown as Log;
const topologyOf = (name: string, whole = false) => ({ name, whole, embedded: whole, guest: false });
/** A service in a process of its own, which shares the models with the others. */
function started(name: string, compare?: () => Promise<unknown>): Handovers {
  const handovers = new Handovers(models, new Parcels(models), topologyOf(name), quiet, pace);
  if (compare) handovers.take(compareModelsOf(name), (_, { progress }) => (progress(1, 2), compare()));
  handovers.onApplicationBootstrap();
  processes.push(handovers);
  return handovers;
}
const found =
  (process: string, agrees = true) =>
  async () => ({ process, agrees, models: [] });

describe('The other services of a verification', () => {
  it('each compare their own read models, and a failing service is named with the reason', async () => {
    for (const service of ['planning', 'pipeline'] as const) started(service, found(service, service !== 'pipeline'));
    started('forecasting', () => Promise.reject(new Error('4711.00 is secret')));
    const shares: number[] = [];
    const compared = await new OtherServices(started('incentives'), topologyOf('incentives')).compared(
      undefined,
      (share) => shares.push(share),
      200,
    );
    expect(compared).toEqual([
      { process: 'planning', agrees: true, models: [] },
      { process: 'pipeline', agrees: false, models: [] },
      { process: 'forecasting', problem: expect.not.stringContaining('4711') },
      { process: 'reporting', problem: 'Nobody works on reporting.models: is its service running?' },
    ]);
    expect(shares.every((share, index) => share >= (shares[index - 1] ?? 0) && share <= 1)).toBe(true);
  });

  it('are none if all services are in one process', async () => {
    expect(
      await new OtherServices(started('attain'), topologyOf('attain', true)).compared(undefined, () => undefined),
    ).toEqual([]);
  });

  it('get no request after the verification is cancelled', async () => {
    const cancelling = AbortSignal.abort(new Error('cancelled'));
    await expect(
      new OtherServices(started('incentives'), topologyOf('incentives')).compared(cancelling, () => undefined),
    ).rejects.toThrow('cancelled');
  });
});
