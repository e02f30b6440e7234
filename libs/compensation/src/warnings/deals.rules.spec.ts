import { describe, expect, it } from '@jest/globals';
import { commission, messages, sound, warned } from './warnings.fixture.js';

describe('A won deal', () => {
  it('without an owner is paid to nobody', () => {
    expect(warned(sound().won('D3', '2025-03-01', { amount: 500, name: 'Fleet' }))).toMatchObject([
      {
        code: 'DEAL_WITHOUT_OWNER',
        about: { kind: 'record', source: 'crm', id: 'D3' },
        participants: null,
        message: expect.stringContaining('crm:D3 ("Fleet", 500.00 USD, 2025-03-01)'),
      },
    ]);
  });
  it('needs no owner where it is split', () => {
    expect(messages(sound().won('D3', '2025-03-01', { amount: 500 }).split('D3', { ann: '100%' }))).toEqual([]);
  });
  it.each([[{}], [{ amount: '0' }], [{ amount: '0.00' }]])('with %j has no amount', (amount) => {
    expect(messages(sound().won('D3', '2025-03-01', { owner: 'ann', ...amount }))).toEqual([
      expect.stringContaining('DEAL_WITHOUT_AMOUNT'),
    ]);
  });
  it('needs no amount where nothing counts amounts', () => {
    const story = sound([{ name: 'Bounty', measure: 'wins', each: '10' }], {
      measures: { wins: { counts: '1', of: 'deals' } },
    });
    expect(messages(story.won('D3', '2025-03-01', { owner: 'ann' }))).toEqual([]);
  });
  it('that was taken back whole needs nothing any more', () => {
    expect(messages(sound().won('D3', '2025-03-01', { amount: 5 }).cancel('D3', '2025-03-02'))).toEqual([]);
  });
  it('that closed before it opened, or a century away, has odd dates', () => {
    expect(messages(sound().sold('ann', 'D3', 5, '2025-03-01', { opened: '2025-04-01' }))[0]).toContain(
      'closed on 2025-03-01, before it opened on 2025-04-01',
    );
    expect(messages(sound().sold('ann', 'D3', 5, '2125-03-01'))[0]).toContain('DEAL_DATES: the won deal crm:D3');
  });
  it('shares one warning with many similar deals', () => {
    const story = sound();
    for (let i = 0; i < 30; i += 1) story.won(`X${i}`, '2025-03-01', { amount: 5 });
    expect(messages(story)).toEqual([
      'DEAL_WITHOUT_OWNER: 30 won deals of crm have no owner, and nobody is paid for them: crm:X0, crm:X1, crm:X2 and 27 others',
    ]);
  });
});

describe('Somebody with won deals', () => {
  it('whose row ends before them is not paid for them', () => {
    const story = sound()
      .person('ann', 'AE', '2025-01-01', { manager: 'mo', team: 'North', to: '2025-02-28' })
      .sold('ann', 'D3', 300, '2025-03-01')
      .sold('ann', 'D4', 400, '2025-04-01');
    expect(messages(story)).toEqual([
      "PERSON_ABSENT: ann's row ends on 2025-02-28, before 2 won deals (700.00 USD, closed from 2025-03-01 to 2025-04-01): ann is not paid for them (crm:D3 and crm:D4); correct the dates of the row, or give the deals to somebody else",
    ]);
  });
  it('in a split of a day on which they were not there yet is named', () => {
    const story = sound()
      .person('cat', 'AE', '2025-06-01', { manager: 'mo' })
      .sold('ann', 'D3', 300, '2025-03-01')
      .split('D3', { ann: '50%', cat: '50%' });
    expect(messages(story)[0]).toContain(
      "PERSON_ABSENT: cat's first row begins on 2025-06-01, after 1 won deal (300.00 USD, closed on 2025-03-01), some of them shared",
    );
  });
  it('whom the company does not know is compared with those whom it knows', () => {
    expect(messages(sound().sold('anne', 'D3', 300, '2025-03-01'))[0]).toContain(
      'PERSON_UNKNOWN: there is no person "anne" (did you mean "ann"?), but 1 won deal (300.00 USD, closed on 2025-03-01) is theirs',
    );
  });
  it('in no plan is named with the role that a plan most probably meant', () => {
    const story = sound()
      .person('cat', 'AE.', '2025-01-01', { manager: 'mo' })
      .person('dan', 'Account', '2025-01-01', { manager: 'mo' });
    story.sold('cat', 'D3', 300, '2025-03-01').sold('dan', 'D4', 400, '2025-03-01');
    expect(messages(story)).toEqual([
      expect.stringContaining(
        'cat (role "AE.") is in no plan, but has 1 won deal (300.00 USD, closed on 2025-03-01): nobody is paid for it; a plan names the role "AE"',
      ),
      expect.stringContaining('dan (role "Account") is in no plan'),
    ]);
  });
  it('before the first plan began is left alone', () => {
    expect(messages(sound().person('old', 'None', '2024-01-01').sold('old', 'D3', 5, '2024-06-01'))).toEqual([]);
  });
});

describe('A measure that counts no deal', () => {
  it('pays nothing, and has a warning', () => {
    const measures = {
      revenue: { counts: 'amount', of: 'deals' },
      fresh: { counts: 'amount', of: 'deals', where: 'type = "New"' },
    };
    expect(messages(sound([commission, { name: 'New', measure: 'fresh', rate: '1%' }], { measures }))).toEqual([
      expect.stringContaining(
        'MEASURE_EMPTY: “New” of AE 1 pays nothing, because none of 2 won deals counts for fresh',
      ),
    ]);
  });
});
