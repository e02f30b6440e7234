import { decodeEvent } from '@attain/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dealDecider, type DealState, type DealStatus } from './deal.decider.js';
import { dealsProjection, isUnchanged, stateOf, type DealDocument } from './deals.projection.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 200);
const deal = { source: 'crm', id: 'D1' };

interface Row {
  status: DealStatus;
  fields: Record<string, string>;
}
const field = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const day = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2029-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const row: fc.Arbitrary<Row> = fc
  .record({
    status: fc.constantFrom<DealStatus>('open', 'won', 'lost'),
    closed: field(day),
    fields: fc.record({
      stage: field(fc.constantFrom('Prospecting', 'Engaging', 'Won')),
      amount: field(fc.integer({ min: -100_000, max: 100_000 }).map(String)),
      currency: field(fc.constantFrom('USD', 'EUR')),
      owner: field(fc.constantFrom('ann', 'bob')),
      opened: field(day),
      product: field(fc.constantFrom('X', 'Y')),
      termMonths: field(fc.constantFrom('12', '36')),
    }),
  })
  .map(({ status, closed, fields }) => ({
    status,
    fields: Object.fromEntries(
      Object.entries({ ...fields, closed: status === 'won' ? (closed ?? '2025-01-01') : closed }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    ),
  }));

function decided(state: DealState, { status, fields }: Row) {
  return dealDecider.decide({ do: 'sync', deal, status, fields }, state);
}

describe('Any rows of a source, in any order', () => {
  it('the deal has the values of the last row, every event can be stored, and the same rows again record nothing', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        let state = dealDecider.initial;
        for (const latest of rows) {
          const events = decided(state, latest);
          for (const { type, data } of events) decodeEvent(type, 1, data);
          state = events.reduce(dealDecider.evolve, state);
          expect({ status: state.status, fields: state.fields }).toEqual(latest);
          expect(decided(state, latest)).toEqual([]);
        }
      }),
      { numRuns },
    );
  });

  it('the read model is the state of the events, and recognizes an unchanged row', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), row, (rows, other) => {
        let state = dealDecider.initial;
        let document: DealDocument | undefined;
        for (const latest of rows) {
          for (const event of decided(state, latest)) {
            state = dealDecider.evolve(state, event);
            document = dealsProjection.evolve(document, { ...event, stream: 'deal-crm:D1' } as never, 'crm:D1');
          }
        }
        expect(stateOf(document!)).toEqual(state);
        const last = rows.at(-1)!;
        expect(isUnchanged(document!, last.status, last.fields)).toBe(true);
        expect(isUnchanged(document!, other.status, other.fields)).toBe(decided(state, other).length === 0);
      }),
      { numRuns },
    );
  });
});
