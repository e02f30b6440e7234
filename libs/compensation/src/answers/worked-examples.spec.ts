import { describe, expect, it } from '@jest/globals';
import type { StatementLine } from '@attain/contracts';
import { Exact } from '@attain/values';
import type { History } from './api.js';
import { Story } from '../testing/story.js';

const component = (rest: Record<string, unknown>) => ({ name: 'Commission', measure: 'revenue', ...rest });
const shown = (line: StatementLine) => [line.record?.id, line.payable];
const statement = (history: History, participant: string, period: string) => history.statement({ participant, period });
const lines = (history: History, participant: string, period: string) =>
  statement(history, participant, period)
    .lines.filter(({ earned }) => !/^-?0(\.0+)?$/.test(earned))
    .map(shown);
const slices = (line: StatementLine | undefined) =>
  line?.trace.slices.map(({ credited, rate, amount }) => `${credited} @ ${rate} = ${amount}`);
const rounded = (rate: string | null | undefined, digits: number) =>
  Exact.parse(rate ?? '')
    .times(Exact.of(100))
    .toDecimal(digits, 'half-up');

describe('tiers', () => {
  const steps = [
    { from: '0', rate: '1%' },
    { from: '1000', rate: '2%' },
    { from: '3000', rate: '3%' },
    { from: '8000', rate: '5%' },
  ];
  const transactions = (story: Story) =>
    [200, 300, 1500, 1200, 2000, 4500].reduce(
      (soFar, amount, index) =>
        soFar.sold('ann', `T${index + 1}`, amount, `2015-0${1 + Math.floor(index / 3)}-1${index}`),
      story,
    );

  it('AT-01 start again with each deal', () => {
    const history = transactions(
      new Story()
        .person('ann', 'AE', '2015-01-01')
        .plan('Steps', { pays: 'quarterly', components: [component({ per: 'deal', tiers: steps })] }),
    )
      .close('2015-Q1')
      .history();
    expect(lines(history, 'ann', '2015-Q1')).toEqual([
      ['T1', '2.00'],
      ['T2', '3.00'],
      ['T3', '20.00'],
      ['T4', '14.00'],
      ['T5', '30.00'],
      ['T6', '95.00'],
    ]);
    expect(statement(history, 'ann', '2015-Q1').payable).toBe('164.00');
  });

  it('show the slices and the effective rate of each transaction (Oracle, step rates)', () => {
    const history = transactions(
      new Story()
        .person('ann', 'AE', '2015-01-01')
        .plan('Steps', { pays: 'quarterly', components: [component({ per: 'deal', tiers: steps })] }),
    ).history();
    const own = statement(history, 'ann', '2015-Q1').lines;
    expect([own[2], own[3], own[4], own[5]].map((line) => rounded(line?.rate, 3))).toEqual([
      '1.333',
      '1.167',
      '1.500',
      '2.111',
    ]);
    expect(slices(own[5])).toEqual(['1000 @ 1% = 10', '2000 @ 2% = 40', '1500 @ 3% = 45']);
  });

  it('AT-03 are filled up over the quarter', () => {
    const history = transactions(
      new Story()
        .person('ann', 'AE', '2015-01-01')
        .plan('Steps', { pays: 'quarterly', components: [component({ per: 'quarter', tiers: steps })] }),
    ).history();
    expect(lines(history, 'ann', '2015-Q1').map(([, amount]) => amount)).toEqual([
      '2.00',
      '3.00',
      '25.00',
      '26.00',
      '60.00',
      '169.00',
    ]);
  });

  it('AT-05 pay by slices, the whole amount, or only what is above the quota', () => {
    const from = (tiers: [string, string, boolean?][]) =>
      tiers.map(([bound, rate, retroactive]) => ({ from: bound, rate, ...(retroactive && { retroactive: 'yes' }) }));
    const yearly = (role: string, tiers: [string, string, boolean?][]) => ({
      assignedTo: { roles: [role] },
      pays: 'yearly',
      components: [component({ per: 'year', tiers: from(tiers) })],
    });
    const story = new Story();
    for (const [id, role] of [
      ['ann', 'Marginal'],
      ['bob', 'Whole'],
      ['cid', 'Above'],
    ] as const) {
      story
        .person(id, role, '2025-01-01')
        .quota(id, 'revenue', '2025', 100000)
        .sold(id, `D-${id}`, 110000, '2025-05-05');
    }
    story
      .plan(
        'Marginal',
        yearly('Marginal', [
          ['0%', '6%'],
          ['100%', '8%'],
          ['150%', '10%'],
        ]),
      )
      .plan(
        'Whole',
        yearly('Whole', [
          ['0%', '6%'],
          ['100%', '8%', true],
          ['150%', '10%', true],
        ]),
      )
      .plan(
        'Above',
        yearly('Above', [
          ['0%', '0%'],
          ['100%', '8%'],
          ['150%', '10%'],
        ]),
      );
    const history = story.close('2025').history();
    expect(['ann', 'bob', 'cid'].map((id) => statement(history, id, '2025').payable)).toEqual([
      '6800.00',
      '8800.00',
      '800.00',
    ]);
    expect(slices(statement(history, 'ann', '2025').lines[0])).toEqual(['100000 @ 6% = 6000', '10000 @ 8% = 800']);
    expect(
      history.attainment({ for: { participant: 'ann' }, measure: 'revenue', period: '2025' }).attained?.toString(),
    ).toBe('1.1');
  });

  it('AT-06 on a count pay all contracts from the tenth and the twentieth on, and take 620 back with the twentieth', () => {
    const story = new Story({
      measures: { revenue: { counts: 'amount', of: 'deals' }, contracts: { counts: '1', of: 'deals' } },
    })
      .person('ann', 'AE', '2025-01-01')
      .plan('Contracts', {
        components: [
          component({
            by: 'contracts',
            per: 'quarter',
            tiers: [
              { from: '0', rate: '0%' },
              { from: '10', rate: '2%', retroactive: 'yes' },
              { from: '20', rate: '5%', retroactive: 'yes' },
            ],
          }),
        ],
        pays: 'quarterly',
      });
    for (let n = 1; n <= 20; n += 1) {
      const day = `2025-02-${String(n).padStart(2, '0')}`;
      story.at(day).sold('ann', `C${String(n).padStart(2, '0')}`, 1000, day);
    }
    story.at('2025-03-03').cancel('C20', '2025-03-03').close('2025-Q1');
    const history = story.history();
    const earned = (known: string, effective = '2025-03-31') =>
      history.earned({ participant: 'ann', period: '2025-Q1' }, { known, effective });
    expect(
      ['2025-02-09', '2025-02-10', '2025-02-19', '2025-02-20'].map((day) => earned(day).amount.toString()),
    ).toEqual(['0', '200', '380', '1000']);
    expect(new Set(earned('2025-02-20').byRecord.map(({ amount }) => amount.toString()))).toEqual(new Set(['50']));
    const twentieth = earned('2025-02-20').lines.filter(
      ({ date, earned: amount }) => date === '2025-02-20' && amount !== '0.00',
    );
    expect(twentieth.map(({ kind, earned: amount, causedBy }) => [kind, amount, causedBy?.id])).toEqual([
      ['earning', '50.00', undefined],
      ...Array.from({ length: 19 }, () => ['true-up', '30.00', 'C20']),
    ]);
    expect(statement(history, 'ann', '2025-Q1').payable).toBe('380.00');
    const { total, causes } = history.difference(
      { participant: 'ann', period: '2025-Q1' },
      { known: '2025-02-20', effective: '2025-03-31' },
      { known: '2025-03-31', effective: '2025-03-31' },
    );
    expect([total.toString(), causes.map(({ kind, amount }) => [kind, amount.toString()])]).toEqual([
      '-620',
      [['cancelled', '-620']],
    ]);
  });

  it('AT-07 come to a blended rate, each slice adding its part', () => {
    const story = new Story()
      .person('ann', 'Two', '2025-01-01')
      .person('bob', 'Four', '2025-01-01')
      .plan('Two', {
        assignedTo: { roles: ['Two'] },
        components: [
          component({
            per: 'year',
            tiers: [
              { from: '0', rate: '10%' },
              { from: '10000', rate: '20%' },
            ],
          }),
        ],
      })
      .plan('Four', {
        assignedTo: { roles: ['Four'] },
        components: [
          component({
            per: 'deal',
            tiers: [
              { from: '0', rate: '1%' },
              { from: '1000', rate: '2%' },
              { from: '5000', rate: '3%' },
              { from: '10000', rate: '0%' },
            ],
          }),
        ],
      })
      .sold('ann', 'A', 15000, '2025-01-09')
      .sold('bob', 'B', 2500, '2025-01-09');
    const history = story.close('2025-01').history();
    const [a] = statement(history, 'ann', '2025-01').lines;
    expect([a?.credited, a?.payable, rounded(a?.rate, 4)]).toEqual(['15000', '2000.00', '13.3333']);
    const [b] = statement(history, 'bob', '2025-01').lines;
    expect([b?.payable, b?.rate, slices(b), b?.trace.slices.map(({ adds }) => adds)]).toEqual([
      '40.00',
      '1.6%',
      ['1000 @ 1% = 10', '1500 @ 2% = 30'],
      ['0.4%', '1.2%'],
    ]);
  });

  it('AT-08 multiply a base rate; a crossing deal is split, or paid whole at the higher or the lower rate', () => {
    const tiers = [
      { from: '0%', times: '1' },
      { from: '100%', times: '1.5' },
      { from: '150%', times: '2' },
    ];
    const story = new Story();
    for (const crossing of ['split', 'higher', 'lower']) {
      story.person(crossing, crossing, '2025-01-01').quota(crossing, 'revenue', '2025', 100000);
      story.plan(crossing, {
        assignedTo: { roles: [crossing] },
        pays: 'yearly',
        components: [component({ per: 'year', rate: '10%', tiers, crossing })],
      });
      for (const [id, amount, day] of [
        ['1', 90000, '2025-02-03'],
        ['2', 30000, '2025-03-03'],
        ['3', 60000, '2025-04-03'],
      ] as const)
        story.sold(crossing, `${crossing}${id}`, amount, day);
    }
    const history = story.history();
    const amounts = (id: string) => lines(history, id, '2025').map(([, amount]) => amount);
    expect(amounts('split')).toEqual(['9000.00', '4000.00', '10500.00']);
    expect(amounts('higher')).toEqual(['9000.00', '4500.00', '12000.00']);
    expect(amounts('lower')).toEqual(['9000.00', '3000.00', '9000.00']);
  });

  it('AT-09 order the deals of one day by their id, whichever arrives first', () => {
    const plan = {
      components: [
        component({
          per: 'year',
          tiers: [
            { from: '0', rate: '10%' },
            { from: '100000', rate: '20%' },
          ],
        }),
      ],
    };
    for (const order of [
      ['D2', 'D1'],
      ['D1', 'D2'],
    ]) {
      const story = new Story().person('ann', 'AE', '2025-01-01').plan('AE', plan).at('2025-01-20');
      for (const id of order) story.sold('ann', id, 60000, '2025-01-15');
      expect(lines(story.close('2025-01').history(), 'ann', '2025-01')).toEqual([
        ['D1', '6000.00'],
        ['D2', '8000.00'],
      ]);
    }
  });

  it('pay the highest tier for all, or each for its slice (Oracle)', () => {
    const bounds = [
      ['0', '1%'],
      ['10000', '2%'],
      ['50000', '3%'],
      ['100000', '4%'],
    ] as const;
    const plan = (role: string, retroactive: string) => ({
      assignedTo: { roles: [role] },
      components: [
        component({
          per: 'deal',
          tiers: bounds.map(([from, rate], index) => ({ from, rate, ...(index > 0 && { retroactive }) })),
        }),
      ],
    });
    const story = new Story()
      .person('flo', 'Flat', '2025-01-01')
      .person('ray', 'Ramp', '2025-01-01')
      .plan('Flat', plan('Flat', 'yes'))
      .plan('Ramp', plan('Ramp', 'no'));
    [5000, 15000, 60000].forEach((amount, index) =>
      story.sold('flo', `F${index}`, amount, '2025-01-11').sold('ray', `R${index}`, amount, '2025-01-11'),
    );
    const history = story.history();
    expect(lines(history, 'flo', '2025-01').map(([, amount]) => amount)).toEqual(['50.00', '300.00', '1800.00']);
    expect(lines(history, 'ray', '2025-01').map(([, amount]) => amount)).toEqual(['50.00', '200.00', '1200.00']);
    expect(slices(statement(history, 'ray', '2025-01').lines[2])).toEqual([
      '10000 @ 1% = 100',
      '40000 @ 2% = 800',
      '10000 @ 3% = 300',
    ]);
  });

  it.each([
    [
      'mathcentral',
      28400,
      [
        ['0', '0%'],
        ['15000', '0.9%'],
        ['25000', '1.1%'],
      ],
      '127.40',
      ['15000 @ 0% = 0', '10000 @ 0.9% = 90', '3400 @ 1.1% = 37.4'],
    ],
    [
      'mathtutor',
      9000,
      [
        ['0', '6%'],
        ['3000', '8%'],
        ['8000', '10%'],
      ],
      '680.00',
      ['3000 @ 6% = 180', '5000 @ 8% = 400', '1000 @ 10% = 100'],
    ],
    [
      'qammunity',
      80000,
      [
        ['0', '10%'],
        ['5000', '15%'],
        ['10000', '25%'],
        ['50000', '30%'],
      ],
      '20250.00',
      ['5000 @ 10% = 500', '5000 @ 15% = 750', '40000 @ 25% = 10000', '30000 @ 30% = 9000'],
    ],
    [
      'web2.0calc',
      22000,
      [
        ['0', '10%'],
        ['5000', '15%'],
      ],
      '3050.00',
      ['5000 @ 10% = 500', '17000 @ 15% = 2550'],
    ],
  ])('graduate a commission (%s)', (_, amount, bounds, payable, parts) => {
    const tiers = bounds.map(([from, rate]) => ({ from, rate }));
    const history = new Story()
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', { components: [component({ per: 'month', tiers })] })
      .sold('ann', 'D1', amount, '2025-01-15')
      .history();
    expect(statement(history, 'ann', '2025-01').payable).toBe(payable);
    expect(slices(statement(history, 'ann', '2025-01').lines[0])).toEqual(parts);
  });

  it('accelerate above a quarter’s quota (excelforum)', () => {
    const tiers = [
      { from: '0%', rate: '5%' },
      { from: '100%', rate: '6%' },
      { from: '125%', rate: '7%' },
    ];
    const story = new Story()
      .person('ann', 'AE', '2025-01-01')
      .quota('ann', 'revenue', '2025-Q1', 100000)
      .plan('AE', { pays: 'quarterly', components: [component({ per: 'quarter', tiers })] });
    expect(lines(story.sold('ann', 'D1', 150000, '2025-02-14').history(), 'ann', '2025-Q1')).toEqual([
      ['D1', '8250.00'],
    ]);
  });

  it('go back to the first dollar at half the quota, and only for a slice above it (QuotaPath)', () => {
    const plan = (role: string, tiers: [string, string, string?][]) => ({
      assignedTo: { roles: [role] },
      components: [
        component({
          per: 'month',
          tiers: tiers.map(([from, rate, retroactive = 'no']) => ({ from, rate, retroactive })),
        }),
      ],
    });
    const story = new Story()
      .person('ann', 'AE', '2025-01-01')
      .person('ines', 'Insurance', '2025-01-01')
      .quota('ann', 'revenue', '2025-01', 33000)
      .quota('ines', 'revenue', '2025-01', 20000)
      .plan(
        'AE',
        plan('AE', [
          ['0%', '5%'],
          ['50%', '10%', 'yes'],
          ['100%', '20%'],
        ]),
      )
      .plan(
        'Insurance',
        plan('Insurance', [
          ['0%', '0%'],
          ['50%', '10%'],
          ['100%', '15%'],
        ]),
      )
      .sold('ann', 'A1', 10000, '2025-01-08')
      .sold('ann', 'A2', 10000, '2025-01-16')
      .sold('ann', 'A3', 20000, '2025-01-24')
      .sold('ines', 'I1', 25000, '2025-01-24');
    const history = story.close('2025-01').history();
    expect(statement(history, 'ann', '2025-01').payable).toBe('4700.00');
    expect(
      history
        .earned({ participant: 'ann', period: '2025-01' })
        .byRecord.map(({ record, amount }) => [record.id, amount.toString()]),
    ).toEqual([
      ['A1', '1000'],
      ['A2', '1000'],
      ['A3', '2700'],
    ]);
    expect(statement(history, 'ines', '2025-01').payable).toBe('1750.00');
  });
});

