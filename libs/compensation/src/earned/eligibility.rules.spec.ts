import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const flat = (eligible?: Record<string, string>) => ({
  name: 'Flat',
  measure: 'revenue',
  rate: '10%',
  ...(eligible && { eligible }),
});
/** Ann is an executive until 20 January, and something else from then on; she sold on the 10th and the 25th. */
const company = (eligible?: Record<string, string>, more: Record<string, unknown> = {}) =>
  new Story()
    .person('ann', 'AE', '2025-01-01')
    .person('ann', 'Other', '2025-01-21')
    .plan('AE', { effective: { from: '2025-01-01' }, components: [flat(eligible)], ...more })
    .at('2025-01-26')
    .sold('ann', 'D1', 1000, '2025-01-10')
    .sold('ann', 'D2', 1000, '2025-01-25');
const earned = (story: Story, known?: string) => {
  const { lines } = story
    .history()
    .earned({ participant: 'ann', period: '2025-01' }, known === undefined ? {} : { known });
  return lines.map(({ record, earned: amount }) => [record?.id, amount]);
};

describe('Who is eligible', () => {
  it('is named on the credit date by default', () => {
    expect(earned(company())).toEqual([['D1', '100.00']]);
    expect(earned(company({ on: 'credit date' }))).toEqual([['D1', '100.00']]);
  });
  it('on the pay date is named then, in any role on the credit date', () => {
    expect(earned(company({ on: 'pay date' }))).toEqual([]);
    const executives = { assignedTo: { roles: ['Other'] } };
    expect(earned(company({ on: 'pay date' }, executives))).toEqual([
      ['D1', '100.00'],
      ['D2', '100.00'],
    ]);
    expect(earned(company({ on: 'both' }, executives))).toEqual([['D2', '100.00']]);
  });
  it('on the pay date of a later month is still there then', () => {
    const story = new Story({ payDay: '15 of the next month' })
      .person('ann', 'AE', '2025-01-01', { to: '2025-02-10' })
      .plan('AE', { effective: { from: '2025-01-01' }, components: [flat({ on: 'pay date' })] })
      .at('2025-01-26')
      .sold('ann', 'D1', 1000, '2025-01-10');
    expect(earned(story)).toEqual([]);
    expect(earned(story.person('ann', 'AE', '2025-01-01'))).toEqual([['D1', '100.00']]);
  });
  it('is not on leave where leave is excluded, and may be where it is not', () => {
    expect(earned(company({ leave: 'excluded' }).leave('ann', '2025-01-10', '2025-01-10'))).toEqual([]);
    expect(earned(company({ leave: 'excluded' }).leave('ann', '2025-01-11'))).toEqual([['D1', '100.00']]);
    expect(earned(company({ leave: 'included' }).leave('ann', '2025-01-01'))).toEqual([['D1', '100.00']]);
  });
});

describe('Who is eligible for a target', () => {
  const bonus = (eligible: object) => ({
    name: 'Bonus',
    measure: 'revenue',
    per: 'month',
    target: '900',
    tiers: [{ from: '0', pays: '100%' }],
    eligible,
  });
  const lines = (eligible: object, to: string, sign = false) => {
    const story = new Story({ payDay: '15 of the next month', prorate: 'by days' })
      .person('ann', 'AE', '2025-01-01', { to })
      .plan('AE', { effective: { from: '2025-01-01' }, components: [bonus(eligible)] });
    const { hash } = story.facts.find(({ type }) => type === 'PlanPublished')!.data as { hash: string };
    if (sign)
      story.record('signature-ann~AE', {
        type: 'PlanSigned',
        data: { participant: 'ann', plan: 'AE', version: '1', hash },
      });
    return story
      .history()
      .earned({ participant: 'ann', period: '2025-01' }, { effective: '2025-03-31' })
      .lines.map(({ earned: amount }) => amount);
  };
  it('is a leaver for their part, unless the pay date counts', () => {
    expect(lines({ on: 'credit date' }, '2025-01-10')).toEqual(['290.32']);
    expect(lines({ on: 'pay date' }, '2025-02-14')).toEqual([]);
    expect(lines({ on: 'pay date' }, '2025-02-15')).toEqual(['900.00']);
    expect(lines({ on: 'both' }, '2025-02-14')).toEqual([]);
    expect(lines({ on: 'both' }, '2025-02-15')).toEqual(['900.00']);
  });
  it('has signed, where the plan must be signed', () => {
    expect(lines({ signed: 'yes' }, '2025-03-31')).toEqual([]);
    expect(lines({ signed: 'yes' }, '2025-03-31', true)).toEqual(['900.00']);
  });
});

describe('A plan that must be signed', () => {
  const unsigned = () => company({ signed: 'yes' }).close('2025-01').at('2025-02-03');
  const hash = (unsigned().facts.find(({ type }) => type === 'PlanPublished')!.data as { hash: string }).hash;
  const sign = (story: Story, of: string) =>
    story.record('signature-ann~AE', {
      type: 'PlanSigned',
      data: { participant: 'ann', plan: 'AE', version: '1', hash: of },
    });

  it('pays nothing before it is signed, and all of it afterwards, as a difference with the signature as its cause', () => {
    const story = unsigned();
    expect(earned(story)).toEqual([]);
    sign(story, 'the hash of something else');
    expect(earned(story)).toEqual([]);
    sign(story, hash).close('2025-02');
    expect(earned(story)).toEqual([['D1', '100.00']]);
    const { lines } = story.history().statement({ participant: 'ann', period: '2025-02' });
    expect(lines.map(({ kind, for: of, cause, payable }) => [kind, of, cause?.kind, payable])).toEqual([
      ['difference', '2025-01', 'sign', '100.00'],
    ]);
  });
  it('pays the same whenever the signature became known', () => {
    const story = sign(unsigned(), hash).close('2025-02');
    expect(earned(story, '2025-02-02')).toEqual([]);
    expect(earned(story, '2025-02-03')).toEqual([['D1', '100.00']]);
  });
});
