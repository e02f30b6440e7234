import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createInstance, type Instance, READ_MODELS, EVENT_STORE } from '@attain/service';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DealDocument } from '../deals/deals.projection.js';
import { PipelineModule } from '../pipeline.module.js';
import { SourceCommands } from '../sources/source.commands.js';
import { Imports } from './imports.js';

const maven = fileURLToPath(new URL('../../../../../shared/data/maven_crm/', import.meta.url));
const present = existsSync(maven);
const itShared = present ? it : it.skip;
const told = { actor: 'test', correlation: 'test' };

describe('The Maven export', () => {
  let instance: Instance;
  beforeEach(async () => {
    instance = await createInstance([PipelineModule]);
  });
  afterEach(() => instance.close());

  itShared('works', async () => {
    await instance.get(SourceCommands).map({ source: 'crm', files: 'sales_pipeline.csv', as: 'deals', columns: { id: 'opportunity_id', amount: 'close_value', closed: 'close_date', opened: 'engage_date', stage: 'deal_stage', account: 'account', product: 'product', owner: 'sales_agent' }, status: { from: 'deal_stage', won: 'Won', lost: 'Lost' } }, told);
    const t0 = performance.now();
    const result = await instance.get(Imports).run({ source: 'crm', files: [`${maven}sales_pipeline.csv`] }, told);
    console.log(result, performance.now() - t0);
    await instance.caughtUp();
    console.log(performance.now() - t0);
    const rows = await instance.get(READ_MODELS).model<DealDocument>('deals').aggregate({ groupBy: ['status', 'stage'], measures: { n: { count: true }, sum: { sum: 'minor' } } });
    console.log(rows);
    const again = await instance.get(Imports).run({ source: 'crm', files: [`${maven}sales_pipeline.csv`] }, told);
    console.log(again, await instance.get(EVENT_STORE).head());
    expect(1).toBe(1);
  });
});