describe('attainment and versions', () => {
  it('AT-10 sums two fields record by record, a blank one as 0, in any batch', () => {
    const company = {
      fields: { revenue: 'money', bookings: 'money' },
      measures: { volume: { counts: 'revenue + bookings', of: 'deals' } },
    };
    const deals = [
      ['J', '2025-01-15', { revenue: 100 }],
      ['F', '2025-02-15', { bookings: 50 }],
      ['O1', '2025-03-05', { revenue: 50, bookings: 100 }],
    ] as const;
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
    ]) {
      const story = new Story(company).person('ann', 'AE', '2025-01-01').quota('ann', 'volume', '2025', 100);
      for (const index of order) story.won(deals[index]![0], deals[index]![1], { owner: 'ann', ...deals[index]![2] });
      const { amount, attained } = story
        .history()
        .attainment({ for: { participant: 'ann' }, measure: 'volume', period: '2025' });
      expect([amount.toString(), attained?.toString()]).toEqual(['300', '3']);
    }
  });

  it('AT-14 pays each deal by the version of its date; the attainment of the year goes on', () => {
    const version = (number: string, effective: Record<string, string>, rate: string) => ({
      version: number,
      effective,
      components: [component({ rate })],
    });
    const story = new Story()
      .person('ann', 'AE', '2025-01-01')
      .quota('ann', 'revenue', '2025', 100000)
      .plan('AE', version('1', { from: '2025-01-01', to: '2025-02-14' }, '8%'))
      .plan('AE', version('2', { from: '2025-02-15' }, '10%'))
      .sold('ann', 'D1', 10000, '2025-02-10')
      .sold('ann', 'D2', 10000, '2025-02-15');
    const history = story.close('2025-02').history();
    expect(lines(history, 'ann', '2025-02')).toEqual([
      ['D1', '800.00'],
      ['D2', '1000.00'],
    ]);
    expect(
      history.attainment({ for: { participant: 'ann' }, measure: 'revenue', period: '2025' }).attained?.toString(),
    ).toBe('0.2');
  });

  it('AT-45 separates the facts of a day from the facts known on it', () => {
    const story = new Story().person('ann', 'AE', '2025-01-01');
    for (const [known, id, amount, closed] of [
      ['2025-02-01', 'D1', 100, '2025-01-10'],
      ['2025-02-02', 'D2', 50, '2025-01-30'],
      ['2025-02-03', 'D3', 30, '2025-01-20'],
    ] as const)
      story.at(known).sold('ann', id, amount, closed);
    const history = story.history();
    const credited = (cut: { effective?: string; known: string }) =>
      history.credited({ for: { participant: 'ann' }, measure: 'revenue', period: '2025-01' }, cut).amount.toString();
    expect([
      credited({ effective: '2025-01-25', known: '2025-02-03' }),
      credited({ effective: '2025-01-25', known: '2025-02-02' }),
      credited({ known: '2025-02-03' }),
    ]).toEqual(['130', '100', '180']);
  });

  it('AT-43 leaves a closed month as it was when the next version is published', () => {
    const version = (number: string, from: string, rate: string) => ({
      version: number,
      effective: { from },
      components: [component({ rate })],
    });
    const story = new Story()
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', version('1', '2025-01-01', '8%'))
      .at('2025-01-15')
      .sold('ann', 'D1', 10000, '2025-01-15')
      .close('2025-01', '2025-01-31T00:00:00.000Z');
    const before = story.history();
    story
      .at('2025-02-01')
      .plan('AE', version('2', '2025-02-01', '10%'))
      .at('2025-02-15')
      .sold('ann', 'D2', 10000, '2025-02-15')
      .close('2025-02');
    const history = story.history();
    expect(JSON.stringify(statement(history, 'ann', '2025-01'))).toBe(
      JSON.stringify(statement(before, 'ann', '2025-01')),
    );
    expect(history.runHash('2025-01')).toBe(before.runHash('2025-01'));
    const { total, causes } = history.difference(
      { participant: 'ann', period: '2025-01' },
      { known: '2025-01-31', effective: '2025-01-31' },
      { known: '2025-02-28', effective: '2025-02-28' },
    );
    expect([total.toString(), causes]).toEqual(['0', []]);
    expect(lines(history, 'ann', '2025-02')).toEqual([['D2', '1000.00']]);
  });
});

