import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const commission = { name: 'Commission', measure: 'revenue', rate: '10%' };
const begun = () =>
  new Story()
    .person('ann', 'AE', '2024-01-01')
    .plan('AE', { effective: { from: '2025-01-01' }, components: [commission] })
    .at('2025-01-10')
    .sold('ann', 'D1', 1000, '2025-01-10')
    .sold('ann', 'OLD', 500, '2024-12-10')
    .close('2025-01');
const code = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
};

describe('a period before one that is closed', () => {
  it('is closed with it: nothing is left to close', () => {
    const history = begun().history();
    expect(code(() => history.closings('2024-12', '2025-02-10T00:00:00.000Z'))).toBe('PERIOD_CLOSED');
    expect(code(() => history.closings('2024', '2025-02-10T00:00:00.000Z'))).toBe('PERIOD_CLOSED');
    expect(history.closings('2025-02', '2025-02-28T23:59:59.999Z').map(({ period }) => period.name)).toEqual([
      '2025-02',
    ]);
  });

  it('takes back no pay of a later period', () => {
    expect(begun().history().statement({ participant: 'ann', period: '2024-12' })).toMatchObject({
      payable: '0.00',
      lines: [],
    });
  });

  it('pays the lines of a backdated plan once, as a difference in the open period', () => {
    const story = begun()
      .at('2025-02-10')
      .plan('Spiff', {
        effective: { from: '2024-11-01', to: '2024-12-31' },
        components: [{ ...commission, rate: '1%' }],
      });
    const issued = story.history().statement({ participant: 'ann', period: '2025-01' });
    story.close('2025-02').close('2025-03');
    const history = story.history();
    const paid = (period: string) => {
      const { payable, lines } = history.statement({ participant: 'ann', period });
      return [payable, lines.map(({ plan, for: of, cause }) => [plan, of, cause?.kind])];
    };
    expect(paid('2025-02')).toEqual(['5.00', [['Spiff', '2024-12', 'plan']]]);
    expect(paid('2025-03')).toEqual(['0.00', []]);
    expect(history.statement({ participant: 'ann', period: '2025-01' })).toEqual(issued);
    expect(history.closed().map(({ period }) => period)).toEqual(['2025-01', '2025-02', '2025-03']);
  });

  it('of a longer kind that never closed is paid with the next of its kind', () => {
    const story = begun()
      .at('2025-02-10')
      .plan('Bonus', {
        effective: { from: '2024-10-01' },
        pays: 'quarterly',
        components: [{ ...commission, rate: '2%' }],
      })
      .close('2025-Q1');
    const { payable, lines } = story.history().statement({ participant: 'ann', period: '2025-Q1' });
    expect([payable, lines.map(({ kind, for: of, payable: amount }) => [kind, of, amount])]).toEqual([
      '30.00',
      [
        ['earning', null, '20.00'],
        ['difference', '2024-Q4', '10.00'],
      ],
    ]);
  });
});
