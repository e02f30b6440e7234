import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Leaderboard } from '@attain/reporting';
import type { Served } from '@attain/service';
import { addDays, type LocalDate } from '@attain/values';
import { serveFolder } from '../serve-folder.js';
import { demoFolder, demoToken, scratch } from './booted.fixture.js';
import {
  type Attacker,
  type Claim,
  claimsOf,
  forecastClaims,
  isNear,
  isolatedBy,
  type Organisation,
  quotasBySquares,
  type Read,
  sightOf,
  type Truth,
  weakened,
} from './peers.fixture.js';
import { days, ownSales, readerAt, truthOf } from './peers-truth.fixture.js';
import { agentOf } from '@attain/service/testing';

jest.setTimeout(600_000);

const spring = { name: '2017-Q2', from: '2017-04-01', to: '2017-06-30' };
const june = { name: '2017-06', from: '2017-06-01', to: '2017-06-10' };

/** The demo company as on some day of 2017: its readers ask each day for what is published that day. */
describe('Reports about peers in the demo company', () => {
  let place: Awaited<ReturnType<typeof scratch>>;
  let served: Served;
  let now = new Date().toISOString();
  let finance: Read;
  let truth: Truth;
  let organisation: Organisation;
  const attackers = new Map<string, Attacker>();

  beforeAll(async () => {
    place = await scratch();
    ({ served } = await serveFolder({
      folder: demoFolder,
      settings: { DATA: place.path, PORT: '0', LOG_LEVEL: 'silent' },
      environment: {},
      signals: false,
      print: () => undefined,
      clock: () => now,
    }));
    const reader = async (role: string) => readerAt(agentOf(served.url, await demoToken(served.url, role)));
    finance = await reader('finance');
    ({ truth, organisation } = await truthOf(finance, spring.name));
    const below = organisation.below.get('melvin-marxen')!;
    attackers.set('rep', { read: await reader('rep'), scope: new Set(['darcel-schlecht']) });
    attackers.set('manager', { read: await reader('manager'), scope: new Set(['melvin-marxen', ...below]) });
  });
  afterAll(async () => {
    await served?.close();
    await place?.gone();
  });

  /** A day is seen on the next. */
  const on = (day: LocalDate) => {
    now = `${addDays(day, 1)}T18:00:00.000Z`;
  };

  async function quotasGuessed(attacker: Attacker): Promise<string[]> {
    const sights = [];
    for (const day of days(spring, 3)) {
      on(day);
      sights.push({
        sight: await sightOf(attacker, organisation, spring, day),
        own: ownSales(truth, attacker.scope, spring.from, day),
      });
    }
    const guesses = quotasBySquares(sights, organisation);
    return [
      ...new Set(
        guesses
          .filter(([name, guess]) => !attacker.scope.has(name) && isNear(guess, truth.quotas.get(name) ?? 0))
          .map(([name]) => name),
      ),
    ];
  }

  async function sumsTold(attacker: Attacker) {
    const claims: Claim[] = [];
    for (const day of days(june)) {
      on(day);
      claims.push(...(await claimsOf(attacker, organisation, { periods: [june, spring], day })));
    }
    claims.push(
      ...(await forecastClaims(attacker, organisation, june.to)),
      ...(await forecastClaims(attacker, organisation, addDays(june.to, -7))),
    );
    return isolatedBy(claims, attacker, truth);
  }

  describe.each(['rep', 'manager'])('to a %s', (role) => {
    it('gives no quota of another by equations of all its days', async () => {
      expect(await quotasGuessed(attackers.get(role)!)).toEqual([]);
    });

    it('isolates nobody by sums and their differences', async () => {
      expect(await sumsTold(attackers.get(role)!)).toEqual([]);
    });

    it('would give quotas by fractions of six places beside the sums of teams', async () => {
      const weak = weakened(attackers.get(role)!, finance, (path) =>
        /^\/(leaderboards|attainment).*by=(team|participant)/.test(path),
      );
      expect((await quotasGuessed(weak)).length).toBeGreaterThan(25);
    });

    it('would reveal deals by the sums of teams', async () => {
      const weak = weakened(attackers.get(role)!, finance, (path) => /^\/attainment.*by=team/.test(path));
      expect((await sumsTold(weak)).length).toBeGreaterThan(10);
    });
  });

  it('would give a rep quotas by whole percents of managers, whose percent is that of a sum', async () => {
    const { read, scope } = attackers.get('rep')!;
    const managers: Read = async <Body>(path: string) => {
      if (!path.startsWith('/leaderboards') || !path.includes('by=participant')) return read<Body>(path);
      const board = await finance<Leaderboard>(path);
      return (
        board &&
        ({ ...board, rows: board.rows.map((row) => ({ ...row, attained: Number(row.attained).toFixed(2) })) } as Body)
      );
    };
    expect((await quotasGuessed({ read: managers, scope })).length).toBeGreaterThan(0);
  });

  it('are ranks and whole percents, the same all day, and no other cut', async () => {
    on('2017-06-14');
    const { read } = attackers.get('rep')!;
    const morning = await read<Leaderboard>('/leaderboards?period=2017-Q2');
    expect(morning?.published).toEqual({ effective: '2017-06-14', known: null });
    expect(morning?.rows.length).toBe(35);
    expect(morning?.rows.every(({ attained }) => /^\d+\.\d\d$/.test(attained!))).toBe(true);
    now = '2017-06-16T04:59:00.000Z';
    expect((await read<Leaderboard>('/leaderboards?period=2017-Q2'))?.rows).toEqual(morning?.rows);
    now = '2017-06-16T05:01:00.000Z';
    expect((await read<Leaderboard>('/leaderboards?period=2017-Q2'))?.published).toEqual({
      effective: '2017-06-15',
      known: null,
    });
    expect(await read('/leaderboards?period=2017-Q2&effective=2017-05-01')).toBeUndefined();
    expect(await read('/leaderboards?period=2017-Q2&asOf=2017-05-01')).toBeUndefined();
    const teams = await read<Leaderboard>('/leaderboards?period=2017-Q2&by=team');
    expect(teams?.rows.map(({ attained }) => attained)).toEqual([null, null, null, null, null, null]);
  });
});
