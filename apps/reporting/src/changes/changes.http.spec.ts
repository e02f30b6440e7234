import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttainEvent } from '@attain/contracts';
import { EVENT_STORE, type Role, serve, type Served, Sessions } from '@attain/service';
import { type Agent, checkedAgent } from '@attain/service/testing';
import { newUuid } from '@attain/values';
import { ReportingModule } from '../reporting.module.js';
import type { ChangeRow } from './changes.answers.js';

const quota = (amount: string): AttainEvent => ({
  type: 'QuotaAssigned',
  data: {
    for: 'ann',
    measure: 'revenue',
    period: '2025-Q1',
    amount,
    target: null,
    credit: ['sales'],
    currency: 'USD',
  },
});

describe('Changes over everybody', () => {
  let served: Served;
  const clients = new Map<string, Agent>();
  const as = (role: string) => clients.get(role)!;
  const rows = async (role: string, query: string) =>
    ((await as(role).get(`/changes?${query}`).expect(200)).body as { rows: ChangeRow[]; next: string | null }).rows;
  async function record(stream: string, actor: string, at: string, event: AttainEvent, more: object = {}) {
    const meta = { actor, correlation: 'c', recorded: `2025-01-${at}T08:00:00.000Z`, ...more };
    await served
      .get(EVENT_STORE)
      .append({ stream, expected: 'any', events: [{ ...event, id: newUuid(), version: 1, meta }] });
  }

  beforeAll(async () => {
    served = await serve([ReportingModule], {
      name: 'test',
      topology: 'together',
      settings: { EVENTS_URL: 'memory:', BUS_URL: 'memory:', MODELS_URL: 'memory:', PORT: '0', LOG_LEVEL: 'silent' },
      environment: {},
      signals: false,
      clock: () => '2025-02-01T12:00:00.000Z',
      firstUser: false,
      print: () => undefined,
    });
    for (const role of ['finance', 'auditor', 'admin', 'manager'] as Role[]) {
      const { token } = await served.app
        .get(Sessions, { strict: false })
        .begin({ actor: `user:${role}`, name: role, roles: [role], participant: 'max' });
      clients.set(role, checkedAgent(served, token));
    }
    await record('quota-ann~revenue', 'folder', '02', quota('100000'));
    await record('quota-ann~revenue', 'user:fay', '03', quota('120000'), { reason: 'a larger territory' });
    await record('deal-crm:D1', 'user:imp', '04', opened('D1'), { causation: 'import-1' });
    await record(
      'deal-crm:D1',
      'user:fay',
      '05',
      { type: 'DealReassigned', data: { owner: 'bob' } },
      { reason: 'moved' },
    );
    await record('score-ann', 'user:max', '06', {
      type: 'ScoreRecorded',
      data: { participant: 'ann', period: '2025-Q1', objective: 'Coaching', score: '80%' },
    });
    await record('user-directory', 'user:admin', '07', {
      type: 'UserPasswordChanged',
      data: { user: 'fay', credential: 'c1' },
    });
    await served.caughtUp();
  });
  afterAll(() => served.close());

  it('contain a quota that was replaced since, with both values, the actor and the reason', async () => {
    expect(await rows('finance', 'kind=quotas')).toEqual([
      expect.objectContaining({
        by: 'user:fay',
        object: 'ann, revenue, 2025-Q1',
        before: '100000 USD',
        after: '120000 USD',
        reason: 'a larger territory',
      }),
      expect.objectContaining({ by: 'folder', before: null, after: '100000 USD' }),
    ]);
  });

  it('are listed from the latest on, without the deals that an import opened', async () => {
    expect((await rows('finance', 'limit=10')).map(({ kind, object, after }) => [kind, object, after])).toEqual([
      ['scores', 'ann, 2025-Q1, Coaching', '80%'],
      ['deals', 'crm:D1', 'reassigned, owner: bob'],
      ['quotas', 'ann, revenue, 2025-Q1', '120000 USD'],
      ['quotas', 'ann, revenue, 2025-Q1', '100000 USD'],
    ]);
  });

  it('are found by their actor and since a day, page by page', async () => {
    expect(await rows('finance', 'by=user:fay&atFrom=2025-01-04')).toMatchObject([{ kind: 'deals', reason: 'moved' }]);
    const first = await as('finance').get('/changes?limit=1').expect(200);
    const { next } = first.body as { next: string };
    const second = await as('finance').get(`/changes?limit=1&cursor=${next}`).expect(200);
    expect(second.body).toMatchObject({ total: 4, rows: [{ kind: 'deals' }] });
  });

  it('of users are for administrators, who see no other, and for auditors', async () => {
    expect((await rows('admin', 'limit=10')).map(({ kind, object }) => [kind, object])).toEqual([['users', 'fay']]);
    expect((await rows('auditor', 'limit=10')).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['users', 'quotas', 'deals', 'scores']),
    );
    await as('manager').get('/changes').expect(403);
  });
});

function opened(id: string): AttainEvent {
  return { type: 'DealOpened', data: { source: 'crm', id, fields: { owner: 'ann', amount: '10' } } };
}
