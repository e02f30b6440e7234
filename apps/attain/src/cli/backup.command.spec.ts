import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { verifyLog } from '@attain/adapters';
import type { Served } from '@attain/service';
import { scratch, writeFolder } from '../journeys/booted.fixture.js';
import { runCli } from './program.js';

jest.setTimeout(180_000);

const secret = 'nine windows at dusk, and a lamp';
const folder = {
  'company.yaml': 'company: Small\ncurrency: USD\nmeasures: { revenue: { counts: amount, of: deals } }\n',
  'people.csv': 'id,name,role,from\nann,Ann,AE,2025-01-01\n',
  'plans/ae.yaml':
    'plan: AE\nversion: 1\neffective: { from: 2025-01-01 }\nassignedTo: { roles: [AE] }\npays: monthly\ncomponents: [ { name: Commission, measure: revenue, rate: 10% } ]\n',
  'sources/crm.yaml':
    'source: crm\nfiles: exports/deals.csv\nas: deals\ndates: yyyy-MM-dd\ncolumns: { id: id, owner: owner, amount: amount, closed: closed }\n',
  'exports/deals.csv': 'id,owner,amount,closed\nD1,ann,1000,2025-01-20\nD2,ann,500,2025-02-10\n',
};

let place: Awaited<ReturnType<typeof scratch>>;
let served: Served | undefined;
const at = (name: string) => join(place.path, name);
async function attain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCli(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    watched: false,
    serving: (one) => (served = one),
    ask: () => Promise.resolve(secret),
  });
  return { code, out, err };
}
async function stopped(): Promise<void> {
  await served?.close();
  served = undefined;
}
/** The pay of a participant, for an issued period and for an open one. */
const paid = async (data: string) => [
  await attain('statement', 'ann', '2025-01', '--json', '--data', data),
  JSON.parse((await attain('statement', 'ann', '2025-02', '--json', '--data', data)).out).lines,
];

beforeAll(async () => {
  place = await scratch();
  process.env['ADMIN_SECRET'] = secret;
  await writeFolder(at('folder'), folder);
});
afterAll(async () => {
  delete process.env['ADMIN_SECRET'];
  await stopped();
  await place.gone();
});

describe('A backup', () => {
  let before: unknown;

  it('is taken while a server runs, and contains every event acknowledged until then', async () => {
    await attain('import', at('folder'), '--data', at('data'));
    expect((await attain('close', '2025-01', '--yes', '--data', at('data'))).code).toBe(0);
    before = await paid(at('data'));
    expect((await attain('serve', '--data', at('data'), '--port', '0')).code).toBe(0);
    const taken = await attain('backup', at('backup'), '--data', at('data'));
    expect(taken).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+ events up to position \d+ copied to .*, and every seal agrees\n$/),
    });
    for (const file of ['events.db', 'models.db', 'backup.json'])
      expect(statSync(join(at('backup'), file)).mode & 0o077).toBe(0);
    // Later facts are not in it.
    const { head } = verifyLog(at('backup'));
    const token = (await attain('login', 'admin', '--print', '--server', served!.url)).out.trim();
    expect((await attain('user', 'add', 'zoe', 'finance', '--server', served!.url, '--token', token)).code).toBe(0);
    expect(Number(verifyLog(at('data')).head.position)).toBeGreaterThan(Number(head.position));
    expect(verifyLog(at('backup')).head).toEqual(head);
    await stopped();
  });

  it('is restored into a new directory, which answers the same, verifies and signs in the same users', async () => {
    const restored = await attain('restore', at('backup'), '--data', at('restored'));
    expect(restored).toMatchObject({ code: 0, err: '' });
    expect(await paid(at('restored'))).toEqual(before);
    const verified = await attain('verify', '--data', at('restored'));
    expect([verified.code, verified.err]).toEqual([0, '']);
    expect((await attain('serve', '--data', at('restored'), '--port', '0')).code).toBe(0);
    expect((await attain('login', 'admin', '--print', '--server', served!.url)).code).toBe(0);
    await stopped();
  });

  it('is only written into an empty directory', async () => {
    expect(await attain('backup', at('backup'), '--data', at('data'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('is not empty: give a new directory, or an empty one'),
    });
    expect(await attain('restore', at('backup'), '--data', at('data'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('is not empty'),
    });
    expect(await attain('backup', at('b2'), '--data', at('folder'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('holds no data of a company'),
    });
    expect(existsSync(at('b2'))).toBe(false);
  });

  it('is not restored where an event was altered, or where it was never completed', async () => {
    const log = new DatabaseSync(join(at('backup'), 'events.db'));
    log.exec(`UPDATE chunk SET events = replace(events, '"1000"', '"9000"')`);
    log.close();
    expect(await attain('restore', at('backup'), '--data', at('altered'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('is damaged'),
    });
    expect(existsSync(at('altered'))).toBe(false);
    expect(await attain('restore', at('folder'), '--data', at('altered'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('is no complete backup'),
    });
  });
});
