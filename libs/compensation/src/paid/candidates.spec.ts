import { describe, expect, it } from '@jest/globals';
import { Facts } from '../facts/facts.js';
import { OPEN } from '../facts/view.js';
import { World } from '../plans/world.js';
import { Story } from '../testing/story.js';
import { Candidates, dependence } from './candidates.js';

const from = '2025-01-01';
const plan = (credit: string, role: string) => ({
  effective: { from },
  assignedTo: { roles: [role] },
  components: [{ name: 'Commission', measure: 'revenue', rate: '1%', credit }],
});
const before = new Story()
  .person('max', 'Manager', from)
  .person('ann', 'AE', from, { manager: 'max' })
  .person('eve', 'AE', from)
  .plan('Own', plan('sales', 'AE'))
  .plan('Team', plan('reports', 'Manager'))
  .sold('ann', 'D1', 100, '2025-01-15', { account: 'ACME' });

const facts = (...stories: Story[]) => {
  const all = new Facts();
  for (const { facts: own } of stories) for (const fact of own) all.append(fact);
  return all;
};
/** The known facts that may change a line of Ann when a cut reaches a later day, in the order of the log. */
function reached(
  story: Story,
  low: string,
  high: string,
  more: { last?: string; participant?: string } = {},
): string[] {
  const { last = OPEN, participant = 'ann' } = more;
  const all = facts(story);
  const position = Number(all.head);
  const [older, newer] = [low, high].map((effective) => ({ position, effective }));
  const world = new World(all, { position, before: OPEN, after: OPEN, applied: null });
  return new Candidates(all, older!, newer!)
    .touching(participant, dependence([world], participant), last)
    .sort((a, b) => a.at - b.at)
    .map(({ fact }) => fact.type);
}

/** The later facts that may change a line of a participant. */
function touching(participant: string, later: (story: Story) => Story): string[] {
  const facts = new Facts();
  const known = before.facts.length;
  const story = Object.assign(new Story(), { facts: [...before.facts] });
  for (const fact of later(story).facts) facts.append(fact);
  const older = { position: known, effective: OPEN };
  const newer = { position: Number(facts.head), effective: OPEN };
  const world = new World(facts, { position: newer.position, before: OPEN, after: OPEN, applied: null });
  return new Candidates(facts, older, newer)
    .touching(participant, dependence([world], participant), OPEN)
    .map(({ fact }) => fact.type);
}

const account = (id: string) => (story: Story) =>
  story.record(`account-crm:${id}`, {
    type: 'AccountRecorded',
    data: { source: 'crm', id, fields: { sector: 'retail' } },
  });

describe('a fact that may move a line', () => {
  it('is an account that an own record names, and no other', () => {
    expect(touching('ann', account('ACME'))).toEqual(['AccountRecorded']);
    expect(touching('eve', account('ACME'))).toEqual([]);
    expect(touching('ann', account('Globex'))).toEqual([]);
  });

  it('is, for a manager paid on reports, a record, an account or a row of somebody who was ever below', () => {
    expect(touching('max', account('ACME'))).toEqual(['AccountRecorded']);
    expect(touching('max', (story) => story.sold('ann', 'D2', 100, '2025-01-20'))).toContain('DealWon');
    expect(touching('max', (story) => story.person('ann', 'AE', '2025-02-01'))).toEqual(['ParticipantAssigned']);
    expect(touching('max', (story) => story.person('eve', 'AE', '2025-02-01', { manager: 'ann' }))).toEqual([
      'ParticipantAssigned',
    ]);
  });

  it('is nothing of somebody who was never below', () => {
    expect(touching('max', (story) => story.sold('eve', 'D3', 100, '2025-01-20'))).toEqual([]);
    expect(touching('max', (story) => story.person('eve', 'AE', '2025-02-01'))).toEqual([]);
    expect(touching('max', (story) => story.relation('eve', 'mentor', 'zoe', from))).toEqual([]);
  });
});

