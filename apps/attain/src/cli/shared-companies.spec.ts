import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { root } from '../journeys/booted.fixture.js';
import { runCli } from './program.js';

jest.setTimeout(120_000);

const shared = join(root, '../shared/companies');
const present = existsSync(shared);
const itShared = present ? it : it.skip;
const rows = ['lines', 'attainment', 'statements'] as const;

/** Companies whose features are all there; the others wait for features of plans. */
const companies = ['caps', 'clawbacks', 'contests', 'currencies', 'draws', 'everything', 'items', 'leaves', 'multipliers', 'releases', 'targets'];
const others = present ? readdirSync(join(shared, 'expected')).filter((company) => !companies.includes(company)) : ['no shared companies are here'];

async function run(company: string, kind: (typeof rows)[number]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCli(['run', join(shared, company), `--${kind}`], { out: (text) => void (out += text), err: (text) => void (err += text), watched: false });
  return { code, out, err };
}

describe('The shared random companies', () => {
  itShared.each(companies.flatMap((company) => rows.map((kind) => [company, kind] as const)))('give byte for byte what was calculated for them: %s, %s', async (company, kind) => {
    const { code, out } = await run(company, kind);
    expect(code).toBe(0);
    expect(out).toBe(readFileSync(join(shared, 'expected', company, `${kind}.csv`), 'utf8'));
  });

  itShared.each(others)('are refused, never computed in part, where they use more than there is: %s', async (company) => {
    const { code, out, err } = await run(company, 'lines');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('not supported yet');
  });
});
