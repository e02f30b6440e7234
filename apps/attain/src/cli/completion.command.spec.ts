import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scratch } from '../journeys/company.fixture.js';
import { runCli } from './program.js';

describe('The completion of bash', () => {
  let place: Awaited<ReturnType<typeof scratch>>;
  let script: string;
  beforeAll(async () => {
    place = await scratch();
    script = join(place.path, 'attain.bash');
    let written = '';
    const code = await runCli(['completion', 'bash'], {
      out: (text) => void (written += text),
      err: () => undefined,
      watched: false,
    });
    expect(code).toBe(0);
    writeFileSync(script, written);
  });
  afterAll(() => place.gone());

  /** The words that bash offers with the cursor behind the last word. */
  function candidates(...words: string[]): string[] {
    const typed = words.map((word) => `'${word}'`).join(' ');
    const asked = `source '${script}'; COMP_WORDS=(attain ${typed}); COMP_CWORD=${words.length}; _attain; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', asked], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line !== '');
  }

  it('offers the commands that begin as the word does', () => {
    expect(candidates('st')).toEqual(['statement']);
    expect(candidates('ch')).toEqual(['check', 'changes']);
    expect(candidates('')).toEqual(expect.arrayContaining(['serve', 'import', 'close', 'user', '--help']));
  });

  it('offers the commands and options of a command', () => {
    expect(candidates('plan', '')).toEqual(expect.arrayContaining(['check', 'publish', 'sign', 'diff']));
    expect(candidates('user', 'ad')).toEqual(['add']);
    expect(candidates('close', '2026-01', '--dry')).toEqual(['--dry-run']);
    expect(candidates('plan', 'publish', 'plan.yaml', '--y')).toEqual(['--yes']);
  });

  it('offers the choices of an option', () => {
    expect(candidates('sales', '--by', '')).toEqual(
      expect.arrayContaining(['rep', 'product', 'account', 'team', 'region', 'month', 'quarter']),
    );
    expect(candidates('sales', '--as', 'au')).toEqual(['auditor']);
  });

  it('offers nothing for a word that no command begins with, so that bash completes files', () => {
    expect(candidates('check', 'my-comp')).toEqual([]);
  });

  it('is registered for attain', () => {
    const registered = execFileSync('bash', ['-c', `source '${script}'; complete -p attain`], { encoding: 'utf8' });
    expect(registered).toContain('-F _attain attain');
  });
});