const changed = {
  quota: (of: string) => (story: Story) => story.quota(of, 'revenue', '2025', 1000),
  leave: (of: string) => (story: Story) => story.leave(of, '2025-02-01'),
  score: (of: string) => (story: Story) =>
    story.record(`score-${of}`, {
      type: 'ScoreRecorded',
      data: { participant: of, objective: 'Calls', period: '2025-01', score: '1' } as never,
    }),
  adjust: (of: string) => (story: Story) =>
    story.record(`adjustment-${of}`, {
      type: 'AdjustmentApproved',
      data: { adjustment: 'a', participant: of } as never,
    }),
};

describe('a fact that may move a line of a person', () => {
  it.each(Object.entries(changed))('is the %s of that person, and of nobody else', (_, of) => {
    expect(touching('ann', of('ann'))).toHaveLength(1);
    expect(touching('ann', of('eve'))).toEqual([]);
  });
  it('is each fact about a plan, a rate or the company', () => {
    expect(touching('eve', (story) => story.plan('Other', plan('sales', 'SE')))).toEqual(['PlanPublished']);
    expect(touching('eve', (story) => story.rate('EUR', 'USD', from, '1.1'))).toEqual(['ExchangeRateRecorded']);
  });
  it('is nothing of a table, which a version of a plan keeps as it was', () => {
    const table = { table: 'rates', columns: ['line', 'rate'], rows: [['X', '5%']] };
    expect(
      touching('ann', (story) => story.record('table-rates', { type: 'TableDefined', data: table as never })),
    ).toEqual([]);
  });
  it('is nothing of somebody below, where only the own sales are paid', () => {
    const below = (story: Story) => story.person('eve', 'AE', '2025-02-01', { manager: 'ann' });
    expect(touching('ann', below)).toEqual([]);
    expect(touching('ann', (story) => below(story).sold('eve', 'E', 100, '2025-02-10'))).toEqual([]);
  });
  it('is a relation only for a participant credited through others', () => {
    expect(touching('ann', (story) => story.relation('ann', 'mentor', 'zoe', from))).toEqual([]);
    expect(touching('max', (story) => story.relation('ann', 'mentor', 'zoe', from))).toEqual(['RelationRecorded']);
    expect(touching('max', (story) => story.relation('zoe', 'mentor', 'ann', from))).toEqual(['RelationRecorded']);
  });
  it('is a deal that was split with that person, and an approval of its release', () => {
    const split = (story: Story) => story.sold('eve', 'E', 100, '2025-01-20').split('E', { eve: '50%', ann: '50%' });
    expect(touching('ann', split)).toEqual(['DealOpened', 'DealWon', 'DealSplit']);
    const approved = (id: string) => (story: Story) =>
      story.record(`release-crm:${id}`, {
        type: 'ReleaseApproved',
        data: { of: 'deals', source: 'crm', id, component: 'Commission', participant: null, date: from } as never,
      });
    expect(touching('ann', approved('D1'))).toEqual(['ReleaseApproved']);
    expect(touching('eve', approved('D1'))).toEqual([]);
  });
});

