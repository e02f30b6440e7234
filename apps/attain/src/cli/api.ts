import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connect, getJob, Refused, signInToDemo, Unreachable } from '@attain/client';
import type { Served } from '@attain/service';
import { type Command, Option } from 'commander';
import { keptFor } from './credentials.js';
import { Answered } from './refused.js';
import { makeDirectory } from '../folder/make-directory.js';
import type { Here } from './serve-here.js';
import { exitCodes, type Progress, Stop } from './terminal.js';

/** Where a question goes: to a running server, to a data directory that no server has open, or to the engines of several processes. */
export interface Target {
  server?: string;
  data?: string;
  engines?: boolean;
  token?: string;
  as?: string;
}

export type DemoRole = 'rep' | 'manager' | 'finance' | 'auditor';

/** Adds the options that choose the server or the data directory. */
export function aimed(command: Command): Command {
  return command
    .option('--server <url>', 'a running server (ATTAIN_SERVER, http://127.0.0.1:3000)')
    .option('--data <dir>', 'or a data directory that no server has open')
    .option('--engines', 'or EVENTS_URL, BUS_URL and MODELS_URL, where each service is a process of its own')
    .option('--token <token>', 'an API key or a token (ATTAIN_TOKEN, else the sign-in that `attain login` keeps)')
    .addOption(new Option('--as <role>', 'sign in to a demo server').choices(['rep', 'manager', 'finance', 'auditor']));
}

type Operation = (options: never) => Promise<unknown>;
type OptionsOf<F> = F extends (options: infer O) => unknown ? NonNullable<O> : never;
type AnswerOf<F> = F extends (options: never) => Promise<infer R>
  ? R extends { data: infer A; error: undefined }
    ? A
    : never
  : never;
/** The text that a person typed is sent unchanged, because the server checks it. */
type Typed<T> = T extends string ? string : T extends Blob ? T : T extends object ? { [K in keyof T]: Typed<T[K]> } : T;
type Part = 'body' | 'path' | 'query';
type Asked<F> = Typed<Pick<OptionsOf<F>, Part & keyof OptionsOf<F>>>;

interface More {
  headers?: Readonly<Record<string, string>>;
  /** The process that answers, where the services are processes of their own. */
  service?: string | undefined;
}

export interface Api {
  /** Asks an operation of @attain/client; rejects with `Answered` where the server refuses. */
  ask<F extends Operation>(operation: F, asked?: Asked<F>, more?: More): Promise<AnswerOf<F>>;
  /** Waits for a job; rejects with the reason of its failure. */
  follow<T>(job: string, bar: Progress): Promise<T>;
  /** The process that answers, where the question goes to a data directory. */
  served?: Served;
}

const patience = 200;
/** Milliseconds in which a connection that broke off may come back. */
const LOST = 60_000;

