import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

/** The hash of the folder that a data directory holds; undefined where none was imported to its end. */
export async function importedHash(data: string): Promise<string | undefined> {
  return readFile(imported(data), 'utf8').catch(() => undefined);
}

export async function rememberImported(data: string, hash: string): Promise<void> {
  await writeFile(imported(data), hash);
}

const imported = (data: string) => join(data, 'imported.sha256');
