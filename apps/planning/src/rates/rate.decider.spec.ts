import { behaviour, refused } from '@attain/eventsourcing/testing';
import { describe, it } from '@jest/globals';
import { type RateCommand, rateDecider, type RateEvent } from './rate.decider.js';

const { given } = behaviour(rateDecider);
const rate = (value: string, date = '2025-01-01') => ({ from: 'EUR', to: 'USD', date, rate: value });
const recorded = (value: string, date?: string): RateEvent => ({
  type: 'ExchangeRateRecorded',
  data: rate(value, date),
});
const record = (value: string): RateCommand => ({ do: 'record', rate: rate(value) });

describe('An exchange rate', () => {
  it('is recorded, corrected, and not recorded twice', () => {
    given([])
      .when(record('1.09'))
      .then([recorded('1.09')]);
    given([recorded('1.09')])
      .when(record('1.10'))
      .then([recorded('1.10')]);
    given([recorded('1.09')])
      .when(record('1.090'))
      .then([]);
  });
  it.each(['0', '-1', '1e2', ''])('of %j is refused', (value) => {
    given([]).when(record(value)).then(refused('INVALID_FIELD'));
  });
  it('needs two currencies', () => {
    given([])
      .when({ do: 'record', rate: { ...rate('1'), to: 'EUR' } })
      .then(refused('INVALID_FIELD'));
    given([])
      .when({ do: 'record', rate: { ...rate('1'), from: 'EURO' } })
      .then(refused('INVALID_FIELD'));
  });
  it('that the file no longer has is retracted', () => {
    given([recorded('1.09'), recorded('1.10', '2025-02-01')])
      .when({ do: 'sync', from: 'EUR', to: 'USD', rates: [rate('1.10', '2025-02-01')] })
      .then([{ type: 'ExchangeRateRetracted', data: { from: 'EUR', to: 'USD', date: '2025-01-01' } }]);
  });
});
