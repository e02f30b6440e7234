import { describe, expect, it } from '@jest/globals';
import { type RelatedCommand, relatedDeciders, type RelatedKind, type RelatedState } from './related.decider.js';

const own = { source: 'erp', id: 'I1' };
const deal = { source: 'crm', id: 'D1' };
const invoice = { do: 'record', record: { ...own, deal, fields: { date: '2025-01-10', amount: '100' } } } as const;

function given(kind: RelatedKind, ...earlier: RelatedCommand[]) {
  const { decide, evolve, initial } = relatedDeciders[kind];
  const state = earlier.reduce<RelatedState | null>(
    (now, command) => decide(command, now).reduce(evolve, now),
    initial,
  );
  return { when: (command: RelatedCommand) => decide(command, state) };
}

describe('An invoice', () => {
  it('is recorded once, however often it is reported', () => {
    expect(given('invoices').when(invoice)).toEqual([
      { type: 'InvoiceRecorded', data: { ...own, deal, fields: { date: '2025-01-10', amount: '100' } } },
    ]);
    expect(given('invoices', invoice).when(invoice)).toEqual([]);
  });
  it('is recorded again when it changes, and keeps its reversals', () => {
    const credited = { do: 'reverse', reversal: 'N1', kind: 'credited', date: '2025-01-20', amount: '40' } as const;
    const changed = { ...invoice, record: { ...invoice.record, fields: { date: '2025-01-10', amount: '80' } } };
    expect(given('invoices', invoice, credited).when(changed)).toHaveLength(1);
    expect(() =>
      given('invoices', invoice, credited, changed).when({ ...credited, reversal: 'N2', amount: '41' }),
    ).toThrow('more than that cannot be taken back');
  });
  it('has a date', () => {
    expect(() =>
      given('invoices').when({ ...invoice, record: { ...invoice.record, fields: { amount: '100' } } }),
    ).toThrow('date: expected a date');
  });
  it('is not reversed before it is recorded, and a payment never is', () => {
    const reverse = { do: 'reverse', reversal: null, kind: 'refunded', date: '2025-02-01', amount: null } as const;
    expect(() => given('invoices').when(reverse)).toThrow('The invoice does not exist');
    expect(() => given('payments').when(reverse)).toThrow('has no reversals of its own');
  });
  it('is brought to the reversals that its source has now', () => {
    const one = {
      do: 'syncReversals',
      of: 'erp',
      reversals: { 'erp:N1': { kind: 'credited', date: '2025-01-20', amount: '40' } },
    } as const;
    expect(given('invoices', invoice).when(one)).toEqual([
      { type: 'InvoiceReversed', data: { reversal: 'erp:N1', kind: 'credited', date: '2025-01-20', amount: '40' } },
    ]);
    expect(given('invoices', invoice, one).when({ ...one, reversals: {} })).toEqual([
      { type: 'InvoiceReversalRetracted', data: { reversal: 'erp:N1' } },
    ]);
  });
});

describe('An item', () => {
  it('belongs to a deal', () => {
    expect(() =>
      given('items').when({ do: 'record', record: { ...own, deal: null, fields: { amount: '5' } } }),
    ).toThrow('deal: expected the deal of the item');
  });
  it('that its source no longer has is retracted once', () => {
    const item = { do: 'record', record: { ...own, deal, fields: { amount: '5' } } } as const;
    expect(given('items', item).when({ do: 'retract', record: own })).toEqual([{ type: 'ItemRetracted', data: own }]);
    expect(given('items').when({ do: 'retract', record: own })).toEqual([]);
  });
});
