import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Route } from '@attain/service';
import { type Booted, bootCompany, closePeriod } from './booted.fixture.js';

/** Ann asks; Bob is her peer, Zoe sells in another team. Their records contain unique numbers and names. */
const folder = {
  'company.yaml': `company: Canaries
currency: USD
measures: { revenue: { counts: amount, of: deals } }
`,
  'people.csv': `id,name,role,manager,team,region,from
vic,Vic,Director,,,,2025-01-01
mo,Mo,Manager,vic,Falcons,West,2025-01-01
pat,Pat,Manager,vic,Herons,East,2025-01-01
ann,Ann,AE,mo,Falcons,West,2025-01-01
bob,Bob,AE,mo,Falcons,West,2025-01-01
zoe,Zoe,AE,pat,Herons,East,2025-01-01
`,
  'quotas.csv': `for,measure,period,amount,credit
ann,revenue,2025-01,40000,sales
bob,revenue,2025-01,47123,sales
zoe,revenue,2025-01,48123,sales
`,
  'plans/ae.yaml': `plan: AE
version: 1
effective: { from: 2025-01-01 }
assignedTo: { roles: [AE] }
pays: monthly
components: [ { name: Commission, measure: revenue, rate: 10% } ]
`,
  'plans/manager.yaml': `plan: Manager
version: 1
effective: { from: 2025-01-01 }
assignedTo: { roles: [Manager] }
pays: monthly
components: [ { name: Override, credit: reports, measure: revenue, rate: 1% } ]
`,
  'sources/crm.yaml': `source: crm
files: exports/deals.csv
as: deals
dates: yyyy-MM-dd
columns: { id: id, owner: { from: owner, find: people.id }, account: account, amount: amount, closed: closed }
`,
  'exports/deals.csv': `id,owner,account,amount,closed
OWN1,ann,Own account,20000.00,2025-01-15
PEER1,bob,Canary Peer Ltd,31337.70,2025-01-16
FAR1,zoe,Canary Far Ltd,51771.30,2025-01-17
PEER2,nobody,Canary Quarantine Ltd,61881.10,2025-01-18
`,
};
const canaries = {
  'the peer’s deal': ['PEER1', '31337', '31338'],
  'the peer’s pay': ['3133.77'],
  'the peer’s account': ['Canary Peer'],
  'the peer’s quota': ['47123'],
  'another team’s deal': ['FAR1', '51771', 'Canary Far'],
  'another team’s pay': ['5177.13'],
  'another team’s quota': ['48123'],
  'the manager’s pay': ['513.38'],
  'a row in quarantine': ['PEER2', '61881', 'Canary Quarantine'],
};

let company: Booted;
let lines: Map<string, string>;
beforeAll(async () => {
  company = await bootCompany(folder);
  await closePeriod(company, '2025-01');
  const finance = await company.as({ roles: ['finance'] });
  await finance
    .post('/deals/crm/PEER1/change')
    .send({ fields: { amount: '31338.90' } })
    .expect(200);
  await closePeriod(company, '2025-02');
  const all = await Promise.all(
    ['bob', 'mo', 'ann'].map(
      async (who) =>
        [who, (await finance.get(`/statements/2025-01/${who}`).expect(200)).body.lines[0].id as string] as const,
    ),
  );
  lines = new Map(all);
});
afterAll(async () => {
  await company?.close();
});

/** Every path and query that could lead to records of other people. */
function* asked({ path, method }: Route): Generator<{ url: string; body?: object }> {
  const job = '00000000-0000-4000-8000-000000000000';
  const values: Record<string, string[]> = {
    participant: ['ann', 'bob', 'mo', 'zoe'],
    period: ['2025-01', '2025-02', '2025-Q1', '2025', '2025-03'],
    source: ['crm'],
    line: [...lines.values()],
    plan: ['AE'],
    version: ['1'],
    group: ['deals@2', 'history'],
    name: ['admin'],
    table: ['x'],
    quarantine: [job],
    id:
      path.includes('imports') || path.includes('jobs') ? [job] : ['OWN1', 'PEER1', 'FAR1', 'PEER2', 'Canary Peer Ltd'],
  };
  let urls = [''];
  for (const part of path.split('/').filter(Boolean)) {
    const fills = part.startsWith(':') ? (values[part.slice(1)] ?? ['x']) : [part];
    urls = urls.flatMap((url) => fills.map((fill) => `${url}/${encodeURIComponent(fill)}`));
  }
  const queries = [
    '',
    '?asOf=2030-01-01',
    '?asOf=2025-02-01&effective=2025-01-31',
    '?for=bob',
    '?owner=bob',
    '?participant=bob',
    '?on=2025-01-20',
    '?at=2025-01-20',
    '?source=crm',
    ...['participant', 'team', 'region', 'company'].map((by) => `?period=2025-01&by=${by}`),
    '?period=2025-01&measure=revenue&by=participant&for=bob',
    ...['rep', 'product', 'region', 'team', 'account', 'month', 'quarter', 'company', 'stage', 'owner', 'category'].map(
      (by) => `?by=${by}`,
    ),
    '?for=bob&every=month&measure=revenue',
    '?for=bob&every=month',
    '?from=1&to=1',
    '?from=2025-01-31&to=2030-01-01',
  ];
  for (const url of urls) {
    if (method === 'GET') for (const query of queries) yield { url: url + query };
    else
      for (const body of [
        {},
        { text: folder['plans/ae.yaml'] },
        { fields: { amount: '1' } },
        { closed: '2025-01-16' },
        { reason: 'x' },
      ])
        yield { url, body };
  }
}

