import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
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
