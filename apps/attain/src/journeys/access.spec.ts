import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { allowed, type Caller, type Permission, type Role, roles, Scopes } from '@attain/service';
import { reading } from './asking.fixture.js';
import { boot, type Booted, scratch, writeFolder } from './booted.fixture.js';
import { type Canary, canariesOf, files, hostile, ids, people, type Person } from './access-company.fixture.js';
import { agentOf } from '@attain/service/testing';

let place: Awaited<ReturnType<typeof scratch>>;
let company: Booted;
let operations: Operation[];
/** Ids of lines of some statements. */
const lines: string[] = [];
const scopeOf = jest.spyOn(Scopes.prototype, 'scopeOf');

interface Operation {
  readonly path: string;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly permission: Permission | undefined;
  readonly public: boolean;
  readonly parameters: readonly string[];
  /** The media types of its answer. */
  readonly media: readonly string[];
  readonly handler: string;
}

beforeAll(async () => {
  place = await scratch();
  await writeFolder(`${place.path}/folder`, files);
  company = await boot(`${place.path}/folder`, `${place.path}/data`);
  const finance = await company.as({ roles: ['finance'] });
  const close = (period: string) =>
    finance.post(`/periods/${period}/close`).send({ accept: { reason: 'No quota was set' } });
  for (const period of ['2025-01', '2025-02']) await close(period).expect(200);
  // Xen's January becomes known to be more when xen is pat's: a difference of January in xen's March.
  await finance
    .post('/deals/crm/late/win')
    .send({ closed: '2025-01-16', fields: { owner: 'xen', amount: '77010101' } })
    .expect(200);
  await close('2025-03').expect(200);
  operations = await operationsOf(company);
  for (const person of ['bob', 'xen', 'fay'] satisfies Person[]) {
    for (const period of ['2025-01', '2025-03']) {
      const { body } = await finance.get(`/statements/${period}/${person}`);
      for (const { id } of (body as { lines?: { id: string }[] }).lines ?? []) lines.push(id);
    }
  }
});
afterAll(async () => {
  await company?.close();
  await place?.gone();
});

interface Described {
  readonly paths: Record<
    string,
    Record<
      string,
      { parameters?: { name: string; in: string }[]; responses: Record<string, { content?: Record<string, unknown> }> }
    >
  >;
}

