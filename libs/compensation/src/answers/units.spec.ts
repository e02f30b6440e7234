import { describe, expect, it } from '@jest/globals';
import { Exact } from '@attain/values';
import { Story } from '../testing/story.js';
import { unitBalance, unitEntries, unitsIn } from './units.rules.js';

const dayOff = {
  name: 'Day off',
  unit: 'day off',
  measure: 'revenue',
  per: 'quarter',
  target: '1',
  tiers: [
    { from: '100%', pays: '100%' },
    { from: '120%', pays: '200%' },
  ],
};
const points = { name: 'Points', unit: 'points', measure: 'deals', each: '10' };
const flat = { name: 'Flat', measure: 'revenue', rate: '10%' };
const measures = { revenue: { counts: 'amount', of: 'deals' }, deals: { counts: '1', of: 'deals' } };
const company = (components: object[], plan: object = {}, settings: object = {}) =>
  new Story({ measures, ...settings })
    .person('ann', 'AE', '2025-01-01')
    .plan('AE', { effective: { from: '2025-01-01' }, components, ...plan });
const statement = (story: Story, period: string) => story.history().statement({ participant: 'ann', period });
const lines = (story: Story, period: string) =>
  statement(story, period).lines.map(
    ({ kind, component, record, earned, earnedCurrency, payable, payableCurrency }) =>
      `${kind} ${component} ${record?.id ?? 'window'} ${earned} ${earnedCurrency} ${payable} ${payableCurrency}`,
  );
const units = (story: Story, period: string) => unitsIn(statement(story, period).lines);
const balance = (story: Story, unit: string, to: string, known?: string) =>
  unitBalance(story.history(), { participant: 'ann', unit }, to, known === undefined ? {} : { known }).toString();

