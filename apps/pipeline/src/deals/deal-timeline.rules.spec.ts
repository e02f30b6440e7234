import type { DealEvent } from '@attain/contracts';
import type { Decoded } from '@attain/eventsourcing';
import { describe, expect, it } from '@jest/globals';
import { timelineOf } from './deal-timeline.rules.js';

const at = (id: string, event: DealEvent, recorded: string, reason?: string) =>
  ({
    ...event,
    id,
    meta: { actor: 'user:fin', correlation: 'c', recorded, ...(reason && { reason }) },
  }) as unknown as Decoded<DealEvent>;

describe('The timeline of a deal', () => {
  it('names who changed what and when, before and after', () => {
    const rows = timelineOf([
      at(
        'e1',
        { type: 'DealOpened', data: { source: 'crm', id: 'D1', fields: { owner: 'ann', amount: '10' } } },
        '2025-01-01T08:00:00.000Z',
      ),
      at('e2', { type: 'DealReassigned', data: { owner: 'bob' } }, '2025-01-02T08:00:00.000Z', 'ann left'),
      at('e3', { type: 'DealWon', data: { closed: '2025-01-03' } }, '2025-01-03T08:00:00.000Z'),
    ]);
    expect(rows[0]!.changes).toEqual([
      { field: 'owner', before: null, after: 'ann' },
      { field: 'amount', before: null, after: '10' },
      { field: 'status', before: null, after: 'open' },
    ]);
    expect(rows[1]).toMatchObject({
      event: 'e2',
      actor: 'user:fin',
      at: '2025-01-02T08:00:00.000Z',
      reason: 'ann left',
      changes: [{ field: 'owner', before: 'ann', after: 'bob' }],
    });
    expect(rows[2]!.changes).toEqual([
      { field: 'status', before: 'open', after: 'won' },
      { field: 'closed', before: null, after: '2025-01-03' },
    ]);
  });
});