describe('credits', () => {
  const credited = (history: History, participant: string, period: string, as?: string, measure = 'revenue') =>
    history
      .credited({ for: { participant }, measure, period, ...(as !== undefined && { as: [as] }) })
      .amount.toString();

  it('AT-22 share ten million, overlays on top, and the team has sold it once', () => {
    const story = new Story().person('mo', 'Manager', '2025-01-01');
    for (const id of ['ann', 'bob', 'cid']) story.person(id, 'AE', '2025-01-01', { manager: 'mo' });
    for (const id of ['eve', 'fay']) story.person(id, 'Engineer', '2025-01-01', { manager: 'mo' });
    story
      .plan('Overlay', {
        assignedTo: { roles: ['Engineer'] },
        components: [component({ credit: 'overlay', rate: '1%' })],
      })
      .sold('ann', 'D1', 10000000, '2025-01-20')
      .split('D1', { ann: '70%', bob: '20%', cid: '10%' }, { eve: '25%', fay: '10%' });
    const history = story.close('2025-01').history();
    expect(['ann', 'bob', 'cid'].map((id) => credited(history, id, '2025-01'))).toEqual([
      '7000000',
      '2000000',
      '1000000',
    ]);
    expect(['eve', 'fay'].map((id) => credited(history, id, '2025-01', 'overlay'))).toEqual(['2500000', '1000000']);
    expect(credited(history, 'mo', '2025-01', 'reports')).toBe('10000000');
    expect(statement(history, 'eve', '2025-01').payable).toBe('25000.00');
  });

  it('AT-23 cut the cents of a split by largest remainder', () => {
    const story = new Story();
    for (const id of ['ann', 'bob', 'cid']) story.person(id, 'AE', '2025-01-01');
    story
      .sold('ann', 'D1', '100.00', '2025-01-10')
      .split('D1', { ann: '1/3', bob: '1/3', cid: '1/3' })
      .sold('ann', 'D2', '0.05', '2025-02-10')
      .split('D2', { ann: '50%', bob: '50%' })
      .sold('ann', 'D3', '100.01', '2025-03-10')
      .split('D3', { ann: '50%', bob: '30%', cid: '20%' });
    const history = story.history();
    const all = (period: string) => ['ann', 'bob', 'cid'].map((id) => credited(history, id, period));
    expect([all('2025-01'), all('2025-02'), all('2025-03')]).toEqual([
      ['33.34', '33.33', '33.33'],
      ['0.03', '0.02', '0'],
      ['50.01', '30', '20'],
    ]);
  });

  it('AT-24 count a deal once for the manager, and for the manager’s manager', () => {
    const story = new Story()
      .person('vic', 'Director', '2025-01-01')
      .person('mo', 'Manager', '2025-01-01', { manager: 'vic' });
    for (const [id, role] of [
      ['ann', 'AE'],
      ['bob', 'AE'],
      ['eve', 'Engineer'],
    ] as const)
      story.person(id, role, '2025-01-01', { manager: 'mo' });
    story
      .plan('Manager', {
        assignedTo: { roles: ['Manager'] },
        components: [component({ name: 'Override', credit: 'reports', rate: '2%' })],
      })
      .sold('ann', 'D1', 100000, '2025-01-10')
      .sold('ann', 'D2', 50000, '2025-01-15')
      .split('D2', { ann: '50%', bob: '50%' }, { eve: '100%' });
    const history = story.close('2025-01').history();
    expect(lines(history, 'mo', '2025-01')).toEqual([
      ['D1', '2000.00'],
      ['D2', '1000.00'],
    ]);
    expect(credited(history, 'vic', '2025-01', 'reports')).toBe('150000');
  });

  it('AT-24 count a deal once through a mix of hierarchy and named relations, by the hierarchy of its date', () => {
    const story = new Story()
      .person('mo', 'Manager', '2025-01-01')
      .person('ann', 'AE', '2025-01-01', { manager: 'mo', to: '2025-01-31' })
      .person('ann', 'AE', '2025-02-01', { manager: 'zoe' });
    story
      .person('bob', 'AE', '2025-01-01')
      .relation('ann', 'mentor', 'mo', '2025-01-01')
      .relation('bob', 'mentor', 'mo', '2025-01-15');
    story
      .sold('ann', 'D1', 100, '2025-01-10')
      .sold('bob', 'D2', 10, '2025-01-10')
      .sold('bob', 'D3', 1, '2025-01-20')
      .sold('ann', 'D4', 1000, '2025-02-10');
    const history = story.history();
    const mo = (period: string, as: string[]) =>
      history.credited({ for: { participant: 'mo' }, measure: 'revenue', period, as }).amount.toString();
    expect([
      mo('2025-01', ['reports', 'through mentor']),
      mo('2025-01', ['reports']),
      mo('2025-02', ['reports']),
      mo('2025-02', ['through mentor']),
    ]).toEqual(['101', '100', '0', '1000']);
  });

  it('AT-25 a SPIF pays the first three deals of the product and retires no quota', () => {
    const story = new Story({
      measures: {
        core: { counts: 'amount', of: 'deals', where: 'product != "X"' },
        wins: { counts: '1', of: 'deals' },
      },
    })
      .person('ann', 'AE', '2025-01-01')
      .quota('ann', 'core', '2025', 500000)
      .plan('SPIF', {
        components: [
          {
            name: 'Product X SPIF',
            measure: 'wins',
            each: '500',
            where: 'product = "X" and amount >= 10000',
            cap: { count: '3', per: 'year' },
          },
        ],
      });
    [12000, '9999.99', 10000, 15000, 20000].forEach((amount, index) =>
      story.sold('ann', `D${index + 1}`, amount, `2025-01-${String(index + 6).padStart(2, '0')}`, { product: 'X' }),
    );
    const history = story.close('2025-01').history();
    expect(
      statement(history, 'ann', '2025-01').lines.map(({ kind, record, payable }) => [kind, record?.id, payable]),
    ).toEqual([
      ['earning', 'D1', '500.00'],
      ['earning', 'D3', '500.00'],
      ['earning', 'D4', '500.00'],
      ['earning', 'D5', '500.00'],
      ['cap', 'D5', '-500.00'],
    ]);
    expect(statement(history, 'ann', '2025-01').payable).toBe('1500.00');
    const { amount, attained } = history.attainment({ for: { participant: 'ann' }, measure: 'core', period: '2025' });
    expect([amount.toString(), attained?.toString()]).toEqual(['0', '0']);
  });

  it('AT-41 a split shares units as it shares money', () => {
    const story = new Story({ fields: { units: 'number' }, measures: { units: { counts: 'units', of: 'deals' } } })
      .person('ann', 'AE', '2025-01-01')
      .person('bob', 'AE', '2025-01-01');
    story
      .won('D1', '2025-01-10', { owner: 'ann', units: 5 })
      .won('D2', '2025-01-12', { owner: 'ann', units: 10 })
      .split('D2', { ann: '50%', bob: '50%' });
    const history = story.history();
    expect(['ann', 'bob'].map((id) => credited(history, id, '2025-01', undefined, 'units'))).toEqual(['10', '5']);
  });
});

