import { describe, expect, it } from '@jest/globals';
import type { AttainEvent } from '@attain/contracts';
import { messages, sound, warned } from './warnings.fixture.js';

const deal = { owner: 'ann', name: 'Fleet North', account: 'Stadtwerke Kiel GmbH', amount: '12500', currency: 'USD' };

/** The deal in the CRM, and once more, a little different, in the ERP. */
function twice(change: Record<string, string>, closed = '2025-03-05', source = 'erp') {
  const story = sound().won('A', '2025-03-03', deal);
  const fields = Object.fromEntries(Object.entries({ ...deal, ...change }).filter(([, value]) => value !== ''));
  const stream = `deal-${source}:B`;
  story.record(stream, { type: 'DealOpened', data: { source, id: 'B', fields } } as AttainEvent);
  return story.record(stream, { type: 'DealWon', data: { closed } } as AttainEvent);
}

describe('A deal in two sources', () => {
  it('is named with both records, what they share, and what to do', () => {
    const [only, ...others] = warned(twice({}));
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      code: 'DEAL_TWICE',
      about: { kind: 'record', source: 'erp', id: 'B' },
      participants: ['ann'],
    });
    expect(only?.message).toBe(
      'crm:A and erp:B look like the same deal (12,500.00 USD, Stadtwerke Kiel GmbH, closed on 2025-03-03 and 2025-03-05, owner ann): it is paid twice; keep one of them',
    );
  });
  it.each([
    [{ account: 'STADTWERKE KIEL' }],
    [{ name: 'fleet  north' }],
    [{ name: '' }],
    [{ owner: '', name: '' }],
    [{ amount: '12500.00' }],
    [{ amount: '12900' }],
    [{ account: 'Kiel utilities' }],
    [{ name: 'Order 4711' }],
  ])('is found with %j', (change) => {
    expect(messages(twice(change)).filter((text) => text.startsWith('DEAL_TWICE'))).toHaveLength(1);
  });
  it.each([
    ['another owner and name', { owner: 'bob', name: 'Second fleet' }, '2025-03-05'],
    ['a day months away', {}, '2025-06-05'],
    ['another amount and name', { amount: '800', name: 'Spare parts' }, '2025-03-05'],
    ['another currency and name', { currency: 'EUR', name: 'Spare parts' }, '2025-03-05'],
    ['another account and name', { account: 'Hotel Seeblick', name: 'Spare parts' }, '2025-03-05'],
  ])('is not one with %s', (_, change, closed) => {
    expect(messages(twice(change, closed)).filter((text) => text.startsWith('DEAL_TWICE'))).toEqual([]);
  });
  it('of one source is one only where everything but the id agrees', () => {
    const code = (story: ReturnType<typeof twice>) => messages(story).filter((text) => text.startsWith('DEAL_TWICE'));
    expect(code(twice({}, '2025-03-03', 'crm'))).toHaveLength(1);
    expect(code(twice({}, '2025-03-04', 'crm'))).toEqual([]);
    expect(code(twice({ name: 'Fleet South' }, '2025-03-03', 'crm'))).toEqual([]);
  });
});
