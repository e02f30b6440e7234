import { describe, expect, it } from '@jest/globals';
import { runCli } from '../cli/program.js';
import { pages, textOf } from './pages.fixture.js';

const fenced = /^```(\S*)[^\n]*\n([\s\S]*?)^```$/gm;

describe('The prose of README.md and docs/', () => {
  it('names only commands and options that exist', async () => {
    const unknown: string[] = [];
    for (const page of pages) {
      const prose = textOf(page).replace(fenced, '');
      for (const [, command = ''] of prose.matchAll(/`(?:npx )?attain ([a-z][^`\n]*)`/g)) {
        const missing = await missingIn(command.split(/\s+/));
        if (missing !== undefined) unknown.push(`${page}: attain ${command}: there is no ${missing}`);
      }
    }
    expect(unknown).toEqual([]);
  });

  it('finds a command and an option that do not exist', async () => {
    expect(await missingIn(['clsoe', '2026-01'])).toBe('command clsoe');
    expect(await missingIn(['plan', 'chekc'])).toBe('command chekc');
    expect(await missingIn(['close', '2026-01', '--dry'])).toBe('option --dry');
  });

  it('shows commands only in blocks of `sh`, which run', () => {
    const hidden = pages.flatMap((page) =>
      [...textOf(page).matchAll(fenced)]
        .filter(([, language, text = '']) => language !== 'sh' && /^(\$ |npx |npm |attain )/m.test(text))
        .map(([, language]) => `${page}: a block of "${language}" holds a command`),
    );
    expect(hidden).toEqual([]);
    expect(pages.flatMap((page) => [...textOf(page).matchAll(/^```(bash|shell|console|zsh)/gm)])).toEqual([]);
  });
});

const helps = new Map<string, Promise<string>>();

function helpOf(path: readonly string[]): Promise<string> {
  const key = path.join(' ');
  if (!helps.has(key)) helps.set(key, help(path));
  return helps.get(key)!;
}

async function help(path: readonly string[]): Promise<string> {
  let page = '';
  const write = (text: string) => void (page += text);
  await runCli([...path, '--help'], { out: write, err: write, watched: false });
  return page;
}

/** The first command or option that the help does not list. */
async function missingIn(words: readonly string[]): Promise<string | undefined> {
  const path: string[] = [];
  for (const word of words) {
    const commands = [...((await helpOf(path)).split(/^Commands:$/m)[1] ?? '').matchAll(/^ {2}([a-z][\w-]*)/gm)];
    if (commands.length === 0) break;
    if (!commands.some(([, name]) => name === word)) return `command ${word}`;
    path.push(word);
  }
  const page = await helpOf(path);
  const option = words.find((word) => word.startsWith('--') && !new RegExp(`(^|\\s)${word}\\b(?!-)`).test(page));
  return option === undefined ? undefined : `option ${option}`;
}
