import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const capped = (cap: object, more: object = {}) => ({
  name: 'C',
  measure: 'revenue',
  rate: '10%',
  cap: { excess: 'carried', ...cap },
  ...more,
});
const company = (component: object, pays = 'monthly', to?: string) =>
  new Story()
    .person('ann', 'AE', '2025-01-01', to === undefined ? {} : { to })
    .plan('AE', { pays, components: [component] });
const statement = (story: Story, period: string) => {
  const { payable, lines } = story.history().statement({ participant: 'ann', period });
  return [
    payable,
    ...lines.map(({ kind, for: concerns, record, earned, payable: paid, cause }) =>
      [
        kind,
        ...(concerns === null ? [] : [concerns]),
        ...(record === null ? [] : [record.id]),
        earned === '0.00' ? paid : earned,
        ...(cause === null ? [] : [cause.kind]),
      ].join(' '),
    ),
  ];
};

describe('carried excess of the cap of a plan', () => {
  const two = (cap: object, ...more: object[]) => {
    const components = [
      { name: 'New', measure: 'revenue', rate: '10%', where: 'type = "new"', ...more[0] },
      { name: 'Old', measure: 'revenue', rate: '10%', where: 'type = "old"', ...more[1] },
    ];
    return new Story().person('ann', 'AE', '2025-01-01').plan('AE', { cap: { excess: 'carried', ...cap }, components });
  };
  const byComponent = (story: Story, period: string) => {
    const { payable, lines } = story.history().statement({ participant: 'ann', period });
    return [
      payable,
      ...lines.map((line) => `${line.kind} ${line.component} ${line.payable === '0.00' ? line.earned : line.payable}`),
    ];
  };

  it('counts all components, falls on the last lines, and is paid when a later period has room', () => {
    const story = two({ amount: '100', per: 'month' })
      .sold('ann', 'A', 800, '2025-01-10', { type: 'new' })
      .sold('ann', 'B', 900, '2025-01-20', { type: 'old' });
    expect(byComponent(story, '2025-01')).toEqual([
      '100.00',
      'earning New 80.00',
      'earning Old 90.00',
      'hold Old -70.00',
    ]);
    story.close('2025-01').sold('ann', 'C', 500, '2025-02-05', { type: 'new' });
    // The oldest amount is paid first, so the latest one waits.
    expect(byComponent(story, '2025-02')).toEqual([
      '100.00',
      'earning New 50.00',
      'hold New -20.00',
      'release Old 70.00',
    ]);
    expect(byComponent(story.close('2025-02'), '2025-03')).toEqual(['20.00', 'release New 20.00']);
    expect(byComponent(story.close('2025-03'), '2025-04')).toEqual(['0.00']);
  });

  it('does not count amounts that the cap of a component cut or holds', () => {
    const story = two(
      { amount: '100', per: 'month' },
      { cap: { amount: '60', per: 'month' } },
      { cap: { amount: '70', per: 'month', excess: 'carried' } },
    );
    story.sold('ann', 'A', 1000, '2025-01-10', { type: 'new' }).sold('ann', 'B', 1000, '2025-01-20', { type: 'old' });
    expect(byComponent(story, '2025-01')).toEqual([
      '100.00',
      'earning New 100.00',
      'cap New -40.00',
      'earning Old 100.00',
      'hold Old -30.00',
      'hold Old -30.00',
    ]);
    expect(byComponent(story.close('2025-01'), '2025-02')).toEqual(['60.00', 'release Old 30.00', 'release Old 30.00']);
  });

  it('counts pay in another currency at its worth in the plan’s currency, and pay in a unit not at all', () => {
    const dayOff = { name: 'Day off', unit: 'day off', measure: 'revenue', each: undefined, rate: '0.1%' };
    const components = [{ name: 'New', measure: 'revenue', rate: '10%', currency: 'EUR' }, dayOff];
    const story = new Story()
      .rate('USD', 'EUR', '2025-01-01', '0.8')
      .rate('EUR', 'USD', '2025-01-01', '1.25')
      .person('ann', 'AE', '2025-01-01');
    story
      .plan('AE', { cap: { amount: '100', per: 'month', excess: 'carried' }, components })
      .sold('ann', 'A', 1200, '2025-01-10');
    // 96 EUR are 120 USD; 20 USD of them wait, which are 16 EUR.
    expect(byComponent(story, '2025-01')).toEqual([
      '100.00',
      'earning New 120.00',
      'hold New -20.00',
      'earning Day off 1.20',
    ]);
    expect(byComponent(story.close('2025-01'), '2025-02')).toEqual(['20.00', 'release New 20.00']);
    const hold = story.history().explained({ participant: 'ann', period: '2025-01' }).explain(1);
    expect([hold.amount, hold.currency, hold.parts[0]!.from![0]!.amount, hold.parts[0]!.from![0]!.sentence]).toEqual([
      '-20.00',
      'USD',
      '-16.00',
      '16.00 EUR is held: 16.00 EUR is held, 0.00 EUR before: at most 100.00 USD per month of all components of the plan, the excess is carried',
    ]);
  });

  it('without a rate does not count pay in another currency, which is an exception', () => {
    const story = new Story().rate('USD', 'EUR', '2025-01-01', '0.8').person('ann', 'AE', '2025-01-01');
    story
      .plan('AE', {
        cap: { amount: '100', per: 'month', excess: 'carried' },
        components: [{ name: 'New', measure: 'revenue', rate: '10%', currency: 'EUR' }],
      })
      .sold('ann', 'A', 12000, '2025-01-10');
    const { lines, exceptions } = story.history().statement({ participant: 'ann', period: '2025-01' });
    expect([lines.map(({ kind }) => kind), exceptions.map(({ detail }) => detail)]).toEqual([
      ['earning'],
      expect.arrayContaining(['no rate from EUR to USD on 2025-01-31: it does not count for the cap of the plan']),
    ]);
  });

  it('of a component that pays less often is held and released at the end of its own pay periods', () => {
    const story = two({ amount: '100', per: 'month' }, {}, { pays: 'quarterly' });
    story
      .sold('ann', 'A', 600, '2025-01-10', { type: 'new' })
      .sold('ann', 'B', 900, '2025-01-20', { type: 'old' })
      .sold('ann', 'C', 1500, '2025-02-10', { type: 'old' });
    expect(byComponent(story, '2025-01')).toEqual(['60.00', 'earning New 60.00']);
    // 150 in January, of which 100 are paid; 50 and 150 in February; 100 in March. So 100 of February wait, and April
    // and May have room for them.
    expect(byComponent(story.close('2025-02'), '2025-03')).toEqual([
      '240.00',
      'earning Old 90.00',
      'earning Old 150.00',
    ]);
    const more = two({ amount: '70', per: 'month' }, {}, { pays: 'quarterly' });
    more.sold('ann', 'B', 900, '2025-01-20', { type: 'old' }).sold('ann', 'C', 2500, '2025-02-10', { type: 'old' });
    expect(byComponent(more.close('2025-02'), '2025-03')).toEqual([
      '210.00',
      'earning Old 90.00',
      'earning Old 250.00',
      'hold Old -130.00',
    ]);
    expect([byComponent(more.close('2025-03'), '2025-04'), byComponent(more.close('2025-05'), '2025-06')]).toEqual([
      ['0.00'],
      ['130.00', 'release Old 130.00'],
    ]);
  });

  it('is paid on leaving, and is a difference where a late fact changes a closed period', () => {
    const leaving = new Story().person('ann', 'AE', '2025-01-01', { to: '2025-02-15' }).plan('AE', {
      cap: { amount: '100', per: 'quarter', excess: 'carried' },
      components: [{ name: 'C', measure: 'revenue', rate: '10%' }],
    });
    leaving.sold('ann', 'A', 1500, '2025-01-10').close('2025-01');
    expect(statement(leaving, '2025-02')).toEqual(['50.00', 'release 50.00']);
    const late = two({ amount: '100', per: 'month' })
      .at('2025-01-10')
      .sold('ann', 'A', 1500, '2025-01-10', { type: 'new' })
      .close('2025-02')
      .at('2025-03-05')
      .reprice('A', 1200);
    expect(statement(late, '2025-03')).toEqual([
      '-30.00',
      'difference 2025-01 A -30.00 changed',
      'difference 2025-01 30.00 changed',
      'difference 2025-02 -30.00 changed',
    ]);
  });

  it('is forfeited up to the version that carries it', () => {
    const components = [{ name: 'C', measure: 'revenue', rate: '10%' }];
    const story = new Story()
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', { cap: { amount: '100', per: 'month' }, components });
    story.plan('AE', {
      version: '2',
      effective: { from: '2025-02-01' },
      cap: { amount: '100', per: 'month', excess: 'carried' },
      components,
    });
    story.sold('ann', 'A', 1500, '2025-01-10').sold('ann', 'B', 1500, '2025-02-10').close('2025-01');
    expect(statement(story, '2025-02')).toEqual(['100.00', 'earning B 150.00', 'hold -50.00']);
    expect(statement(story.close('2025-02'), '2025-03')).toEqual(['50.00', 'release 50.00']);
  });
});