describe('differences', () => {
  it('AT-31 late units move a closed month by its volume price, the first or the last of the month', () => {
    const tiers = [
      { from: '0', each: '10' },
      { from: '101', each: '9', retroactive: 'yes' },
    ];
    const story = new Story({ fields: { units: 'number' }, measures: { volume: { counts: 'units', of: 'deals' } } })
      .person('ann', 'AE', '2025-01-01')
      .person('bob', 'AE', '2025-01-01');
    story
      .plan('Volume', { components: [{ name: 'Volume', measure: 'volume', per: 'month', tiers }] })
      .at('2025-01-15')
      .won('A1', '2025-01-15', { owner: 'ann', units: 90 })
      .won('B1', '2025-01-15', { owner: 'bob', units: 90 })
      .close('2025-01')
      .at('2025-02-04')
      .won('A2', '2025-01-28', { owner: 'ann', units: 20 })
      .won('B2', '2025-01-08', { owner: 'bob', units: 20 })
      .close('2025-02');
    const history = story.history();
    const causes = (id: string) =>
      statement(history, id, '2025-02').lines.map((line) => [
        line.for,
        line.record?.id,
        line.cause?.kind,
        line.payable,
      ]);
    expect(statement(history, 'ann', '2025-01').payable).toBe('900.00');
    expect(history.earned({ participant: 'ann', period: '2025-01' }).amount.toString()).toBe('990');
    expect(causes('ann')).toEqual([
      ['2025-01', 'A1', 'won', '-90.00'],
      ['2025-01', 'A2', 'won', '180.00'],
    ]);
    expect(causes('bob')).toEqual([
      ['2025-01', 'B2', 'won', '180.00'],
      ['2025-01', 'B1', 'won', '-90.00'],
    ]);
  });

  it('AT-34 pays the year to date minus the earlier pay', () => {
    const story = new Story()
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', { components: [component({ per: 'year', rate: '10%' })] })
      .at('2025-01-15')
      .sold('ann', 'D1', 10000, '2025-01-15')
      .close('2025-01')
      .at('2025-02-15')
      .sold('ann', 'D2', 15000, '2025-02-15')
      .close('2025-02')
      .at('2025-03-15')
      .reprice('D1', 8000)
      .close('2025-03');
    const history = story.history();
    expect(['2025-01', '2025-02', '2025-03'].map((period) => statement(history, 'ann', period).payable)).toEqual([
      '1000.00',
      '1500.00',
      '-200.00',
    ]);
    expect(
      statement(history, 'ann', '2025-03').lines.map((line) => [
        line.for,
        line.record?.id,
        line.cause?.kind,
        line.payable,
      ]),
    ).toEqual([['2025-01', 'D1', 'changed', '-200.00']]);
  });

  it('AT-29 a missing rate blocks its line by name, and posts it when it becomes known', () => {
    const story = new Story()
      .person('ann', 'AE', '2025-01-01')
      .rate('USD', 'CHF', '2025-01-01', '0.80')
      .plan('AE', { components: [component({ rate: '10%' })] })
      .at('2025-01-12')
      .sold('ann', 'D1', 8000, '2025-01-10', { currency: 'CHF' })
      .sold('ann', 'D2', 8000, '2025-01-11')
      .close('2025-01')
      .at('2025-02-03')
      .rate('CHF', 'USD', '2025-01-01', '1.25')
      .close('2025-02');
    const history = story.history();
    expect(lines(history, 'ann', '2025-01')).toEqual([['D2', '800.00']]);
    expect(history.exceptions({ known: '2025-01-31' }).map(({ code, record }) => [code, record?.id])).toEqual([
      ['RATE_MISSING', 'D1'],
    ]);
    expect(history.exceptions()).toEqual([]);
    expect(
      statement(history, 'ann', '2025-02').lines.map((line) => [
        line.for,
        line.record?.id,
        line.cause?.kind,
        line.payable,
      ]),
    ).toEqual([['2025-01', 'D1', 'rate', '1000.00']]);
  });

  it('AT-19 an undone deal moves the later one down to the lower tier', () => {
    const story = new Story()
      .person('bob', 'AE', '2025-01-01')
      .quota('bob', 'revenue', '2025', 100000)
      .plan('AE', {
        components: [
          component({
            per: 'year',
            tiers: [
              { from: '0%', rate: '10%' },
              { from: '100%', rate: '15%' },
            ],
          }),
        ],
      })
      .at('2025-01-20')
      .sold('bob', 'B1', 80000, '2025-01-10')
      .sold('bob', 'B2', 40000, '2025-01-20')
      .close('2025-01')
      .at('2025-02-05')
      .cancel('B1', '2025-02-05')
      .close('2025-02');
    const history = story.history();
    expect(lines(history, 'bob', '2025-01')).toEqual([
      ['B1', '8000.00'],
      ['B2', '5000.00'],
    ]);
    expect(lines(history, 'bob', '2025-02')).toEqual([
      ['B1', '-8000.00'],
      ['B2', '-1000.00'],
    ]);
  });
});

