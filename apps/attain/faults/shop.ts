import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const SECRET = 'a secret of our own';
const PASSWORD = 'Zebra-crossing-77-lantern';
const OWN = 'Lantern-crossing-78-zebra';

/** A company as small as one can be, as a folder. */
export function writeShop(folder: string, deals: number): void {
  const rows = Array.from(
    { length: deals },
    (_, n) => `D${n + 1},${n % 2 ? 'bob' : 'ann'},${(n + 1) * 100}.00,2025-01-${String(10 + (n % 15))}`,
  );
  const files = {
    'company.yaml': 'company: Shop\ncurrency: USD\nmeasures: { revenue: { counts: amount, of: deals } }\n',
    'people.csv':
      'id,name,role,manager,from\nmo,Mo,Manager,,2025-01-01\nann,Ann,AE,mo,2025-01-01\nbob,Bob,AE,mo,2025-01-01\n',
    'quotas.csv': 'for,measure,period,amount\nann,revenue,2025-01,1000\nbob,revenue,2025-01,2000\n',
    'plans/ae.yaml':
      'plan: AE\nversion: 1\neffective: { from: 2025-01-01 }\nassignedTo: { roles: [AE] }\npays: monthly\ncomponents: [ { name: Commission, measure: revenue, rate: 10% } ]\n',
    'sources/crm.yaml':
      'source: crm\nfiles: exports/deals*.csv\nas: deals\ndates: yyyy-MM-dd\ncolumns: { id: id, owner: { from: owner, find: people.id }, amount: amount, closed: closed }\n',
    'exports/deals.csv': `id,owner,amount,closed\n${rows.join('\n')}\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

export interface Ended {
  status: number | null;
  out: string;
  err: string;
}
/** One command line of the product, to its end. */
export function attain(args: readonly string[], { node = [], env = {} }: Circumstances = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, main, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, out: stdout, err: stderr };
}

/** Node's own options, and the environment, of a process. */
export interface Circumstances {
  node?: readonly string[];
  env?: Readonly<Record<string, string>>;
}
export interface Serving {
  url: string;
  /** The alarm that it printed at its start. */
  alarm: string | undefined;
  /** Its stderr so far. */
  err(): string;
  /** Asks with the token of an admin, or of the user of finance that it makes. */
  ask<T = unknown>(who: 'admin' | 'fay' | null, path: string, body?: unknown): Promise<{ status: number; body: T }>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
/** Ends the processes that a failed test has left. */
export function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Serves a data directory, and a folder, in a process of its own. */
export async function serveShop(
  data: string,
  folder?: string,
  { node = [], env = {} }: Circumstances = {},
): Promise<Serving> {
  const args = [
    ...node,
    main,
    'serve',
    ...(folder === undefined ? [] : [folder]),
    '--data',
    data,
    '--port',
    '0',
    '--json',
  ];
  const child: ChildProcess = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ADMIN_SECRET: SECRET, LOG_LEVEL: 'error', ...env },
  });
  running.add(child);
  const exited = once(child, 'exit').finally(() => running.delete(child));
  let [out, err] = ['', ''];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  const { url, alarm } = await new Promise<Pick<Serving, 'url' | 'alarm'>>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const started = out.split('\n').find((line) => line.startsWith('{"url"'));
      if (started) resolve(JSON.parse(started) as Pick<Serving, 'url' | 'alarm'>);
    });
    void exited.then(([code]) => reject(new Error(`it ended with ${code}: ${err}${out}`)));
  });
  const client = new ShopClient(url);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return {
    url,
    alarm,
    err: () => err,
    ask: (who, path, body) => client.ask(who, path, body),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** Asks a shop, with the tokens of its two users once they are known. */
class ShopClient {
  private readonly tokens = new Map<string, string>();

  constructor(private readonly url: string) {}

  async ask<T>(who: 'admin' | 'fay' | null, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const answer = await this.send(path, body, await this.headersOf(who));
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }

  private send(
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>>,
    method = body === undefined ? 'GET' : 'POST',
  ): Promise<Response> {
    return fetch(`${this.url}${path.startsWith('/health') ? '' : '/v1'}${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  private async tokenOf(name: string, password: string): Promise<string> {
    const answer = await this.send('/session', { name, password, give: 'token' }, {});
    if (!answer.ok) throw new Error(`${name} cannot sign in: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { token: string }).token;
  }

  private async headersOf(who: 'admin' | 'fay' | null): Promise<Record<string, string>> {
    if (who === null) return {};
    const known = this.tokens.get(who);
    if (known !== undefined) return { Authorization: `Bearer ${known}` };
    const password = who === 'admin' ? SECRET : PASSWORD;
    const token = await this.tokenOf(who, who === 'admin' ? SECRET : OWN).catch(async (error: Error) => {
      if (who === 'admin') throw error;
      const made = await this.send(
        '/users/fay',
        { roles: ['finance'], password, reason: 'she pays' },
        await this.headersOf('admin'),
        'PUT',
      );
      if (made.status !== 200) throw new Error(`fay cannot be made: ${made.status} ${await made.text()}`);
      // A user with a given password must choose another one first.
      const given = await this.tokenOf(who, password);
      await this.send('/session/password', { now: password, next: OWN }, { Authorization: `Bearer ${given}` });
      return this.tokenOf(who, OWN);
    });
    this.tokens.set(who, token);
    return { Authorization: `Bearer ${token}` };
  }
}
