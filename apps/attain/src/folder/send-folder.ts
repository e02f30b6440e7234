import { randomUUID } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { importFolder, type Job } from '@attain/client';
import type { FolderImportResult } from '@attain/pipeline';
import { shownPath } from '@attain/pipeline';
import { create } from 'tar';
import type { Api } from '../cli/api.js';

export interface Sending {
  readonly reason?: string | undefined;
  readonly overwrite?: boolean | undefined;
}

/** Sends a company folder to a running server, which imports it as one job. `files` are relative to the folder. */
export async function sendFolder(
  api: Api,
  dir: string,
  files: readonly string[],
  { reason, overwrite }: Sending,
): Promise<Job> {
  const name = nameOf(dir);
  // A server takes no links, so their targets are sent; the reader has checked that they lie inside.
  const packed = create({ cwd: dir, gzip: true, portable: true, follow: true }, [...new Set(files)]);
  const query = {
    import: randomUUID(),
    name,
    reason: reason ?? `folder import ${name}`,
    overwrite: overwrite ? 'yes' : 'no',
  };
  // The archive goes out while it is packed; the generated type knows no streams.
  const body = Readable.toWeb(Readable.from(packed)) as unknown as Blob;
  return (await api.ask(importFolder, { body, query }, { headers: { 'Content-Type': 'application/gzip' } })).job;
}

/** The files of a result, relative to the current directory. */
export function foundAt(dir: string, result: FolderImportResult): FolderImportResult {
  const prefix = `${result.name}/`;
  const at = <T extends { readonly file: string }>(one: T): T =>
    one.file.startsWith(prefix) ? { ...one, file: shownPath(join(dir, one.file.slice(prefix.length))) } : one;
  return { ...result, problems: result.problems.map(at), kept: result.kept.map(at) };
}

/** A folder's name in the form that the server takes. */
function nameOf(dir: string): string {
  const plain = basename(resolve(dir))
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}_ .()-]/gu, '_')
    .replace(/^[^\p{L}\p{N}_()]+/u, '')
    .slice(0, 120);
  return plain === '' ? 'folder' : plain;
}