describe('rounding', () => {
  const paid = (rate: string, amount: string, rounding?: unknown, currency = 'USD') => {
    const story = new Story({ currency })
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', { components: [component({ rate, ...(rounding !== undefined && { rounding }) })] });
    return statement(story.sold('ann', 'D', amount, '2025-01-10').history(), 'ann', '2025-01').payable;
  };
  it('AT-30 goes half-up, symmetric in sign, or half-even, to cents, yen or another step', () => {
    expect([paid('2.345%', '100.00'), paid('2.344999%', '100.00'), paid('2.345%', '-100.00')]).toEqual([
      '2.35',
      '2.34',
      '-2.35',
    ]);
    expect([paid('2.345%', '100.00', 'half-even'), paid('2.355%', '100.00', 'half-even')]).toEqual(['2.34', '2.36']);
    expect([paid('5.12%', '97570.49'), paid('5.13%', '97570.49')]).toEqual(['4995.61', '5005.37']);
    expect(paid('10%', '12345', undefined, 'JPY')).toBe('1235');
    expect(paid('10%', '12.34', { to: '0.05' })).toBe('1.25');
  });
  it('AT-30 is done for each line, or once for the total, whose cents go to the first lines', () => {
    const story = new Story().person('ann', 'Line', '2025-01-01').person('bob', 'Total', '2025-01-01');
    story.plan('Line', { assignedTo: { roles: ['Line'] }, components: [component({ rate: '1%' })] });
    story.plan('Total', {
      assignedTo: { roles: ['Total'] },
      rounding: { per: 'total' },
      components: [component({ rate: '1%' })],
    });
    for (const day of [11, 12, 13])
      story.sold('ann', `A${day}`, '1000.50', `2025-01-${day}`).sold('bob', `B${day}`, '1000.50', `2025-01-${day}`);
    const history = story.history();
    expect([statement(history, 'ann', '2025-01').payable, lines(history, 'bob', '2025-01')]).toEqual([
      '30.03',
      [
        ['B11', '10.01'],
        ['B12', '10.01'],
        ['B13', '10.00'],
      ],
    ]);
    expect(statement(history, 'bob', '2025-01').payable).toBe('30.02');
  });
});

