import type { OpenException } from '@attain/incentives';
import type { JobView, Served } from '@attain/service';
import type { Command } from 'commander';
import type { Here } from './serve-here.js';
import { Answered, exitCodes, type Progress, Stop } from './terminal.js';

/** Where a question goes: to a running server, to a data directory that no server has open, or to the engines of several processes. */
export interface Target {
  server?: string;
  data?: string;
  engines?: boolean;
  token?: string;
  as?: string;
}

/** Adds the options that say where a question goes. */
export function aimed(command: Command): Command {
  return command
    .option('--server <url>', 'a running server (ATTAIN_SERVER, http://127.0.0.1:3000)')
    .option('--data <dir>', 'or a data directory that no server has open')
    .option(
      '--engines',
      'or the engines of EVENTS_URL, BUS_URL and MODELS_URL, where the services run as processes of their own',
    )
    .option('--token <token>', 'a bearer token for the server (ATTAIN_TOKEN)')
    .option('--as <role>', 'sign in to a demo server as rep, manager, finance or auditor');
}

export interface Api {
  get<T>(path: string, query?: Readonly<Record<string, string | undefined>>): Promise<T>;
  send<T>(
    path: string,
    body: unknown,
    query?: Readonly<Record<string, string | undefined>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  delete<T>(path: string, query?: Readonly<Record<string, string | undefined>>): Promise<T>;
  /** Waits for a job; rejects with what it failed of. */
  follow<T>(job: string, bar: Progress): Promise<T>;
  /** The process that answers, where the question goes to a data directory. */
  served?: Served;
}

const patience = 200;
/** Milliseconds in which a connection that broke off may come back. */
const LOST = 60_000;

/** Asks; a data directory is served for as long as that takes, to this process alone. */
export async function withApi<T>(
  target: Target,
  role: 'rep' | 'manager' | 'finance' | 'auditor',
  ask: (api: Api) => Promise<T>,
  here: Here = {},
): Promise<T> {
  const given = [target.server, target.data, target.engines].filter((one) => one !== undefined);
  if (given.length > 1) throw new Stop(exitCodes.usage, 'give one of --server, --data and --engines');
  if (target.data === undefined && !target.engines) {
    const url = serverOf(target);
    return ask(apiOf(url, await tokenFor(url, target, role)));
  }
  // Loaded only here, since a question to a server needs none of what serves.
  const { serveDirectory, serveEngines } = await import('./serve-here.js');
  const { served, token, close } = await (target.data === undefined
    ? serveEngines(here)
    : serveDirectory(target.data, here));
  try {
    return await ask({ ...apiOf(served.url, token), served });
  } finally {
    await close();
  }
}

/** Signs a local user in, who needs no token to do so. */
export async function signIn<T>(target: Target, name: string, password: string): Promise<T> {
  const body = JSON.stringify({ name, password, give: 'token' });
  return (await bodyOf(
    await fetched(`${serverOf(target)}/v1/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    }),
  )) as T;
}

function serverOf({ server }: Target): string {
  return (server ?? process.env.ATTAIN_SERVER ?? 'http://127.0.0.1:3000').replace(/\/$/, '');
}

async function tokenFor(url: string, { token = process.env.ATTAIN_TOKEN, as }: Target, role: string): Promise<string> {
  if (token !== undefined && as === undefined) return token;
  const answer = await fetched(`${url}/v1/session/demo`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ as: as ?? role, give: 'token' }),
  });
  if (answer.status === 404 || answer.status === 405)
    throw new Stop(exitCodes.unreachable, `${url} is no demo: give --token, or set ATTAIN_TOKEN`);
  return ((await bodyOf(answer)) as { token: string }).token;
}

function apiOf(url: string, token: string): Api {
  const ask = async (
    path: string,
    query: Readonly<Record<string, string | undefined>>,
    init: RequestInit,
  ): Promise<unknown> => {
    const asked = new URL(`${url}/v1${path}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.searchParams.set(name, value);
    return bodyOf(await fetched(asked, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } }));
  };
  const get = <T>(path: string, query: Readonly<Record<string, string | undefined>> = {}) =>
    ask(path, query, {}) as Promise<T>;
  return {
    get,
    send: <T>(
      path: string,
      body: unknown,
      query: Readonly<Record<string, string | undefined>> = {},
      headers: Readonly<Record<string, string>> = {},
    ) => {
      const raw = body instanceof ReadableStream || typeof body === 'string';
      const init: RequestInit = {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: raw ? body : JSON.stringify(body),
      };
      return ask(path, query, raw ? ({ ...init, duplex: 'half' } as RequestInit) : init) as Promise<T>;
    },
    put: <T>(path: string, body: unknown) =>
      ask(
        path,
        {},
        { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) },
      ) as Promise<T>,
    delete: <T>(path: string, query: Readonly<Record<string, string | undefined>> = {}) =>
      ask(path, query, { method: 'DELETE' }) as Promise<T>,
    async follow<T>(id: string, bar: Progress): Promise<T> {
      for (let answered = Date.now(); ;) {
        const job = await get<JobView>(`/jobs/${encodeURIComponent(id)}`).catch((error: unknown) => {
          // The server goes on while nobody watches, or is started again and then goes on.
          if (
            Date.now() - answered > LOST ||
            !(error instanceof Stop) ||
            error.code !== exitCodes.unreachable ||
            (error instanceof Answered && error.status < 500)
          )
            throw error;
          return undefined;
        });
        if (job) {
          answered = Date.now();
          bar.update(job.done, job.total, job.doing ?? '');
          if (job.state === 'finished') return job.result as T;
          if (job.state !== 'running')
            throw new Stop(
              job.problem?.code === 'STORE_FULL' ? exitCodes.full : exitCodes.no,
              job.problem ? `${job.problem.code}: ${job.problem.detail}` : `the job was ${job.state}`,
            );
        }
        await new Promise((wake) => setTimeout(wake, patience));
      }
    },
  };
}

async function fetched(url: string | URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Stop(exitCodes.unreachable, `${new URL(url).origin} cannot be reached: ${why}`);
  }
}

async function bodyOf(answer: Response): Promise<unknown> {
  if (answer.ok) return answer.status === 204 ? undefined : answer.json();
  const problem = (await answer.json().catch(() => ({}))) as {
    code?: string;
    detail?: string;
    errors?: { field: string; message: string }[];
    about?: Readonly<Record<string, unknown>>;
  };
  const { examples = [], problems = [], exceptions = [], uses = [] } = (problem.about ?? {}) as RefusedFor;
  const lines = [
    `${problem.code ?? answer.status}: ${problem.detail ?? answer.statusText}`,
    ...(problem.errors ?? []).map(({ field, message }) => `  ${field}: ${message}`),
    ...problems.map(({ path, message }) => `  ${path.join('.')}: ${message}`),
    ...examples.flatMap(({ name, failures }) =>
      failures.map(({ expected, actual }) => `  example “${name}”: expected ${expected}, came out ${actual}`),
    ),
    ...exceptions.map(
      ({ code, period, participant, component, detail }) =>
        `  ${code}: ${component} for ${participant} in ${period}: ${detail}`,
    ),
    ...uses.map((use) => `  ${use}`),
  ];
  throw new Answered(answer.status, problem, lines.join('\n'));
}

/** What a refusal is about, beyond its sentence. */
interface RefusedFor {
  exceptions?: OpenException[];
  uses?: string[];
  problems?: { path: (string | number)[]; message: string }[];
  examples?: { name: string; failures: { expected: string; actual: string }[] }[];
}
