import type { AttainEvent } from '@attain/contracts';
import type { Scenario, ScenarioStep } from './naive/company.js';
import { kindOf } from './naive/facts.js';
import { Story } from './story.js';

type Said = Record<string, string>;

/** A scenario as the events that its steps become; `upTo`: how many steps of it. */
export function storyOf({ company, history }: Scenario, upTo = history.length): Story {
  const { people, quotas = [], rates = [], relations = [], plans, ...document } = company;
  const story = new Story(document as Record<string, unknown>);
  const persons = new Map<string, Said>();
  for (const row of people) tellPerson(story, persons, row as Said);
  for (const { person, relation, other, from, to = null } of relations)
    story.say(`relation-${person}`, { type: 'RelationRecorded', data: { person, relation, other, from, to } });
  for (const { from, to, date, rate } of rates) story.rate(from, to, date, rate);
  for (const quota of quotas) tellQuota(story, quota as unknown as Said);
  for (const plan of plans) publish(story, plan as Record<string, unknown>);
  history.slice(0, upTo).forEach((step, index) => tell(story.at(step.at!), persons, step, index));
  return story;
}

function publish(story: Story, plan: Record<string, unknown>): void {
  story.plan(plan['plan'] as string, plan);
}

function tellPerson(story: Story, persons: Map<string, Said>, { id, ...changed }: Said): void {
  const { from, to, ...fields } = { ...persons.get(id!), ...changed } as Said;
  persons.set(id!, { from: from!, ...fields });
  const { role, manager, team, region, currency, ...others } = fields;
  const data = {
    participant: id!,
    from: from!,
    to: changed['to'] ?? to ?? null,
    role: role ?? null,
    manager: manager ?? null,
    team: team ?? null,
    region: region ?? null,
    currency: currency ?? null,
    fields: others,
  };
  story.say(`participant-${id}`, { type: 'ParticipantAssigned', data });
}

function tellQuota(story: Story, { for: whose, measure, period, amount, target, currency, credit }: Said): void {
  const stream = `quota-${whose}~${measure}`;
  if (amount === 'none')
    return void story.say(stream, {
      type: 'QuotaWithdrawn',
      data: { for: whose!, measure: measure!, period: period! },
    });
  const rules = (credit ?? 'sales')
    .replaceAll('through ', 'through~')
    .split(' ')
    .map((rule) => rule.replace('~', ' '));
  story.say(stream, {
    type: 'QuotaAssigned',
    data: {
      for: whose!,
      measure: measure!,
      period: period!,
      amount: amount!,
      target: target ?? null,
      credit: rules,
      currency: currency ?? null,
    },
  });
}

/** The last stated currency of the deal. */
function currencyOf({ facts }: Story, stream: string): string | null {
  const said = facts
    .filter((fact) => fact.stream === stream)
    .flatMap((fact) =>
      fact.type === 'DealOpened' || fact.type === 'DealAmended' ? [fact.data.fields['currency']] : [],
    );
  return said.findLast((currency) => currency !== undefined) ?? null;
}

/** A step as the events of the services; all changed fields of a deal are in one event. */
function tell(story: Story, persons: Map<string, Said>, step: ScenarioStep, index: number): void {
  const kind = kindOf(step);
  const said = step[kind] as Said;
  const say = (stream: string, event: AttainEvent) => void story.say(stream, event);
  const stream = `deal-crm:${said['deal'] ?? said['id']}`;
  switch (kind) {
    case 'close':
      return void story.close(step['close'] as string, step.at);
    case 'person':
      return tellPerson(story, persons, said);
    case 'leave':
      return void story.leave(said['participant']!, said['from']!, said['to'] ?? null);
    case 'rate':
      return void story.rate(said['from']!, said['to']!, said['date']!, said['rate']!);
    case 'quota':
      return tellQuota(story, said);
    case 'score':
      return say(`score-${said['participant']}`, { type: 'ScoreRecorded', data: said as never });
    case 'won': {
      const { id, closed, ...fields } = said;
      if (story.facts.some((fact) => fact.stream === stream)) story.amend(id!, fields);
      return void story.won(id!, closed!, fields);
    }
    case 'changed':
      return tellChange(story, stream, said);
    case 'split':
      return tellSplit(story, stream, step);
    case 'lost':
      return say(stream, { type: 'DealLost', data: { closed: null } });
    case 'reopened':
      return say(stream, { type: 'DealReopened', data: {} });
    case 'paid':
      return tellPayment(story, said);
    case 'approve':
      return say(`release-crm:${said['deal']}`, {
        type: 'ReleaseApproved',
        data: {
          of: 'deals',
          record: { source: 'crm', id: said['deal']! },
          component: said['component']!,
          participant: null,
          date: step.at!.slice(0, 10),
        } as never,
      });
    case 'cancelled':
    case 'refunded':
    case 'churned':
    case 'credited':
      return say(stream, {
        type: 'DealReversed',
        data: { reversal: said['id'] ?? `${kind} ${index}`, kind, date: said['date']!, amount: said['amount'] ?? null },
      });
    default:
      throw new Error(`no story of the step ${kind}`);
  }
}

function tellChange(story: Story, stream: string, said: Said): void {
  const { deal, amount, closed, owner, ...fields } = said;
  if (amount !== undefined)
    return void story.say(stream, { type: 'DealRepriced', data: { amount, currency: currencyOf(story, stream) } });
  if (closed !== undefined) return void story.say(stream, { type: 'DealRedated', data: { closed } });
  if (owner !== undefined) return void story.say(stream, { type: 'DealReassigned', data: { owner } });
  return void story.amend(deal!, fields);
}

function tellSplit(story: Story, stream: string, step: ScenarioStep): void {
  const { revenue, overlay } = (story.facts.findLast((fact) => fact.stream === stream && fact.type === 'DealSplit')
    ?.data as never) ?? { revenue: {}, overlay: {} };
  const { revenue: ofRevenue = revenue, overlay: over = overlay } = step['split'] as {
    revenue?: Record<string, string>;
    overlay?: Record<string, string>;
  };
  return void story.split((step['split'] as Said)['deal']!, ofRevenue, over);
}

function tellPayment(story: Story, said: Said): void {
  const { id, deal, date, ...fields } = said;
  story.say(`payment-crm:${id}`, {
    type: 'PaymentRecorded',
    data: {
      source: 'crm',
      id: id!,
      deal: { source: 'crm', id: deal! },
      invoice: null,
      fields: { ...fields, paid: date! },
    },
  });
}
