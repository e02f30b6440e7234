import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable, type OnApplicationShutdown, PayloadTooLargeException } from '@nestjs/common';

/** The limit of bytes of one upload. */
export const UPLOAD_LIMIT = Symbol('UPLOAD_LIMIT');
export const DEFAULT_UPLOAD_LIMIT = 2 * 1024 ** 3;
/** The number of kept files: more than jobs run at once, so that the oldest file belongs to no running job. */
const KEPT = 20;

export interface Upload {
  readonly path: string;
  dispose(): Promise<void>;
}

/** Uploaded files while their imports run; a cancelled one keeps its file until the process stops, so that it can be resumed. */
@Injectable()
export class Uploads implements OnApplicationShutdown {
  private readonly directories = new Set<string>();

  constructor(@Inject(UPLOAD_LIMIT) private readonly limit: number) {}

  /** Streams a body to disk. Throws 413 beyond the limit, before reading if the length is known. */
  async receive(body: Readable, name: string, announced: number | undefined): Promise<Upload> {
    if (announced !== undefined && announced > this.limit) throw this.tooLarge();
    const [oldest] = this.directories;
    if (oldest !== undefined && this.directories.size >= KEPT) await this.remove(oldest);
    const directory = await mkdtemp(join(tmpdir(), 'attain-upload-'));
    this.directories.add(directory);
    const dispose = () => this.remove(directory);
    const path = join(directory, name);
    const { limit } = this;
    const tooLarge = () => this.tooLarge();
    let bytes = 0;
    try {
      await pipeline(
        // The body stays open although it is not read further, because the answer could not be sent otherwise.
        async function* () {
          for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
            bytes += chunk.length;
            if (bytes > limit) throw tooLarge();
            yield chunk;
          }
        },
        createWriteStream(path, { mode: 0o600 }),
      );
    } catch (error) {
      await dispose();
      throw error;
    }
    return { path, dispose };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.directories].map((directory) => this.remove(directory)));
  }

  private async remove(directory: string): Promise<void> {
    this.directories.delete(directory);
    await rm(directory, { recursive: true, force: true });
  }

  private tooLarge(): PayloadTooLargeException {
    return new PayloadTooLargeException(
      `An upload has at most ${this.limit} bytes; import larger files by path with the command line`,
    );
  }
}
