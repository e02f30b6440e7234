import { describe, expect, it } from '@jest/globals';
import { messages, sound, tiered, warned } from './warnings.fixture.js';

describe('Tiers that need a quota', () => {
  it('warn of each participant with credits and no quota', () => {
    const [only, ...others] = warned(sound([tiered]).quota('ann', 'revenue', '2025-Q1', 500));
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      code: 'QUOTA_MISSING',
      about: { kind: 'person', person: 'bob' },
      participants: ['bob'],
    });
    expect(only?.message).toBe(
      'bob has credits (2,000.00 USD) in 2025-Q1 and no quota of revenue: all of it is paid at the first tier of “Commission” of AE 1; add a quota for bob, revenue, 2025-Q1',
    );
  });
  it('name the existing quotas and the windows without one', () => {
    const story = sound([tiered])
      .quota('ann', 'revenue', '2025', 500)
      .quota('bob', 'revenue', '2025-Q1', 500)
      .sold('bob', 'D3', 10, '2025-05-01');
    expect(messages(story)).toEqual([
      expect.stringContaining(
        'bob has credits (10.00 USD) in 2025-Q2 and no quota of revenue (bob has quotas of it for 2025-Q1)',
      ),
    ]);
  });
  it('take a quota of 0 for none, and months for a quarter', () => {
    expect(
      messages(sound([tiered]).quota('ann', 'revenue', '2025', 500).quota('bob', 'revenue', '2025-Q1', 0))[0],
    ).toContain('no quota above 0 of revenue');
    expect(
      messages(sound([tiered]).quota('ann', 'revenue', '2025', 500).quota('bob', 'revenue', '2025-02', 100)),
    ).toEqual([]);
  });
  it('warn of a curve and of a target, too', () => {
    const curve = {
      name: 'Curve',
      measure: 'revenue',
      per: 'quarter',
      curve: [
        { at: '0%', earns: '0' },
        { at: '100%', earns: '10' },
      ],
    };
    const target = {
      name: 'Bonus',
      measure: 'revenue',
      per: 'quarter',
      target: '9000',
      tiers: [{ from: '80%', pays: '50%' }],
    };
    for (const component of [curve, target]) {
      expect(messages(sound([component]).quota('ann', 'revenue', '2025-Q1', 500))).toEqual([
        expect.stringContaining('no quota of revenue: all of it is paid nothing, because it follows from attainment'),
      ]);
    }
  });
  it('need none if their axis is a ratio, and objectives need no deals', () => {
    const measures = {
      revenue: { counts: 'amount', of: 'deals' },
      wins: { counts: '1', of: 'deals' },
      size: { is: 'wins / revenue' },
    };
    const ratio = {
      name: 'Bonus',
      measure: 'size',
      per: 'quarter',
      target: '9000',
      tiers: [{ from: '80%', pays: '50%' }],
    };
    const objectives = { name: 'Goals', per: 'quarter', target: '4000', objectives: { Playbook: '100%' } };
    expect(messages(sound([ratio, objectives], { measures }))).toEqual([]);
  });
  it('need none for a participant without credits', () => {
    expect(
      messages(
        sound([tiered])
          .quota('ann', 'revenue', '2025', 500)
          .quota('bob', 'revenue', '2025', 500)
          .person('cat', 'AE', '2025-01-01'),
      ),
    ).toEqual([]);
  });
  it('warn once where many lack one', () => {
    const story = sound([tiered]).quota('ann', 'revenue', '2025', 500).quota('bob', 'revenue', '2025', 500);
    for (let i = 10; i < 40; i += 1) story.person(`p${i}`, 'AE', '2025-01-01').sold(`p${i}`, `X${i}`, 10, '2025-03-01');
    expect(messages(story)).toEqual([
      expect.stringContaining('30 people have credits (300.00 USD) and no quota of revenue'),
    ]);
  });
  it('in plain numbers far below the quotas look like percentages', () => {
    const tiers = [
      { from: '0', rate: '5%' },
      { from: '80', rate: '8%' },
      { from: '100', rate: '10%' },
    ];
    expect(messages(sound([{ ...tiered, tiers }]).quota('ann', 'revenue', '2025-Q1', 40000))).toEqual([
      expect.stringContaining('TIERS_WITHOUT_PERCENT'),
    ]);
    expect(messages(sound([{ ...tiered, tiers }]))).toEqual([]);
  });
  it('with one rate as a decimal beside others in % have a warning that names it', () => {
    const tiers = [
      { from: '0%', rate: '5%' },
      { from: '80%', rate: '0.8' },
    ];
    expect(
      messages(
        sound([{ ...tiered, tiers }])
          .quota('ann', 'revenue', '2025', 5)
          .quota('bob', 'revenue', '2025', 5),
      ),
    ).toEqual([expect.stringContaining('RATE_UNITS_MIXED: “Commission” of AE 1 pays 0.8 in tier 2, which is 80%')]);
  });
});

