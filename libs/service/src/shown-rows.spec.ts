import { beforeAll, describe, expect, it } from '@jest/globals';
import { createMemoryReadModels, type ReadModel } from '@attain/eventsourcing';
import { shownRows } from './shown-rows.js';

type Quota = { readonly for: string; readonly period: string };

describe('The rows of a table', () => {
  let quotas: ReadModel<Quota>;
  beforeAll(async () => {
    const models = createMemoryReadModels();
    const declaration = { name: 'quotas', version: 1, indexes: [] };
    const writer = await models.writer<Quota>(declaration);
    const documents = new Map(
      Array.from({ length: 12_000 }, (_, n) => {
        const month = String((n % 12) + 1).padStart(2, '0');
        const document = { for: `rep-${Math.floor(n / 12)}`, period: `2025-${month}` };
        return [`${document.for}~${document.period}`, { document, position: 1n }] as const;
      }),
    );
    await writer.commit({ after: 0n, position: 1n, documents });
    await models.serve(declaration);
    quotas = models.model<Quota>('quotas');
  });

  it('are all there for 1,000 people with a quota for each month', async () => {
    const rows = await shownRows(quotas, { asked: {}, order: ['for', 'period'], isShown: () => true });
    expect(rows).toHaveLength(12_000);
    expect(rows.slice(0, 2)).toEqual([
      { for: 'rep-0', period: '2025-01' },
      { for: 'rep-0', period: '2025-02' },
    ]);
  });

  it('have the asked values, meet the further condition, and are in the scope', async () => {
    const rows = await shownRows(quotas, {
      asked: { period: '2025-03', for: undefined },
      filter: { for: { in: ['rep-1', 'rep-2', 'rep-3'] } },
      order: ['for'],
      isShown: (row) => row.for !== 'rep-2',
    });
    expect(rows.map((row) => row.for)).toEqual(['rep-1', 'rep-3']);
  });
});
