import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Shell } from '../docs/shell.fixture.js';
import { runCli } from './program.js';

jest.setTimeout(300_000);

/** Examples that the demo cannot run, each with its reason. */
const notRun: readonly (readonly [start: string, reason: string])[] = [
  ['attain verify', 'recomputes 35 months; the journey verification.spec.ts runs it'],
  ['attain replay', 'computes every read model again; cli.spec.ts runs it'],
  ['attain clock accept', 'is refused while the clock is trusted'],
  ['attain user', 'a demo has no admin; user.command.spec.ts runs it'],
  ['attain login', 'a demo has no passwords; docs/operate.md runs it'],
  ['export ATTAIN_TOKEN', 'a demo has no passwords; backup.command.spec.ts runs it'],
  ['attain logout', 'nobody is signed in to a demo'],
  ['attain models rebuild issued', 'a demo has no admin'],
  ['attain objective assign', 'the demo assigns no objectives'],
  ['attain score record', 'the demo assigns no objectives'],
  ['attain plan diff "Account', 'the demo has one version of its plan'],
  ['attain import apps', 'the example of serve has imported it'],
  ['attain import my-company', 'needs a server of a company'],
  ['attain import exports', 'reads 8,800 rows again; the journey import.spec.ts runs it'],
];
/** These connect to engines on machines that do not exist here, so each must end with that message and nothing else. */
const connects = /^EVENTS_URL=/;
/** These open the data directory, which one process does at a time. */
const alone = /--data \.attain/;

let shell: Shell;
let examples: string[];
beforeAll(async () => {
  shell = await Shell.open();
  examples = (await pagesOf([])).flatMap(examplesIn);
  const served = await shell.run('attain serve apps/attain/demo --data .attain/demo');
  if (served.code !== 0) throw new Error(served.written);
});
afterAll(() => shell.close());

describe('The help', () => {
  it('has an example of nearly every command', () => {
    expect(examples.length).toBeGreaterThan(40);
  });

  it('has examples that run against the demo', async () => {
    const runnable = examples.filter(
      (example) =>
        !example.startsWith('attain serve') &&
        !connects.test(example) &&
        !notRun.some(([start]) => example.startsWith(start)),
    );
    const failed: string[] = [];
    const run = async (example: string) => {
      const { code, written } = await shell.run(example);
      if (code !== 0) failed.push(`${example}\n  exits with ${code}: ${written.slice(0, 400)}`);
    };
    for (const example of runnable.filter((one) => !alone.test(one))) await run(example);
    await shell.stop();
    for (const example of runnable.filter((one) => alone.test(one))) await run(example);
    expect(failed).toEqual([]);
    expect(runnable.length).toBeGreaterThan(30);
  });

  it('has an example of the relay whose settings are right, so it gets as far as the event store', async () => {
    const [example, ...others] = examples.filter((one) => connects.test(one));
    expect(others).toEqual([]);
    expect(await shell.run(example!)).toEqual({
      code: 4,
      written: expect.stringMatching(/^the event store: .*store:2113: try again; .*check EVENTS_URL/),
    });
  });

  it('excuses no example that is gone', () => {
    const gone = notRun.filter(([start]) => !examples.some((example) => example.startsWith(start)));
    expect(gone).toEqual([]);
  });
});

/** The help of a command and of those below it. */
async function pagesOf(path: readonly string[]): Promise<string[]> {
  let page = '';
  const write = (text: string) => void (page += text);
  const code = await runCli([...path, '--help'], { out: write, err: write, watched: false });
  if (code !== 0) throw new Error(`attain ${path.join(' ')} --help exits with ${code}`);
  const commands = [...(page.split(/^Commands:$/m)[1] ?? '').matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name]) => name!);
  const pages = [page];
  for (const name of commands) if (name !== 'help') pages.push(...(await pagesOf([...path, name])));
  return pages;
}

function examplesIn(page: string): string[] {
  const [, section = ''] = page.split(/^Examples?:$/m);
  return [...section.matchAll(/^ {2}(\S.*)$/gm)].map(([, example]) => example!);
}
