import 'reflect-metadata';
import { describe, expect, it, jest } from '@jest/globals';
import type { Document } from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import { EventTransport } from '../event-transport.js';
import { Jobs, type JobView } from '../jobs/jobs.js';
import { openDeals } from '../testing/deals.fixture.js';
import { type Started, starting } from '../testing/started.fixture.js';
import { EVENT_STORE, READ_MODELS } from '../tokens.js';

const start = starting();
async function served(): Promise<Started> {
  const one = await start();
  const opened = (id: string) => ({
    stream: `deal-crm:${id}`,
    expected: 'none' as const,
    events: [
      {
        id: newUuid(),
        type: 'DealOpened',
        version: 1,
        data: { source: 'crm', id, fields: { owner: 'ann', amount: '1.00' } },
        meta: { actor: 'test', correlation: 'test', recorded: '2025-01-01T00:00:00.000Z' },
      },
    ],
  });
  await one.get(EVENT_STORE).appendMany([opened('D1'), opened('D2')]);
  await one.caughtUp();
  return one;
}
/** Changes a document without the projection. */
async function edit(one: Started, key: string, change: object | undefined): Promise<void> {
  const models = one.get(READ_MODELS);
  const writer = await models.writer(openDeals as never);
  const position = await writer.position();
  const document = change && ({ ...(await models.model(openDeals.name).get('deal-crm:D1')), ...change } as Document);
  await writer.commit({ after: position, position, documents: new Map([[key, { position, document }]]) });
}
async function compared(one: Started): Promise<JobView> {
  const auditor = await one.as('auditor');
  const { body } = await auditor.post('/models/comparison').send({}).expect(202);
  const { id } = body as JobView;
  await one.get(Jobs).over(id);
  return (await auditor.get(`/jobs/${id}`).expect(200)).body as JobView;
}

describe('A comparison of read models with the log', () => {
  it('finds no difference in models that follow from the log', async () => {
    const { id, state, percent, result } = await compared(await served());
    expect(id).toMatch(/^comparison-test-/);
    expect({ state, percent, result }).toMatchObject({
      state: 'finished',
      percent: 100,
      result: { process: 'test', agrees: true, models: [{ model: 'open-deals@1', documents: 2, differences: [] }] },
    });
  });

  it('names each document that differs, is missing, or does not follow from the log', async () => {
    const one = await served();
    await edit(one, 'deal-crm:D1', { owner: 'zoe' });
    expect((await compared(one)).result).toMatchObject({
      agrees: false,
      models: [{ differences: [{ code: 'DIFFERS', key: 'deal-crm:D1', fields: ['owner'] }] }],
    });
    await edit(one, 'deal-crm:D1', undefined);
    await edit(one, 'deal-crm:D9', { id: 'D9' });
    expect((await compared(one)).result).toMatchObject({
      agrees: false,
      models: [{ differences: [{ code: 'MISSING', key: 'deal-crm:D1' }, { code: 'EXTRA' }] }],
    });
  });

  it('is for auditors, and runs once for several requests', async () => {
    const one = await served();
    for (const role of ['rep', 'manager', 'finance'] as const)
      await (await one.as(role)).post('/models/comparison').send({}).expect(403);
    await one.anonymous.post('/models/comparison').send({}).expect(401);
    // So small a log is compared before the second request arrives.
    const transport = one.get(EventTransport);
    const compare = transport.compared.bind(transport);
    let goOn = () => undefined as void;
    const asked = new Promise<void>((resolve) => (goOn = resolve));
    jest.spyOn(transport, 'compared').mockImplementationOnce((...given) => asked.then(() => compare(...given)));
    const auditor = await one.as('auditor');
    const ask = async () => ((await auditor.post('/models/comparison').send({}).expect(202)).body as JobView).id;
    const first = await ask();
    expect(await ask()).toBe(first);
    goOn();
    await one.get(Jobs).over(first);
    expect(await ask()).not.toBe(first);
  });
});