/** As a word or number of its own: random ids and hashes hold any five digits now and then. */
function contains(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w.])${RegExp.escape(word)}(?![\\da-f])`).test(
    text.replaceAll(/[\da-f]{8}-[\da-f-]{27}|[\da-f]{16,}/g, ''),
  );
}

describe('A rep’s session', () => {
  it('shows by no route anything of a peer, of another team, of a manager, or of a row in quarantine', async () => {
    const ann = await company.as({ roles: ['rep'], participant: 'ann' });
    const { routes } = company;
    expect(routes.length).toBeGreaterThan(60);
    const leaks: string[] = [];
    const answered = new Set<string>();
    let own = 0;
    for (const route of routes) {
      for (const { url, body } of asked(route)) {
        const request =
          route.method === 'GET'
            ? ann.get(url)
            : route.method === 'DELETE'
              ? ann.delete('/users/nobody')
              : route.method === 'PUT'
                ? ann.put(url).send(body)
                : ann.post(url).send(body);
        // A stream of events never ends by itself.
        if (url.includes('/events') || route.path === '/v1/live') continue;
        if ((route.path === '/v1/session' && route.method === 'DELETE') || route.path === '/v1/session/end') continue;
        const answer = await request.buffer(true);
        if (answer.status >= 500) leaks.push(`${route.method} ${url} fails: ${answer.text}`);
        if (answer.status === 200) answered.add(route.path);
        const text = `${answer.text ?? ''} ${JSON.stringify(answer.headers)}`;
        if (/"payable":"2000\.00"/.test(text)) own += 1;
        for (const [what, words] of Object.entries(canaries)) {
          const leak = words.find((word) => contains(text, word) && !url.includes(encodeURIComponent(word)));
          if (leak !== undefined) leaks.push(`${route.method} ${url}: ${what} (${leak})`);
        }
      }
    }
    expect(leaks).toEqual([]);
    // Some answers contain the own statement, and no request ended the session.
    await ann.get('/statements/2025-01/ann').expect(200);
    expect(own).toBeGreaterThan(3);
    expect([...answered]).toEqual(
      expect.arrayContaining([
        '/v1/statements/:period',
        '/v1/statements/:period/:participant',
        '/v1/deals',
        '/v1/attainment',
        '/v1/sales',
        '/v1/leaderboards',
        '/v1/quotas',
      ]),
    );
  });

  it('is the only thing that hides it: finance sees each of them', async () => {
    const finance = await company.as({ roles: ['finance'] });
    const urls = [
      '/deals',
      '/deals/crm/PEER1',
      '/statements/2025-01',
      '/quotas',
      '/accounts',
      '/quarantine',
      '/exports/lines.csv',
      '/exports/attainment.csv',
      '/statements/2025-01/bob',
    ];
    const text = (await Promise.all(urls.map(async (url) => (await finance.get(url).buffer(true)).text))).join('\n');
    const unseen = Object.entries(canaries).filter(
      ([what, words]) => !what.includes('account') && !words.some((word) => contains(text, word)),
    );
    expect(unseen).toEqual([]);
  });

  it('shows a manager the team, and not another', async () => {
    const mo = await company.as({ roles: ['manager'], participant: 'mo' });
    await mo.get('/statements/2025-01/bob').expect(200);
    await mo.get('/statements/2025-01/zoe').expect(404);
    await mo.get('/statements/2025-01/pat').expect(404);
    await mo.get('/deals/crm/PEER1').expect(200);
    await mo.get('/deals/crm/FAR1').expect(404);
  });
});

describe('Every route', () => {
  it('states who may use it, or why everybody may', () => {
    const silent = company.routes.filter(
      ({ permission, public: why }) => permission === undefined && why === undefined,
    );
    expect(silent.map(({ handler }) => handler)).toEqual([]);
  });

  it('admits only signed-in callers, unless it states why it is public', async () => {
    const open = company.routes.filter(({ public: why }) => why !== undefined);
    expect(open.map(({ path }) => path).sort()).toEqual([
      '/',
      '/health/live',
      '/health/ready',
      '/home.css',
      '/metrics',
      '/v1/session',
    ]);
  });
});
