import {
  type CompanyAnswer,
  type CompanyOrder,
  createInstance,
  EVENT_STORE,
  FOLDER_COMPANY,
  FOLDER_ROWS,
  Handovers,
  type Instance,
  type RowsAnswer,
  type RowsOrder,
} from '@attain/service';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CompanyCommands } from '../company/company.commands.js';
import { ParticipantCommands } from '../participants/participant.commands.js';
import { PlanningModule } from '../planning.module.js';
import { QuotaCommands } from '../quotas/quota.commands.js';

const byFolder = { actor: 'folder', correlation: 'test' };
const byHand = { actor: 'user:fin', correlation: 'test' };
const context = {
  actor: 'user:fin',
  correlation: 'test',
  causation: 'folder-1',
  reason: 'spring',
  recorded: '2025-06-01T12:00:00.000Z',
};
const document = {
  currency: 'USD',
  measures: { revenue: { counts: 'amount', of: 'deals' }, margin: { counts: 'amount / 2', of: 'deals' } },
};
const without = { currency: 'USD', measures: { revenue: document.measures.revenue } };
const quota = (period: string, amount: string, measure = 'revenue') => ({ for: 'ann', measure, period, amount });

let at: Instance;
beforeEach(async () => {
  at = await createInstance([PlanningModule]);
  await at.get(CompanyCommands).configure(document, byFolder);
  await at.get(ParticipantCommands).sync(
    [
      { id: 'ann', name: 'Ann' },
      { id: 'bob', name: 'Bob' },
    ],
    { complete: true },
    byFolder,
  );
  await at.get(QuotaCommands).sync([quota('2025-01', '100'), quota('2025-02', '200')], { complete: true }, byFolder);
  await at.caughtUp();
});
afterEach(() => at.close());

const recorded = (kind: RowsOrder['kind'], rows: readonly unknown[], more: Partial<RowsOrder> = {}) =>
  at
    .get(Handovers)
    .give<RowsAnswer>(FOLDER_ROWS, { kind, rows, texts: false, complete: false, keepEntered: true, context, ...more });
const configured = (more: Partial<CompanyOrder> = {}) =>
  at.get(Handovers).give<CompanyAnswer>(FOLDER_COMPANY, {
    document: without,
    keepEntered: true,
    replacing: { quotas: true, plans: [] },
    context,
    ...more,
  });
const metas = async (category: string) => {
  const found = [];
  for await (const page of at.get(EVENT_STORE).readAll({ categories: [category] }))
    found.push(...page.map(({ meta }) => meta));
  return found;
};

describe('Rows of a folder', () => {
  it('change records with other values, once, and retract records that they do not contain', async () => {
    const rows = [quota('2025-01', '150'), quota('2025-03', '300')];
    expect(await recorded('quotas', rows, { complete: true })).toMatchObject({ changed: 1, kept: [], refused: [] });
    expect(await recorded('quotas', rows, { complete: true })).toMatchObject({
      changed: 0,
      unchanged: 1,
      position: '0',
    });
    expect(await recorded('people', [{ id: 'ann', name: 'Ann' }], { complete: true })).toMatchObject({
      unchanged: 1,
      retracted: 1,
    });
  });

  it('are recorded at the one instant of their import, with its reason and cause', async () => {
    await recorded('quotas', [quota('2025-01', '150')]);
    expect((await metas('quota')).at(-1)).toMatchObject({ actor: 'user:fin', reason: 'spring', causation: 'folder-1' });
  });

  it.each([false, true])(
    'keep the quota of a period that somebody entered, and change the others of the same person (texts: %s)',
    async (texts) => {
      await at.get(QuotaCommands).assign(quota('2025-01', '111'), { ...byHand, reason: 'agreed' });
      const rows = [quota('2025-01', '150'), quota('2025-02', '250')];
      const { kept, changed } = await recorded('quotas', rows, { texts });
      expect(changed).toBe(1);
      expect(kept).toEqual([
        expect.objectContaining({
          at: 0,
          id: 'ann~revenue',
          key: '2025-01',
          by: 'user:fin',
          reason: 'agreed',
          instead: { type: 'QuotaChanged', data: expect.objectContaining({ amount: '150' }) },
        }),
      ]);
      expect((await recorded('quotas', rows, { keepEntered: false })).kept).toEqual([]);
      // A record that an import has overwritten belongs to the import from then on.
      expect(await recorded('quotas', [quota('2025-01', '151'), quota('2025-02', '250')])).toMatchObject({
        kept: [],
        changed: 1,
      });
    },
  );

  it('keep what was withdrawn or retracted by hand, and a person as a whole', async () => {
    await at.get(QuotaCommands).withdraw({ for: 'ann', measure: 'revenue', period: '2025-02' }, byHand);
    expect((await recorded('quotas', [quota('2025-01', '100'), quota('2025-02', '200')])).kept).toHaveLength(1);
    await at.get(ParticipantCommands).assign(
      'bob',
      {
        from: '2025-03-01',
        role: 'AE',
        to: null,
        manager: null,
        team: null,
        region: null,
        currency: null,
        fields: {},
      },
      byHand,
    );
    await at.get(ParticipantCommands).name('zoe', 'Zoe', byHand);
    const { kept, retracted } = await recorded(
      'people',
      [
        { id: 'ann', name: 'Ann' },
        { id: 'bob', name: 'Robert', role: 'Manager', from: '2025-03-01' },
      ],
      { complete: true },
    );
    expect(kept.map(({ id, key, at: row }) => [id, key, row])).toEqual([
      // Its end was set when the row behind it was entered.
      ['bob', '0001-01-01', 1],
      ['bob', '2025-03-01', 1],
      ['zoe', 'name', -1],
    ]);
    expect(retracted).toBe(0);
  });

  it('are refused one by one if they are invalid', async () => {
    const { refused, changed } = await recorded('quotas', [quota('2025-03', '300'), quota('2025-03', '1', 'profit')]);
    expect(changed).toBe(1);
    expect(refused).toEqual([
      {
        at: 1,
        problem: expect.objectContaining({ code: 'UNKNOWN_MEASURE', detail: expect.stringContaining('profit') }),
      },
    ]);
  });
});

describe('The company document of a folder', () => {
  it('keeps the document of a person unless it overwrites it', async () => {
    await at.get(CompanyCommands).configure({ ...document, company: 'By hand' }, byHand);
    await expect(configured()).rejects.toMatchObject({ code: 'ENTERED_BY_HAND', detail: { by: 'user:fin' } });
    expect(await configured({ keepEntered: false })).toEqual({ changed: true });
    expect(await configured()).toEqual({ changed: false });
  });

  it('drops a measure together with its quotas, but not if a quota that somebody entered stays', async () => {
    await at.get(QuotaCommands).sync([quota('2025-01', '100', 'margin')], { complete: false }, byFolder);
    await expect(configured({ replacing: { quotas: false, plans: [] } })).rejects.toMatchObject({
      code: 'MEASURE_IN_USE',
    });
    await at.get(QuotaCommands).assign(quota('2025-02', '7', 'margin'), byHand);
    await expect(configured()).rejects.toMatchObject({
      code: 'MEASURE_IN_USE',
      detail: { uses: ['quota of margin for ann in 2025-02'] },
    });
    expect(await configured({ keepEntered: false })).toEqual({ changed: true });
  });
});
