import pLimit from 'p-limit';
import { type Append, type Appended, checkAppend, Transient, WrongRevision } from '@attain/eventsourcing';
import type { Written } from './batch-append.js';
import type { Connection } from './connection.js';
import { type Placed, type Proposed, proposed } from './messages.js';

/** Parallel appends. */
const IN_FLIGHT = 256;
/** Retries of an append with any revision, after other writers were first. */
const CONTENTION = 100;
/** Streams whose revision is cached. */
const HEADS = 200_000;

export interface AppendParts {
  connection: Pick<Connection, 'append'>;
  /** With its namespace. */
  nameOf(stream: string): string;
  /** The last events of a stream, at most this many, in order; none if the stream does not exist. */
  tail(stream: string, count: number): Promise<Placed[]>;
  /** The event at a revision. */
  at(stream: string, revision: number): Promise<Placed | undefined>;
  /** The newest position that this process knows. */
  seen(): bigint;
  see(position: bigint): void;
}
export class Appends {
  private readonly inFlight = pLimit(IN_FLIGHT);
  private tellsLast = false;
  private readonly heads = new Map<string, number>();
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(private readonly parts: AppendParts) {}

  /** The stream has at least this revision. */
  remember(stream: string, revision: number): void {
    if (revision <= (this.heads.get(stream) ?? -1)) return;
    if (this.heads.size > HEADS) this.heads.clear();
    this.heads.set(stream, revision);
  }

  private queued<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.queues.get(stream) ?? Promise.resolve()).then(() => this.inFlight(work));
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    this.queues.set(stream, settled);
    void settled.then(() => this.queues.get(stream) === settled && this.queues.delete(stream));
    return mine;
  }

  /** For several events a server may return the position of an earlier one than the last; for a repeated append some return none. */
  private async positionOf(stream: string, { revision, position }: Written, events: number): Promise<bigint> {
    if (position !== undefined && (events === 1 || this.tellsLast)) return position;
    const last = (await this.parts.at(stream, revision))?.position ?? position ?? 0n;
    if (events > 1) this.tellsLast = position === last;
    return last;
  }

  private async append(
    { stream, expected, events }: Append,
    bytes: readonly Proposed[],
  ): Promise<Appended | WrongRevision> {
    // An append that is known to be behind the stream is not sent, because the server might take it for a repetition.
    let look = expected === 'any' || (this.heads.get(stream) ?? -1) > (expected === 'none' ? -1 : expected);
    for (let turn = 0; turn < CONTENTION; turn += 1) {
      let revision = expected;
      if (look || revision === 'any') {
        const past = await this.parts.tail(stream, events.length);
        const last = past.at(-1);
        const actual = last?.revision ?? 'none';
        if (last) this.remember(stream, last.revision);
        const saidAgain =
          expected !== actual && past.length === events.length && past.every(({ id }, n) => id === events[n]?.id);
        if (last && saidAgain) return { stream, revision: last.revision, position: last.position };
        if (expected !== 'any' && expected !== actual) return new WrongRevision(stream, expected, actual);
        revision = actual;
      }
      look = true;
      const before = this.parts.seen();
      const written = await this.parts.connection.append(this.parts.nameOf(stream), revision, bytes);
      if (!written) continue;
      const position = await this.positionOf(stream, written, events.length);
      this.remember(stream, written.revision);
      // A new event cannot have an old position, so the server has recognized a repetition; the stream's end decides.
      if (position <= before) continue;
      this.parts.see(position);
      return { stream, revision: written.revision, position };
    }
    throw new Transient(`${stream}: others wrote it first ${CONTENTION} times`);
  }

  /** In the order of the appends, those of one stream in sequence; rejects, once all are done, with the first failure. */
  async appendMany(appends: readonly Append[]): Promise<(Appended | WrongRevision)[]> {
    const all = appends.map((one) => {
      checkAppend(one);
      if (one.stream.startsWith('$'))
        throw new TypeError(`${one.stream}: streams that begin with $ are the server's own`);
      return { one, bytes: one.events.map(proposed) };
    });
    const answers = await Promise.allSettled(
      all.map(({ one, bytes }) => this.queued(one.stream, () => this.append(one, bytes))),
    );
    return answers.map((answer) => {
      if (answer.status === 'rejected') throw answer.reason as Error;
      return answer.value;
    });
  }
}
