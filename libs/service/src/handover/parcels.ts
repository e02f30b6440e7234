import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Document, ReadModels } from '@attain/eventsourcing';
import { Inject, Injectable } from '@nestjs/common';
import { KeptTable } from '../kept-table.js';
import { READ_MODELS } from '../tokens.js';

interface Piece extends Document {
  /** Gzipped, in base64. */
  readonly bytes: string;
}

/** Bytes of a piece before they are packed; every engine takes a document of this size. */
const PIECE = 256 * 1024;
const packed = promisify(gzip);
const unpacked = promisify(gunzip);

/**
 * Bytes that must outlive a process, or that another process works on. They are beside the read models, because events
 * are stored for ever.
 */
@Injectable()
export class Parcels {
  private readonly table: KeptTable<Piece>;

  constructor(@Inject(READ_MODELS) models: ReadModels) {
    this.table = new KeptTable(models, 'parcels');
  }

  /** Returns the number of pieces, which a reader needs. */
  async put(id: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
    let pieces = 0;
    let waiting: Uint8Array[] = [];
    let size = 0;
    const flush = async () => {
      const bytes = (await packed(Buffer.concat(waiting))).toString('base64');
      await this.table.change([keyOf(id, pieces)], () => ({ bytes }));
      pieces += 1;
      waiting = [];
      size = 0;
    };
    for await (const chunk of content) {
      for (let from = 0; from < chunk.length;) {
        const part = chunk.subarray(from, from + PIECE - size);
        waiting.push(part);
        size += part.length;
        from += part.length;
        if (size === PIECE) await flush();
      }
    }
    if (size > 0) await flush();
    return pieces;
  }

  async *read(id: string, pieces: number): AsyncGenerator<Buffer> {
    for (let piece = 0; piece < pieces; piece += 1) {
      const found = await this.table.get(keyOf(id, piece));
      if (!found) throw new Error(`the parcel ${id} has lost its piece ${piece}`);
      yield await unpacked(Buffer.from(found.bytes, 'base64'));
    }
  }

  putJson(id: string, value: unknown): Promise<number> {
    return this.put(id, [Buffer.from(JSON.stringify(value ?? null))]);
  }

  async readJson(id: string, pieces: number): Promise<unknown> {
    const parts: Buffer[] = [];
    for await (const part of this.read(id, pieces)) parts.push(part);
    return JSON.parse(Buffer.concat(parts).toString());
  }

  /** Removes all pieces, including those of an unfinished parcel. */
  async remove(id: string): Promise<void> {
    for (let piece = 0; await this.table.get(keyOf(id, piece)); piece += 1)
      await this.table.change([keyOf(id, piece)], () => undefined);
  }
}

const keyOf = (id: string, piece: number): string => `${id}/${piece}`;
