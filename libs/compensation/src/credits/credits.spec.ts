import { describe, expect, it } from '@jest/globals';
import { Exact } from '@attain/values';
import { FactHistory } from '../answers/history.js';
import { OPEN } from '../facts/view.js';
import { Story } from '../testing/story.js';
import { creditsOf, prepareCredits } from './credits.js';
import { participant, type WhatCounts } from './subjects.js';

const from = '2025-01-01';
const measures = {
  revenue: { counts: 'amount', of: 'deals' },
  wins: { counts: '1', of: 'deals' },
  size: { is: 'revenue / wins' },
};
const company = (credit: unknown = 'sales', more: Record<string, unknown> = {}) =>
  new Story({ measures })
    .person('max', 'AE', from, { team: 'North', region: 'EU' })
    .person('ann', 'Rep', from, { manager: 'max', team: 'North', region: 'EU' })
    .person('bob', 'Rep', from, { team: 'South', region: 'US' })
    .plan('AE', { effective: { from }, components: [{ name: 'C', measure: 'revenue', rate: '10%', credit, ...more }] })
    .at('2025-01-05');
const relation = (story: Story, to: string | null) =>
  story.record('relation-bob', {
    type: 'RelationRecorded',
    data: { person: 'bob', relation: 'mentor', other: 'max', from: '2025-01-15', to },
  });
const days = (story: Story, owner: string) =>
  ['2025-01-14', '2025-01-15', '2025-01-20', '2025-01-21'].reduce(
    (sold, day) => sold.sold(owner, `${owner} ${day.slice(8)}`, 1000, day),
    story,
  );
const credited = (story: Story, participant = 'max', cut = {}) =>
  story
    .history()
    .earned({ participant, period: '2025-01' }, cut)
    .lines.map(({ record, earned }) => [record?.id, earned]);

describe('The credit `reports`', () => {
  const sold = (credit: unknown) =>
    company(credit)
      .sold('max', 'own', 1000, '2025-01-10')
      .sold('ann', 'of a report', 1000, '2025-01-11')
      .sold('bob', 'of somebody else', 1000, '2025-01-12');

  it('alone does not credit a manager with the own sales', () => {
    expect(credited(sold('reports'))).toEqual([['of a report', '100.00']]);
  });
  it('alone does not credit the own part of a deal that is shared with a report', () => {
    const shared = (credit: unknown) =>
      company(credit).sold('max', 'shared', 1000, '2025-01-10').split('shared', { max: '70%', ann: '30%' });
    expect(credited(shared('reports'))).toEqual([['shared', '30.00']]);
    expect(credited(shared('sales'))).toEqual([['shared', '70.00']]);
    expect(credited(shared(['sales', 'reports']))).toEqual([['shared', '100.00']]);
  });
  it('credits own and reports’ sales together with `sales`; `sales` alone credits only own sales', () => {
    expect(credited(sold(['sales', 'reports']))).toEqual([
      ['own', '100.00'],
      ['of a report', '100.00'],
    ]);
    expect(credited(sold('sales'))).toEqual([['own', '100.00']]);
    expect(credited(sold('all'))).toHaveLength(3);
  });
  it('credits the deals of somebody below somebody below', () => {
    const story = company('reports')
      .person('zoe', 'Rep', from, { manager: 'ann' })
      .sold('zoe', 'Z', 1000, '2025-01-11');
    expect(credited(story)).toEqual([['Z', '100.00']]);
  });
});

describe('The credit `through` a relation', () => {
  it('applies from the first to the last day of the relation, both included', () => {
    expect(credited(days(relation(company('through mentor'), '2025-01-20'), 'bob'))).toEqual([
      ['bob 15', '100.00'],
      ['bob 20', '100.00'],
    ]);
  });
  it('has no end if the relation has none', () => {
    expect(credited(days(relation(company('through mentor'), null), 'bob')).map(([id]) => id)).toEqual([
      'bob 15',
      'bob 20',
      'bob 21',
    ]);
  });
  it('applies only to the named relation, and only in its direction', () => {
    expect(credited(days(relation(company('through partner'), null), 'bob'))).toEqual([]);
    expect(credited(days(relation(company('through mentor'), null), 'ann'))).toEqual([]);
  });
});

