import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventStore } from '@attain/eventsourcing';
import { compareBytes } from '@attain/values';

/** A hash over the names and bytes of files, in constant memory: the same exactly when nothing in them changed. */
export async function folderHash(folder: string, files: readonly string[]): Promise<string> {
  const all = createHash('sha256');
  for (const file of [...new Set(files)].sort(compareBytes)) {
    const one = createHash('sha256');
    for await (const chunk of createReadStream(join(folder, file))) one.update(chunk as Buffer);
    all.update(`${one.digest('hex')} ${file}\n`);
  }
  return all.digest('hex');
}

/** The folder's hash and the end of the log after a complete import. */
export interface Imported {
  hash: string;
  position: bigint;
  seal: string;
}

/** The last import; undefined if none was completed. */
export async function lastImported(data: string): Promise<Imported | undefined> {
  const text = await readFile(imported(data), 'utf8').catch(() => '');
  const [, hash, position, seal] = /^([0-9a-f]{64}) (\d+) ([0-9a-f]{64})$/.exec(text) ?? [];
  return hash && position && seal ? { hash, position: BigInt(position), seal } : undefined;
}

/** Stored with the log's seal, because a log restored from a backup may lack the events of the import. */
export async function rememberImported(
  data: string,
  hash: string,
  store: Pick<EventStore, 'head' | 'sealAt'>,
): Promise<void> {
  const position = await store.head();
  await writeFile(imported(data), `${hash} ${position} ${await store.sealAt(position)}`, { mode: 0o600 });
}

/** Whether the log still contains the events of the import. */
export async function stillHolds(store: Pick<EventStore, 'sealAt'>, { position, seal }: Imported): Promise<boolean> {
  return (await store.sealAt(position)) === seal;
}

const imported = (data: string) => join(data, 'imported.sha256');
