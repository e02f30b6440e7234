import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const contest = (of: Record<string, unknown>, per = 'month') => ({ name: 'Contest', per, contest: of });
/** Ann and bob are in the East, cid in the West. */
const company = (component: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  new Story()
    .person('ann', 'AE', '2025-01-01', { team: 'East' })
    .person('bob', 'AE', '2025-01-01', { team: 'East' })
    .person('cid', 'AE', '2025-01-01', { team: 'West' })
    .plan('AE', { effective: { from: '2025-01-01' }, components: [component], ...more })
    .at('2025-01-20')
    .sold('ann', 'A1', 3000, '2025-01-10')
    .sold('bob', 'B1', 2000, '2025-01-11')
    .sold('cid', 'C1', 1000, '2025-01-12');
const payable = (story: Story, period = '2025-01') =>
  Object.fromEntries(
    ['ann', 'bob', 'cid'].map((participant) => [
      participant,
      story.history().statement({ participant, period }).payable,
    ]),
  );
const prizes = { rank: 'revenue', prizes: ['100', '50', '25'] };

describe('A contest', () => {
  it('pays one line at the end of its window, without a record', () => {
    const story = company(contest(prizes)).close('2025-01');
    expect(payable(story)).toEqual({ ann: '100.00', bob: '50.00', cid: '25.00' });
    const [line] = story.history().statement({ participant: 'ann', period: '2025-01' }).lines;
    expect(line).toMatchObject({ kind: 'earning', record: null, date: '2025-01-31', credited: null, earned: '100.00' });
  });
  it('pays nothing before its window has ended', () => {
    const story = company(contest(prizes, 'quarter'));
    expect(payable(story.close('2025-01'))).toEqual({ ann: '0.00', bob: '0.00', cid: '0.00' });
    expect(
      story.history().earned({ participant: 'ann', period: '2025-Q1' }, { effective: '2025-03-30' }).lines,
    ).toEqual([]);
    expect(payable(story.close('2025-02').close('2025-03'), '2025-03')).toEqual({
      ann: '100.00',
      bob: '50.00',
      cid: '25.00',
    });
  });
  it('is among those whom the plan names on its last day', () => {
    const story = company(contest(prizes)).person('ann', 'AE', '2025-01-01', { team: 'East', to: '2025-01-30' });
    expect(payable(story)).toEqual({ ann: '0.00', bob: '100.00', cid: '50.00' });
  });
  it('among a field of the participant is one contest for each of its texts, each with a pot of its own', () => {
    expect(
      payable(company(contest({ rank: 'revenue', pot: '10% of revenue', prizes: ['60%', '40%'], among: 'my.team' }))),
    ).toEqual({ ann: '300.00', bob: '200.00', cid: '60.00' });
  });
  it('gives a prize to a share of those who take part', () => {
    expect(payable(company(contest({ rank: 'revenue', winners: '50%', prize: '70' })))).toEqual({
      ann: '70.00',
      bob: '70.00',
      cid: '0.00',
    });
    expect(payable(company(contest({ rank: 'revenue', winners: '1', prize: '70' })))).toEqual({
      ann: '70.00',
      bob: '0.00',
      cid: '0.00',
    });
  });
  it('by attainment ranks nobody without a quota, and reports the missing quota', () => {
    const story = company(contest({ rank: 'attainment(revenue)', prizes: ['100'] })).quota(
      'bob',
      'revenue',
      '2025-01',
      1000,
    );
    expect(payable(story)).toEqual({ ann: '0.00', bob: '100.00', cid: '0.00' });
    expect(
      story
        .history()
        .exceptions()
        .map(({ code, participant }) => [code, participant]),
    ).toEqual([
      ['NO_QUOTA', 'ann'],
      ['NO_QUOTA', 'cid'],
    ]);
  });
  it('counts for its condition the records that no reversal has taken as a whole', () => {
    const two = contest({ rank: 'revenue', prizes: ['100', '50'], requires: 'deals >= 2' });
    const story = company(two).sold('ann', 'A2', 10, '2025-01-13');
    expect(payable(story)).toEqual({ ann: '100.00', bob: '0.00', cid: '0.00' });
    expect(payable(story.cancel('A2', '2025-01-14'))).toEqual({ ann: '0.00', bob: '0.00', cid: '0.00' });
  });
  it('changes the prizes of others when a deal is cancelled later, with the cancellation as the cause', () => {
    const story = company(contest(prizes))
      .close('2025-01')
      .at('2025-02-03')
      .cancel('A1', '2025-02-02')
      .close('2025-02');
    const difference = (participant: string) =>
      story
        .history()
        .statement({ participant, period: '2025-02' })
        .lines.flatMap(({ kind, for: of, cause, payable: amount }) =>
          kind === 'difference' ? [[kind, of, cause?.kind, amount]] : [],
        );
    expect(difference('ann')).toEqual([['difference', '2025-01', 'cancelled', '-100.00']]);
    expect(difference('bob')).toEqual([['difference', '2025-01', 'cancelled', '50.00']]);
    expect(difference('cid')).toEqual([['difference', '2025-01', 'cancelled', '25.00']]);
  });
  it('that is final is decided at its close', () => {
    const story = company(contest({ ...prizes, final: 'yes' }))
      .close('2025-01')
      .at('2025-02-03')
      .cancel('A1', '2025-02-02')
      .close('2025-02');
    expect(payable(story)).toEqual({ ann: '100.00', bob: '50.00', cid: '25.00' });
    expect(payable(story, '2025-02')).toEqual({ ann: '0.00', bob: '0.00', cid: '0.00' });
  });
  it('that is final is decided by the close of its own period, beside others that are not', () => {
    const components = [
      contest({ ...prizes, final: 'yes' }),
      { ...contest({ rank: 'revenue', prizes: ['7'] }), name: 'Open' },
    ];
    const story = company(components[0]!, { components }).close('2025-01').at('2025-02-10');
    story.sold('bob', 'B2', 500, '2025-02-05').sold('cid', 'C2', 900, '2025-02-06');
    expect(payable(story.close('2025-02'), '2025-02')).toEqual({ ann: '0.00', bob: '50.00', cid: '107.00' });
    story.at('2025-03-05').sold('bob', 'B3', 5000, '2025-02-07');
    // Late in March: bob wins the open one of February, and the final one stays as it was.
    expect(payable(story.close('2025-03'), '2025-03')).toEqual({ ann: '0.00', bob: '7.00', cid: '-7.00' });
  });
  it('that is final stays as it was decided, whichever of several it is', () => {
    const final = (name: string, prize: string) => ({
      ...contest({ rank: 'revenue', prizes: [prize], final: 'yes' }),
      name,
    });
    const components = [final('First', '70'), final('Second', '50')];
    const story = company(components[0]!, { components }).close('2025-01').at('2025-02-10');
    story.sold('bob', 'B2', 9000, '2025-01-20');
    expect(payable(story.close('2025-02'), '2025-02')).toEqual({ ann: '0.00', bob: '0.00', cid: '0.00' });
  });
  it('pays nobody where its plan has ended before the last day of its window', () => {
    const story = company(contest(prizes), { effective: { from: '2025-01-01', to: '2025-01-30' } });
    expect(payable(story)).toEqual({ ann: '0.00', bob: '0.00', cid: '0.00' });
  });
  it('states an empty ranking where nobody has anything', () => {
    const { lines } = company(contest(prizes))
      .history()
      .earned({ participant: 'ann', period: '2025-02' }, { effective: '2025-02-28' });
    expect(lines.map(({ earned, trace }) => `${earned} ${trace.rule.split('; ').at(-1)}`)).toEqual([
      '0.00 ranking empty per month (2025-02)',
    ]);
  });
  it('that is final is decided at its close by one close of several periods, as their preview states', () => {
    const story = company(contest({ ...prizes, final: 'yes' }))
      .at('2025-02-03')
      .cancel('A1', '2025-02-02');
    const known = '2025-02-28T23:59:59.999Z';
    const stated = story
      .history()
      .closings('2025-02', known)
      .map(({ period, runHash, statements }) => [
        period.name,
        runHash,
        Object.fromEntries(statements.map(({ participant, payable: amount }) => [participant, amount])),
      ]);
    expect(stated.map(([, , amounts]) => amounts)).toEqual([
      { ann: '100.00', bob: '50.00', cid: '25.00' },
      { ann: '0.00', bob: '0.00', cid: '0.00' },
    ]);
    expect(payable(story, '2025-02')).toEqual({ ann: '0.00', bob: '0.00', cid: '0.00' });
    story.close('2025-02', known);
    expect(
      ['2025-01', '2025-02'].map((period) => [
        period,
        story.history().runHash(period, { effective: story.history().company().calendar.period(period).to, known }),
        payable(story, period),
      ]),
    ).toEqual(stated);
  });
  it('is multiplied and capped like any line', () => {
    expect(payable(company({ ...contest(prizes), cap: { amount: '60', per: 'quarter' } }))).toEqual({
      ann: '60.00',
      bob: '50.00',
      cid: '25.00',
    });
    const doubled = company({ ...contest(prizes), multiplier: 'if(attainment(revenue) >= 100%, 200%, 100%)' });
    for (const id of ['ann', 'bob', 'cid']) doubled.quota(id, 'revenue', '2025-01', id === 'bob' ? 2000 : 5000);
    expect(payable(doubled)).toEqual({ ann: '100.00', bob: '100.00', cid: '25.00' });
  });
  it('explains its ranking by places, and the numbers of nobody else', () => {
    const { trace } = company(contest({ rank: 'revenue', pot: '10% of revenue', prizes: ['60%', '40%'] }))
      .close('2025-01')
      .history()
      .statement({ participant: 'bob', period: '2025-01' }).lines[0]!;
    expect(trace.rule).toBe(
      'AE 1, Contest: contest by revenue: prizes 60%, 40% of a pot of 10% of revenue, tied places share theirs; pot 600 USD; bob has 2000, place 2; ranking 1. ann, 2. bob, 3. cid per month (2025-01)',
    );
    expect(trace.unrounded).toBe('240');
    expect(trace.inputs.map(({ what, value }) => `${what} ${value}`)).toContain('amount 2000');
    expect(JSON.stringify(trace)).not.toContain('3000');
  });
});

describe('The explanation of a contest', () => {
  const measures = { revenue: { counts: 'amount', of: 'deals' }, wins: { counts: '1', of: 'deals' } };
  /** Ann and bob have 3,000 each, cid 1,000 and a deal in a currency without a rate. */
  const contestOf = (of: Record<string, unknown>) =>
    ['ann', 'bob', 'cid']
      .reduce((story, id) => story.person(id, 'AE', '2025-01-01'), new Story({ measures }))
      .plan('AE', { effective: { from: '2025-01-01' }, components: [contest(of)] })
      .at('2025-01-20')
      .sold('ann', 'A1', 3000, '2025-01-10')
      .sold('bob', 'B1', 3000, '2025-01-11')
      .sold('cid', 'C1', 1000, '2025-01-12')
      .sold('cid', 'EU', 1000, '2025-01-13', { currency: 'EUR' })
      .quota('ann', 'revenue', '2025-01', 2000)
      .quota('bob', 'revenue', '2025-01', 1000);
  const explained = (of: Record<string, unknown>, participant: string) => {
    const period = { participant, period: '2025-01' };
    const { statement, explain } = contestOf(of).history().explained(period);
    const [prize] = explain(0).parts;
    const places = prize!.ranking!.map(({ place, last, participants }) => `${place}-${last} ${participants.join(' ')}`);
    const rule = statement.lines[0]!.trace.rule.replace(/^AE 1, Contest: |contest by | per month \(2025-01\)$/g, '');
    return [statement.payable, rule, prize!.sentence, places.join(', ')];
  };
  const exceptions = (of: Record<string, unknown>) =>
    contestOf(of)
      .history()
      .exceptions()
      .map(({ code, participant, component, record, detail }) => [code, participant, component, record?.id, detail]);
  const attainment = { rank: 'attainment(revenue)', prizes: ['100'] };

  it('lists the places, tied ones together, and the own number in money or in its unit', () => {
    const ranked = { rank: 'revenue', prizes: ['100', '50'] };
    const rule = 'revenue: prizes 100, 50, tied places share theirs';
    expect(explained(ranked, 'ann')).toEqual([
      '75.00',
      `${rule}; ann has 3000, tied for places 1 to 2; ranking 1. ann = bob, 3. cid`,
      'tied for places 1 to 2 of 3: the prizes, by the rule for ties',
      '1-2 ann bob, 3-3 cid',
    ]);
    expect(explained(ranked, 'cid')).toEqual([
      '0.00',
      `${rule}; cid has 1000, place 3; ranking 1. ann = bob, 3. cid`,
      'the prize of place 3 of 3',
      '1-2 ann bob, 3-3 cid',
    ]);
    expect(explained({ ...ranked, rank: 'wins' }, 'ann').slice(1, 2)).toEqual([
      'wins: prizes 100, 50, tied places share theirs; ann has 1, tied for places 2 to 3; ranking 1. cid, 2. ann = bob',
    ]);
  });
  it('states the attainment, and no place without a quota', () => {
    const rule = 'attainment(revenue): prizes 100, tied places share theirs';
    expect(explained(attainment, 'ann')).toEqual([
      '0.00',
      `${rule}; ann has 1.5, place 2; ranking 1. bob, 2. ann`,
      'the prize of place 2 of 2',
      '1-1 bob, 2-2 ann',
    ]);
    expect(explained(attainment, 'cid').slice(0, 3)).toEqual([
      '0.00',
      `${rule}, no place; ranking 1. bob, 2. ann`,
      'no place, and so no prize',
    ]);
  });
  it('of a pool states its pot and the people who share it', () => {
    expect(explained({ pot: '10% of revenue', divide: 'revenue' }, 'ann')).toEqual([
      '300.00',
      'pool of a pot of 10% of revenue, divided by revenue; pot 700 USD; 3 participants',
      'a part of the pot 700 USD, which 3 participants share',
      '1-3 ann bob cid',
    ]);
    expect(explained({ pot: '100', requires: 'deals >= 2' }, 'cid')).toEqual([
      '100.00',
      'pool of a pot of 100, divided equally, which requires deals >= 2; pot 100 USD; 3 participants',
      'a part of the pot 100 USD, which one participant takes',
      '1-1 cid',
    ]);
  });
  it('with an unknown amount is an exception, once for each record', () => {
    const missing = ['RATE_MISSING', 'cid', 'Contest', 'EU', 'revenue is not known'];
    expect(exceptions({ rank: 'revenue', prizes: ['100'] })).toEqual([missing]);
    expect(exceptions({ pot: '10% of revenue', divide: 'revenue' })).toEqual([missing]);
    expect(exceptions({ rank: 'wins', prizes: ['100'] })).toEqual([]);
    expect(exceptions(attainment)).toEqual([
      ['NO_QUOTA', 'cid', 'Contest', undefined, 'no quota for revenue in 2025-01'],
      missing,
    ]);
  });
});

describe('A pool', () => {
  it('is divided equally, or by a measure', () => {
    expect(payable(company(contest({ pot: '1% of revenue', divide: 'equally' })))).toEqual({
      ann: '20.00',
      bob: '20.00',
      cid: '20.00',
    });
    expect(payable(company(contest({ pot: '120', divide: 'revenue' })))).toEqual({
      ann: '60.00',
      bob: '40.00',
      cid: '20.00',
    });
  });
  it('is paid in a month without a deal, too', () => {
    const story = company(contest({ pot: '90' }))
      .close('2025-01')
      .close('2025-02');
    expect(payable(story, '2025-02')).toEqual({ ann: '30.00', bob: '30.00', cid: '30.00' });
  });
  it('follows the version at the start of its window', () => {
    const story = company(contest({ pot: '90' }, 'quarter')).plan('AE', {
      version: '2',
      effective: { from: '2025-02-01' },
      components: [contest({ pot: '9000' }, 'quarter')],
    });
    expect(payable(story.close('2025-01').close('2025-02').close('2025-03'), '2025-03')).toEqual({
      ann: '30.00',
      bob: '30.00',
      cid: '30.00',
    });
  });
});
