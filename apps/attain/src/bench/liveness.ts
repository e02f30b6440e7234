import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeCompany } from './company.js';
import { goal, type Measured, quantile } from './report.js';

const run = promisify(execFile);
const cli = fileURLToPath(new URL('../cli/main.js', import.meta.url));
const monitor = new URL('./longest-step.js', import.meta.url).href;
/** Milliseconds between two questions for liveness, and in which each is to be answered. */
const EVERY = 5;
const GOAL = 100;

/** The time of `/health/live`, asked from another process, while the server does long work. */
export async function liveness(directory: string, deals: number, reps: number): Promise<Measured[]> {
  const [folder, more, data] = [join(directory, 'company'), join(directory, 'more'), join(directory, 'data')];
  await writeCompany(folder, deals, reps);
  await writeCompany(more, deals + deals / 5, reps);
  writeFileSync(join(folder, 'demo.yaml'), 'signIn: { rep: rep0000, manager: rep0001 }\n');
  const child = spawn(process.execPath, ['--import', monitor, cli, 'serve', folder, '--data', data, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  try {
    const url = await servedAt(child);
    const { token } = (await (await post(`${url}/v1/session/demo`, { as: 'finance', give: 'token' })).json()) as {
      token: string;
    };
    const headers = { authorization: `Bearer ${token}` };
    const get = async (path: string) => void (await done(await fetch(`${url}/v1${path}`, { headers })));
    const work: [string, () => Promise<void>][] = [
      ['statements.csv', () => get('/exports/statements.csv')],
      ['lines.csv', () => get('/exports/lines.csv')],
      ['attainment.csv', () => get('/exports/attainment.csv')],
      ['the statements of an open period', () => get('/statements/2025-12')],
      ['attainment by participant', () => get('/attainment?by=participant&period=2025')],
      ['exceptions', () => get('/exceptions')],
      ['warnings', () => get('/warnings')],
      ['forecast by team', () => get('/forecast')],
      [
        'a dry run of closing',
        async () => void (await done(await post(`${url}/v1/periods/2025-12/close?dryRun=true`, {}, headers))),
      ],
      [
        'closing 2025-01 for good',
        async () =>
          void (await run(process.execPath, [cli, 'close', '2025-01', '--server', url, '--token', token, '--yes'])),
      ],
      [
        `an import of ${(deals + deals / 5).toLocaleString('en-US')} deals`,
        async () =>
          void (await run(process.execPath, [
            cli,
            'import',
            join(more, 'exports/deals.csv'),
            '--source',
            'crm',
            '--server',
            url,
            '--token',
            token,
            '--yes',
          ])),
      ],
    ];
    const rows: Measured[] = [];
    for (const [name, question] of work)
      rows.push(
        await during(
          { url, child },
          `${name}, ${reps.toLocaleString('en-US')} reps and ${deals.toLocaleString('en-US')} deals`,
          question,
        ),
      );
    return rows;
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

async function during(
  { url, child }: { url: string; child: ChildProcess },
  what: string,
  work: () => Promise<void>,
): Promise<Measured> {
  await longestStep(child);
  const times: number[] = [];
  let over = false;
  const polling = (async () => {
    while (!over) {
      const asked = performance.now();
      await done(await fetch(`${url}/health/live`));
      times.push(performance.now() - asked);
      await pause(EVERY);
    }
  })();
  const start = performance.now();
  const [took] = await Promise.all([
    work()
      .then(() => performance.now() - start)
      .finally(() => (over = true)),
    polling,
  ]);
  const ms = (time: number) => `${time.toFixed(0)} ms`;
  const max = Math.max(...times);
  const longest = await longestStep(child);
  return {
    what: `health/live while ${what}`,
    value: `${ms(quantile(times, 0.5))}, p99 ${ms(quantile(times, 0.99))}, max ${ms(max)}`,
    baseline: `answered in ${(took / 1000).toFixed(1)} s, longest step ${ms(longest)} of processor time`,
    ...goal(max, '<', GOAL, `${GOAL} ms at most`),
  };
}

/** Since this was asked last. */
async function longestStep(child: ChildProcess): Promise<number> {
  child.send('longest');
  const [longest] = (await once(child, 'message')) as [number];
  return longest;
}

function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function done(answer: Response): Promise<void> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${text.slice(0, 300)}`);
}

async function servedAt(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    const url = /is served at (http:\/\/\S+)/.exec(text)?.[1];
    if (url !== undefined) {
      child.stdout!.resume();
      return url.replace(/\/$/, '');
    }
  }
  throw new Error(`the server ended before it was served: ${text}`);
}