describe('A unit other than money', () => {
  const story = () =>
    company([flat, dayOff]).quota('ann', 'revenue', '2025-Q1', 1000).sold('ann', 'D1', 1200, '2025-03-15');

  it('has a line of its own and is never added to money', () => {
    expect(lines(story(), '2025-03')).toEqual([
      'earning Flat D1 120.00 USD 120.00 USD',
      'earning Day off window 2.00 day off 2.00 day off',
    ]);
    expect(statement(story(), '2025-03')).toMatchObject({
      earned: '120.00',
      payable: '120.00',
      currency: 'USD',
      components: [
        { component: 'Flat', earned: '120.00', payable: '120.00' },
        { component: 'Day off', earned: '2.00', payable: '0.00' },
      ],
    });
    expect(units(story(), '2025-03')).toEqual([{ unit: 'day off', amount: '2.00' }]);
  });

  it('is a row of statements, with the credit rounded to the plan’s minor unit as in the rows of earnings', () => {
    const paidInPoints = company([{ name: 'Points', unit: 'point', measure: 'revenue', rate: '1%' }], {
      currency: 'JPY',
    })
      .rate('USD', 'JPY', '2025-01-01', '150.01')
      .sold('ann', 'D1', 1200.5, '2025-03-15')
      .history();
    const rows = paidInPoints.statementRows(paidInPoints.statement({ participant: 'ann', period: '2025-03' }));
    expect(rows).toMatchObject([{ component: 'Points', credited: '180087', payableCurrency: 'point' }]);
    expect(rows.map(({ credited, payable }) => [credited, payable])).toEqual(
      paidInPoints.rows('2025-03-31').map(({ credited, payable }) => [credited, payable]),
    );
  });

  it('is converted into no pay currency, and needs no rate', () => {
    const abroad = story()
      .person('ann', 'AE', '2025-01-01', { currency: 'EUR' })
      .rate('USD', 'EUR', '2025-01-01', '0.5');
    expect(lines(abroad, '2025-03')).toEqual([
      'earning Flat D1 120.00 USD 60.00 EUR',
      'earning Day off window 2.00 day off 2.00 day off',
    ]);
    const alone = company([dayOff])
      .person('ann', 'AE', '2025-01-01', { currency: 'JPY' })
      .quota('ann', 'revenue', '2025-Q1', 1000)
      .sold('ann', 'D1', 1200, '2025-03-15');
    expect(statement(alone, '2025-03')).toMatchObject({ payable: '0', currency: 'JPY', exceptions: [] });
  });

  it('is paid for each unit of a measure, as a share of money, along a curve and as a prize', () => {
    const curve = {
      name: 'Curve',
      unit: 'points',
      measure: 'revenue',
      per: 'month',
      curve: [
        { at: '0', earns: '0' },
        { at: '100', earns: '1' },
      ],
      beyond: 'continue',
    };
    const share = { name: 'Share', unit: 'points', measure: 'revenue', rate: '1%', currency: 'JPY' };
    const contest = {
      name: 'Contest',
      unit: 'day off',
      per: 'month',
      contest: { rank: 'revenue', prizes: ['2', '1'] },
    };
    const all = company([points, curve, share, contest])
      .rate('USD', 'JPY', '2025-01-01', '150')
      .sold('ann', 'D1', 1200, '2025-01-15');
    expect(lines(all, '2025-01')).toEqual([
      'earning Points D1 10.00 points 10.00 points',
      'earning Curve D1 12.00 points 12.00 points',
      'earning Share D1 1800.00 points 1800.00 points',
      'earning Contest window 2.00 day off 2.00 day off',
    ]);
    expect(units(all, '2025-01')).toEqual([
      { unit: 'points', amount: '1822.00' },
      { unit: 'day off', amount: '2.00' },
    ]);
  });

  it('is capped, held and taken back in its own unit', () => {
    const capped = company([{ ...points, cap: { amount: '15', per: 'month' } }])
      .sold('ann', 'D1', 1, '2025-01-15')
      .sold('ann', 'D2', 1, '2025-01-16');
    expect(lines(capped, '2025-01')).toEqual([
      'earning Points D1 10.00 points 10.00 points',
      'earning Points D2 10.00 points 10.00 points',
      'cap Points D2 -5.00 points -5.00 points',
    ]);
    const held = company([{ ...points, release: { after: '30 days' } }]).sold('ann', 'D1', 1, '2025-01-15');
    expect(statement(held, '2025-01')).toMatchObject({ held: [{ currency: 'points', amount: '10.00' }] });
    expect(units(held, '2025-01')).toEqual([{ unit: 'points', amount: '0.00' }]);
    expect(units(held, '2025-02')).toEqual([{ unit: 'points', amount: '10.00' }]);
  });

  it('joins no draw, no carried negative and no cap of the plan', () => {
    const drawn = company([points, flat], { draw: { amount: '100' }, cap: { amount: '5', per: 'month' } }).sold(
      'ann',
      'D1',
      40,
      '2025-01-15',
    );
    expect(lines(drawn, '2025-01')).toEqual([
      'earning Points D1 10.00 points 10.00 points',
      'earning Flat D1 4.00 USD 4.00 USD',
      'draw  window 0.00 USD 96.00 USD',
    ]);
    expect(
      drawn
        .history()
        .rows('2025-01-31')
        .map(({ kind, payable }) => `${kind} ${payable}`),
    ).toEqual(['draw 96.00', 'earning 4.00', 'earning 10.00']);
  });

  it('does not round to the step of money', () => {
    const stepped = company([{ ...points, each: '0.03' }, flat], { rounding: { to: '0.05' } }).sold(
      'ann',
      'D1',
      '0.3',
      '2025-01-15',
    );
    expect(lines(stepped, '2025-01')).toEqual([
      'earning Points D1 0.03 points 0.03 points',
      'earning Flat D1 0.05 USD 0.05 USD',
    ]);
  });

  it('is earned by itself where its component is asked for, and beside money only listed', () => {
    const earned = (component?: string) => {
      const {
        amount,
        currency,
        lines: own,
      } = story()
        .history()
        .earned({ participant: 'ann', period: '2025-Q1', ...(component !== undefined && { component }) });
      return [amount.toString(), currency, own.length];
    };
    expect(earned()).toEqual(['120', 'USD', 2]);
    expect(earned('Day off')).toEqual(['2', 'day off', 1]);
  });

  it('is only listed where points and days off are earned and no money', () => {
    const both = () =>
      company([dayOff, points]).quota('ann', 'revenue', '2025-Q1', 1000).sold('ann', 'D1', 1200, '2025-03-15');
    const history = both().history();
    const { amount, currency, lines: listed } = history.earned({ participant: 'ann', period: '2025-Q1' });
    expect([String(amount), currency, listed.length]).toEqual(['0', 'USD', 2]);
    expect(
      history.difference({ participant: 'ann', period: '2025-Q1' }, { effective: '2025-01-31' }, {}),
    ).toMatchObject({ currency: 'USD', causes: [] });
  });

  it('explains itself in its unit', () => {
    const [, line] = statement(story(), '2025-03').lines;
    expect(line!.trace.rule).toBe(
      'AE 1, Day off: 200% of the target 1 day off for 2025-Q1; revenue reached 1200 of the quota 1000',
    );
    expect(line!.trace).toMatchObject({
      unrounded: '2',
      rounding: 'half-up to 0.01 day off',
      slices: [{ credited: '1', rate: '200%', amount: '2' }],
    });
  });
});

