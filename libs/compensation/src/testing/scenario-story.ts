import type { AttainEvent } from '@attain/contracts';
import type { Scenario, ScenarioStep } from './naive/company.js';
import { kindOf } from './naive/facts.js';
import { Story } from './story.js';

type Stated = Record<string, string>;

/** The events of a scenario; `upTo`: the number of its steps. */
export function storyOf({ company, history }: Scenario, upTo = history.length): Story {
  const { people, quotas = [], rates = [], relations = [], plans, ...document } = company;
  const story = new Story(document as Record<string, unknown>);
  const persons = new Map<string, Stated>();
  for (const row of people) recordPerson(story, persons, row as Stated);
  for (const { person, relation, other, from, to = null } of relations)
    story.record(`relation-${person}`, { type: 'RelationRecorded', data: { person, relation, other, from, to } });
  for (const { from, to, date, rate } of rates) story.rate(from, to, date, rate);
  for (const quota of quotas) recordQuota(story, quota as unknown as Stated);
  for (const plan of plans) publish(story, plan as Record<string, unknown>);
  history.slice(0, upTo).forEach((step, index) => recordStep(story.at(step.at!), persons, step, index));
  return story;
}

function publish(story: Story, plan: Record<string, unknown>): void {
  story.plan(plan['plan'] as string, plan);
}

function recordPerson(story: Story, persons: Map<string, Stated>, { id, ...changed }: Stated): void {
  const { from, to, ...fields } = { ...persons.get(id!), ...changed } as Stated;
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
  story.record(`participant-${id}`, { type: 'ParticipantAssigned', data });
}

function recordQuota(story: Story, { for: whose, measure, period, amount, target, currency, credit }: Stated): void {
  const stream = `quota-${whose}~${measure}`;
  if (amount === 'none')
    return void story.record(stream, {
      type: 'QuotaWithdrawn',
      data: { for: whose!, measure: measure!, period: period! },
    });
  const rules = (credit ?? 'sales')
    .replaceAll('through ', 'through~')
    .split(' ')
    .map((rule) => rule.replace('~', ' '));
  story.record(stream, {
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
  const stated = facts
    .filter((fact) => fact.stream === stream)
    .flatMap((fact) =>
      fact.type === 'DealOpened' || fact.type === 'DealAmended' ? [fact.data.fields['currency']] : [],
    );
  return stated.findLast((currency) => currency !== undefined) ?? null;
}

/** A step as the events of the services; all changed fields of a deal are in one event. */
function recordStep(story: Story, persons: Map<string, Stated>, step: ScenarioStep, index: number): void {
  const kind = kindOf(step);
  const stated = step[kind] as Stated;
  const record = (stream: string, event: AttainEvent) => void story.record(stream, event);
  const stream = `deal-crm:${stated['deal'] ?? stated['id']}`;
  switch (kind) {
    case 'close':
      return void story.close(step['close'] as string, step.at);
    case 'person':
      return recordPerson(story, persons, stated);
    case 'leave':
      return void story.leave(stated['participant']!, stated['from']!, stated['to'] ?? null);
    case 'rate':
      return void story.rate(stated['from']!, stated['to']!, stated['date']!, stated['rate']!);
    case 'quota':
      return recordQuota(story, stated);
    case 'score':
      return record(`score-${stated['participant']}`, { type: 'ScoreRecorded', data: stated as never });
    case 'won': {
      const { id, closed, ...fields } = stated;
      if (story.facts.some((fact) => fact.stream === stream)) story.amend(id!, fields);
      return void story.won(id!, closed!, fields);
    }
    case 'changed':
      return recordChange(story, stream, stated);
    case 'split':
      return recordSplit(story, stream, step);
    case 'lost':
      return record(stream, { type: 'DealLost', data: { closed: null } });
    case 'reopened':
      return record(stream, { type: 'DealReopened', data: {} });
    case 'paid':
      return recordPayment(story, stated);
    case 'approve':
      return record(`release-crm:${stated['deal']}`, {
        type: 'ReleaseApproved',
        data: {
          of: 'deals',
          record: { source: 'crm', id: stated['deal']! },
          component: stated['component']!,
          participant: null,
          date: step.at!.slice(0, 10),
        } as never,
      });
    case 'cancelled':
    case 'refunded':
    case 'churned':
    case 'credited':
      return record(stream, {
        type: 'DealReversed',
        data: {
          reversal: stated['id'] ?? `${kind} ${index}`,
          kind,
          date: stated['date']!,
          amount: stated['amount'] ?? null,
        },
      });
    default:
      throw new Error(`no story of the step ${kind}`);
  }
}

function recordChange(story: Story, stream: string, stated: Stated): void {
  const { deal, amount, closed, owner, ...fields } = stated;
  if (amount !== undefined)
    return void story.record(stream, { type: 'DealRepriced', data: { amount, currency: currencyOf(story, stream) } });
  if (closed !== undefined) return void story.record(stream, { type: 'DealRedated', data: { closed } });
  if (owner !== undefined) return void story.record(stream, { type: 'DealReassigned', data: { owner } });
  return void story.amend(deal!, fields);
}

function recordSplit(story: Story, stream: string, step: ScenarioStep): void {
  const { revenue, overlay } = (story.facts.findLast((fact) => fact.stream === stream && fact.type === 'DealSplit')
    ?.data as never) ?? { revenue: {}, overlay: {} };
  const { revenue: ofRevenue = revenue, overlay: over = overlay } = step['split'] as {
    revenue?: Record<string, string>;
    overlay?: Record<string, string>;
  };
  return void story.split((step['split'] as Stated)['deal']!, ofRevenue, over);
}

function recordPayment(story: Story, stated: Stated): void {
  const { id, deal, date, ...fields } = stated;
  story.record(`payment-crm:${id}`, {
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
