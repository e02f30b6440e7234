import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect } from '@attain/adapters';
import type { WouldClose } from '@attain/incentives';
import { type Booted, root } from './company.fixture.js';
import { demoOf, madeUsers, routesTogether } from './elsewhere.fixture.js';

const run = promisify(execFile);

interface Running {
  server: string;
  environment: Readonly<Record<string, string>>;
}

/** A company that processes of this machine serve. */
export interface BootedApart extends Booted {
  /** Where the engines are, as settings. */
  environment: Readonly<Record<string, string>>;
  /** Kills the process of a service. */
  kill(service: string): Promise<void>;
}

/** The five services, the relay and the gateway as processes, on the engines of TEST_EVENTS_URL, TEST_BUS_URL and TEST_MODELS_URL. */
export async function bootApart(folder: string, data: string, adminSecret?: string): Promise<BootedApart> {
  const directory = join(data, 'apart');
  // Processes that start again have their company in the engines; only who has none imports the folder.
  const isNew = !existsSync(directory);
  const running = await started(directory, adminSecret);
  try {
    return await served(folder, directory, isNew, running);
  } catch (error) {
    await stopped(directory);
    throw error;
  }
}

async function stopped(directory: string): Promise<void> {
  await run(join(root, 'deploy/local/services'), ['stop', directory]);
}

async function served(
  folder: string,
  directory: string,
  isNew: boolean,
  { server, environment }: Running,
): Promise<BootedApart> {
  const imported =
    isNew && (await attain(['import', folder, '--engines', '--json'], environment)).some(({ opened }) => opened > 0);
  const demo = await demoOf(folder);
  const users = madeUsers(server, environment['ADMIN_SECRET']!, demo);
  if (demo?.close && imported) {
    const finance = await users.as('finance');
    const { closes, exceptions } = (await finance.post(`/periods/${demo.close}/close?dryRun=true`).send({}).expect(200))
      .body as WouldClose;
    const accept = exceptions.length > 0 && { accept: { reason: 'the demo begins with them' } };
    await finance
      .post(`/periods/${demo.close}/close`)
      .set('Idempotency-Key', randomUUID())
      .send({ closes, ...accept })
      .expect(200);
  }
  return {
    url: server,
    imported,
    routes: await routesTogether(),
    ...users,
    environment,
    async kill(service) {
      process.kill(Number(await readFile(join(directory, `${service}.pid`), 'utf8')), 'SIGKILL');
    },
    async head() {
      const engines = await connect({ events: environment['EVENTS_URL']!, models: 'memory:' });
      return engines.events.head().finally(() => engines.close());
    },
    async restart(between) {
      process.kill(Number(await readFile(join(directory, 'reporting.pid'), 'utf8')), 'SIGKILL');
      await between();
      await run(join(root, 'deploy/local/services'), ['restart', directory, 'reporting']);
    },
    close: () => stopped(directory),
  };
}

/** Starts them, with patience for a busy machine, on a namespace of their own where the directory is a new one. */
async function started(directory: string, adminSecret?: string): Promise<Running> {
  const own = `journey${randomBytes(4).toString('hex')}`;
  const { TEST_EVENTS_URL: events = '', TEST_BUS_URL: bus = '', TEST_MODELS_URL: models = '' } = process.env;
  const urls = existsSync(directory)
    ? {}
    : {
        EVENTS_URL: `${events}${events.includes('?') ? '&' : '?'}namespace=${own}`,
        BUS_URL: `${bus.replace(/\/$/, '')}/${own}`,
        MODELS_URL: `${models.replace(/\/$/, '')}/${own}`,
      };
  const { stdout } = await run(join(root, 'deploy/local/services'), ['start', directory], {
    env: {
      WAIT_SECONDS: '60',
      ...process.env,
      ...urls,
      ...(adminSecret !== undefined && { ADMIN_SECRET: adminSecret }),
    },
  });
  const settings = Object.fromEntries(
    [...stdout.matchAll(/^(\w+)='(.*)'$/gm)].map(([, name, value]) => [name!, value!]),
  );
  return { server: settings['ATTAIN_SERVER']!, environment: settings };
}

async function attain(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ opened: number }[]> {
  const { stdout } = await run(process.execPath, [join(root, 'apps/attain/dist/cli/main.js'), ...args], {
    env: { ...process.env, ...environment },
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout) as { opened: number }[];
}