describe('a fact that only a later cut includes', () => {
  const companyWith = (...days: [id: string, closed: string][]) =>
    days.reduce(
      (story, [id, closed]) => story.sold('ann', id, 100, closed),
      new Story().person('ann', 'AE', from).plan('Own', plan('sales', 'AE')),
    );

  it('is a deal of a day between both, the earlier one left out and the later one counted', () => {
    const deal = ['DealOpened', 'DealWon'];
    expect(reached(companyWith(['D', '2025-01-31']), '2025-01-31', '2025-02-28')).toEqual([]);
    expect(reached(companyWith(['D', '2025-02-01']), '2025-01-31', '2025-02-28')).toEqual(deal);
    expect(reached(companyWith(['D', '2025-02-28']), '2025-01-31', '2025-02-28')).toEqual(deal);
    expect(reached(companyWith(['D', '2025-03-01']), '2025-01-31', '2025-02-28')).toEqual([]);
  });
  it('is the same when the later cut reaches less far', () => {
    expect(reached(companyWith(['D', '2025-02-01']), '2025-02-28', '2025-01-31')).toEqual(['DealOpened', 'DealWon']);
    expect(reached(companyWith(['D', '2025-03-01']), '2025-02-28', '2025-01-31')).toEqual([]);
  });
  it('is nothing where lines of those days are not compared', () => {
    expect(reached(companyWith(['D', '2025-02-01']), '2025-01-31', '2025-02-28', { last: '2025-01-31' })).toEqual([]);
    expect(reached(companyWith(['D', '2025-02-01']), '2025-01-31', '2025-02-28', { last: '2025-02-01' })).toHaveLength(
      2,
    );
  });
  it('is nothing of somebody else', () => {
    const story = companyWith().person('eve', 'AE', from).sold('eve', 'E', 100, '2025-02-01');
    expect(reached(story, '2025-01-31', '2025-02-28')).toEqual([]);
    expect(reached(story, '2025-01-31', '2025-02-28', { participant: 'eve' })).toHaveLength(2);
  });
  it('is a cancellation, and the deal whose day it is, and a leave', () => {
    const cancelled = companyWith(['D', '2025-01-10']).cancel('D', '2025-02-10');
    expect(reached(cancelled, '2025-01-31', '2025-02-28')).toEqual(['DealOpened', 'DealWon', 'DealReversed']);
    expect(reached(cancelled, '2025-02-10', '2025-02-28')).toEqual([]);
    expect(reached(companyWith().leave('ann', '2025-02-10'), '2025-01-31', '2025-02-28')).toEqual(['LeaveRecorded']);
    expect(reached(companyWith().leave('ann', '2025-01-10'), '2025-01-31', '2025-02-28')).toEqual([]);
  });
  const dated = (measure: object) =>
    new Story({ measures: { revenue: { counts: 'amount', ...measure } }, fields: { goLive: 'date', due: 'date' } })
      .person('ann', 'AE', from)
      .plan('Own', plan('sales', 'AE'));
  const inFebruary = (story: Story) => reached(story, '2025-01-31', '2025-02-28');

  it('is a deal whose own field dates its credit, as recorded first or changed since', () => {
    const live = () => dated({ of: 'deals', date: 'goLive' });
    const fields = { owner: 'ann', amount: 100 };
    expect(inFebruary(live().won('D', '2025-01-10', { ...fields, goLive: '2025-02-10' }))).toEqual([
      'DealOpened',
      'DealWon',
    ]);
    const amended = live().won('D', '2025-01-10', { ...fields, goLive: '2025-01-10' });
    expect(inFebruary(amended)).toEqual([]);
    expect(inFebruary(amended.amend('D', { goLive: '2025-02-28' }))).toEqual(['DealOpened', 'DealWon', 'DealAmended']);
  });
  it('is not a deal with another date in those days', () => {
    const story = dated({ of: 'deals' }).sold('ann', 'D', 100, '2025-01-10', {
      goLive: '2025-02-10',
      opened: '2025-02-01',
    });
    expect(inFebruary(story)).toEqual([]);
    const live = dated({ of: 'deals', date: 'goLive' });
    expect(inFebruary(live.sold('ann', 'D', 100, '2025-02-10', { goLive: '2025-01-10', due: '2025-02-10' }))).toEqual(
      [],
    );
  });
  it('is a deal that was opened, or won, on another day than recorded first', () => {
    const redated = (data: { closed: string; opened?: string }) => (story: Story) =>
      story.record('deal-crm:D', { type: 'DealRedated', data: data as never });
    const opened = () =>
      dated({ of: 'deals', date: 'opened' }).sold('ann', 'D', 100, '2025-02-10', { opened: '2025-01-02' });
    expect(inFebruary(opened())).toEqual([]);
    expect(inFebruary(redated({ closed: '2025-02-10', opened: '2025-02-03' })(opened()))).toHaveLength(3);
    expect(inFebruary(redated({ closed: '2025-02-10' })(opened()))).toEqual([]);
    const won = () => dated({ of: 'deals' }).sold('ann', 'D', 100, '2025-01-10');
    expect(inFebruary(redated({ closed: '2025-02-10', opened: '2025-01-03' })(won()))).toHaveLength(3);
    expect(inFebruary(redated({ closed: '2025-01-11', opened: '2025-02-03' })(won()))).toEqual([]);
  });
  it('is each record that belongs to a record of those days, also through an invoice', () => {
    const deal = { source: 'crm', id: 'D' };
    const invoice = { source: 'crm', id: 'I' };
    const invoiced = (story: Story, closed: string, paid: string) =>
      story
        .sold('ann', 'D', 100, closed)
        .record('invoice-crm:I', {
          type: 'InvoiceRecorded',
          data: { ...invoice, deal, fields: { date: '2025-01-15' } },
        })
        .record('payment-crm:P', {
          type: 'PaymentRecorded',
          data: { source: 'crm', id: 'P', deal: null, invoice, fields: { amount: '100', paid } },
        });
    const all = ['DealOpened', 'DealWon', 'InvoiceRecorded', 'PaymentRecorded'];
    expect(inFebruary(invoiced(dated({ of: 'payments', date: 'paid' }), '2025-01-10', '2025-02-10'))).toEqual(all);
    expect(inFebruary(invoiced(dated({ of: 'payments', date: 'paid' }), '2025-02-10', '2025-01-20'))).toEqual([]);
    expect(inFebruary(invoiced(dated({ of: 'deals' }), '2025-02-10', '2025-01-20'))).toEqual(all);
    expect(inFebruary(invoiced(dated({ of: 'deals' }), '2025-01-10', '2025-02-20'))).toEqual([]);
  });
  it('is a leave of a day between both, the earlier one left out', () => {
    expect(reached(companyWith().leave('ann', '2025-01-31'), '2025-01-31', '2025-02-28')).toEqual([]);
    expect(reached(companyWith().leave('ann', '2025-02-28'), '2025-01-31', '2025-02-28')).toEqual(['LeaveRecorded']);
    expect(reached(companyWith().leave('ann', '2025-03-01'), '2025-01-31', '2025-02-28')).toEqual([]);
  });
  it('is a plan whose window pays by itself', () => {
    const story = companyWith().plan('Prize', {
      ...plan('sales', 'AE'),
      components: [{ name: 'First', per: 'month', contest: { rank: 'revenue', prizes: ['50'] } }],
    });
    expect(reached(story, '2025-01-31', '2025-02-28')).toEqual(['PlanPublished']);
    expect(reached(story, '2025-01-31', '2025-01-31')).toEqual([]);
    expect(reached(story, '2025-01-31', '2025-02-28', { last: '2025-01-31' })).toEqual([]);
  });
});

