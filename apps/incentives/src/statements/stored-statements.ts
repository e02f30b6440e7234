import { decodeEvent, type StoredStatement } from '@attain/contracts';
import type { EventStore, StoredEvent } from '@attain/eventsourcing';
import {
  isWhole,
  joined,
  type Parts,
  type StatementEvent,
  type StatementIssued,
  withPart,
} from './statement-parts.rules.js';

/** A statement as the log has it, all parts joined. */
export interface Issued extends Pick<
  StatementIssued['data'],
  'participant' | 'period' | 'hash' | 'hashRule' | 'engine'
> {
  readonly statement: StoredStatement;
  /** When its last part was recorded. */
  readonly recorded: string;
}

/** Joins the parts of statements in the order of the log; parts of several statements may alternate. */
export class JoinedStatements {
  private readonly begun = new Map<string, Parts>();

  /** The statement that an event completes. */
  take({
    stream,
    type,
    version,
    data,
    meta,
  }: Pick<StoredEvent, 'stream' | 'type' | 'version' | 'data' | 'meta'>): Issued | undefined {
    const parts = withPart(this.begun.get(stream) ?? [], decodeEvent(type, version, data) as StatementEvent);
    if (!isWhole(parts)) {
      this.begun.set(stream, parts);
      return undefined;
    }
    this.begun.delete(stream);
    const { participant, period, hash, hashRule, engine } = parts[0].data;
    return { participant, period, statement: joined(parts), hash, hashRule, engine, recorded: meta.recorded };
  }
}

/** The statement of a stream; undefined while it has not all parts. */
export async function issuedIn(store: EventStore, stream: string): Promise<Issued | undefined> {
  const statements = new JoinedStatements();
  let issued: Issued | undefined;
  for await (const page of store.readStream(stream)) for (const event of page) issued = statements.take(event);
  return issued;
}
