import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AttainEvent } from '@attain/contracts';
import { IncentivesModule, PeriodCommands, PlanCommands, StatementQueries, Verification } from '@attain/incentives';
import { createInstance, EVENT_STORE, type Instance } from '@attain/service';
import { newUuid } from '@attain/values';

const clock = { now: '' };
const context = { actor: 'user:fay', correlation: 'c' };
let instance: Instance;
beforeEach(async () => {
  clock.now = '2025-01-01T00:00:00.000Z';
  instance = await createInstance([IncentivesModule], {
    urls: { events: 'sqlite::memory:' },
    clock: () => clock.now,
    logLevel: 'silent',
  });
  await record('company-main', {
    type: 'CompanyConfigured',
    data: { document: { company: 'Shop', currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } } } },
  });
  await record('participant-ann', {
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
  });
  await publish('1', '10%');
});
afterEach(() => instance.close());

async function record(stream: string, ...events: AttainEvent[]): Promise<void> {
  const meta = { actor: 'test', correlation: 'c', recorded: clock.now };
  await instance.get(EVENT_STORE).append({
    stream,
    expected: 'any',
    events: events.map((event) => ({ ...event, id: newUuid(), version: 1, meta })),
  });
  await instance.caughtUp();
}
const publish = (version: string, rate: string) =>
  instance.get(PlanCommands).publish(
    {
      plan: 'AE',
      version,
      effective: { from: '2025-01-01' },
      assignedTo: { roles: ['AE'] },
      pays: 'monthly',
      components: [{ name: 'Commission', measure: 'revenue', rate }],
    },
    context,
  );
const won = (id: string, amount: string, closed: string) =>
  record(
    `deal-crm:${id}`,
    { type: 'DealOpened', data: { source: 'crm', id, fields: { owner: 'ann', amount } } },
    { type: 'DealWon', data: { closed } },
  );
const close = (period: string) => instance.get(PeriodCommands).close(period, context);
const payable = async (period: string, known?: string) =>
  (await instance.get(StatementQueries).one(instance.scope, 'ann', period, known === undefined ? undefined : { known }))
    .payable;
/** A person accepts the clock. */
const accept = (before: string) => record('clock-main', { type: 'ClockAccepted', data: { before, after: clock.now } });

describe('After a clock that was ahead', () => {
  it('a close knows every fact, those from before the clock was accepted and those after it', async () => {
    clock.now = '2025-01-20T00:00:00.000Z';
    await won('D1', '1000', '2025-01-15');
    clock.now = '2036-01-21T00:00:00.000Z';
    await won('D2', '2000', '2025-01-16');
    clock.now = '2025-01-22T00:00:00.000Z';
    await accept('2036-01-21T00:00:00.000Z');
    clock.now = '2025-01-23T00:00:00.000Z';
    await won('D3', '4000', '2025-01-17');
    expect(await payable('2025-01', '2025-01-21T00:00:00.000Z')).toBe('100.00');
    expect(await payable('2025-01', '2025-01-22T12:00:00.000Z')).toBe('300.00');
    expect(await payable('2025-01', '2025-01-24T00:00:00.000Z')).toBe('700.00');
    clock.now = '2025-02-01T00:00:00.000Z';
    await close('2025-01');
    expect(await payable('2025-01')).toBe('700.00');
    clock.now = '2025-02-10T00:00:00.000Z';
    await won('D4', '8000', '2025-01-18');
    clock.now = '2025-03-01T00:00:00.000Z';
    await close('2025-02');
    expect(await payable('2025-02')).toBe('800.00');
    expect(await instance.get(Verification).run()).toMatchObject({ agrees: true, periods: 2 });
  });

  it('a close from that time stays unchanged, and later facts become a difference', async () => {
    clock.now = '2025-01-20T00:00:00.000Z';
    await won('D1', '1000', '2025-01-15');
    clock.now = '2036-02-01T00:00:00.000Z';
    await close('2025-01');
    clock.now = '2025-02-02T00:00:00.000Z';
    await accept('2036-02-01T00:00:00.000Z');
    await won('D2', '2000', '2025-01-16');
    clock.now = '2025-03-01T00:00:00.000Z';
    await close('2025-02');
    expect([await payable('2025-01'), await payable('2025-02')]).toEqual(['100.00', '200.00']);
    expect(await instance.get(Verification).run()).toMatchObject({ agrees: true });
  });

  it('a plan that was published later wins, although the one before it has the later instant', async () => {
    clock.now = '2036-01-21T00:00:00.000Z';
    await publish('3', '20%');
    clock.now = '2025-01-22T00:00:00.000Z';
    await accept('2036-01-21T00:00:00.000Z');
    await publish('2', '30%');
    await won('D1', '1000', '2025-01-15');
    expect(await payable('2025-01')).toBe('300.00');
  });

  it('a close includes facts of a clock that is a little ahead, and closes no period that is not over', async () => {
    clock.now = '2025-02-01T00:30:00.000Z';
    await won('D1', '1000', '2025-01-15');
    clock.now = '2025-02-01T00:00:00.000Z';
    await close('2025-01');
    expect(await payable('2025-01')).toBe('100.00');
    clock.now = '2025-02-27T23:30:00.000Z';
    await expect(close('2025-02')).rejects.toMatchObject({ code: 'PERIOD_NOT_OVER' });
  });
});