describe('the dependencies of a person', () => {
  const story = new Story()
    .person('ann', 'AE', from)
    .plan('Own', plan('sales', 'AE'))
    .plan('Team', plan('reports', 'AE'))
    .plan('Company', plan('all', 'AE'));
  const all = facts(story);
  const world = new World(all, { position: Number(all.head), before: OPEN, after: OPEN, applied: null });
  it('are others as far as a plan that is compared credits them', () => {
    const others = (...plans: string[]) => dependence([world], 'ann', ({ plan: name }) => plans.includes(name)).others;
    expect([others('Own'), others('Own', 'Team'), others('Own', 'Team', 'Company')]).toEqual([
      'none',
      'near',
      'everybody',
    ]);
    expect(dependence([world], 'ann').others).toBe('everybody');
  });
});

describe('thousands of facts', () => {
  it('are arranged in steps, once', () => {
    const story = new Story().person('ann', 'AE', from).plan('Own', plan('sales', 'AE'));
    const known = story.facts.length;
    for (let index = 0; index < 2500; index += 1) story.quota(`p${index % 7}`, 'revenue', '2025', index);
    story.quota('ann', 'revenue', '2025', 5);
    const all = facts(story);
    const [older, newer] = [known, Number(all.head)].map((position) => ({ position, effective: OPEN }));
    const candidates = new Candidates(all, older!, newer!);
    expect([[...candidates.prepare()].length, [...candidates.prepare()].length]).toEqual([2, 0]);
    const world = new World(all, { position: newer!.position, before: OPEN, after: OPEN, applied: null });
    expect(candidates.touching('ann', dependence([world], 'ann'), OPEN)).toHaveLength(1);
  });
});
