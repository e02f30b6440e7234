import type { DealEvent } from '@attain/contracts';
import { describe, expect, it } from '@jest/globals';
import { decimalOf, minorOf } from './deal-amount.rules.js';
import { type DealDocument, dealsProjection } from './deals.projection.js';

const fold = (events: readonly DealEvent[]) =>
  events.reduce<DealDocument | undefined>((document, event) => dealsProjection.evolve(document, { ...event, stream: 'deal-crm:D1' } as never, 'crm:D1'), undefined);
const opened: DealEvent = { type: 'DealOpened', data: { source: 'crm', id: 'D1', fields: { owner: 'ann', amount: '1054.50', currency: 'USD', termMonths: '36' } } };

describe('The deals that are shown', () => {
  it('carry their amount in minor units and the company’s own fields apart', () => {
    expect(fold([opened, { type: 'DealWon', data: { closed: '2017-03-01' } }])).toMatchObject({
      source: 'crm',
      id: 'D1',
      status: 'won',
      owner: 'ann',
      closed: '2017-03-01',
      minor: 105450,
      own: { termMonths: '36' },
      stage: null,
    });
  });
  it('lose one that its source no longer has', () => {
    expect(fold([opened, { type: 'DealRetracted', data: {} }])).toBeUndefined();
  });
  it('are kept by source and id', () => {
    expect(dealsProjection.keys({ ...opened, stream: 'deal-crm:D1' } as never)).toEqual(['crm:D1']);
  });
});

describe('An amount for sums', () => {
  it.each([
    ['1054', 'USD', 105400],
    ['1054.5', 'USD', 105450],
    ['0.005', 'USD', 1],
    ['-0.005', 'USD', -1],
    ['1234.5', 'JPY', 1235],
    ['1.0005', 'KWD', 1001],
    ['1054.57', null, 1054570],
    ['99999999999999999999', 'USD', null],
  ])('of %s %s is %s', (amount, currency, minor) => {
    expect(minorOf(amount, currency)).toBe(minor);
  });
  it('goes back to the currency’s digits, the company’s where none is named', () => {
    expect(decimalOf(105450, 'USD', 'EUR')).toBe('1054.50');
    expect(decimalOf(1054570, null, 'EUR')).toBe('1054.57');
    expect(decimalOf(1054570, null, 'JPY')).toBe('1055');
  });
});
