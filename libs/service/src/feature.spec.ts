import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Inject, Injectable, Module } from '@nestjs/common';
import type { DealEvent } from '@attain/contracts';
import type { Decoded, Executor, Reaction } from '@attain/eventsourcing';
import type { Reacting } from './declarations.js';
import { feature } from './feature.js';
import { createInstance } from './instance.js';
import { Permit, Reads } from './route.js';
import { dealDecider, DealsModule, type OpenDeal, openDeals } from './testing/deals.fixture.js';
import { starting } from './testing/started.fixture.js';
import { EVENT_STORE, EXECUTOR, HISTORY, READ_MODELS } from './tokens.js';

/** Opens a renewal of each deal, once. */
@Injectable()
class OpenRenewals implements Reacting {
  constructor(@Inject(EXECUTOR) readonly executor: Executor) {}

  react({ data, type }: Decoded<DealEvent>): Reaction[] {
    if (type !== 'DealOpened' || data.id.endsWith('-renewal')) return [];
    const id = `${data.id}-renewal`;
    return [{ decider: dealDecider, id: `crm:${id}`, command: { source: 'crm', id, owner: 'ann', amount: '2.00' } }];
  }
}
@Module(feature({ policies: [{ name: 'open-renewals', version: 1, categories: ['deal'], by: OpenRenewals }] }))
class RenewalsModule {}

const context = { actor: 'test', correlation: 'test' };
const open = (executor: Executor, id: string) =>
  executor.execute(dealDecider, `crm:${id}`, { source: 'crm', id, owner: 'ann', amount: '1.00' }, context);

describe('a feature', () => {
  const start = starting();
  const directories: string[] = [];
  afterEach(async () => {
    await Promise.all(directories.splice(0).map((directory) => rm(directory, { recursive: true })));
  });
  async function onDisk() {
    const directory = await mkdtemp(join(tmpdir(), 'attain-'));
    directories.push(directory);
    return () => createInstance([DealsModule, RenewalsModule], { urls: { events: `sqlite:${directory}` } });
  }

  it('has policies, which answer events with commands that name their cause', async () => {
    const instance = await createInstance([RenewalsModule]);
    await open(instance.get(EXECUTOR), 'D1');
    await instance.caughtUp();
    await instance.caughtUp();
    const events = [];
    for await (const page of instance.get(EVENT_STORE).readAll()) events.push(...page);
    expect(events.map(({ stream }) => stream)).toEqual(['deal-crm:D1', 'deal-crm:D1-renewal']);
    expect(events[1]?.meta).toMatchObject({
      actor: 'policy:open-renewals',
      causation: events[0]?.id,
      correlation: 'test',
    });
    await instance.close();
  });

  it('continues after a restart: models and policies from their position, the history from the beginning', async () => {
    const create = await onDisk();
    const first = await create();
    await open(first.get(EXECUTOR), 'D1');
    await first.caughtUp();
    await first.caughtUp();
    const before = await first.get(EVENT_STORE).head();
    await first.close();

    const second = await create();
    await second.caughtUp();
    expect(await second.get(EVENT_STORE).head()).toBe(before);
    expect(second.get(HISTORY).head).toBe(before);
    expect(await second.get(READ_MODELS).model<OpenDeal>(openDeals.name).count()).toBe(2);
    const outcome = await open(second.get(EXECUTOR), 'D2');
    await second.get(HISTORY).reached(outcome.position);
    expect(second.get(HISTORY).head).toBeGreaterThanOrEqual(BigInt(outcome.position));
    await second.close();
  });

  it('doesn’t keep a model that another feature keeps', async () => {
    @Module(feature({ projections: [{ ...openDeals, version: 2 }] }))
    class AnotherModule {}
    await expect(start({ modules: [DealsModule, AnotherModule] })).rejects.toThrow(
      'Two features of this process declare open-deals',
    );
    await expect(createInstance([DealsModule, AnotherModule])).rejects.toThrow(
      'Two features of this process declare open-deals',
    );
  });

  it('doesn’t wait for a model that nobody keeps', async () => {
    @Controller('typo')
    class TypoController {
      @Get()
      @Permit('deals:read')
      @Reads('open-deal')
      list(): string {
        return 'never';
      }
    }
    @Module(feature({ controllers: [TypoController], projections: [openDeals] }))
    class TypoModule {}
    await expect(start({ modules: [TypoModule] })).rejects.toThrow(
      'GET /v1/typo reads open-deal, which no feature of this process keeps',
    );
  });

  it('doesn’t hide a route of another feature', async () => {
    @Controller('deals')
    class HidingController {
      @Get()
      @Permit('deals:read')
      list(): string {
        return 'mine';
      }
    }
    @Module({ controllers: [HidingController] })
    class HidingModule {}
    await expect(start({ modules: [DealsModule, HidingModule] })).rejects.toThrow('Conflicting HTTP routes');
  });
});

describe('a service on disk', () => {
  const start = starting();

  it('prints the first secret once, not with every start, and releases its directory', async () => {
    const DATA = await mkdtemp(join(tmpdir(), 'attain-'));
    const settings = { DATA, EVENTS_URL: '', BUS_URL: '', MODELS_URL: '' };
    const first = await start({ demo: false, settings });
    expect(first.printed).toHaveLength(1);
    await expect(start({ demo: false, settings })).rejects.toThrow();
    await first.close();
    const second = await start({ demo: false, settings });
    expect(second.printed).toEqual([]);
    await second.close();
    await rm(DATA, { recursive: true });
  });
});
