import pLimit from 'p-limit';
import { type Append, type Appended, checkAppend, Transient, WrongRevision } from '@attain/eventsourcing';
import type { Written } from './batch-append.js';
import type { Connection } from './connection.js';
import { type Placed, type Proposed, proposed } from './messages.js';

/** Appends on their way at once. */
const IN_FLIGHT = 256;
/** Times that somebody else may be first where any revision is expected. */
const CONTENTION = 100;
/** Streams whose revision is remembered. */
const HEADS = 200_000;

export interface AppendParts {
  connection: Pick<Connection, 'append'>;
  /** With its namespace. */
  nameOf(stream: string): string;
  /** So many last events of a stream, in its order, whoever told them; none where it does not exist. */
  tail(stream: string, count: number): Promise<Placed[]>;
  /** The event at a revision. */
  at(stream: string, revision: number): Promise<Placed | undefined>;
  /** The newest position that this process has heard of. */
  seen(): bigint;
  see(position: bigint): void;
}
export interface Appends {
  /** In the order of the appends, those of one stream one after the other; rejects, once all are done, with the first failure. */
  appendMany(appends: readonly Append[]): Promise<(Appended | WrongRevision)[]>;
  /** The stream stands at this revision, or by now at a later one. */
  remember(stream: string, revision: number): void;
}

export function createAppends({ connection, nameOf, tail, at, seen, see }: AppendParts): Appends {
  const inFlight = pLimit(IN_FLIGHT);
  let tellsLast = false;
  const heads = new Map<string, number>();
  const queues = new Map<string, Promise<unknown>>();

  function remember(stream: string, revision: number): void {
    if (revision <= (heads.get(stream) ?? -1)) return;
    if (heads.size > HEADS) heads.clear();
    heads.set(stream, revision);
  }

  function queued<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const mine = (queues.get(stream) ?? Promise.resolve()).then(() => inFlight(work));
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    queues.set(stream, settled);
    void settled.then(() => queues.get(stream) === settled && queues.delete(stream));
    return mine;
  }

  /** Of several events a server may tell the position of another than the last; some tell none of what was said again. */
  async function positionOf(stream: string, { revision, position }: Written, events: number): Promise<bigint> {
    if (position !== undefined && (events === 1 || tellsLast)) return position;
    const last = (await at(stream, revision))?.position ?? position ?? 0n;
    if (events > 1) tellsLast = position === last;
    return last;
  }

  async function append(
    { stream, expected, events }: Append,
    bytes: readonly Proposed[],
  ): Promise<Appended | WrongRevision> {
    // What it knows to be behind the stream is not sent: the server would perhaps take it for said again, perhaps not.
    let look = expected === 'any' || (heads.get(stream) ?? -1) > (expected === 'none' ? -1 : expected);
    for (let turn = 0; turn < CONTENTION; turn += 1) {
      let revision = expected;
      if (look || revision === 'any') {
        const past = await tail(stream, events.length);
        const last = past.at(-1);
        const actual = last?.revision ?? 'none';
        if (last) remember(stream, last.revision);
        const saidAgain =
          expected !== actual && past.length === events.length && past.every(({ id }, n) => id === events[n]?.id);
        if (last && saidAgain) return { stream, revision: last.revision, position: last.position };
        if (expected !== 'any' && expected !== actual) return new WrongRevision(stream, expected, actual);
        revision = actual;
      }
      look = true;
      const before = seen();
      const written = await connection.append(nameOf(stream), revision, bytes);
      if (!written) continue;
      const position = await positionOf(stream, written, events.length);
      remember(stream, written.revision);
      // Nothing new stands at a place that was known before, so the server knew the events; the stream's end tells what is true.
      if (position <= before) continue;
      see(position);
      return { stream, revision: written.revision, position };
    }
    throw new Transient(`${stream}: others wrote it first ${CONTENTION} times`);
  }

  return {
    remember,
    async appendMany(appends) {
      const all = appends.map((one) => {
        checkAppend(one);
        if (one.stream.startsWith('$'))
          throw new TypeError(`${one.stream}: streams that begin with $ are the server's own`);
        return { one, bytes: one.events.map(proposed) };
      });
      const answers = await Promise.allSettled(
        all.map(({ one, bytes }) => queued(one.stream, () => append(one, bytes))),
      );
      return answers.map((answer) => {
        if (answer.status === 'rejected') throw answer.reason as Error;
        return answer.value;
      });
    },
  };
}
