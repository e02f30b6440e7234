import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Caller } from '@attain/service';
import { Sessions } from '@attain/service';
import supertest from 'supertest';
import { type ServedFolder, serveFolder } from '../serve-folder.js';

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

export interface Booted extends ServedFolder {
  /** Requests of a demo role, or of anybody. */
  as(who: 'rep' | 'manager' | 'finance' | 'auditor' | Omit<Caller, 'actor' | 'name'>): Promise<ReturnType<typeof supertest.agent>>;
  close(): Promise<void>;
}

/** Serves a folder over loopback on a port of the system's choice. */
export async function boot(folder: string, data: string): Promise<Booted> {
  const settings = { DATA: data, PORT: '0', LOG_LEVEL: 'silent' };
  const booted = await serveFolder({ folder, settings, environment: {}, signals: false, tell: () => undefined });
  const { served } = booted;
  return {
    ...booted,
    async as(who) {
      const token = typeof who === 'string' ? await demoToken(served.url, who) : (await served.app.get(Sessions, { strict: false }).begin({ actor: 'user:test', name: 'Test', ...who })).token;
      return supertest.agent(served.url).set('Authorization', `Bearer ${token}`);
    },
    close: () => served.close(),
  };
}

async function demoToken(url: string, role: string): Promise<string> {
  const { body } = await supertest(url).post('/session/demo').send({ as: role, give: 'token' }).expect(200);
  return (body as { token: string }).token;
}
