import { serve, type Served } from '@attain/service';
import { agentOf, checkedAgent } from '@attain/service/testing';
import { afterEach, expect, it } from '@jest/globals';
import { IncentivesModule } from '../incentives.module.js';

let served: Served | undefined;
afterEach(() => served?.close());

it('The typical plans are listed with the measures, fields and tables that they need', async () => {
  served = await serve([IncentivesModule], {
    name: 'test',
    topology: 'together',
    settings: { EVENTS_URL: 'memory:', BUS_URL: 'memory:', MODELS_URL: 'memory:', PORT: '0', LOG_LEVEL: 'silent' },
    environment: {},
    signals: false,
    print: () => undefined,
    demo: { company: 'Test', rep: { participant: 'ann', name: 'Ann' }, manager: { participant: 'mo', name: 'Mo' } },
  });
  const { body } = await agentOf(served.url).post('/session/demo').send({ as: 'finance', give: 'token' }).expect(200);
  const client = checkedAgent(served, (body as { token: string }).token);
  const { rows } = (await client.get('/templates').expect(200)).body as {
    rows: { name: string; roles: string[]; measures: object; tables: object[] }[];
  };
  expect(rows.length).toBeGreaterThanOrEqual(12);
  expect(rows.find(({ name }) => name === 'saas-account-executive')).toMatchObject({
    roles: ['Account Executive'],
    useFor: expect.stringMatching(/^\S.{20,}\.$/),
    document: { plan: expect.any(String), assignedTo: { roles: ['Account Executive'] } },
  });
  expect(rows.some(({ tables }) => tables.length > 0)).toBe(true);
});