describe('carried excess', () => {
  it('excludes the pay of a version without the cap', () => {
    const story = new Story()
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', { components: [{ name: 'C', measure: 'revenue', rate: '10%' }] });
    story.plan('AE', {
      version: '2',
      effective: { from: '2025-02-01' },
      components: [capped({ amount: '100', per: 'month' })],
    });
    story.sold('ann', 'A', 1500, '2025-01-10').sold('ann', 'B', 800, '2025-02-10').close('2025-01');
    expect(statement(story, '2025-02')).toEqual(['80.00', 'earning B 80.00']);
  });

  it('is earned and held, and paid when a later period has room', () => {
    const story = company(capped({ amount: '100', per: 'month' }))
      .sold('ann', 'A', 2500, '2025-01-10')
      .sold('ann', 'B', 300, '2025-02-10');
    expect(statement(story, '2025-01')).toEqual(['100.00', 'earning A 250.00', 'hold -150.00']);
    expect(statement(story.close('2025-01'), '2025-02')).toEqual(['100.00', 'earning B 30.00', 'release 70.00']);
    expect(statement(story.close('2025-02'), '2025-03')).toEqual(['80.00', 'release 80.00']);
    expect(statement(story.close('2025-03'), '2025-04')).toEqual(['0.00']);
  });

  it('of a longer window waits for the next one, not for the next pay period', () => {
    const story = company(capped({ amount: '100', per: 'quarter' }))
      .sold('ann', 'A', 1500, '2025-01-10')
      .close('2025-01');
    expect(statement(story, '2025-02')).toEqual(['0.00']);
    expect(statement(story.close('2025-03'), '2025-04')).toEqual(['50.00', 'release 50.00']);
  });

  it('goes by the cap of the version that held in each window', () => {
    const story = company(capped({ amount: '100', per: 'month' })).plan('AE', {
      version: '2',
      effective: { from: '2025-02-01' },
      components: [capped({ amount: '150', per: 'month' })],
    });
    story.sold('ann', 'A', 4000, '2025-01-10').sold('ann', 'B', 100, '2025-02-10').close('2025-01');
    expect(statement(story, '2025-02')).toEqual(['150.00', 'earning B 10.00', 'release 140.00']);
  });

  it('that no period will ever pay is not counted out to the end of days', () => {
    const story = company(capped({ amount: '0.01', per: 'month' })).sold('ann', 'A', 9_000_000_000, '2025-01-10');
    expect(statement(story, '2025-01')).toEqual(['0.01', 'earning A 900000000.00', 'hold -899999999.99']);
    expect(statement(story.close('2025-01'), '2025-02')).toEqual(['0.01', 'release 0.01']);
    expect(
      story
        .history()
        .rows()
        .filter(({ kind }) => kind === 'release'),
    ).toEqual([]);
  });

  it('of a cap that is a share of the target waits for the next window, whose target has room for it', () => {
    const target = {
      name: 'Bonus',
      measure: 'revenue',
      per: 'quarter',
      target: '1000',
      curve: [
        { at: '0%', pays: '0%' },
        { at: '100%', pays: '100%' },
      ],
      beyond: 'continue',
      cap: { share: '120%', excess: 'carried' },
    };
    const story = company(target)
      .quota('ann', 'revenue', '2025-Q1', 1000)
      .quota('ann', 'revenue', '2025-Q2', 1000)
      .sold('ann', 'A', 2000, '2025-01-10')
      .sold('ann', 'B', 700, '2025-04-10');
    expect(statement(story, '2025-03')).toEqual(['1200.00', 'earning 2000.00', 'hold -800.00']);
    expect(statement(story.close('2025-03'), '2025-04')).toEqual(['0.00']);
    expect(statement(story.close('2025-05'), '2025-06')).toEqual(['1200.00', 'earning 700.00', 'release 500.00']);
    expect(statement(story.close('2025-06'), '2025-09')).toEqual(['300.00', 'earning 0.00', 'release 300.00']);
  });

  it('of a cap that is a share of the target is paid on leaving', () => {
    const target = {
      name: 'Bonus',
      measure: 'revenue',
      per: 'quarter',
      target: '1000',
      curve: [
        { at: '0%', pays: '0%' },
        { at: '100%', pays: '100%' },
      ],
      beyond: 'continue',
      cap: { share: '120%', excess: 'carried' },
    };
    const story = company(target, 'monthly', '2025-05-15')
      .quota('ann', 'revenue', '2025-Q1', 1000)
      .sold('ann', 'A', 2000, '2025-01-10')
      .close('2025-04');
    expect(statement(story, '2025-05')).toEqual(['800.00', 'release 800.00']);
  });

  it('is paid on leaving', () => {
    const story = company(capped({ amount: '100', per: 'quarter' }), 'monthly', '2025-02-15')
      .sold('ann', 'A', 1500, '2025-01-10')
      .close('2025-01');
    expect(statement(story, '2025-02')).toEqual(['50.00', 'release 50.00']);
  });

  it('that a late fact changes is a difference of its closed periods', () => {
    const story = company(capped({ amount: '100', per: 'month' }))
      .at('2025-01-10')
      .sold('ann', 'A', 1500, '2025-01-10')
      .close('2025-02')
      .at('2025-03-05')
      .reprice('A', 1200);
    expect(statement(story, '2025-03')).toEqual([
      '-30.00',
      'difference 2025-01 A -30.00 changed',
      'difference 2025-01 30.00 changed',
      'difference 2025-02 -30.00 changed',
    ]);
  });

  it('takes room for pay when it is released, not while it waits for the customer', () => {
    const story = company(capped({ amount: '100', per: 'month' }, { release: 'payment' }))
      .sold('ann', 'A', 2500, '2025-01-10')
      .close('2025-01');
    expect(statement(story, '2025-01')).toEqual(['0.00', 'earning A 250.00', 'hold A -250.00']);
    story.record('payment-erp:P1', {
      type: 'PaymentRecorded',
      data: {
        source: 'erp',
        id: 'P1',
        deal: { source: 'crm', id: 'A' },
        invoice: null,
        fields: { amount: '2500', paid: '2025-02-05' },
      },
    });
    expect(statement(story, '2025-02')).toEqual(['100.00', 'hold -150.00', 'release A 250.00']);
    expect(statement(story.close('2025-02'), '2025-03')).toEqual(['100.00', 'release 100.00']);
  });

  it('neither takes room for a clawback nor gives it back', () => {
    const story = new Story({ measures: { revenue: { counts: 'amount', of: 'deals', reversals: 'kept' } } }).person(
      'ann',
      'AE',
      '2025-01-01',
    );
    story
      .plan('AE', { components: [capped({ amount: '100', per: 'month' }, { clawback: {} })] })
      .sold('ann', 'A', 1500, '2025-01-10')
      .close('2025-01')
      .cancel('A', '2025-02-10');
    expect(statement(story, '2025-02')).toEqual(['-100.00', 'clawback A -150.00', 'release 50.00']);
  });
});
