import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Caller, Route } from '@attain/service';
import { asking } from './asking.fixture.js';
import { type Agent } from '@attain/service/testing';

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
/** A company that one process or several serve; journeys see no difference. */
export interface Booted {
  url: string;
  /** Whether its folder was imported now; false if it was unchanged. */
  imported: boolean;
  routes: readonly Route[];
  /** Requests of a demo role, or of anybody. */
  as(who: DemoRole | Omit<Caller, 'actor' | 'name'>): Promise<Agent>;
  /** What a command line gives with --token. */
  token(who: DemoRole | Omit<Caller, 'actor' | 'name'>): Promise<string>;
  /** How events name a demo role. */
  actorOf(role: DemoRole): string;
  /** The name and password of a demo role; absent where the server signs demo roles in by a click. */
  passwordOf?(role: DemoRole): Promise<User>;
  head(): Promise<bigint>;
  /** Ends the server that answers the page, and starts it again at the same address; `between` runs while it is down. */
  restart?(between: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export interface User {
  name: string;
  password: string;
}

export async function demoToken(url: string, role: string): Promise<string> {
  const { body } = await asking(url).post('/session/demo').send({ as: role, give: 'token' }).expect(200);
  return (body as { token: string }).token;
}
