import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect } from '@attain/adapters';
import { type Caller, routesOf, serve } from '@attain/service';
import supertest from 'supertest';
import { readDemo } from '../folder/demo.js';
import { readFolder } from '../folder/read-folder.js';
import { services } from '../modules.js';
import { type Booted, type DemoRole, root } from './booted.fixture.js';

const run = promisify(execFile);
const PASSWORD = 'a password of the journeys';

interface Running {
  server: string;
  environment: Readonly<Record<string, string>>;
}

/** The five services, the relay and the gateway as processes, on the engines of TEST_EVENTS_URL, TEST_BUS_URL and TEST_MODELS_URL. */
export async function bootApart(folder: string, data: string): Promise<Booted> {
  const directory = join(data, 'apart');
  // Processes that start again have their company in the engines; only who has none imports the folder.
  const isNew = !existsSync(directory);
  const running = await started(directory);
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

async function served(folder: string, directory: string, isNew: boolean, { server, environment }: Running): Promise<Booted> {
  const { contents } = await readFolder(folder);
  const { demo } = await readDemo(folder, contents!);
  const imported = isNew && (await attain(['import', folder, '--engines', '--json'], environment)).some(({ opened }) => opened > 0);
  const tokens = new Map<string, Promise<string>>();

  async function signedIn(name: string, password: string): Promise<string> {
    const { body } = await supertest(server).post('/session').send({ name, password, give: 'token' }).expect(200);
    return (body as { token: string }).token;
  }
  async function made(name: string, { roles, participant, source }: Omit<Caller, 'actor' | 'name'>): Promise<string> {
    const admin = await signedIn('admin', environment['ADMIN_SECRET']!);
    await supertest(server).put(`/users/${name}`).set('Authorization', `Bearer ${admin}`).send({ roles, participant, source, password: PASSWORD }).expect(200);
    return signedIn(name, PASSWORD);
  }
  function callerOf(role: DemoRole): Omit<Caller, 'actor' | 'name'> {
    const { participant } = role === 'rep' || role === 'manager' ? demo!.demo[role] : {};
    return { roles: [role], ...(participant !== undefined && { participant }) };
  }
  const as: Booted['as'] = async (who) => {
    const caller = typeof who === 'string' ? callerOf(who) : who;
    const name = [...caller.roles, caller.participant].filter(Boolean).join('-');
    const token = tokens.get(name) ?? made(name, caller);
    tokens.set(name, token);
    return supertest.agent(server).set('Authorization', `Bearer ${await token}`);
  };

  if (demo?.close && imported) await (await as('finance')).post(`/periods/${demo.close}/close`).send({}).expect(200);
  const routes = await routesTogether();
  return {
    url: server,
    imported,
    routes,
    as,
    actorOf: (role) => `user:${[role, callerOf(role).participant].filter(Boolean).join('-')}`,
    async head() {
      const engines = await connect({ events: environment['EVENTS_URL']!, models: 'memory:' });
      return engines.events.head().finally(() => engines.close());
    },
    close: () => stopped(directory),
  };
}

/** Starts them, on a namespace of their own where the directory is a new one. */
async function started(directory: string): Promise<Running> {
  const own = `journey${randomBytes(4).toString('hex')}`;
  const { TEST_EVENTS_URL: events = '', TEST_BUS_URL: bus = '', TEST_MODELS_URL: models = '' } = process.env;
  const urls = existsSync(directory)
    ? {}
    : { EVENTS_URL: `${events}${events.includes('?') ? '&' : '?'}namespace=${own}`, BUS_URL: `${bus.replace(/\/$/, '')}/${own}`, MODELS_URL: `${models.replace(/\/$/, '')}/${own}` };
  const { stdout } = await run(join(root, 'deploy/local/services'), ['start', directory], { env: { ...process.env, ...urls } });
  const told = Object.fromEntries([...stdout.matchAll(/^(\w+)='(.*)'$/gm)].map(([, name, value]) => [name!, value!]));
  return { server: told['ATTAIN_SERVER']!, environment: told };
}

async function attain(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<{ opened: number }[]> {
  const { stdout } = await run(process.execPath, [join(root, 'apps/attain/dist/cli/main.js'), ...args], { env: { ...process.env, ...environment }, maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as { opened: number }[];
}

/** The routes are the same whoever serves them. */
async function routesTogether(): Promise<Booted['routes']> {
  const settings = { EVENTS_URL: 'memory:', MODELS_URL: 'memory:', PORT: '0', LOG_LEVEL: 'silent' };
  const served = await serve(services, { name: 'routes', topology: 'together', settings, environment: {}, signals: false, firstUser: false });
  try {
    return routesOf(served.app);
  } finally {
    await served.close();
  }
}
