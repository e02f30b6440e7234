import { cp, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RowQueries } from '@attain/incentives';
import { type DealDocument, dealsProjection, readFolder } from '@attain/pipeline';
import { createInstance, type Instance, READ_MODELS } from '@attain/service';
import { recordContents } from '../folder/record-contents.js';
import { services } from '../modules.js';
import { demoFolder, root, scratch } from './booted.fixture.js';

const variant = join(root, '../shared/data/maven_crm/variant_us_dates');
const itShared = existsSync(variant) ? it : it.skip;

let place: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  place = await scratch();
});
afterEach(() => place.gone());

async function imported<T>(folder: string, ask: (instance: Instance) => Promise<T>): Promise<T> {
  const instance = await createInstance(services, { logLevel: 'silent' });
  try {
    const { contents, problems } = await readFolder(folder);
    expect(problems).toEqual([]);
    const { problems: refused, imports } = await recordContents(instance, contents!, {
      actor: 'test',
      correlation: 'test',
    });
    expect([refused, imports.map(({ quarantined }) => quarantined)]).toEqual([[], imports.map(() => 0)]);
    await instance.caughtUp();
    return await ask(instance);
  } finally {
    await instance.close();
  }
}

/** Every deal in its present state, and every line of pay. */
async function state(instance: Instance): Promise<{ deals: DealDocument[]; lines: unknown }> {
  const deals = await instance.get(READ_MODELS).model<DealDocument>(dealsProjection.name).find();
  return { deals, lines: await instance.get(RowQueries).lines(instance.scope) };
}

describe('The export as a spreadsheet saved it again, with American dates', () => {
  itShared('is imported to the same deals and the same lines of pay', async () => {
    await cp(demoFolder, place.path, { recursive: true });
    await cp(variant, join(place.path, 'exports'), { recursive: true, force: true });
    const source = join(place.path, 'sources/crm.yaml');
    await writeFile(source, (await readFile(source, 'utf8')).replace('yyyy-MM-dd', 'M/d/yyyy'));
    const american = await imported(place.path, state);
    expect(american.deals).toHaveLength(8800);
    expect(american).toEqual(await imported(demoFolder, state));
  });
});
