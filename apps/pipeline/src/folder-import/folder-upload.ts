import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Malformed } from '@attain/service';
import { PayloadTooLargeException } from '@nestjs/common';
import { Parser, type ReadEntry } from 'tar';
import { isHidden, plainName, refusedName } from './upload-names.rules.js';

/** The limits of one upload of a folder. */
export interface FolderLimits {
  readonly bytes: number;
  readonly files: number;
}
export const FOLDER_LIMITS = Symbol('FOLDER_LIMITS');
export const DEFAULT_FOLDER_LIMITS: FolderLimits = { bytes: 2 * 1024 ** 3, files: 2_000 };

export interface UploadedFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly bytes: number;
}
export interface UploadedFolder {
  readonly directory: string;
  readonly files: readonly UploadedFile[];
  dispose(): Promise<void>;
}

/** A place on this process's disk for the files of one folder, which nobody else reads. */
export async function folderPlace(): Promise<{ directory: string; dispose(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'attain-folder-'));
  return { directory, dispose: () => rm(directory, { recursive: true, force: true }) };
}

/**
 * Unpacks a tar archive, gzipped or not. Files alone are written, each inside the directory: a link, a device, a path that leads out
 * and a file that appears twice are Malformed, and more bytes or files than the limits are 413.
 */
export async function unpacked(body: Readable, limits: FolderLimits): Promise<UploadedFolder> {
  const place = await folderPlace();
  try {
    const files = await new Unpacking(place.directory, limits).run(body);
    if (files.length === 0)
      throw new Malformed([{ field: 'body', message: 'expected a tar archive of a company folder, found no file' }]);
    return { ...place, files };
  } catch (error) {
    await place.dispose();
    throw error;
  }
}

class Unpacking {
  private readonly files = new Map<string, UploadedFile>();
  private bytes = 0;
  private failure: Error | undefined;
  private written: Promise<void> = Promise.resolve();
  private readonly stopped = Promise.withResolvers<void>();
  private readonly writing = new AbortController();

  constructor(
    private readonly directory: string,
    private readonly limits: FolderLimits,
  ) {}

  async run(body: Readable): Promise<UploadedFile[]> {
    // The library's own limit of compression would refuse exports, which are mostly repetition; bytes are counted as they come out.
    const parser = new Parser({
      strict: true,
      maxDecompressionRatio: Infinity,
      onReadEntry: (entry) => this.entry(entry),
    });
    const fail = (error: Error) =>
      this.fail(new Malformed([{ field: 'body', message: `expected a tar archive: ${error.message}` }]));
    parser.on('error', fail);
    const ended = new Promise<void>((resolve) =>
      parser
        .on('end', resolve)
        .on('close', resolve)
        .on('error', () => resolve()),
    );
    let sent = 0;
    // The body stays open although it is not read further, because the answer could not be sent otherwise.
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      sent += chunk.length;
      if (sent > this.limits.bytes) this.fail(this.tooLarge());
      if (this.failure) throw this.failure;
      if (!parser.write(chunk))
        await Promise.race([new Promise((resolve) => parser.once('drain', resolve)), ended, this.stopped.promise]);
    }
    if (this.failure) throw this.failure;
    parser.end();
    await Promise.race([ended, this.stopped.promise]);
    await this.written;
    if (this.failure) throw this.failure;
    return [...this.files.values()];
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.stopped.resolve();
    this.writing.abort();
  }

  private tooLarge(): Error {
    return new PayloadTooLargeException(
      `A folder has at most ${this.limits.bytes} bytes in ${this.limits.files} files; import its larger exports by themselves`,
    );
  }

  private entry(entry: ReadEntry): void {
    const path = plainName(entry.path);
    if (this.failure || entry.type === 'Directory' || isHidden(path)) return void entry.resume();
    const refused = this.refusal(entry, path);
    if (refused) {
      this.fail(refused);
      return void entry.resume();
    }
    this.files.set(path, { path, bytes: entry.size });
    this.written = this.written
      .then(() => this.write(entry, path))
      .catch((error: unknown) => this.fail(error instanceof Error ? error : new Error(String(error))));
  }

  private refusal(entry: ReadEntry, path: string): Error | undefined {
    const wrong =
      refusedName(path) ??
      this.kindOf(entry) ??
      (this.files.has(path) ? 'appears twice in the archive' : this.within(path));
    if (wrong !== undefined) return new Malformed([{ field: shown(entry.path), message: wrong }]);
    this.bytes += entry.size;
    return this.files.size >= this.limits.files || this.bytes > this.limits.bytes ? this.tooLarge() : undefined;
  }

  private kindOf({ type }: ReadEntry): string | undefined {
    return ['File', 'OldFile', 'ContiguousFile'].includes(type)
      ? undefined
      : `expected a file, found a ${type}: pack the file that it leads to`;
  }

  /** A file cannot hold another one. */
  private within(path: string): string | undefined {
    const parts = path.split('/');
    const above = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
    const found =
      above.find((one) => this.files.has(one)) ?? [...this.files.keys()].find((one) => one.startsWith(`${path}/`));
    return found === undefined ? undefined : `${found} is both a file and a folder in the archive`;
  }

  private async write(entry: ReadEntry, path: string): Promise<void> {
    const target = join(this.directory, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await pipeline(entry as AsyncIterable<Buffer>, createWriteStream(target, { mode: 0o600, flags: 'wx' }), {
      signal: this.writing.signal,
    });
  }
}

/** A path as a message shows it. */
function shown(path: string): string {
  return path.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?').slice(0, 240) || 'body';
}
