import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, Socket } from 'node:net';
import mongoose from 'mongoose';

const { Collection, MongoNetworkError } = mongoose.mongo;
type Write = (this: unknown, ...given: unknown[]) => Promise<unknown>;
const driver = Collection.prototype as unknown as Record<string, Write>;

/** Replaces the driver's writes until `restore`. */
export interface Planted {
  restore(): void;
}

/** Every write of the driver's collections goes through `around`. */
export function plantAround(
  around: (name: string, given: unknown[], write: (given: unknown[]) => Promise<unknown>) => Promise<unknown>,
): Planted {
  const names = ['bulkWrite', 'updateOne', 'updateMany', 'deleteOne', 'deleteMany'];
  const originals = names.map((name) => [name, driver[name] as Write] as const);
  for (const [name, original] of originals) {
    driver[name] = function (...given) {
      return around(name, given, (changed) => original.apply(this, changed));
    };
  }
  return {
    restore() {
      for (const [name, original] of originals) driver[name] = original;
    },
  };
}

/** Cuts the connection after so many single writes, also within a batch; `cut` returns whether the cut happened. */
export function cutAfter(writes: number): Planted & { cut(): boolean } {
  let left = writes;
  let cut = false;
  const planted = plantAround(async (name, given, write) => {
    const [operations] = given;
    const singles = name === 'bulkWrite' ? (operations as unknown[]).length : 1;
    if (singles > left) {
      const done = name === 'bulkWrite' ? (operations as unknown[]).slice(0, left) : [];
      left = 0;
      cut = true;
      if (done.length > 0) await write([done, ...given.slice(1)]);
      throw new MongoNetworkError('cut off');
    }
    left -= singles;
    return write(given);
  });
  return { ...planted, cut: () => cut };
}

/** Destroys every socket to the URL just before a write, as if its end arrived at that moment. */
export function destroyBeforeWriting(url: string): Planted & { destroyed(): number } {
  const port = Number(new URL(url).port);
  const { write } = Socket.prototype;
  let destroyed = 0;
  Socket.prototype.write = function (this: Socket, ...given: unknown[]): boolean {
    if (this.remotePort === port && !this.destroyed) {
      destroyed += 1;
      this.destroy();
    }
    return (write as (...given: unknown[]) => boolean).apply(this, given);
  };
  return {
    destroyed: () => destroyed,
    restore: () => void (Socket.prototype.write = write),
  };
}

/** A connection to the server that can be cut and restored. */
export interface Way {
  url: string;
  /** Resolves when the next query is on its way to the server, before an answer can come. */
  asked(): Promise<void>;
  cut(): Promise<void>;
  open(): Promise<void>;
}
export async function wayTo(url: string): Promise<Way> {
  const [, host = '', port = '27017'] = /^mongodb:\/\/(?:[^@/]*@)?([^:/,]+)(?::(\d+))?/.exec(url) ?? [];
  const sockets = new Set<Socket>();
  const questions = new EventEmitter();
  let server: Server | undefined;
  let at = 0;
  async function open(): Promise<void> {
    server = createServer((here) => {
      const there = connect(Number(port), host);
      here.on('data', () => questions.emit('asked'));
      for (const [one, other] of [
        [here, there],
        [there, here],
      ] as const) {
        sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    }).listen(at, '127.0.0.1');
    await once(server, 'listening');
    at = (server.address() as AddressInfo).port;
  }
  await open();
  return {
    url: `mongodb://127.0.0.1:${at}/?directConnection=true`,
    open,
    asked: () => once(questions, 'asked').then(() => undefined),
    async cut() {
      const closed = server && once(server, 'close');
      server?.close();
      server = undefined;
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
  };
}
