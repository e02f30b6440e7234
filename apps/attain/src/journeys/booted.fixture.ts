import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Caller, EVENT_STORE, type Route, routesOf, Sessions } from '@attain/service';
import type supertest from 'supertest';
import { serveFolder } from '../serve-folder.js';
import { bootApart } from './apart.fixture.js';
import { asking } from './asking.fixture.js';
import { bootElsewhere } from './elsewhere.fixture.js';

export const root = fileURLToPath(new URL('../../../../', import.meta.url));
export const demoFolder = join(root, 'apps/attain/demo');

/** A place of this test's own, gone after it. */
export async function scratch(): Promise<{ path: string; gone(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'attain-journey-'));
  return { path, gone: () => rm(path, { recursive: true, force: true }) };
}

export async function writeFolder(path: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
}

export type DemoRole = 'rep' | 'manager' | 'finance' | 'auditor';
/** A company that is served, in one process or by several: what a journey sees of it is the same. */
export interface Booted {
  url: string;
  /** Whether its folder was imported now, and not as it stood already. */
  imported: boolean;
  routes: readonly Route[];
  /** Requests of a demo role, or of anybody. */
  as(who: DemoRole | Omit<Caller, 'actor' | 'name'>): Promise<ReturnType<typeof supertest.agent>>;
  /** What a command line gives with --token. */
  token(who: DemoRole | Omit<Caller, 'actor' | 'name'>): Promise<string>;
  /** How events name a demo role. */
  actorOf(role: DemoRole): string;
  head(): Promise<bigint>;
  close(): Promise<void>;
}

/**
 * Serves a folder over loopback on ports of the system's choice: in this process, or with JOURNEYS=apart by processes of their own.
 * With a URL as JOURNEYS, whoever serves it there is asked.
 */
export function boot(folder: string, data: string): Promise<Booted> {
  const wiring = process.env['JOURNEYS'] ?? 'together';
  if (wiring.startsWith('http')) return bootElsewhere(folder, wiring);
  return wiring === 'apart' ? bootApart(folder, data) : bootTogether(folder, data);
}

export async function bootTogether(folder: string, data: string): Promise<Booted> {
  const settings = { DATA: data, PORT: '0', LOG_LEVEL: 'silent' };
  const { served, imported } = await serveFolder({ folder, settings, environment: {}, signals: false, tell: () => undefined });
  const token: Booted['token'] = async (who) =>
    typeof who === 'string' ? demoToken(served.url, who) : (await served.app.get(Sessions, { strict: false }).begin({ actor: 'user:test', name: 'Test', ...who })).token;
  return {
    url: served.url,
    imported,
    routes: routesOf(served.app),
    token,
    async as(who) {
      return asking(served.url, await token(who));
    },
    actorOf: (role) => `demo:${role}`,
    head: () => served.get(EVENT_STORE).head(),
    close: () => served.close(),
  };
}

export async function demoToken(url: string, role: string): Promise<string> {
  const { body } = await asking(url).post('/session/demo').send({ as: role, give: 'token' }).expect(200);
  return (body as { token: string }).token;
}
