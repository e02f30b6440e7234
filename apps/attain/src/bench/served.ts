import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const cli = fileURLToPath(new URL('../cli/main.js', import.meta.url));
const monitor = new URL('./longest-step.js', import.meta.url).href;

/** A company that another process serves, and the headers of a request by finance. */
export interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function serving(folder: string, data: string): Promise<Served> {
  writeFileSync(join(folder, 'demo.yaml'), 'signIn: { rep: rep0000, manager: rep0001 }\n');
  const child = spawn(process.execPath, ['--import', monitor, cli, 'serve', folder, '--data', data, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const stop = async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  };
  try {
    const url = await servedAt(child);
    const { token } = (await (await post(`${url}/v1/session/demo`, { as: 'finance', give: 'token' })).json()) as {
      token: string;
    };
    return { child, url, token, headers: { authorization: `Bearer ${token}` }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Milliseconds of processor time of the server's longest step since this was asked last. */
export async function longestStep(child: ChildProcess): Promise<number> {
  child.send('longest');
  const [longest] = (await once(child, 'message')) as [number];
  return longest;
}

export function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

export async function done(answer: Response): Promise<void> {
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