describe('A balance of a unit', () => {
  const recorded = () =>
    company([points])
      .at('2025-01-20')
      .sold('ann', 'D1', 1, '2025-01-15')
      .close('2025-01')
      .at('2025-02-10')
      .sold('ann', 'D2', 1, '2025-01-20')
      .sold('ann', 'D3', 1, '2025-02-05')
      .close('2025-02')
      .at('2025-03-05')
      .cancel('D1', '2025-03-04')
      .close('2025-03');

  it('is the sum of all statements, with the differences of closed periods', () => {
    expect(unitEntries(['2025-01', '2025-02', '2025-03'].map((period) => statement(recorded(), period)))).toEqual([
      { participant: 'ann', unit: 'points', date: '2025-01-31', period: '2025-01', amount: '10.00', balance: '10.00' },
      { participant: 'ann', unit: 'points', date: '2025-02-28', period: '2025-02', amount: '20.00', balance: '30.00' },
      { participant: 'ann', unit: 'points', date: '2025-03-31', period: '2025-03', amount: '-10.00', balance: '20.00' },
    ]);
    expect([
      balance(recorded(), 'points', '2025-01-31'),
      balance(recorded(), 'points', '2025-02-28'),
      balance(recorded(), 'points', '2025-03-31'),
      balance(recorded(), 'day off', '2025-03-31'),
    ]).toEqual(['10', '30', '20', '0']);
  });

  it('counts a period when it has ended, also before it is closed, by what was known', () => {
    const open = company([points])
      .at('2025-01-20')
      .sold('ann', 'D1', 1, '2025-01-15')
      .at('2025-02-10')
      .sold('ann', 'D2', 1, '2025-01-20');
    expect([
      balance(open, 'points', '2025-01-30'),
      balance(open, 'points', '2025-01-31'),
      balance(open, 'points', '2025-01-31', '2025-02-01T00:00:00.000Z'),
    ]).toEqual(['0', '20', '10']);
  });

  it('is kept apart for everybody and every unit', () => {
    const line = (payable: string, payableCurrency: string) => ({ payable, payableCurrency });
    const entries = unitEntries([
      {
        participant: 'bob',
        period: '2025-01',
        cut: { effective: '2025-01-31', known: '' },
        lines: [line('1.00', 'points')],
      },
      {
        participant: 'ann',
        period: '2025-02',
        cut: { effective: '2025-02-28', known: '' },
        lines: [line('2.00', 'points'), line('5.00', 'USD'), line('0.50', 'day off')],
      },
      {
        participant: 'ann',
        period: '2025-01',
        cut: { effective: '2025-01-31', known: '' },
        lines: [line('3.00', 'points'), line('-3.00', 'points'), line('1.00', 'day off')],
      },
    ]);
    expect(
      entries.map(({ participant, unit, period, amount, balance: after }) =>
        [participant, unit, period, amount, after].join(' '),
      ),
    ).toEqual([
      'ann day off 2025-01 1.00 1.00',
      'ann day off 2025-02 0.50 1.50',
      'ann points 2025-02 2.00 2.00',
      'bob points 2025-01 1.00 1.00',
    ]);
  });
});

describe('The cap of a plan beside a component in another currency', () => {
  const cap = { amount: '100', per: 'month' };
  const paid = (story: Story, period = '2025-01') =>
    statement(story, period).lines.map(
      ({ kind, component, record, earned, earnedCurrency }) =>
        `${kind} ${component} ${record?.id} ${earned} ${earnedCurrency}`,
    );
  const both = (plan: object = {}) =>
    company([flat, { ...flat, name: 'Euro', currency: 'EUR' }], { cap, ...plan })
      .rate('USD', 'EUR', '2025-01-01', '0.5')
      .rate('EUR', 'USD', '2025-01-01', '2')
      .rate('EUR', 'USD', '2025-01-31', '1.25');

  it('counts its lines at their worth in the plan’s currency on the pay date', () => {
    // 80 USD and 40 EUR, which are 50 USD.
    expect(paid(both().sold('ann', 'D1', 800, '2025-01-15'))).toEqual([
      'earning Flat D1 80.00 USD',
      'earning Euro D1 40.00 EUR',
      'cap Euro D1 -24.00 EUR',
    ]);
    expect(paid(both({ convert: { pay: 'on credit date' } }).sold('ann', 'D1', 800, '2025-01-15'))).toEqual([
      'earning Flat D1 80.00 USD',
      'earning Euro D1 40.00 EUR',
      'cap Euro D1 -30.00 EUR',
    ]);
    expect(
      paid(both({ convert: { pay: 'at plan rate' }, planRates: { EUR: '1' } }).sold('ann', 'D1', 800, '2025-01-15')),
    ).toEqual(['earning Flat D1 80.00 USD', 'earning Euro D1 40.00 EUR', 'cap Euro D1 -20.00 EUR']);
  });

  it('reports a missing rate and does not count the line', () => {
    const story = company([{ ...flat, currency: 'EUR' }], { cap })
      .rate('USD', 'EUR', '2025-01-01', '0.5')
      .sold('ann', 'D1', 8000, '2025-01-15')
      .person('ann', 'AE', '2025-01-01', { currency: 'EUR' });
    expect(paid(story)).toEqual(['earning Flat D1 400.00 EUR']);
    expect(statement(story, '2025-01').exceptions.map(({ code, detail }) => `${code} ${detail}`)).toEqual([
      'RATE_MISSING no rate from EUR to USD on 2025-01-31: it does not count for the cap of the plan',
    ]);
  });

  it('cuts whole lines by their worth at any rate', () => {
    const story = both({ cap: { amount: '0.01', per: 'month' } }).sold('ann', 'D1', '800.03', '2025-01-15');
    const left = statement(story, '2025-01').lines.reduce(
      (sum, { earned, component }) => (component === 'Euro' ? sum.plus(Exact.parse(earned)) : sum),
      Exact.zero,
    );
    expect(left.toString()).toBe('0');
  });
});
