import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { root } from '../journeys/company.fixture.js';
import { anchorsOf, commandBlocks, linksOf, pages, textOf } from './pages.fixture.js';
import { Shell } from './shell.fixture.js';

jest.setTimeout(300_000);

const withCommands = pages.filter((page) => commandBlocks(page).length > 0);

describe('README.md and docs/', () => {
  it.each(withCommands)('%s shows commands that run, and what they print', async (page) => {
    const shell = await Shell.open();
    const printed = new Map<number, { shown: string; instead: string }>();
    try {
      for (const { line, commands, exits, notRun, shown, shownAt } of commandBlocks(page)) {
        if (notRun !== undefined) continue;
        let all = '';
        for (const [index, command] of commands.entries()) {
          const { code, written } = await shell.run(command);
          const expected = index === commands.length - 1 ? exits : 0;
          if (code !== expected)
            throw new Error(
              `${page}:${line}: expected exit code ${expected}, found ${code} of\n${command}\n${written}`,
            );
          all += written;
        }
        if (shown === undefined || fits(shown, all)) continue;
        if (process.env['WRITE_PAGES']) printed.set(shownAt!, { shown, instead: all });
        else throw new Error(`${page}:${line}: the page shows\n${shown}\nthe commands print\n${all}`);
      }
    } finally {
      await shell.close();
    }
    if (printed.size > 0) rewrite(page, printed);
  });

  it.each(pages)('%s leads to files and headings that exist', (page) => {
    const broken = linksOf(page).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : relative(root, join(root, dirname(page), path));
      return (
        !existsSync(join(root, target)) ||
        (anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).has(anchor))
      );
    });
    expect(broken).toEqual([]);
  });
});

/** `WRITE_PAGES=1` writes today's output into the pages; replace the parts that differ from run to run by `…` afterwards. */
function rewrite(page: string, printed: ReadonlyMap<number, { shown: string; instead: string }>): void {
  let text = textOf(page);
  for (const [at, { shown, instead }] of [...printed].reverse())
    text = `${text.slice(0, at)}${instead.trimEnd()}\n${text.slice(at + shown.length)}`;
  writeFileSync(join(root, page), text);
}

/** Whether a page shows the output: `…` matches a part of a line, and alone on a line any number of lines. */
function fits(shown: string, printed: string): boolean {
  const pattern = masked(shown)
    .trimEnd()
    .split('\n')
    .map((line) => (line.trim() === '…' ? '(?:.*\n)*?' : `${line.trimEnd().split('…').map(escaped).join('.*')} *\n`));
  return new RegExp(`^${pattern.join('')}$`).test(`${masked(printed).trimEnd()}\n`);
}

/** Instants, ids of events, passwords and durations differ from run to run, and with them the width of columns. */
function masked(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT')
    .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'ID')
    .replace(/\b[\da-f]{64}\b/g, 'SEAL')
    .replace(/\b(with|password) [\w-]{24}(?= |$)/gm, '$1 SECRET')
    .replace(/(?<=\S) {2,}/g, '  ')
    .replace(/\b(after|in) [\d.]+ (s|ms)\b/g, '$1 A WHILE');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
