import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { exitCodes, Stop } from './terminal.js';

/** A sign-in that `attain login` keeps for a server. */
export interface Kept {
  readonly name: string;
  readonly token: string;
}
type Servers = Readonly<Record<string, Kept>>;

/** The file with the sign-ins of this person. */
export function credentialsFile(): string {
  return join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'attain', 'credentials.json');
}

export async function keptFor(server: string): Promise<Kept | undefined> {
  return (await read())[server];
}

export async function keep(server: string, kept: Kept): Promise<void> {
  await write({ ...(await read()), [server]: kept });
}

/** Forgets the sign-in for a server; answers it, where there was one. */
export async function forget(server: string): Promise<Kept | undefined> {
  const { [server]: gone, ...others } = await read();
  if (gone !== undefined) await write(others);
  return gone;
}

async function read(): Promise<Servers> {
  const file = credentialsFile();
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    return JSON.parse(text) as Servers;
  } catch {
    throw new Stop(exitCodes.usage, `${file} is not JSON: delete it, and sign in again with \`attain login\``, {
      code: 'CREDENTIALS_UNREADABLE',
    });
  }
}

/** Readable to this person only, and never half written. */
async function write(servers: Servers): Promise<void> {
  const file = credentialsFile();
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.${process.pid}`;
  await writeFile(next, `${JSON.stringify(servers, null, 2)}\n`, { mode: 0o600 });
  await rename(next, file);
}
