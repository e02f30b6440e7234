import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Leaderboard } from '@attain/reporting';
import { type Route, routesOf } from '@attain/service';
import { demoToken } from './booted.fixture.js';
import { type RandomCompany, randomCompany } from './peers-company.fixture.js';
import {
  type Attacker,
  type Claim,
  claimsOf,
  isNear,
  isolatedBy,
  type Organisation,
  quotasBySquares,
  type Read,
  type Seen,
  sightOf,
  type Truth,
  weakened,
} from './peers.fixture.js';
import { days, ownSales, readerAt, truthOf } from './peers-truth.fixture.js';
import { agentOf } from '@attain/service/testing';

jest.setTimeout(600_000);

const winter = { name: '2025-Q1', from: '2025-01-01', to: '2025-03-31' };
const february = { name: '2025-02', from: '2025-02-01', to: '2025-02-28' };
const asked = { from: '2025-02-03', to: '2025-02-16' };

const readerOf = async ({ served }: RandomCompany, role: string): Promise<Read> =>
  readerAt(agentOf(served.url, await demoToken(served.url, role)));

/** Each asks every evening, while deals come in. */
describe.each([1, 2])('Reports about peers in random company %i, day by day', (seed) => {
  let company: RandomCompany;
  let truth: Truth;
  let organisation: Organisation;
  const attackers = new Map<string, Attacker>();
  const weak = new Map<string, Attacker>();
  const seen = new Map<Attacker, { claims: Claim[]; sights: { day: string; sight: Seen['sight'] }[] }>();

  beforeAll(async () => {
    company = await randomCompany(seed, { unscaled: () => [], factor: 1 });
    const finance = await readerOf(company, 'finance');
    ({ organisation } = await truthOf(finance, winter.name));
    attackers.set('rep', { read: await readerOf(company, 'rep'), scope: new Set([company.rep]) });
    attackers.set('manager', { read: await readerOf(company, 'manager'), scope: new Set(company.reports) });
    const rep = attackers.get('rep')!;
    weak.set(
      'averages of everybody’s won deals',
      weakened(rep, finance, (path) => path.startsWith('/forecast/board')),
    );
    weak.set(
      'sums of regions',
      weakened(rep, finance, (path) => /^\/attainment.*by=region/.test(path)),
    );
    weak.set(
      'what products sold',
      weakened(rep, finance, (path) => /^\/sales.*by=product/.test(path)),
    );
    weak.set(
      'fractions, and sums of the company',
      weakened(rep, finance, (path) => /^\/(leaderboards.*by=participant|attainment.*by=company)/.test(path)),
    );
    for (const attacker of [...attackers.values(), ...weak.values()]) seen.set(attacker, { claims: [], sights: [] });
    for (const day of days(asked)) {
      await company.live(day);
      for (const [attacker, { claims, sights }] of seen) {
        claims.push(...(await claimsOf(attacker, organisation, { periods: [february, winter], day })));
        sights.push({ day, sight: await sightOf(attacker, organisation, winter, day) });
      }
    }
    ({ truth } = await truthOf(finance, winter.name));
  });
  afterAll(() => company?.served.close());

  const quotasGuessed = (attacker: Attacker) => {
    const sights = seen
      .get(attacker)!
      .sights.map(({ day, sight }) => ({ sight, own: ownSales(truth, attacker.scope, winter.from, day) }));
    const guesses = quotasBySquares(sights, organisation);
    return new Set(
      guesses
        .filter(([name, guess]) => !attacker.scope.has(name) && isNear(guess, truth.quotas.get(name) ?? 0))
        .map(([name]) => name),
    );
  };
  const isolated = (attacker: Attacker) => isolatedBy(seen.get(attacker)!.claims, attacker, truth);

  it.each(['rep', 'manager'])('reveals to a %s no quota and no deal of another', async (role) => {
    const attacker = attackers.get(role)!;
    const board = await attacker.read<Leaderboard>(`/leaderboards?period=${winter.name}`);
    expect(board?.rows.filter(({ attained }) => attained !== null).length).toBeGreaterThan(8);
    expect([...quotasGuessed(attacker)]).toEqual([]);
    expect(isolated(attacker)).toEqual([]);
  });

  it.each(['averages of everybody’s won deals', 'sums of regions', 'what products sold'])(
    'would reveal deals by %s',
    (weakness) => {
      expect(isolated(weak.get(weakness)!).length).toBeGreaterThan(0);
    },
  );

  it('would reveal quotas by fractions, and sums of the company', () => {
    expect(quotasGuessed(weak.get('fractions, and sums of the company')!).size).toBeGreaterThan(3);
  });
});

