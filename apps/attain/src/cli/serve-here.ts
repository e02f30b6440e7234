import { resolve } from 'node:path';
import { DirectoryInUse } from '@attain/adapters';
import { BadConfig, type Caller, serve, type Served, type ServeOptions, Sessions } from '@attain/service';
import { services } from '../modules.js';
import { exitCodes, Stop } from './terminal.js';

/** A user who can read the data directory can see all of it. */
const owner: Caller = { actor: 'command line', name: 'Command line', roles: ['finance', 'plan-author', 'auditor'] };
/** Manages the platform, also while read models answer nothing. */
const keeper: Caller = { actor: 'command line', name: 'Command line', roles: ['admin', 'auditor'] };

export interface Here {
  /** The caller manages the platform and sees no pay; it waits for no model. */
  keeping?: boolean;
  /** The command may begin a company: the data directory need not hold one. */
  begins?: boolean;
}

export interface ServedHere {
  served: Served;
  /** A token with full access, until `close`. */
  token: string;
  close(): Promise<void>;
}

/** Serves a data directory to this process alone, caught up. */
export function serveDirectory(data: string, here?: Here): Promise<ServedHere> {
  return serveHere({ topology: 'together', settings: { DATA: resolve(data) }, environment: {} }, here);
}

/** The same over the engines that the environment names, as a guest of the processes that serve them. */
export function serveEngines(here?: Here): Promise<ServedHere> {
  return serveHere({ topology: 'apart', guest: true }, here);
}

async function serveHere(
  options: Pick<ServeOptions, 'topology' | 'settings' | 'environment' | 'guest'>,
  { keeping = false }: Here = {},
): Promise<ServedHere> {
  // It asks itself with a session of its own, even under an identity provider.
  const settings = {
    ...options.settings,
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
    OIDC_ISSUER: '',
    OIDC_AUDIENCE: '',
  };
  const served = await serve(services, {
    ...options,
    name: 'attain',
    settings,
    signals: false,
    firstUser: false,
  }).catch((error: unknown) => {
    if (error instanceof DirectoryInUse) throw new Stop(exitCodes.no, error.message, { code: 'DATA_IN_USE' });
    if (error instanceof BadConfig) throw new Stop(exitCodes.usage, error.message);
    throw error;
  });
  try {
    if (!keeping) await served.caughtUp(600_000);
    const sessions = served.app.get(Sessions, { strict: false });
    const { token, session } = await sessions.begin(keeping ? keeper : owner);
    return { served, token, close: () => sessions.end(session).finally(() => served.close()) };
  } catch (error) {
    await served.close();
    throw error;
  }
}
