import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { root, scratch } from '../journeys/booted.fixture.js';
import { runCli } from './program.js';

jest.setTimeout(180_000);

const kept = join(root, 'apps/attain/upgrade');
const versions = readdirSync(kept, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

let place: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  place = await scratch();
});
afterAll(() => place.gone());

async function attain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCli(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    watched: false,
  });
  return { code, out, err };
}
/** A data directory as a version has left it. */
function directoryOf(version: string): string {
  const data = mkdtempSync(join(place.path, `${version}-`));
  for (const file of ['events.db', 'models.db'])
    writeFileSync(join(data, file), gunzipSync(readFileSync(join(kept, version, `${file}.gz`))));
  return data;
}

describe('The data directory of an earlier version', () => {
  it.each(versions)('of %s answers the same statements today, closed and open ones, and verifies', async (version) => {
    const data = directoryOf(version);
    const expected = JSON.parse(readFileSync(join(kept, version, 'statements.json'), 'utf8')) as Record<string, object>;
    for (const [of, statement] of Object.entries(expected)) {
      const { code, out, err } = await attain('statement', ...of.split(' '), '--json', '--data', data);
      expect([code, err]).toEqual([0, '']);
      expect(JSON.parse(out)).toMatchObject(statement);
    }
    expect(Object.keys(expected)).toHaveLength(4);
    expect(await attain('verify', '--data', data)).toMatchObject({
      code: 0,
      out: expect.stringContaining('all hashes agree'),
    });
  });

  it.each(versions)('of %s takes commands: the next period closes', async (version) => {
    const closed = await attain('close', '2026-02', '--yes', '--data', directoryOf(version));
    expect(closed).toMatchObject({ code: 0, out: '2026-02 closed, 2 statements issued\n' });
  });
});