describe('a total whose cents are spread over its lines', () => {
  const sold = () =>
    new Story()
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', { rounding: { per: 'total' }, components: [component({ rate: '1%' })] })
      .sold('ann', 'D1', '100.50', '2025-01-02')
      .sold('ann', 'D2', '100.50', '2025-01-03')
      .sold('ann', 'D3', '100.50', '2025-01-04');
  const lines = (story: Story) =>
    story
      .history()
      .earned({ participant: 'ann', period: '2025-01' })
      .lines.map(({ kind, record, earned }) => `${kind} ${record?.id} ${earned}`);

  it('is rounded once', () => {
    expect(lines(sold())).toEqual(['earning D1 1.01', 'earning D2 1.01', 'earning D3 1.00']);
  });
  it('leaves no cent on a deal that is cancelled', () => {
    expect(lines(sold().cancel('D2', '2025-01-20'))).toEqual([
      'earning D1 1.01',
      'earning D2 1.01',
      'reversal D2 -1.01',
      'earning D3 1.00',
    ]);
  });
  it('contains the rest of a deal that is refunded in part', () => {
    // 1.005 + 0.6 + 1.005 = 2.61
    expect(lines(sold().cancel('D2', '2025-01-20', '40.50'))).toEqual([
      'earning D1 1.01',
      'earning D2 1.01',
      'reversal D2 -0.41',
      'earning D3 1.00',
    ]);
  });
  it('takes each key of the plan that the component does not name', () => {
    const story = new Story()
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', {
        rounding: { mode: 'half-even', to: '0.10' },
        components: [component({ rate: '1%', rounding: { to: '0.01' } })],
      })
      .sold('ann', 'D1', '100.50', '2025-01-02');
    expect(lines(story)).toEqual(['earning D1 1.00']);
  });
});