/** Every operation of the API's own description, with the parameters that it takes. */
async function operationsOf({ url, routes }: Booted): Promise<Operation[]> {
  const { body } = await agentOf(url).get('/docs-json').expect(200);
  const described = (body as Described).paths;
  return routes.map(({ path, method, permission, public: why, handler }) => {
    const operation = described[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    const parameters = (operation?.parameters ?? [])
      .filter(({ in: where }) => where === 'query')
      .map(({ name }) => name);
    return {
      path,
      method: method.toLowerCase() as Operation['method'],
      permission,
      public: why !== undefined,
      parameters,
      media: Object.keys(operation?.responses['200']?.content ?? {}),
      handler,
    };
  });
}

/** Streams of events last as long as a job, or as the session. */
const isStream = ({ path }: Pick<Operation, 'path'>) => path.endsWith('/events') || path === '/v1/live';

const uuid = '00000000-0000-4000-8000-000000000000';
function urlsOf({ path }: Operation): string[] {
  const values: Record<string, readonly string[]> = {
    participant: [...people, 'vic'],
    period: ['2025-01', '2025-02', '2025-03', '2025-Q1', '2025', '2031-01'],
    source: ['crm'],
    line: path.startsWith('/v1/statements') ? lines : [],
    plan: ['AE'],
    version: ['1'],
    id: path.startsWith('/v1/deals') ? [...ids, 'late'] : path.startsWith('/v1/accounts') ? ['acme'] : [uuid],
  };
  let urls = [''];
  for (const part of path.split('/').filter(Boolean)) {
    const fills = part.startsWith(':') ? (values[part.slice(1)] ?? ['x']) : [part];
    urls = urls.flatMap((url) => fills.map((fill) => `${url}/${encodeURIComponent(fill)}`));
  }
  return urls;
}

/** Each alone, and dates in pairs, because one date may widen another. */
function queriesOf({ parameters }: Operation): string[] {
  const alone = parameters.flatMap((name) => (hostile[name] ?? []).map((value) => ({ name, value })));
  const needed = parameters.includes('period') ? ['&period=2025-01', '&period=2025-03', '&period=2025-Q1'] : [''];
  const from = alone
    .filter(({ name }) => name === 'from')
    .flatMap((one) => alone.filter(({ name }) => name === 'to').map((other) => `from=${one.value}&to=${other.value}`));
  const cuts = alone
    .filter(({ name }) => name === 'effective')
    .flatMap((one) =>
      alone
        .filter(({ name }) => name === 'asOf')
        .slice(-2)
        .map((other) => `effective=${one.value}&asOf=${other.value}`),
    );
  const owned = alone
    .filter(({ name }) => name === 'owner' || name === 'for')
    .flatMap((one) =>
      alone.filter(({ name }) => name === 'on').map((other) => `${one.name}=${one.value}&on=${other.value}`),
    );
  const queries = [
    '',
    ...needed.map((period) => period.slice(1)),
    ...alone.flatMap(({ name, value }) => needed.map((period) => `${name}=${value}${name === 'period' ? '' : period}`)),
    ...from,
    ...cuts,
    ...owned,
  ];
  return [...new Set(queries)].map((query) => (query === '' ? '' : `?${query}`));
}

/** Few for lines and PDFs, because the statement that they belong to is asked in every way. */
function queriesFor(operation: Operation): readonly string[] {
  if (operation.media.includes('application/pdf')) return [''];
  if (operation.path.includes(':line')) return ['', '?effective=2025-01-31', '?asOf=2099-01-01'];
  return queriesOf(operation);
}

/** As a word of its own: random ids and hashes hold any eight digits now and then. */
function wordsIn(text: string): Set<string> {
  const found = new Set<string>();
  for (const [word] of text.matchAll(/(?<![\w.-])\d{5,}(?:\.\d+)?(?![\w-])/g)) {
    found.add(word);
    found.add(word.replace(/\.0+$/, ''));
  }
  return found;
}

interface Walk {
  leaks: string[];
  seen: Set<string>;
  answered: Map<string, { ok: number; scoped: number }>;
}
/** Every operation that reads, in every way, by one caller. */
async function walk(
  caller: Omit<Caller, 'actor' | 'name'>,
  hidden: readonly Canary[],
  shown: readonly Canary[],
): Promise<Walk> {
  const read = reading(company.url, await company.token(caller));
  const result: Walk = { leaks: [], seen: new Set(), answered: new Map() };
  const words = new Map<string, { what: string; leak: boolean }>();
  for (const leak of [true, false])
    for (const { what, words: own } of leak ? hidden : shown) for (const word of own) words.set(word, { what, leak });
  for (const operation of operations) {
    if (operation.method !== 'get' || isStream(operation) || operation.public) continue;
    if (operation.permission === undefined || !allowed(caller.roles, operation.permission)) continue;
    for (const url of urlsOf(operation)) {
      for (const query of queriesFor(operation)) {
        const before = scopeOf.mock.calls.length;
        const answer = await read(url + query);
        const at = result.answered.get(operation.path) ?? { ok: 0, scoped: 0 };
        if (answer.status === 200)
          result.answered.set(operation.path, {
            ok: at.ok + 1,
            scoped: at.scoped + (scopeOf.mock.calls.length > before ? 1 : 0),
          });
        if (answer.status >= 500) result.leaks.push(`${url}${query} fails: ${answer.text}`);
        for (const word of wordsIn(answer.text)) {
          const canary = words.get(word);
          if (canary?.leak) result.leaks.push(`${url}${query}: ${canary.what} (${word})`);
          else if (canary) result.seen.add(canary.what);
        }
      }
    }
  }
  return result;
}

const all = (person: Person): Canary[] => Object.values(canariesOf(person)).flat();
const late: Canary = {
  what: 'what became known late of xen’s January',
  words: ['77010101', '7701010.10', '770101.01'],
};

describe('Every operation, for any dates,', () => {
  it('shows a rep the own rows alone', async () => {
    const others = people.filter((person) => person !== 'ann').flatMap(all);
    const { leaks, seen } = await walk({ roles: ['rep'], participant: 'ann' }, [...others, late], all('ann'));
    expect(leaks).toEqual([]);
    expect([...seen].sort()).toEqual(
      all('ann')
        .map(({ what }) => what)
        .sort(),
    );
  });

  it('shows a manager the reports at every level, of a former one the own time, and of a future one the time to come', async () => {
    const { xen, fay } = { xen: canariesOf('xen'), fay: canariesOf('fay') };
    const shown = [...(['mo', 'ann', 'bob', 'lea', 'sue'] as const).flatMap(all), ...xen.january, ...fay.future, late];
    const hidden = [
      ...all('pat'),
      ...xen.march,
      ...xen.quarter,
      ...xen.today,
      ...xen.future,
      ...fay.january,
      ...fay.march,
      ...fay.quarter,
      ...fay.today,
    ];
    const { leaks, seen, answered } = await walk({ roles: ['manager'], participant: 'mo' }, hidden, shown);
    expect(leaks).toEqual([]);
    expect([...seen].sort()).toEqual([...new Set(shown.map(({ what }) => what))].sort());
    if (scopeOf.mock.calls.length > 0) expect(unscoped(answered)).toEqual([]);
  });

  it('hides the time before a new manager, even in a later statement about it', async () => {
    const { xen, fay } = { xen: canariesOf('xen'), fay: canariesOf('fay') };
    const shown = [
      ...all('pat'),
      ...xen.march,
      ...xen.quarter,
      ...xen.today,
      ...xen.future,
      ...fay.january,
      ...fay.march,
      ...fay.quarter,
      ...fay.today,
    ];
    const hidden = [...(['mo', 'ann', 'bob', 'lea', 'sue'] as const).flatMap(all), ...xen.january, ...fay.future, late];
    const { leaks, seen } = await walk({ roles: ['manager'], participant: 'pat' }, hidden, shown);
    expect(leaks).toEqual([]);
    expect([...seen].sort()).toEqual([...new Set(shown.map(({ what }) => what))].sort());
    const { body } = await (
      await company.as({ roles: ['manager'], participant: 'pat' })
    )
      .get('/statements/2025-03/xen')
      .expect(200);
    expect(body).toMatchObject({ hash: null, withheld: { lines: 2 } });
    expect((body as { lines: { for: string | null }[] }).lines.filter((line) => line.for !== null)).toEqual([]);
  });
});

/** Operations that managers may use and that hold rows of nobody; any other has to ask for the scope. */
const ofNobody: Readonly<Record<string, string>> = {
  '/v1/company': 'the company',
  '/v1/calendar': 'the company’s periods',
  '/v1/accounts': 'accounts belong to nobody',
  '/v1/accounts/:source/:id': 'accounts belong to nobody',
  '/v1/plans': 'plans name roles',
  '/v1/plans/:plan/versions/:version': 'plans name roles',
  '/v1/plans/schema': 'the form of plan documents',
  '/v1/plans/:plan/diff': 'plans name roles',
  '/v1/templates': 'plans that come with the product',
  '/v1/periods': 'the cuts of closed periods',
  '/v1/keys': 'the caller’s own keys',
  '/v1/session': 'who the caller is',
  '/v1/session/all': 'the caller’s own sessions',
};

function unscoped(answered: Walk['answered']): string[] {
  return [...answered]
    .filter(([path, { ok, scoped }]) => ofNobody[path] === undefined && scoped < ok)
    .map(([path]) => path);
}

describe('Every operation and every role', () => {
  it.each(roles)('%s: admits only roles with its permission', async (role) => {
    const client = await company.as({
      roles: [role],
      ...(role === 'integration' && { source: 'crm' }),
      participant: 'mo',
    });
    const wrong: string[] = [];
    for (const operation of operations) {
      if (
        operation.public ||
        isStream(operation) ||
        (operation.path.startsWith('/v1/session') && operation.method !== 'get')
      )
        continue;
      const [url] = urlsOf(operation);
      if (url === undefined) continue;
      const may = operation.permission !== undefined && allowed([role], operation.permission);
      // Permitted commands are not sent here, only reads.
      if (may && operation.method !== 'get') continue;
      const { status } =
        operation.method === 'get' ? await client.get(url) : await client[operation.method](url).send({});
      if (may ? status === 403 || status >= 500 : status !== 403) wrong.push(`${operation.method} ${url}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each<Role>(['admin', 'integration'])('%s sees no deal, quota or pay of anybody', async (role) => {
    const { leaks } = await walk(
      { roles: [role], participant: 'mo', ...(role === 'integration' && { source: 'crm' }) },
      [...people.flatMap(all), late],
      [],
    );
    expect(leaks).toEqual([]);
  });

  it.each<Role>(['approver', 'finance', 'auditor'])(
    '%s sees each of them, for any dates, and no question fails',
    async (role) => {
      const everything = [...people.flatMap(all), late];
      const { leaks, seen } = await walk({ roles: [role], participant: 'mo' }, [], everything);
      expect(leaks).toEqual([]);
      expect([...seen].sort()).toEqual(everything.map(({ what }) => what).sort());
    },
  );

  it('reports sees sales, attainment and quotas of everybody, and no pay, for any dates', async () => {
    const isPay = ({ what }: Canary) => what.startsWith('pay');
    const shown = people.flatMap(all).filter((one) => !isPay(one));
    const { leaks, seen } = await walk({ roles: ['reports'] }, people.flatMap(all).filter(isPay), shown);
    expect(leaks).toEqual([]);
    expect([...seen].filter((what) => what.startsWith('deal')).sort()).toEqual(
      shown
        .map(({ what }) => what)
        .filter((what) => what.startsWith('deal'))
        .sort(),
    );
  });

  it('plan-author sees quotas, for which plans are written, and no deal or pay, for any dates', async () => {
    const isQuota = ({ what }: Canary) => what.startsWith('quota');
    const quotas = people.flatMap(all).filter(isQuota);
    const { leaks, seen } = await walk(
      { roles: ['plan-author'], participant: 'mo' },
      [...people.flatMap(all).filter((one) => !isQuota(one)), late],
      quotas,
    );
    expect(leaks).toEqual([]);
    expect([...seen].sort()).toEqual(quotas.map(({ what }) => what).sort());
  });
});

describe('An API key of the role reports', () => {
  // An identity provider's user, whose roles it alone knows.
  const fay: Caller = { actor: 'oidc:fay', name: 'Fay', roles: ['finance'] };
  const gets = () =>
    operations.filter(({ method, path, public: open }) => method === 'get' && !open && !isStream({ path }));
  let key: { key: string; secret: string };
  beforeAll(async () => {
    const finance = await company.as(fay);
    await finance
      .post('/accounts/crm/acme')
      .send({ fields: { name: 'Acme' } })
      .expect(200);
    key = (
      await finance
        .post('/keys')
        .send({ name: 'dashboard', roles: ['reports'] })
        .expect(200)
    ).body as typeof key;
  });

  it('reads every report of the document as JSON and as CSV, and no pay', async () => {
    const pay = new Map(
      [...people.flatMap(all), late]
        .filter(({ what }) => what.startsWith('pay') || what === late.what)
        .flatMap(({ what, words }) =>
          (what === late.what ? words.slice(1) : words).map((word) => [word, what] as const),
        ),
    );
    const wrong: string[] = [];
    for (const operation of gets()) {
      const may = allowed(['reports'], operation.permission!);
      for (const media of ['application/json', 'text/csv']) {
        const answered = new Set<number>();
        for (const url of urlsOf(operation).flatMap((one) => queriesOf(operation).map((query) => one + query))) {
          const { status, type, text } = await asked(url, media);
          answered.add(status);
          for (const word of wordsIn(text))
            if (pay.has(word)) wrong.push(`${url} as ${media}: ${pay.get(word)} (${word})`);
          if (status === 200 && media === 'text/csv' && operation.media.includes(media) && type !== media)
            wrong.push(`${url} answers ${type} where CSV is asked for`);
          if (status === 200 || (!may && status === 403)) break;
        }
        if (may !== answered.has(200)) wrong.push(`${operation.path} as ${media}: ${[...answered].join(', ')}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('reads nothing after it is revoked', async () => {
    await (await company.as(fay)).delete(`/keys/${key.key}`).expect(204);
    const open: string[] = [];
    for (const operation of gets()) {
      const [url] = urlsOf(operation);
      if (url !== undefined && (await asked(url, 'application/json')).status !== 401) open.push(url);
    }
    expect(open).toEqual([]);
  });

  async function asked(url: string, media: string): Promise<{ status: number; type: string; text: string }> {
    const answer = await fetch(company.url + url, {
      headers: { Authorization: `Bearer ${key.secret}`, Accept: media },
    });
    return {
      status: answer.status,
      type: (answer.headers.get('Content-Type') ?? '').split(';')[0]!,
      text: await answer.text(),
    };
  }
});

describe('A quota', () => {
  /** The people for whom mo may set a quota, by its period; other people and periods are hidden. */
  const reports: readonly string[] = ['ann', 'bob', 'lea', 'sue'];
  const bodies = [...people, 'vic', 'company', 'Falcons', 'Herons'].flatMap((whose) =>
    ['2025-01', '2025-03', '2025-Q1', '2025', '2031-01'].flatMap((period) =>
      [undefined, '1999-12-31', '2025-01-20', '2031-01-15', '2099-01-01'].map((effective) => ({
        for: whose,
        measure: 'revenue',
        period,
        ...(effective && { effective }),
      })),
    ),
  );

  it('is set and withdrawn by a manager only for people who report today and during its whole period', async () => {
    const mo = await company.as({ roles: ['manager'], participant: 'mo' });
    const finance = await company.as({ roles: ['finance'] });
    const quotas = async () =>
      ((await finance.get('/quotas').expect(200)).body as { rows: { for: string; amount: string }[] }).rows.filter(
        (row) => !reports.includes(row.for),
      );
    const before = await quotas();
    const wrong: unknown[] = [];
    for (const body of bodies) {
      const withinTime = body.effective === undefined || body.effective >= '2024-01-01';
      const expected = reports.includes(body.for) && withinTime ? 200 : body.for === 'mo' ? 409 : 404;
      const assigned = await mo.post('/quotas/assign').send({ ...body, amount: '1' });
      if (assigned.status !== expected) wrong.push({ ...body, status: assigned.status, expected });
      if (expected === 200) continue;
      const withdrawn = await mo.post('/quotas/withdraw').send(body);
      if (withdrawn.status !== expected) wrong.push({ ...body, withdrawn: withdrawn.status, expected });
    }
    expect(wrong).toEqual([]);
    expect(await quotas()).toEqual(before);
  });
});