describe('A credit', () => {
  it('counts on the last day that a cut reaches, and not on the next', () => {
    const story = days(company(), 'max');
    expect(credited(story, 'max', { effective: '2025-01-15' }).map(([id]) => id)).toEqual(['max 14', 'max 15']);
    expect(credited(story, 'max', { effective: '2025-01-13' })).toEqual([]);
  });
  it('without a known rate moves nothing, also for deals recorded after the first question', () => {
    const story = company().sold('max', 'A', 1000, '2025-01-10');
    const history = story.history();
    const asked = () =>
      history.earned({ participant: 'max', period: '2025-01' }).lines.map(({ record, earned }) => [record?.id, earned]);
    const then = (more: () => unknown) => {
      const known = story.facts.length;
      more();
      history.append(story.facts.slice(known));
      return asked();
    };
    expect(asked()).toEqual([['A', '100.00']]);
    expect(then(() => story.sold('max', 'B', 500, '2025-01-11', { currency: 'EUR' }))).toEqual([['A', '100.00']]);
    expect(history.exceptions().map(({ code, record }) => [code, record?.id])).toEqual([['RATE_MISSING', 'B']]);
    expect(then(() => story.sold('max', 'C', 300, '2025-01-09'))).toEqual([
      ['C', '30.00'],
      ['A', '100.00'],
    ]);
    expect(then(() => story.rate('EUR', 'USD', '2025-01-01', '1.1'))).toEqual([
      ['C', '30.00'],
      ['A', '100.00'],
      ['B', '55.00'],
    ]);
  });
  it('consists of the shares of a split, and of overlays if the rule counts them', () => {
    const split = (credit: unknown) =>
      company(credit).sold('bob', 'S', 1000, '2025-01-10').split('S', { bob: '60%', max: '40%' }, { max: '25%' });
    expect(credited(split('sales'))).toEqual([['S', '40.00']]);
    expect(credited(split('overlay'))).toEqual([['S', '25.00']]);
    expect(credited(split(['sales', 'overlay']))).toEqual([['S', '65.00']]);
  });
  it('of an overlay is one where nobody but the owner has the revenue', () => {
    const story = (credit: unknown) =>
      company(credit).sold('bob', 'S', 1000, '2025-01-10').split('S', {}, { max: '25%' });
    expect(credited(story('overlay'))).toEqual([['S', '25.00']]);
    expect(credited(story(['sales', 'overlay']))).toEqual([['S', '25.00']]);
    expect(credited(story('sales'))).toEqual([]);
  });
  it('ends when the record is no longer split with the participant', () => {
    const split = (credit: unknown) =>
      company(credit).sold('bob', 'S', 1000, '2025-01-10').split('S', { max: '50%', bob: '50%' }, { max: '10%' });
    expect(credited(split(['sales', 'overlay']))).toEqual([['S', '60.00']]);
    expect(credited(split(['sales', 'overlay']).split('S', { bob: '100%' }, { ann: '10%' }))).toEqual([]);
  });
  it('is never more than the whole record', () => {
    const story = company(['sales', 'overlay']).sold('max', 'S', 1000, '2025-01-10').split('S', {}, { max: '30%' });
    expect(credited(story)).toEqual([['S', '100.00']]);
  });
  it('by a condition counts the records of every seller', () => {
    const story = company([{ all: 'amount >= 1000' }]).sold('bob', 'B', 1000, '2025-01-10');
    expect(credited(story.sold('bob', 'small', 999, '2025-01-10'))).toEqual([['B', '100.00']]);
  });
});