describe('the cause of a change in a closed period', () => {
  const month = (components: readonly Record<string, unknown>[]) =>
    new Story()
      .person('mo', 'Manager', '2025-01-01')
      .person('vic', 'Manager', '2025-01-01')
      .person('ann', 'AE', '2025-01-01', { manager: 'mo' })
      .plan('AE', { components })
      .plan('Managers', {
        assignedTo: { roles: ['Manager'] },
        components: [{ ...component({ rate: '1%' }), credit: ['reports'] }],
      })
      .sold('ann', 'D1', 1000, '2025-01-10')
      .close('2025-01')
      .at('2025-02-10');
  const differences = (story: Story, participant: string) =>
    statement(story.history(), participant, '2025-02')
      .lines.filter(({ kind }) => kind === 'difference')
      .map(({ cause, record, payable }) => [cause?.kind, record?.id, payable]);

  it('is `lost` for a lost deal that was won, not the reopening before it', () => {
    const story = month([component({ rate: '10%' })]);
    story
      .record('deal-crm:D1', { type: 'DealReopened', data: {} })
      .record('deal-crm:D1', { type: 'DealRepriced', data: { amount: '900', currency: null } });
    story.record('deal-crm:D1', { type: 'DealLost', data: { closed: null } });
    expect(differences(story, 'ann')).toEqual([['lost', 'D1', '-100.00']]);
  });
  it('is absent if a person changes without a change of the credits', () => {
    const story = month([component({ rate: '10%' })])
      .person('ann', 'AE', '2025-01-01', { manager: 'mo', to: '2025-01-05' })
      .person('ann', 'AE', '2025-01-06', { manager: 'mo', team: 'North' });
    expect([differences(story, 'ann'), differences(story, 'mo')]).toEqual([[], []]);
  });
  it('is the person where the manager changes before the deal', () => {
    const story = month([component({ rate: '10%' })])
      .person('ann', 'AE', '2025-01-01', { manager: 'mo', to: '2025-01-05' })
      .person('ann', 'AE', '2025-01-06', { manager: 'vic' });
    expect([differences(story, 'mo'), differences(story, 'vic')]).toEqual([
      [['person', 'D1', '-10.00']],
      [['person', 'D1', '10.00']],
    ]);
  });
});

