import { describe, expect, it } from '@jest/globals';
import { runExamples } from './examples.js';

const uses = { currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' as const } } };
const plan = (examples: unknown[]) => ({
  plan: 'AE',
  version: '1',
  effective: { from: '2025-01-01' },
  assignedTo: { roles: ['AE'] },
  pays: 'yearly',
  components: [
    {
      name: 'Multiplied',
      measure: 'revenue',
      per: 'year',
      rate: '10%',
      tiers: [
        { from: '0%', times: '1' },
        { from: '100%', times: '1.5' },
        { from: '150%', times: '2' },
      ],
    },
  ],
  examples,
});

describe('examples inside a plan', () => {
  it('pass when the lines and the total are as expected', () => {
    const example = {
      name: 'a deal that crosses the quota',
      quota: '100000',
      deals: ['90000', '30000', '60000'],
      lines: ['9000', '4000', '10500'],
      total: '23500',
    };
    expect(runExamples(plan([example]), uses)).toEqual([{ name: example.name, passed: true, failures: [] }]);
  });

  it('fail at their place with the expected and the actual number', () => {
    const example = {
      name: 'wrong',
      quota: '100000',
      deals: ['90000', { amount: '30000', product: 'X' }],
      lines: ['9000', '4500', '1'],
      total: '13000.00',
    };
    const [result] = runExamples(plan([{ name: 'right', deals: [], total: '0' }, example]), uses).slice(1);
    expect(result).toEqual({
      name: 'wrong',
      passed: false,
      failures: [
        { path: ['examples', 1, 'lines', 1], expected: '4500', actual: '4000' },
        { path: ['examples', 1, 'lines', 2], expected: '1', actual: 'no line' },
      ],
    });
  });

  it('take the steps of a scenario, in which the participant is `me`', () => {
    const history = [
      { at: '2025-01-01', won: { id: 'A', owner: 'me', amount: '1000', closed: '2025-01-01' } },
      { at: '2025-01-02', won: { id: 'B', owner: 'me', amount: '500', closed: '2025-01-02' } },
      { at: '2025-01-03', split: { deal: 'B', revenue: { me: '50%', bob: '50%' } } },
      { at: '2025-02-03', cancelled: { deal: 'A', date: '2025-02-03' } },
      { close: '2025' },
    ];
    expect(runExamples(plan([{ name: 'steps', history, lines: ['100', '-100', '25'], total: '25' }]), uses)).toEqual([
      { name: 'steps', passed: true, failures: [] },
    ]);
  });

  it('happen on the days of the company, wherever it is', () => {
    const history = [
      { at: '2025-01-31', won: { id: 'A', owner: 'me', amount: '1000' } },
      { at: '2025-02-01', won: { id: 'B', owner: 'me', amount: '1000' } },
    ];
    const monthly = { ...plan([{ name: 'days', history, lines: ['100', '200'] }]), pays: 'monthly' };
    const components = [{ name: 'By month', measure: 'revenue', rate: 'if(closed >= 2025-02-01, 20%, 10%)' }];
    for (const timeZone of ['Europe/Berlin', 'Asia/Tokyo', 'America/Chicago', 'UTC']) {
      expect(runExamples({ ...monthly, components }, { ...uses, timeZone })).toEqual([
        { name: 'days', passed: true, failures: [] },
      ]);
    }
  });
});
