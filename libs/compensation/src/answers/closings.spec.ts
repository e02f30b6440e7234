import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

/** January ends with a deal of 1,000, which counts 2,000 from 5 February on; the month is closed on 10 March, late. */
const story = new Story()
  .person('ann', 'AE', '2025-01-01')
  .plan('AE', {
    effective: { from: '2025-01-01' },
    components: [{ name: 'C', measure: 'revenue', rate: '10%' }],
  })
  .at('2025-01-20')
  .sold('ann', 'D1', 1000, '2025-01-10')
  .at('2025-02-05')
  .reprice('D1', 2000)
  .close('2025-01', '2025-03-10T12:00:00.000Z')
  .at('2025-03-12')
  .reprice('D1', 3000);
const ask = (period: string, known?: string) =>
  story.history().statement({ participant: 'ann', period }, known === undefined ? {} : { known });
const lines = (period: string, known?: string) =>
  ask(period, known).lines.map(({ kind, for: of, payable }) => [kind, of, payable]);

describe('A closing', () => {
  it('is known from the instant at which it was recorded, not from the end of its period', () => {
    const closed = (known?: string) =>
      story
        .history()
        .closed(known)
        .map(({ period }) => period);
    expect(closed('2025-02-01T00:00:00.000Z')).toEqual([]);
    expect(closed('2025-03-10T11:59:59.999Z')).toEqual([]);
    expect(closed('2025-03-10T12:00:00.000Z')).toEqual(['2025-01']);
    expect(closed()).toEqual(['2025-01']);
  });

  it('leaves its period open for a question about an earlier instant', () => {
    expect(lines('2025-01', '2025-02-01T00:00:00.000Z')).toEqual([['earning', null, '100.00']]);
    expect(lines('2025-01', '2025-02-06T00:00:00.000Z')).toEqual([['earning', null, '200.00']]);
    expect(lines('2025-01', '2025-03-11T00:00:00.000Z')).toEqual([['earning', null, '200.00']]);
    expect(lines('2025-01')).toEqual([['earning', null, '200.00']]);
  });

  it('makes differences only of facts that became known after it', () => {
    expect(lines('2025-02', '2025-02-01T00:00:00.000Z')).toEqual([]);
    expect(lines('2025-02', '2025-02-28T00:00:00.000Z')).toEqual([]);
    expect(lines('2025-02', '2025-03-11T00:00:00.000Z')).toEqual([]);
    expect(lines('2025-02', '2025-03-13T00:00:00.000Z')).toEqual([['difference', '2025-01', '100.00']]);
    expect(lines('2025-02')).toEqual([['difference', '2025-01', '100.00']]);
  });

  it('fixes its balance once it is recorded; before that, the known facts decide', () => {
    const drawing = new Story()
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', {
        effective: { from: '2025-01-01' },
        draw: { amount: '500', recoverable: 'yes' },
        components: [{ name: 'C', measure: 'revenue', rate: '10%' }],
      })
      .at('2025-01-20')
      .sold('ann', 'D1', 1000, '2025-01-10')
      .at('2025-02-01')
      .sold('ann', 'D2', 20000, '2025-02-01')
      .at('2025-02-05')
      .reprice('D1', 2000)
      .close('2025-01', '2025-03-10T12:00:00.000Z')
      .history();
    const february = (known: string) =>
      drawing
        .statement({ participant: 'ann', period: '2025-02' }, { known })
        .lines.map(({ kind, payable }) => [kind, payable]);
    // January paid 500 on 100, then on 200.
    expect(february('2025-02-02T00:00:00.000Z')).toEqual([
      ['earning', '2000.00'],
      ['recovery', '-400.00'],
    ]);
    expect(february('2025-03-11T00:00:00.000Z')).toEqual([
      ['earning', '2000.00'],
      ['recovery', '-300.00'],
    ]);
  });

  it('is the last one as soon as it is recorded: no period closes twice', () => {
    const closing = (known: string) =>
      story
        .history()
        .closings('2025-02', known)
        .map(({ period }) => period.name);
    expect(closing('2025-02-28T23:59:59.999Z')).toEqual(['2025-01', '2025-02']);
    expect(closing('2025-03-10T12:00:00.000Z')).toEqual(['2025-02']);
  });

  it('starts the list of open pay periods behind its period', () => {
    const periods = (known: string) =>
      story
        .history()
        .payPeriods('2025-02-28', known)
        .map(({ name }) => name);
    expect(periods('2025-02-06T00:00:00.000Z')).toEqual(['2025-01']);
    expect(periods('2025-03-13T00:00:00.000Z')).toEqual(['2025-01', '2025-02']);
  });
});
