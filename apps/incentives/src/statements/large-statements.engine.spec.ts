import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { AttainEvent } from '@attain/contracts';
import { createInstance, EVENT_STORE, type Instance } from '@attain/service';
import { endOfDay, newUuid, startOfDay } from '@attain/values';
import {
  IncentivesModule,
  PeriodCommands,
  PlanCommands,
  RowQueries,
  StatementQueries,
  Verification,
} from '../index.js';
import { PARTS_AT_ONCE } from './statement-parts.rules.js';

const { TEST_EVENTS_URL: events, TEST_MODELS_URL: models, REQUIRE_ENGINES: required } = process.env;
const hasEngines = events !== undefined && models !== undefined;
const LINES = 1100;
const context = { actor: 'user:fay', correlation: 'c' };
const plan = {
  plan: 'AE',
  version: '1',
  effective: { from: '2025-01-01' },
  assignedTo: { roles: ['AE'] },
  pays: 'monthly',
  components: [{ name: 'Commission', measure: 'revenue', rate: '10%' }],
};
const deals = Array.from({ length: LINES }, (_, at) => `${'株'.repeat(300)}${at}`);

/** A company whose January has one statement of more than 1 MiB, closed. */
async function closed(urls: { events: string; models: string }): Promise<Instance> {
  const clock = { now: startOfDay('2025-01-01', 'UTC') };
  const instance = await createInstance([IncentivesModule], { urls, clock: () => clock.now, logLevel: 'silent' });
  const appended = (stream: string, ...facts: AttainEvent[]) => ({
    stream,
    expected: 'any' as const,
    events: facts.map((fact) => ({
      ...fact,
      id: newUuid(),
      version: 1,
      meta: { actor: 'test', correlation: 'c', recorded: clock.now },
    })),
  });
  const store = instance.get(EVENT_STORE);
  await store.append(
    appended('company-main', {
      type: 'CompanyConfigured',
      data: { document: { currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } } } },
    }),
  );
  await store.append(
    appended('participant-ann', {
      type: 'ParticipantAssigned',
      data: {
        participant: 'ann',
        from: '2025-01-01',
        to: null,
        role: 'AE',
        manager: null,
        team: null,
        region: null,
        currency: null,
        fields: {},
      },
    }),
  );
  await instance.get(PlanCommands).publish(plan, context);
  clock.now = startOfDay('2025-01-20', 'UTC');
  await store.appendMany(
    deals.map((id) =>
      appended(
        `deal-crm:${id}`,
        { type: 'DealOpened', data: { source: 'crm', id, fields: { owner: 'ann', amount: '1000' } } },
        { type: 'DealWon', data: { closed: '2025-01-15' } },
      ),
    ),
  );
  await instance.caughtUp(60_000);
  clock.now = endOfDay('2025-01-31', 'UTC');
  await instance.get(PeriodCommands).close('2025-01', context);
  return instance;
}
async function read(instance: Instance) {
  const [hash, lines] = await instance
    .get(StatementQueries)
    .one(instance.scope, 'ann', '2025-01')
    .then((one) => [one.hash, one.lines.length] as const);
  const parts: unknown[] = [];
  for await (const page of instance.get(EVENT_STORE).readStream('statement-ann~2025-01'))
    parts.push(...page.map(({ data, revision }) => ({ data, revision })));
  return {
    hash,
    lines,
    parts,
    rows: await instance.get(RowQueries).statements(instance.scope, '2025-01-31'),
    list: await instance.get(StatementQueries).list(instance.scope, '2025-01'),
  };
}

describe('A statement of more than 1 MiB', () => {
  if (!hasEngines) {
    (required === '1' ? it : it.skip)('needs TEST_EVENTS_URL and TEST_MODELS_URL', () => expect(hasEngines).toBe(true));
    return;
  }
  const opened: Instance[] = [];
  beforeAll(async () => {
    const own = `parts${randomBytes(4).toString('hex')}`;
    for (const urls of [
      { events: 'memory:', models: 'memory:' },
      {
        events: `${events}${events.includes('?') ? '&' : '?'}namespace=${own}`,
        models: `${models.replace(/\/$/, '')}/${own}`,
      },
    ]) {
      opened.push(await closed(urls));
    }
  });
  afterAll(async () => {
    for (const instance of opened) await instance.close();
  });

  it('is issued in EventStoreDB in several appends, and is the same statement as in an embedded store', async () => {
    const [embedded, engines] = [await read(opened[0]!), await read(opened[1]!)];
    expect(engines.parts.length).toBeGreaterThan(PARTS_AT_ONCE);
    expect(engines).toEqual(embedded);
    expect(engines.lines).toBe(LINES);
    expect(await opened[1]!.get(Verification).run()).toMatchObject({ agrees: true, statements: 1 });
  });
});