describe('Credits of others', () => {
  it('follow sales that others record after the first question', () => {
    for (const credit of ['all', 'reports', 'through mentor', [{ all: 'amount >= 1000' }]]) {
      const story = relation(company(credit), null).sold('ann', 'A', 1000, '2025-01-20');
      const history = story.history();
      const ids = () => history.earned({ participant: 'max', period: '2025-01' }).lines.map(({ record }) => record?.id);
      const before = ids();
      const known = story.facts.length;
      story.sold('ann', 'A2', 1000, '2025-01-21').sold('bob', 'B2', 1000, '2025-01-21');
      history.append(story.facts.slice(known));
      expect(ids()).toEqual(credited(story).map(([id]) => id));
      expect(ids().length).toBeGreaterThan(before.length);
    }
  });
  it('go up a circle of managers no further than once around', () => {
    const story = company('reports')
      .person('max', 'AE', '2025-01-15', { manager: 'ann' })
      .sold('ann', 'A1', 1000, '2025-01-10')
      .sold('ann', 'A2', 1000, '2025-01-20');
    expect(credited(story)).toEqual([
      ['A1', '100.00'],
      ['A2', '100.00'],
    ]);
  });
});

describe('A sum of records of several kinds', () => {
  it('is credited record by record, of everybody where the rule is `all`', () => {
    const sum = {
      revenue: { counts: 'amount', of: 'deals' },
      billed: { counts: 'amount', of: 'invoices' },
      both: { is: 'revenue + billed' },
    };
    const story = (credit: unknown) =>
      new Story({ measures: sum })
        .person('max', 'AE', from)
        .person('bob', 'Rep', from)
        .plan('AE', { effective: { from }, components: [{ name: 'C', measure: 'both', rate: '10%', credit }] })
        .sold('bob', 'D', 1000, '2025-01-10')
        .record('invoice-crm:I', {
          type: 'InvoiceRecorded',
          data: {
            source: 'crm',
            id: 'I',
            deal: { source: 'crm', id: 'D' },
            fields: { date: '2025-01-15', amount: '200' },
          },
        });
    expect(credited(story('all'))).toEqual([
      ['D', '100.00'],
      ['I', '20.00'],
    ]);
    expect(credited(story('sales'))).toEqual([]);
  });
});

describe('Reversals on their own days', () => {
  const dated = { measures: { revenue: { counts: 'amount', of: 'deals', reversals: 'dated' } } };
  const sold = () =>
    new Story(dated)
      .person('max', 'AE', from)
      .plan('AE', {
        components: [{ name: 'C', measure: 'revenue', per: 'month', tiers: [{ from: '0', rate: '10%' }] }],
      })
      .sold('max', 'D', 1000, '2025-01-10', { time: '12:00' });
  it('follow their record on its day and precede records of later days', () => {
    const story = sold()
      .sold('max', 'E', 500, '2025-01-10', { time: '15:00' })
      .sold('max', 'F', 200, '2025-01-11')
      .cancel('D', '2025-01-10', 400)
      .cancel('D', '2025-01-11', 600);
    expect(credited(story)).toEqual([
      ['D', '100.00'],
      ['D', '-40.00'],
      ['E', '50.00'],
      ['D', '-60.00'],
      ['F', '20.00'],
    ]);
  });
  it('follow a record without a time', () => {
    const story = sold().sold('max', 'A', 500, '2025-01-10').cancel('A', '2025-01-10');
    expect(credited(story)).toEqual([
      ['A', '50.00'],
      ['A', '-50.00'],
      ['D', '100.00'],
    ]);
  });
});

describe('Thousands of credits', () => {
  it('are computed in steps, in the order of their days, and are remembered', () => {
    const story = company();
    const days = ['2025-01-20', '2025-01-05', '2025-01-12'];
    for (let index = 0; index < 2_500; index += 1) story.sold('max', `D${index}`, index, days[index % 3]!);
    const history = new FactHistory();
    history.append(story.facts);
    const world = history.world({ effective: OPEN, position: Number(history.head) });
    const { version } = world.plans()[0]!.versions[0]!;
    const [{ measure, credit }] = version.components as [(typeof version.components)[number]];
    const of = [world, participant('max'), measure, credit, { currency: 'USD' }] as const;
    const steps = [...prepareCredits(...of)].length;
    expect(steps).toBeGreaterThan(12);
    expect(steps).toBeLessThan(30);
    expect([...prepareCredits(...of)]).toHaveLength(0);
    const { list, columns } = creditsOf(...of);
    expect(list.map(({ date }) => date)).toEqual(list.map(({ date }) => date).toSorted());
    expect([...columns!.full].reduce((sum, cents) => sum + cents, 0)).toBe((100 * 2_499 * 2_500) / 2);
    expect(list.every(({ full, left }) => full.equals(left) && !full.equals(Exact.of(-1)))).toBe(true);
    expect(creditsOf(...of).list).toBe(list);
  });
});

