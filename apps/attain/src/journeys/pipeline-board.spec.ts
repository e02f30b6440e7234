import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Board } from '@attain/forecasting';
import type { StageTotal } from '@attain/pipeline';
import { boot, type Booted, scratch, writeFolder } from './booted.fixture.js';

const folder = {
  'company.yaml': `company: Stages
currency: USD
measures: { revenue: { counts: amount, of: deals } }
stages:
  - { name: Prospecting, probability: 10%, category: pipeline }
  - { name: Engaging, probability: 40%, category: best case }
  - { name: Parked }
`,
  'people.csv': `id,name,role,manager,team,region,from
mo,Mo,Manager,,Falcons,West,2025-01-01
ann,Ann,AE,mo,Falcons,West,2025-01-01
bob,Bob,AE,mo,Falcons,West,2025-01-01
zoe,Zoe,AE,,Herons,East,2025-01-01
`,
  'sources/crm.yaml': `source: crm
files: exports/deals.csv
as: deals
dates: yyyy-MM-dd
columns: { id: id, owner: owner, stage: stage, product: product, amount: amount, currency: currency, closed: closed }
status: { from: stage, won: [ Won ], lost: [ Lost ] }
`,
  'exports/deals.csv': `id,owner,stage,product,amount,currency,closed
W1,ann,Won,A,1000,,2025-01-15
W2,zoe,Won,A,9000,,2025-01-15
O1,ann,Prospecting,A,100.005,,
O2,ann,Prospecting,A,100.005,USD,
O3,bob,Prospecting,A,,,
O4,bob,Engaging,A,0.0049,,
O5,bob,Engaging,A,0.0049,,
O6,zoe,Engaging,B,777.77,,
O7,ann,Engaging,A,50,EUR,
O8,ann,Parked,A,70,,
O9,ann,Parked,A,,,
O10,bob,,A,5,,
O11,zoe,Unheard of,A,6,,
`,
};

describe('The pipeline and the board', () => {
  let place: Awaited<ReturnType<typeof scratch>>;
  let company: Booted;
  beforeAll(async () => {
    place = await scratch();
    await writeFolder(`${place.path}/folder`, folder);
    company = await boot(`${place.path}/folder`, `${place.path}/data`);
  });
  afterAll(async () => {
    await company?.close();
    await place?.gone();
  });

  const callers = [
    ['finance', { roles: ['finance' as const] }, 11],
    ['a manager', { roles: ['manager' as const], participant: 'mo' }, 9],
    ['a rep', { roles: ['rep' as const], participant: 'ann' }, 5],
  ] as const;

  it.each(callers)('have the same deals and the same amount in each stage for %s', async (_, caller, open) => {
    const agent = await company.as({ ...caller, roles: [...caller.roles] });
    const { rows: stages } = (await agent.get('/pipeline').expect(200)).body as { rows: StageTotal[] };
    const board = (await agent.get('/forecast/board?by=stage').expect(200)).body as Board;
    const summary = (rows: readonly { stage: string | null; currency: string; deals: number; amount: string }[]) =>
      rows.map(({ stage, currency, deals, amount }) => `${stage} ${currency}: ${deals} deals, ${amount}`).sort();
    expect(summary(board.rows.map((row) => ({ ...row, stage: row.key })))).toEqual(summary(stages));
    expect(stages.reduce((sum, { deals }) => sum + deals, 0)).toBe(open);
  });

  it('add to the cent, even for amounts with more digits, and show assumed amounts apart', async () => {
    const agent = await company.as({ roles: ['manager'], participant: 'mo' });
    const { rows, assumptions, left } = (await agent.get('/forecast/board?by=stage').expect(200)).body as Board;
    expect(rows.find(({ key }) => key === 'Prospecting')).toEqual({
      key: 'Prospecting',
      currency: 'USD',
      deals: 3,
      amount: '200.01',
      assumed: '1000.00',
      weighted: '120.00',
    });
    expect(rows.find(({ key, currency }) => key === 'Engaging' && currency === 'USD')).toMatchObject({
      deals: 2,
      amount: '0.01',
    });
    expect(rows.find(({ key }) => key === 'Parked')).toMatchObject({
      deals: 2,
      amount: '70.00',
      assumed: '0.00',
      weighted: '0.00',
    });
    expect(assumptions).toEqual([
      { product: 'A', currency: 'USD', deals: 1, each: '1000.00', basis: 'won deals of the product', won: 1 },
    ]);
    expect(left.map(({ deals, amount, why }) => [deals, amount, why])).toEqual(
      expect.arrayContaining([
        [2, '70.00', 'the stage "Parked" has no probability'],
        [1, '5.00', 'no stage'],
      ]),
    );
  });
});
