import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../journeys/company.fixture.js';

/** A fenced block of commands, with the output that the page shows below it. */
export interface CommandBlock {
  line: number;
  commands: string[];
  /** The reason that the block does not run here. */
  notRun?: string;
  /** The expected exit code; 0 unless stated. */
  exits: number;
  shown?: string;
  shownAt?: number;
}

export const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root }).sort()];

export function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

/** The blocks of ```sh, each with the ```text right behind it. `sh exits 1` states an exit code, `sh not-run: REASON` skips the block. */
export function commandBlocks(page: string): CommandBlock[] {
  const text = textOf(page);
  return [...text.matchAll(/^```sh([^\n]*)\n([\s\S]*?)^```\n(?:\n*```text\n([\s\S]*?)^```$)?/gm)].map((found) => {
    const [, info = '', commands = '', shown] = found;
    const notRun = /^ not-run: (.{10,})$/.exec(info)?.[1];
    const exits = /^ exits (\d+)$/.exec(info)?.[1];
    const line = text.slice(0, found.index).split('\n').length;
    if (info !== '' && notRun === undefined && exits === undefined)
      throw new Error(
        `${page}:${line}: expected \`sh\`, \`sh exits CODE\` or \`sh not-run: REASON\`, found \`sh${info}\``,
      );
    return {
      line,
      commands: commandsIn(commands),
      exits: Number(exits ?? 0),
      ...(notRun !== undefined && { notRun }),
      ...(shown !== undefined && { shown, shownAt: found.index + found[0].length - '```'.length - shown.length }),
    };
  });
}

/** The commands of a block, each with its continued lines and its here-document. */
function commandsIn(block: string): string[] {
  const commands: string[] = [];
  const lines = block.replace(/\\\n\s*/g, '').split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]!;
    const end = /<<'?(\w+)'?/.exec(line)?.[1];
    if (end === undefined) commands.push(line);
    else {
      const last = lines.indexOf(end, index);
      commands.push(lines.slice(index, last + 1).join('\n'));
      index = last;
    }
  }
  return commands.filter((command) => command.trim() !== '' && !command.startsWith('#'));
}

/** Links of a page that lead to a file, and those to a heading. */
export function linksOf(page: string): string[] {
  const prose = textOf(page).replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/\]\((?!https?:|mailto:)<?([^)>\s]+)>?\)/g)].map(([, link]) => link!);
}

/** The anchors that GitHub makes of the headings of a page. */
export function anchorsOf(page: string): Set<string> {
  const headings = [
    ...textOf(page)
      .replace(/^```[\s\S]*?^```$/gm, '')
      .matchAll(/^#+ (.*)$/gm),
  ].map(([, heading]) => heading!);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replace(/ /g, '-'),
    ),
  );
}