describe('Attainment', () => {
  const sold = () =>
    company()
      .quota('max', 'revenue', '2025-01', 4000)
      .sold('max', 'A', 1000, '2025-01-01')
      .sold('max', 'B', 2000, '2025-01-31')
      .sold('max', 'next', 500, '2025-02-01')
      .sold('max', 'gone', 700, '2025-01-12')
      .cancel('gone', '2025-01-13')
      .sold('ann', 'of ann', 600, '2025-01-15');
  const of = (story: Story, participant: string, measure: string, more: Partial<WhatCounts> = {}) => {
    const { amount, attained, records, quota, as } = story
      .history()
      .attainment({ for: { participant }, measure, period: '2025-01', ...more });
    const numbers = [amount, quota, attained].map((one) => one?.toString() ?? null);
    return [...numbers, ...records.map(({ record }) => record.id), ...as];
  };

  it('counts the records of the period, its first and last day among them, without those that were cancelled', () => {
    expect(of(sold(), 'max', 'revenue')).toEqual(['3000', '4000', '0.75', 'A', 'B', 'sales']);
  });
  it('is by the credit of the quota, unless another one is asked for', () => {
    const story = sold().quota('max', 'wins', '2025-01', 2, ['reports']);
    expect(of(story, 'max', 'wins')).toEqual(['1', '2', '0.5', 'of ann', 'reports']);
    expect(of(story, 'max', 'wins', { as: ['sales'] })).toEqual(['2', '2', '1', 'A', 'B', 'sales']);
  });
  it('is undefined without a quota, or with a quota of 0', () => {
    expect(of(sold(), 'ann', 'revenue')).toEqual(['600', null, null, 'of ann', 'sales']);
    expect(of(sold().quota('ann', 'revenue', '2025-01', 0), 'ann', 'revenue').slice(0, 3)).toEqual(['600', '0', null]);
  });
  it('of a ratio is the ratio, and 0 of nothing', () => {
    expect(of(sold(), 'max', 'size')).toEqual(['1500', null, '1500', 'sales']);
    expect(of(sold(), 'bob', 'size')).toEqual(['0', null, null, 'sales']);
  });
  it('of a team, of a region and of the company is that of their people', () => {
    const history = sold().sold('bob', 'of bob', 40, '2025-01-15').history();
    const sum = (whose: WhatCounts['for']) =>
      history.attainment({ measure: 'revenue', period: '2025-01', for: whose }).amount.toString();
    expect(sum({ team: 'North' })).toBe('3600');
    expect(sum({ region: 'US' })).toBe('40');
    expect(sum({ region: 'EU' })).toBe('3600');
    expect(sum({ company: true })).toBe('3640');
  });
});

describe('The kinds of credit of a participant', () => {
  it('are those of the plans and of the quotas, of which one without a credit is of the sales', () => {
    const kinds = (story: Story, participant: string) => [...story.history().creditKinds(participant)].sort();
    expect(kinds(company(['reports', 'through mentor']), 'max')).toEqual(['reports', 'through']);
    expect(kinds(company('all'), 'max')).toEqual(['all']);
    expect(kinds(company(), 'bob')).toEqual([]);
    expect(kinds(company().quota('bob', 'revenue', '2025', 1, []), 'bob')).toEqual(['sales']);
    expect(kinds(company().quota('bob', 'revenue', '2025', 1, ['overlay']), 'bob')).toEqual(['overlay']);
  });
});