describe('Quotas', () => {
  it('of months, quarters and a year add up', () => {
    const months = ['2025-01', '2025-02', '2025-03'];
    const story = (whole: number) =>
      months.reduce(
        (one, month) => one.quota('ann', 'revenue', month, 100),
        sound().quota('ann', 'revenue', '2025-Q1', whole),
      );
    expect(messages(story(300))).toEqual([]);
    expect(messages(story(400))).toEqual([
      expect.stringContaining(
        'QUOTA_SUM: the quotas of revenue of ann do not add up: the months of 2025-Q1 sum to 300.00 USD, and 2025-Q1 is 400.00 USD',
      ),
    ]);
    expect(
      messages(sound().quota('ann', 'revenue', '2025-Q1', 90).quota('ann', 'revenue', '2025-02', 100)),
    ).toHaveLength(1);
    expect(messages(sound().quota('ann', 'revenue', '2025-Q1', 300).quota('ann', 'revenue', '2025-02', 100))).toEqual(
      [],
    );
  });
  it('of the members of a team reach that of the team', () => {
    const team = (whole: number) =>
      sound()
        .quota('ann', 'revenue', '2025-Q1', 100)
        .quota('bob', 'revenue', '2025-Q1', 100)
        .quota('North', 'revenue', '2025-Q1', whole);
    expect(messages(team(190))).toEqual([]);
    expect(messages(team(250))).toEqual([
      expect.stringContaining('North has 250.00 USD, and ann and bob together 200.00 USD'),
    ]);
    expect(messages(team(100))).toEqual([expect.stringContaining('QUOTA_SUM')]);
  });
  it('of a manager who sells nothing are not attained by own sales', () => {
    expect(warned(sound().quota('mo', 'revenue', '2025-Q1', 100))).toMatchObject([
      {
        code: 'QUOTA_CREDIT',
        about: { kind: 'quota', for: 'mo', period: '2025-Q1' },
        participants: ['mo', 'ann', 'bob'],
      },
    ]);
    expect(messages(sound().quota('mo', 'revenue', '2025-Q1', 100, ['reports']))).toEqual([]);
  });
  it('of days without their person, or years after the last deal, have a warning', () => {
    expect(messages(sound().quota('ann', 'revenue', '2024-Q1', 100).quota('ann', 'revenue', '2024-Q2', 100))).toEqual([
      'QUOTA_OUTSIDE: the quota of revenue of ann for 2024-Q1 and 2024-Q2 counts for nothing, because ann has no row then: check its period',
    ]);
    expect(messages(sound().quota('ann', 'revenue', '2052-Q1', 100))).toEqual([
      expect.stringContaining('the last won deal closed on 2025-02-15'),
    ]);
    expect(messages(sound().quota('ann', 'revenue', '2026', 100))).toEqual([]);
  });
});