/** Asks; a data directory is served for as long as the question takes, to this process alone. */
export async function withApi<T>(
  target: Target,
  role: DemoRole,
  ask: (api: Api) => Promise<T>,
  here: Here = {},
): Promise<T> {
  const given = [target.server, target.data, target.engines].filter((one) => one !== undefined);
  if (given.length > 1) throw new Stop(exitCodes.usage, 'give one of --server, --data and --engines');
  if (target.data === undefined && !target.engines) {
    const url = serverOf(target);
    const { token, hint } = await tokenFor(url, target, role);
    return ask(apiOf(url, token, hint));
  }
  if (target.data !== undefined) {
    if (here.begins) makeDirectory(target.data, 0o700);
    else knownData(target.data);
  }
  // Loaded only here, because a request to a server does not need the services.
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

/** Asks as nobody in particular, such as to sign in. */
export function asNobody(target: Target): Api {
  return apiOf(serverOf(target), undefined);
}

/** The data directory that a person names must be one: a mistyped name is no new company. */
export function knownData(data: string): void {
  if (existsSync(join(data, 'events.db'))) return;
  throw new Stop(
    exitCodes.usage,
    `${data} ${existsSync(data) ? 'holds no data of a company' : 'does not exist'}: check the name after --data. ` +
      `Make a new company with \`attain import FOLDER --data ${data}\` or \`attain serve FOLDER --data ${data}\``,
    { code: 'NO_DATA' },
  );
}

export function serverOf({ server }: Target): string {
  const text = server ?? process.env.ATTAIN_SERVER ?? 'http://127.0.0.1:3000';
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Stop(
      exitCodes.usage,
      `expected the address of a server, such as http://127.0.0.1:3000, and found ${JSON.stringify(text)} in ${server === undefined ? 'ATTAIN_SERVER' : '--server'}`,
    );
  return text.replace(/\/+$/, '');
}

async function tokenFor(
  url: string,
  { token = process.env.ATTAIN_TOKEN, as }: Target,
  role: string,
): Promise<{ token: string; hint?: string }> {
  if (token !== undefined && as === undefined) return { token, hint: 'The token or key is wrong, revoked or expired.' };
  const kept = as === undefined ? await keptFor(url) : undefined;
  if (kept !== undefined)
    return {
      token: kept.token,
      hint: `The sign-in of ${kept.name} at ${url} has ended: run \`attain login ${kept.name}\`.`,
    };
  const session = await apiOf(url, undefined)
    .ask(signInToDemo, { body: { as: as ?? role, give: 'token' } })
    .catch((error: unknown) => {
      if (!(error instanceof Answered) || (error.status !== 404 && error.status !== 405)) throw error;
      throw new Stop(
        exitCodes.unreachable,
        `nobody is signed in at ${url}, which is no demo: run \`attain login NAME\`, give --token, or set ATTAIN_TOKEN`,
        { code: 'NOT_SIGNED_IN' },
      );
    });
  return { token: session.token! };
}

function apiOf(url: string, token: string | undefined, hint?: string): Api {
  const connection = { url, ...(token !== undefined && { token }) };
  const ask: Api['ask'] = async (operation, asked, { service, ...more } = {}) => {
    try {
      const client = connect({ ...connection, ...(service !== undefined && { service }) });
      const options = { ...(asked as object), ...more, client, duplex: 'half' } as never;
      const { data, response } = (await operation(options)) as { data: unknown; response?: Response };
      return (response?.status === 204 ? undefined : data) as AnswerOf<typeof operation>;
    } catch (error) {
      throw stopOf(error, hint);
    }
  };
  return {
    ask,
    async follow<T>(id: string, bar: Progress): Promise<T> {
      for (let heard = Date.now(); ;) {
        const job = await ask(getJob, { path: { id } }).catch((error: unknown) => {
          if (Date.now() - heard > LOST || !comesBack(error)) throw error;
          return undefined;
        });
        if (job) {
          heard = Date.now();
          bar.update(job.done, job.total, job.doing ?? '');
          if (job.state === 'finished') return job.result as T;
          if (job.state !== 'running')
            throw new Stop(
              job.problem?.code === 'STORE_FULL' ? exitCodes.full : exitCodes.no,
              job.problem ? `${job.problem.code}: ${job.problem.detail}` : `the job was ${job.state}`,
              job.problem ?? { code: 'JOB_ENDED' },
            );
        }
        await new Promise((wake) => setTimeout(wake, patience));
      }
    },
  };
}

/** The server goes on while nobody watches, or is started again and then goes on. */
function comesBack(error: unknown): boolean {
  if (error instanceof Answered) return error.status >= 500;
  return error instanceof Stop && error.code === exitCodes.unreachable;
}

function stopOf(error: unknown, hint: string | undefined): unknown {
  if (error instanceof Refused) return new Answered(error.status, error, error.status === 401 ? hint : undefined);
  if (error instanceof Unreachable)
    return new Stop(
      exitCodes.unreachable,
      `${error.message}. Start a server with \`attain serve\`, or name another server with --server or a data directory with --data`,
      { code: 'UNREACHABLE' },
    );
  return error;
}
