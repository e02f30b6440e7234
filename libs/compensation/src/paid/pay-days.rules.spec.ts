import { describe, expect, it, jest } from '@jest/globals';
import { World } from '../plans/world.js';
import { Story } from '../testing/story.js';

const FAR = '2095-12-31';
const commission = (more: object = {}) => ({ name: 'Commission', measure: 'revenue', rate: '10%', ...more });
const company = (component: object = commission(), plan: object = {}, person: { to?: string } = {}) =>
  new Story()
    .person('ann', 'AE', '2025-01-01', person)
    .plan('AE', { effective: { from: '2025-01-01' }, components: [component], ...plan });
const sold = (story: Story) => story.at('2025-03-10').sold('ann', 'D1', 10000, '2025-03-10');
const walked = (story: Story, asOf = FAR) =>
  story
    .history()
    .payPeriods(asOf)
    .map(({ name }) => name);
const count = (from: string, to: string) => {
  const months = (period: string) => Number(period.slice(0, 4)) * 12 + Number(period.slice(5));
  return months(to) - months(from) + 1;
};

describe('the pay periods up to a far day', () => {
  it('end with the last one in which anything can be paid', () => {
    const names = walked(sold(company()));
    expect(names).toContain('2025-03');
    expect(names.at(-1)).toBe('2025-12');
    expect(names.length).toBeLessThan(10);
  });

  it('pass over the years between two facts', () => {
    const names = walked(sold(company()).sold('ann', 'D2', 5000, '2090-05-06'));
    expect(names).toEqual(expect.arrayContaining(['2025-03', '2090-05']));
    expect(names.length).toBeLessThan(15);
  });

  it('pass over the years before people and plans that come late', () => {
    const story = sold(company())
      .person('bob', 'AE', '2080-01-01', { to: '2080-06-30' })
      .plan('Late', { effective: { from: '2085-02-01' }, components: [commission()] });
    const names = walked(story);
    expect(names).toEqual(expect.arrayContaining(['2080-01', '2080-07', '2085-02']));
    expect(names.length).toBeLessThan(20);
  });

  it('have each period in which a draw pays somebody', () => {
    const draw = { draw: { amount: '1000', recoverable: 'no' } };
    const names = walked(sold(company(commission(), draw, { to: '2027-06-30' })));
    expect(names).toEqual(expect.arrayContaining(['2026-01', '2027-06']));
    expect(names.length).toBeLessThan(count('2025-01', '2027-12') + 1);
    expect(walked(sold(company(commission(), draw)))).toHaveLength(count('2025-01', '2095-12'));
    expect(
      walked(sold(company(commission(), { ...draw, effective: { from: '2025-01-01', to: '2026-03-31' } }))).length,
    ).toBeLessThan(count('2025-01', '2026-03') + 15);
  });

  it('have the end of the plan if a target covers all of it, even after everybody left', () => {
    const target = (per: string) => ({
      name: 'Bonus',
      measure: 'revenue',
      per,
      target: '900',
      tiers: [{ from: '0', pays: '100%' }],
    });
    const until = { effective: { from: '2025-01-01', to: '2027-06-30' } };
    const left = (component: object) =>
      walked(sold(company(commission(), { ...until, components: [commission(), component] }, { to: '2025-03-31' })));
    expect(left(target('plan'))).toEqual(expect.arrayContaining(['2026-02', '2027-05', '2027-06']));
    expect(left(target('month'))).not.toContain('2026-02');
  });

  it('have every later one where excess is carried, because each has room', () => {
    const bonus = {
      name: 'Bonus',
      measure: 'revenue',
      per: 'quarter',
      target: '900',
      tiers: [{ from: '0', pays: '300%' }],
      cap: { share: '200%', excess: 'carried' },
    };
    const capped = commission({ cap: { amount: '100', per: 'month', excess: 'carried' } });
    const years = count('2025-01', '2095-12');
    expect(walked(sold(company(bonus)))).toHaveLength(years);
    expect(walked(sold(company(capped)))).toHaveLength(years);
    expect(
      walked(sold(company(commission(), { cap: { amount: '100', per: 'month', excess: 'carried' } }))),
    ).toHaveLength(years);
    expect(walked(sold(company(commission({ cap: { amount: '100', per: 'month' } })))).length).toBeLessThan(15);
  });

  it('have those of each plan that draws, whichever is published first', () => {
    const draws = (from: string, to: string) => ({
      effective: { from, to },
      draw: { amount: '100', recoverable: 'no' },
      components: [commission()],
    });
    const story = sold(new Story().person('ann', 'AE', '2025-01-01'))
      .plan('Late', draws('2040-01-01', '2040-03-31'))
      .plan('Early', draws('2030-01-01', '2030-06-30'))
      .plan('Within', draws('2030-02-01', '2030-03-31'));
    const names = walked(story);
    expect(names).toEqual(expect.arrayContaining(['2030-01', '2030-05', '2030-06', '2040-02', '2040-03']));
    expect(names.filter((name) => name > '2031' && name < '2040')).toEqual([]);
  });

  it('have the periods in which instalments are taken and pay is released after its time', () => {
    const story = sold(company(commission({ clawback: { take: '100%', instalments: '5' } }))).cancel(
      'D1',
      '2026-02-10',
    );
    expect(walked(story)).toEqual(expect.arrayContaining(['2026-03', '2026-04', '2026-05', '2026-06']));
    expect(walked(story).length).toBeLessThan(40);
    const released = sold(company(commission({ release: { after: '30 months' } })));
    expect(walked(released)).toContain('2027-09');
    expect(walked(released).at(-1)! < '2029').toBe(true);
    const approved = sold(company(commission({ release: 'approval' }))).record('release-crm:D1', {
      type: 'ReleaseApproved',
      data: { of: 'deals', source: 'crm', id: 'D1', component: 'Commission', participant: null, date: '2033-04-12' },
    });
    expect(walked(approved)).toContain('2033-04');
    expect(() => walked(sold(company(commission({ release: { after: '9999 years' } }))))).not.toThrow();
  });

  it('have the quarter’s last month for a component that pays quarterly, and the adjusted period', () => {
    const story = company(commission({ pays: 'quarterly' }))
      .at('2025-04-10')
      .sold('ann', 'D1', 10000, '2025-04-10');
    story.record('adjustment-a', {
      type: 'AdjustmentProposed',
      data: {
        adjustment: 'a',
        participant: 'ann',
        period: '2031-05',
        amount: '10',
        plan: null,
        record: null,
        for: null,
        reason: 'r',
      },
    } as never);
    story.record('adjustment-a', {
      type: 'AdjustmentApproved',
      data: { adjustment: 'a', participant: 'ann' },
    } as never);
    expect(walked(story)).toEqual(expect.arrayContaining(['2025-06', '2031-05']));
  });

  it('begin with the one that has the differences of those that are closed', () => {
    const story = sold(company()).close('2026-04').at('2026-06-02').reprice('D1', 12000);
    const names = walked(story);
    expect(names).toEqual(expect.arrayContaining(['2026-04', '2026-05']));
    expect(story.history().statement({ participant: 'ann', period: '2026-05' }).lines).toHaveLength(1);
    expect(names.at(-1)).toBe('2026-05');
  });

  it('are counted once for a draw, however far the day is', () => {
    const asked = (asOf: string) => {
      const rows = jest.spyOn(World.prototype, 'rows');
      const found = sold(company(commission(), { draw: { amount: '1000', recoverable: 'no' } }))
        .history()
        .rows(asOf);
      const { length } = rows.mock.calls;
      rows.mockRestore();
      return { draws: found.filter(({ kind }) => kind === 'draw').length, length };
    };
    const [near, far] = [asked('2034-12-31'), asked('2094-12-31')];
    expect([near.draws, far.draws]).toEqual([10 * 12 - 1, 70 * 12 - 1]);
    expect(far.length).toBeLessThan(10 * near.length);
  });

  it('follow the facts known at an earlier instant', () => {
    const story = sold(company());
    const { recorded } = story.facts.at(-1)!;
    story.at('2025-08-01').sold('ann', 'D2', 100, '2061-07-02');
    expect(
      story
        .history()
        .payPeriods(FAR, recorded)
        .map(({ name }) => name),
    ).not.toContain('2061-07');
    expect(walked(story)).toContain('2061-07');
  });
});
