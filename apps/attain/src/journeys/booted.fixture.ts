import { setTimeout } from 'node:timers/promises';
import { EVENT_STORE, routesOf, Sessions } from '@attain/service';
import { serveFolder } from '../serve-folder.js';
import { bootApart } from './apart.fixture.js';
import { asking } from './asking.fixture.js';
import { type Booted, demoFolder, demoToken, scratch, writeFolder } from './company.fixture.js';
import { bootElsewhere } from './elsewhere.fixture.js';

export {
  type Booted,
  demoFolder,
  type DemoRole,
  demoToken,
  root,
  scratch,
  type User,
  writeFolder,
} from './company.fixture.js';

interface Starting {
  /** The port, if the system does not choose it; of one process only. */
  port?: string;
  /** The password of the first administrator. */
  adminSecret?: string;
}

/**
 * Serves a folder over loopback on ports of the system's choice: in this process, or with JOURNEYS=apart by processes of their own.
 * With a URL as JOURNEYS, it asks the server there.
 */
export function boot(folder: string, data: string, starting: Starting = {}): Promise<Booted> {
  const wiring = process.env['JOURNEYS'] ?? 'together';
  if (wiring.startsWith('http')) return bootElsewhere(folder, wiring);
  return wiring === 'apart' ? bootApart(folder, data, starting.adminSecret) : bootTogether(folder, data, starting);
}

/** A company in a place of its own, which disappears with it. */
export async function bootCompany(
  files: Readonly<Record<string, string>> | 'demo',
  starting?: Starting,
): Promise<Booted & { path: string }> {
  const place = await scratch();
  const folder = files === 'demo' ? demoFolder : `${place.path}/folder`;
  if (files !== 'demo') await writeFolder(folder, files);
  const booted = await boot(folder, `${place.path}/data`, starting);
  if (files === 'demo') await issued(booted, 'finance', '2017-09');
  return {
    ...booted,
    path: place.path,
    async close() {
      await booted.close();
      await place.gone();
    },
  };
}

/** Closes a period, and waits for its statements. */
export async function closePeriod(company: Booted, period: string): Promise<void> {
  const finance = await company.as({ roles: ['finance'] });
  await finance.post(`/periods/${period}/close`).set('Idempotency-Key', `close-${period}`).send({}).expect(200);
  await issued(company, { roles: ['finance'] }, period);
}

/** Until the statements of a closed period are issued they are answered 503. */
async function issued(company: Booted, who: Parameters<Booted['as']>[0], period: string): Promise<void> {
  const finance = await company.as(who);
  while ((await finance.get(`/statements/${period}`)).status === 503) await setTimeout(200);
}

export async function bootTogether(folder: string, data: string, starting: Starting = {}): Promise<Booted> {
  const { port = '0', adminSecret } = starting;
  const serving = (at: string) =>
    serveFolder({
      folder,
      settings: {
        DATA: data,
        PORT: at,
        LOG_LEVEL: 'silent',
        ...(adminSecret !== undefined && { ADMIN_SECRET: adminSecret }),
      },
      environment: {},
      signals: false,
      print: () => undefined,
    });
  const { imported, ...first } = await serving(port);
  let { served } = first;
  const { url } = served;
  const token: Booted['token'] = async (who) =>
    typeof who === 'string'
      ? demoToken(url, who)
      : (await served.app.get(Sessions, { strict: false }).begin({ actor: 'user:test', name: 'Test', ...who })).token;
  return {
    url,
    imported,
    routes: routesOf(served.app),
    token,
    async as(who) {
      return asking(url, await token(who));
    },
    actorOf: (role) => `demo:${role}`,
    head: () => served.get(EVENT_STORE).head(),
    async restart(between) {
      await served.close();
      await between();
      ({ served } = await serving(new URL(url).port));
    },
    close: () => served.close(),
  };
}
