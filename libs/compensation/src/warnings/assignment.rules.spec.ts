import { describe, expect, it } from '@jest/globals';
import { commission, messages, sound, warned } from './warnings.fixture.js';

const plan = (more: Record<string, unknown>) => ({
  effective: { from: '2025-01-01' },
  components: [commission],
  ...more,
});

describe('A plan', () => {
  it('whose people are all there warns of nothing', () => {
    expect(messages(sound())).toEqual([]);
  });

  it('that names a role nobody has names the nearest one, and who has it', () => {
    const [first] = warned(sound().plan('SDR', plan({ assignedTo: { roles: ['Manger'] } })));
    expect(first).toMatchObject({
      code: 'PLAN_UNASSIGNED',
      about: { plan: 'SDR', version: '1', path: ['assignedTo', 'roles', 0] },
    });
    expect(first?.message).toBe(
      'nobody has the role "Manger" (did you mean "Manager", which 1 person has?); the plan SDR 1 pays nobody',
    );
  });

  it.each([
    [{ teams: ['Nroth'] }, 'nobody has the team "Nroth" (did you mean "North", which 2 people have?)'],
    [{ teams: ['AE'] }, 'nobody has the team "AE", but it is a role: name it under `roles`'],
    [{ people: ['anne'] }, 'there is no person "anne" (did you mean "ann"?)'],
    [{ roles: ['AE'], except: ['ann', 'bob'] }, 'the plan X 1 names nobody, because `except` or its days leave nobody'],
  ])('assigned to %j warns', (assignedTo, message) => {
    expect(messages(sound().plan('X', plan({ assignedTo })))[0]).toContain(message);
  });

  it('with one empty role of two still warns, and pays the other role', () => {
    const [first] = messages(
      sound().plan(
        'AE',
        plan({ version: '2', effective: { from: '2025-03-01' }, assignedTo: { roles: ['AE', 'AEs'] } }),
      ),
    );
    expect(first).toBe('PLAN_UNASSIGNED: nobody has the role "AEs" (did you mean "AE", which 2 people have?)');
  });

  it('whose people left before it began pays nobody', () => {
    const story = sound()
      .person('zoe', 'SDR', '2024-01-01', { to: '2024-12-31' })
      .plan('SDR', plan({ assignedTo: { roles: ['SDR'] } }));
    expect(messages(story)[0]).toContain('nobody has the role "SDR" between 2025-01-01 and today');
  });
});

describe('Two plans', () => {
  it('that pay the same credit of the same measure to the same people pay twice', () => {
    const [only, ...others] = warned(sound().plan('AE again', plan({})));
    expect(others).toEqual([]);
    expect(only).toMatchObject({ code: 'PLANS_OVERLAP', participants: ['ann', 'bob'] });
    expect(only?.message).toContain(
      'ann and bob are in the plans AE 1 and AE again 1 at the same time from 2025-01-01 on',
    );
  });

  it.each([
    ['for other people', plan({ assignedTo: { roles: ['Manager'] } })],
    ['of other days', plan({ effective: { from: '2026-01-01' } })],
    [
      'of which one pays by reports',
      plan({ assignedTo: { roles: ['AE', 'Manager'] }, components: [{ ...commission, credit: ['reports'] }] }),
    ],
    [
      'of which one is a contest that ranks by the measure',
      plan({
        pays: 'quarterly',
        components: [{ name: 'Podium', per: 'quarter', contest: { rank: 'revenue', prizes: ['100'] } }],
      }),
    ],
    ['of which one is a kicker for some records', plan({ components: [{ ...commission, where: 'product = "X"' }] })],
  ])('%s do not', (_, document) => {
    const story = sound().plan('Other', document);
    if (document.effective.from === '2026-01-01')
      story.plan('AE', plan({ effective: { from: '2025-01-01', to: '2025-12-31' } }));
    expect(messages(story)).toEqual([]);
  });
});

describe('The versions of a plan', () => {
  it('warn of days between them', () => {
    const story = sound()
      .plan('AE', plan({ effective: { from: '2025-01-01', to: '2025-03-31' } }))
      .plan('AE', plan({ version: '2', effective: { from: '2025-05-01' } }));
    expect(messages(story)).toEqual([
      'PLAN_GAP: no version of the plan AE holds from 2025-04-01 to 2025-04-30: version 1 ends on 2025-03-31 and version 2 begins on 2025-05-01',
    ]);
  });
  it('that begin on one day hide one another', () => {
    expect(messages(sound().plan('AE', plan({ version: '2' })))).toEqual([
      expect.stringContaining('PLAN_VERSION_UNUSED: version 1 of the plan AE holds on no day'),
    ]);
  });
});

describe('A manager', () => {
  it('who has left while people still report to them is named', () => {
    const story = sound().person('mo', 'Manager', '2025-01-01', { to: '2025-06-30' });
    expect(messages(story)).toEqual([
      expect.stringContaining('MANAGER_ABSENT: ann and bob report to mo, whose last row ends on 2025-06-30'),
    ]);
  });
});
