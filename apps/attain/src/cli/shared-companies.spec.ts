import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { root } from '../journeys/booted.fixture.js';
import { runCli } from './program.js';

jest.setTimeout(120_000);

const shared = join(root, '../shared/companies');
const itShared = existsSync(shared) ? it : it.skip;
const rows = ['lines', 'attainment', 'statements'] as const;

/** Companies whose features are all there; the others wait for features of plans. */
const companies = ['contests', 'currencies', 'draws'];

describe('The shared random companies', () => {
  itShared.each(companies.flatMap((company) => rows.map((kind) => [company, kind] as const)))('give byte for byte what was calculated for them: %s, %s', async (company, kind) => {
    let out = '';
    const code = await runCli(['run', join(shared, company), `--${kind}`], { out: (text) => void (out += text), err: () => undefined, watched: false });
    expect(code).toBe(0);
    expect(out).toBe(readFileSync(join(shared, 'expected', company, `${kind}.csv`), 'utf8'));
  });
});