describe('a payee in another currency', () => {
  const paidInEuro = () =>
    new Story()
      .person('ann', 'AE', '2025-01-01', { currency: 'EUR' })
      .rate('USD', 'EUR', '2025-01-01', '0.80')
      .rate('USD', 'EUR', '2025-02-20', '0.90')
      .plan('AE', { components: [component({ rate: '10%' })] })
      .sold('ann', 'D1', 1000, '2025-01-10')
      .sold('ann', 'D2', 500, '2025-01-11')
      .close('2025-01')
      .at('2025-02-25');
  const february = (story: Story) => {
    const { payable, lines } = statement(story.history(), 'ann', '2025-02');
    return [
      payable,
      ...lines.map(({ kind, cause, record, earned, payable: amount }) => [
        kind,
        cause?.kind,
        record?.id,
        earned,
        amount,
      ]),
    ];
  };

  it('returns the pay of a deal at the rate of its pay date', () => {
    expect(february(paidInEuro().cancel('D1', '2025-02-25'))).toEqual([
      '-80.00',
      ['difference', 'cancelled', 'D1', '-100.00', '-80.00'],
    ]);
  });
  it('is paid the difference of a rate that is corrected, deal by deal', () => {
    const corrected = paidInEuro().rate('USD', 'EUR', '2025-01-01', '0.85');
    expect(february(corrected)).toEqual([
      '7.50',
      ['difference', 'rate', 'D1', '0.00', '5.00'],
      ['difference', 'rate', 'D2', '0.00', '2.50'],
    ]);
    expect(statement(corrected.close('2025-02').history(), 'ann', '2025-03').lines).toEqual([]);
  });
});

describe('the quota of a window', () => {
  const quotas = (story: Story, participant: string, names: readonly string[]) =>
    names.map(
      (period) =>
        story
          .history()
          .attainment({ for: { participant }, measure: 'revenue', period })
          .quota?.toDecimal(2, 'half-up') ?? null,
    );

  it('AT-11 has the months that a joiner is there all of, by the weight of their season', () => {
    const story = new Story({ seasons: ['20%', '20%', '20%', '40%'], prorate: 'by months' })
      .person('mia', 'AE', '2025-03-01')
      .person('otto', 'AE', '2025-10-01');
    story.quota('mia', 'revenue', '2025', 100000).quota('otto', 'revenue', '2025', 100000);
    expect(quotas(story, 'mia', ['2025-Q1', '2025-Q2', '2025-Q4', '2025'])).toEqual([
      '6666.67',
      '20000.00',
      '40000.00',
      '86666.67',
    ]);
    expect(quotas(story, 'otto', ['2025-Q1', '2025-Q4', '2025'])).toEqual(['0.00', '40000.00', '40000.00']);
  });
  it('AT-12 has the days that a joiner is there', () => {
    const story = new Story({ prorate: 'by days' })
      .person('ann', 'AE', '2025-02-10')
      .quota('ann', 'revenue', '2025-Q1', 90000);
    expect(quotas(story, 'ann', ['2025-01', '2025-Q1'])).toEqual(['0.00', '50000.00']);
  });
  it('AT-13 ramps up month by month from the first in the role, and again in the next role', () => {
    const story = new Story({ ramp: { AE: ['0%', '25%', '50%'], Senior: ['80%'] } })
      .person('ann', 'AE', '2025-01-01')
      .person('ann', 'Senior', '2025-05-20');
    story.quota('ann', 'revenue', '2025', 1200000);
    expect(quotas(story, 'ann', ['2025-01', '2025-02', '2025-03', '2025-04', '2025-05', '2025-06', '2025-Q1'])).toEqual(
      ['0.00', '25000.00', '50000.00', '100000.00', '80000.00', '100000.00', '75000.00'],
    );
  });
  it('of a team is neither ramped nor prorated', () => {
    const story = new Story({ ramp: { AE: ['0%'] }, prorate: 'by days' })
      .person('ann', 'AE', '2025-03-01', { team: 'North' })
      .quota('North', 'revenue', '2025-Q1', 90000);
    const quota = story.history().attainment({ for: { team: 'North' }, measure: 'revenue', period: '2025-Q1' }).quota;
    expect(quota?.toString()).toBe('90000');
  });
});

describe('currencies of a plan', () => {
  const rates = (story: Story) =>
    story
      .rate('EUR', 'USD', '2025-01-01', '1.10')
      .rate('EUR', 'USD', '2025-01-31', '1.20')
      .rate('USD', 'GBP', '2025-01-01', '0.80')
      .rate('USD', 'GBP', '2025-01-31', '0.75');
  const paid = (convert: object, more: object = {}) => {
    const story = rates(new Story().person('ann', 'AE', '2025-01-01', { currency: 'GBP' })).rate(
      'EUR',
      'GBP',
      '2025-01-31',
      '0.85',
    );
    story
      .plan('AE', { convert, components: [{ ...component({ rate: '10%' }), ...more }] })
      .sold('ann', 'D1', 1000, '2025-01-10', { currency: 'EUR' });
    const [line] = statement(story.history(), 'ann', '2025-01').lines;
    return [line!.earned, line!.earnedCurrency, line!.payable, line!.payableCurrency];
  };

  it('convert credits on their date and pay on the pay date, or each on the other day', () => {
    expect(paid({})).toEqual(['110.00', 'USD', '82.50', 'GBP']);
    expect(paid({ pay: 'on credit date' })).toEqual(['110.00', 'USD', '88.00', 'GBP']);
    expect(paid({ credits: 'on pay date' })).toEqual(['120.00', 'USD', '90.00', 'GBP']);
  });
  it('may differ by component, whose credits, amounts and lines are in its own', () => {
    expect(paid({}, { currency: 'EUR' })).toEqual(['100.00', 'EUR', '85.00', 'GBP']);
    expect(
      paid(
        {},
        {
          currency: 'EUR',
          rate: undefined,
          per: 'month',
          tiers: [
            { from: '0', rate: '1%' },
            { from: '900', rate: '2%' },
          ],
        },
      ),
    ).toEqual(['11.00', 'EUR', '9.35', 'GBP']);
  });
});
