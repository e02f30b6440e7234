import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import type { NewEvent } from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import { checkNear } from './as-of.js';
import { historyCategories, peopleCategories } from './history-feed.js';
import { Hierarchy } from './hierarchy.js';
import { starting, type Started } from './testing/started.fixture.js';
import { EVENT_STORE, HISTORY } from './tokens.js';

const event = (type: string, data: unknown): NewEvent => ({
  id: newUuid(),
  type,
  version: 1,
  data,
  meta: { actor: 'test', correlation: 'test', recorded: '2025-01-01T00:00:00.000Z' },
});
const row = (participant: string, manager: string | null) =>
  event('ParticipantAssigned', {
    participant,
    from: '2025-01-01',
    to: null,
    role: 'AE',
    manager,
    team: null,
    region: null,
    currency: null,
    fields: {},
  });
const deal = event('DealOpened', {
  source: 'crm',
  id: 'D1',
  fields: { owner: 'ann', amount: '1.00', closed: '1990-03-01' },
});
const issued = event('StatementApproved', {
  participant: 'ann',
  period: '2025-01',
  amount: '1.00',
  currency: 'USD',
  known: '2025-01-01T00:00:00.000Z',
});

async function record(served: Started): Promise<void> {
  const append = (stream: string, ...events: NewEvent[]) =>
    served.get(EVENT_STORE).append({ stream, expected: 'any', events });
  await append(
    'company-main',
    event('CompanyConfigured', {
      document: { attain: '1', company: 'Bench', currency: 'USD', timeZone: 'Europe/Berlin', measures: {} },
    }),
  );
  await append('participant-max', row('max', null));
  await append('participant-ann', row('ann', 'max'));
  await append('deal-crm:D1', deal);
  await append('approval-ann~2025-01', issued);
  await served.caughtUp();
}
function answers(served: Started) {
  const history = served.get(HISTORY);
  const near = (period: string) => {
    try {
      return checkNear(history, period);
    } catch (error) {
      return (error as Error).message;
    }
  };
  return {
    people: history.people(),
    company: history.company(),
    span: history.span(),
    below: [...served.get(Hierarchy).below('max').keys()],
    near: ['1981', '1979'].map(near),
  };
}

describe('a process', () => {
  const start = starting();

  it('does not hold the facts that it does not ask about, and answers the same', async () => {
    const [all, few] = [await start(), await start({ facts: peopleCategories })];
    await record(all);
    await record(few);
    expect(answers(few)).toEqual(answers(all));
    expect(answers(few).below).toEqual(['ann']);
    expect([all, few].map((served) => served.get(HISTORY).fact(deal.id)?.type)).toEqual(['DealOpened', undefined]);
    expect(few.get(HISTORY).head).toBe(3n);
  });

  it('never holds issued statements, so that answers keep their position when one arrives', async () => {
    const served = await start();
    await record(served);
    expect(served.get(HISTORY).fact(issued.id)).toBeUndefined();
    expect([served.get(HISTORY).head, await served.get(EVENT_STORE).head()]).toEqual([4n, 5n]);
    expect(historyCategories).not.toContain('statement');
  });

  it('ends with the day of the company, not with that of UTC', async () => {
    const served = await start({ clock: () => '2025-06-30T22:30:00.000Z' });
    await record(served);
    expect(served.get(HISTORY).span().to).toBe('2025-07-01');
  });
});
