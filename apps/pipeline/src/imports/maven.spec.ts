import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { READ_MODELS } from '@attain/service';
import type { DealDocument } from '../deals/deals.projection.js';
import { importing } from './importing.fixture.js';

const folder = fileURLToPath(new URL('../../../../../shared/data/maven_crm/', import.meta.url));
const itShared = existsSync(folder) ? it : it.skip;

const mapping = (dates: string) => ({
  source: 'crm',
  files: 'sales_pipeline.csv',
  as: 'deals',
  dates,
  columns: {
    id: 'opportunity_id',
    owner: { from: 'sales_agent', find: 'people.name' },
    product: { from: 'product', replace: { GTXPro: 'GTX Pro' } },
    account: 'account',
    amount: 'close_value',
    opened: 'engage_date',
    closed: 'close_date',
    stage: 'deal_stage',
  },
  status: { from: 'deal_stage', won: ['Won'], lost: ['Lost'] },
});
const starting = importing();
// Thousands of rows on a busy machine take longer than the default of five seconds.

/** Agents by the lower-case letters of their names, as people.csv of a company would have them. */
function agents(): Record<string, string> {
  const lines = readFileSync(`${folder}sales_teams.csv`, 'utf8').trim().split(/\r?\n/).slice(1);
  return Object.fromEntries(
    lines.map((line) => line.split(',')[0]!).map((name) => [name.toLowerCase().replace(' ', '.'), name]),
  );
}

describe('The Maven export (skipped where the shared data is absent)', () => {
  itShared(
    'has 4,238 won deals of 10,005,534 together, 2,473 lost, 1,589 engaging and 500 prospecting ones; saved with American dates it has the same deals',
    async () => {
      const at = await starting();
      await at.map(mapping('yyyy-MM-dd'));
      await at.people(agents());
      expect(await at.bring('', { files: [`${folder}sales_pipeline.csv`] })).toMatchObject({
        rows: 8800,
        opened: 8800,
        quarantined: 0,
      });

      const rows = await at.instance
        .get(READ_MODELS)
        .model<DealDocument>('deals')
        .aggregate({ groupBy: ['status', 'stage'], measures: { deals: { count: true }, sum: { sum: 'units' } } });
      expect(rows).toEqual([
        { status: 'lost', stage: 'Lost', deals: 2473, sum: 0 },
        { status: 'open', stage: 'Engaging', deals: 1589, sum: 0 },
        { status: 'open', stage: 'Prospecting', deals: 500, sum: 0 },
        { status: 'won', stage: 'Won', deals: 4238, sum: 10_005_534 },
      ]);
      const deals = [...(await at.deals()).values()];
      expect(new Set(deals.map(({ product }) => product))).not.toContain('GTXPro');
      expect(deals.filter(({ status, account }) => status === 'open' && account === null)).toHaveLength(1425);

      const head = await at.head();
      expect(await at.bring('', { files: [`${folder}sales_pipeline.csv`], complete: true })).toMatchObject({
        unchanged: 8800,
        opened: 0,
        changed: 0,
        retracted: 0,
      });
      expect(await at.head()).toBe(head);

      await at.map(mapping('M/d/yyyy'));
      const mapped = await at.head();
      expect(
        await at.bring('', { files: [`${folder}variant_us_dates/sales_pipeline.csv`], complete: true }),
      ).toMatchObject({ unchanged: 8800, retracted: 0, quarantined: 0, position: '0' });
      expect(await at.head()).toBe(mapped);
    },
  );

  itShared('under the wrong form of dates waits in quarantine instead of being guessed', async () => {
    const at = await starting();
    await at.map(mapping('d/M/yyyy'));
    await at.people(agents());
    const { opened, quarantined } = await at.bring('', { files: [`${folder}variant_us_dates/sales_pipeline.csv`] });
    expect(quarantined).toBeGreaterThan(5000);
    expect(opened + quarantined).toBe(8800);
    expect((await at.waiting())[0]).toMatchObject({
      row: 2,
      field: 'opened',
      expected: 'a date that exists',
      found: '10/20/2016',
    });
  });
});
