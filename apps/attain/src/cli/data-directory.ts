import { resolve } from 'node:path';
import { DirectoryInUse } from '@attain/adapters';
import { type Caller, serve, type Served, Sessions } from '@attain/service';
import { services } from '../modules.js';
import { exitCodes, Stop } from './terminal.js';

/** Whoever can read the data directory sees all of it anyway. */
const owner: Caller = { actor: 'command line', name: 'Command line', roles: ['finance', 'plan-author', 'auditor'] };

/** Serves a data directory to this process alone, caught up, with a token that sees all of it. */
export async function serveDirectory(data: string): Promise<{ served: Served; token: string }> {
  const settings = { DATA: resolve(data), PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'silent' };
  const options = { name: 'attain', topology: 'together' as const, settings, environment: {}, signals: false, firstUser: false };
  const served = await serve(services, options).catch((error: unknown) => {
    throw error instanceof DirectoryInUse ? new Stop(exitCodes.no, `${error.message}; ask it with --server`) : error;
  });
  try {
    await served.caughtUp(600_000);
    return { served, token: (await served.app.get(Sessions, { strict: false }).begin(owner)).token };
  } catch (error) {
    await served.close();
    throw error;
  }
}