/** Reports in every grouping; what is refused is the same for all. */
function* everything(): Generator<string> {
  for (const period of ['2025-02', '2025-Q1', '2025']) {
    for (const measure of ['revenue', 'wins']) {
      for (const by of ['participant', 'team', 'region', 'company']) {
        yield `/attainment?period=${period}&by=${by}&measure=${measure}`;
        yield `/attainment?period=${period}&by=${by}&measure=${measure}&effective=2025-02-10`;
        yield `/leaderboards?period=${period}&by=${by}&measure=${measure}`;
      }
    }
    for (const by of ['rep', 'product', 'account', 'team', 'region', 'month', 'quarter', 'company'])
      yield `/sales?by=${by}&period=${period}`;
    for (const by of ['stage', 'category', 'owner', 'product', 'account', 'month', 'company'])
      yield `/forecast/board?by=${by}&period=${period}`;
  }
  for (const by of ['team', 'region', 'company', 'participant'])
    for (const every of ['week', 'month']) yield `/forecast?by=${by}&every=${every}`;
  for (const by of ['stage', 'category', 'owner', 'product', 'account', 'month', 'company'])
    yield `/forecast/board?by=${by}`;
}

/** Every other route too, with what its path may name. */
function* filled(routes: readonly Route[], lines: readonly string[]): Generator<string> {
  const values: Readonly<Record<string, readonly string[]>> = {
    participant: ['r11', 'r12', 'r21', 'r31', 'm2'],
    period: ['2025-02', '2025-Q1'],
    source: ['crm'],
    id: ['D1', 'D2', 'D3', 'Acme'],
    plan: ['AE'],
    version: ['1'],
    line: lines,
  };
  for (const { method, path } of routes) {
    if (
      method !== 'GET' ||
      path.endsWith('/events') ||
      path.endsWith('/live') ||
      // The PDF of a statement shows the answer that is compared here.
      path.endsWith('/pdf') ||
      beside.some((other) => path === other || path.startsWith(`${other}/`))
    )
      continue;
    let paths = [''];
    for (const part of path.split('/').filter(Boolean)) {
      const fills = part.startsWith(':') ? (values[part.slice(1)] ?? ['1']) : [part];
      paths = paths.flatMap((begun) => fills.map((fill) => `${begun}/${fill}`));
    }
    yield* paths;
  }
}

/** Routes about the process, which contain no data of the company. */
const beside = ['/', '/home.css', '/health', '/metrics', '/v1/session'];

// Ids of events are random, and statements are hashed with them.
const timeless = (text: string) =>
  text
    .replaceAll(/"position":"\d+"/g, '')
    .replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, 'id')
    .replaceAll(/"hash":"[\da-f]+"/g, '"hash":""');

/** What a role and finance are answered in a company in which the others' amounts are larger by a factor, and February is closed. */
async function answersWhere(
  role: 'rep' | 'manager',
  seed: number,
  factor: number,
): Promise<{ own: Map<string, string>; finance: string[] }> {
  const unscaled = ({ rep, reports }: { rep: string; reports: readonly string[] }) =>
    role === 'rep' ? [rep] : reports;
  const company = await randomCompany(seed, { unscaled, factor });
  try {
    const agent = async (who: string) => agentOf(company.served.url, await demoToken(company.served.url, who));
    for (const day of [...days(asked), '2025-03-01']) await company.live(day);
    const [asking, finance] = [await agent(role), await agent('finance')];
    for (const month of ['2025-01', '2025-02']) await finance.post(`/periods/${month}/close`).send({}).expect(200);
    const own = new Map<string, string>();
    const { body } = await asking.get('/statements/2025-02/r11').expect(200);
    const lines = (body as { lines: { id: string }[] }).lines.map(({ id }) => id);
    for (const path of [...everything(), ...filled(routesOf(company.served.app), lines)]) {
      const { status, text } = await asking.get(path);
      own.set(path, `${status} ${timeless(text)}`);
    }
    const seen = ['/attainment?period=2025-Q1&by=region', '/periods'].map(async (path) =>
      timeless((await finance.get(path).expect(200)).text),
    );
    return { own, finance: await Promise.all(seen) };
  } finally {
    await company.served.close();
  }
}

describe.each([3, 4, 5])('In random company %i, all that is read', (seed) => {
  it.each(['rep', 'manager'] as const)(
    'by a %s is the same byte for byte where all others sell, and are to sell, half as much again',
    async (role) => {
      const [as, more] = [await answersWhere(role, seed, 1), await answersWhere(role, seed, 1.5)];
      expect([...as.own.keys()].filter((path) => more.own.get(path) !== as.own.get(path))).toEqual([]);
      expect([...as.own.values()].filter((text) => text.startsWith('200')).length).toBeGreaterThan(120);
      for (const [index, seen] of as.finance.entries()) expect(more.finance[index]).not.toBe(seen);
    },
  );
});
